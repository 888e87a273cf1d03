// SPDX-License-Identifier: Apache-2.0
// hilbert train: a small network on Fashion-MNIST, every matrix product on a device.
#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <hilbert/file.hpp>
#include <iostream>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <thread>

#include "command.hpp"
#include "distributed/board_engine.hpp"
#include "path_option.hpp"
#include "progress.hpp"
#include "report_text.hpp"
#include "runtime/train.hpp"
#include "runtime/train_check.hpp"
#include "runtime/train_dump.hpp"
#include "train_report.hpp"

namespace hilbert::cli::train_command {
namespace {

namespace po = boost::program_options;
using train::NumberFormat;

struct Request {
  std::string device = "model:full", data{fashion_mnist_folder}, format = "bf16", check = "every";
  std::string json, html, dump_folder, dump_steps = "0";
  train::Options train;
  PathOption path;
  double epochs = 0;
  unsigned jobs = std::max(std::thread::hardware_concurrency(), 1u);
};

[[noreturn]] void refuse(std::string what, std::string option, std::string next) {
  throw Error(ExitCode::bad_input, std::move(what), std::move(option), std::move(next));
}

std::set<std::uint32_t> step_list(const std::string& text) {
  std::set<std::uint32_t> steps;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find(',', at), text.size());
    const std::string word = text.substr(at, end - at);
    if (word.empty() || word.size() > 9 || word.find_first_not_of("0123456789") != std::string::npos) {
      refuse(fmt::format("'{}' is no step", word), "--dump-steps", "numbers with commas between, as 0,10,199");
    }
    steps.insert(static_cast<std::uint32_t>(std::stoul(word)));
    at = end + 1;
  }
  return steps;
}

/// False if only the help was asked for.
bool parse(const Arguments& arguments, Request& q) {
  Options options(
      "train",
      "Trains a network of one hidden layer on Fashion-MNIST with every matrix product, forward and backward, on a\n"
      "device, compares every bit of every product with the reference model, and tests the network on all test "
      "images.");
  options.add()("device,d", po::value(&q.device)->value_name("URI")->default_value(q.device),
                (device_help() + "; board:FILE: the chips of a board, each with its share of the batch").c_str())(
      "format,f", po::value(&q.format)->value_name("FORMAT")->default_value(q.format),
      "bf16: operands rounded to nearest; cf8: CFloat8 1-4-3 weights and activations, 1-5-2 gradients, a bias for each "
      "tensor and step, stochastic rounding")(
      "steps", po::value(&q.train.steps)->value_name("N")->default_value(q.train.steps), "batches to train on")(
      "epochs", po::value(&q.epochs)->value_name("X"), "passes over the training images, instead of --steps")(
      "batch", po::value(&q.train.batch)->value_name("N")->default_value(q.train.batch), "images in a batch")(
      "hidden", po::value(&q.train.hidden)->value_name("N")->default_value(q.train.hidden), "size of the hidden layer")(
      "lr", po::value(&q.train.rate)->value_name("X")->default_value(q.train.rate, fmt::format("{}", q.train.rate)),
      "learning rate of Adam at the start; it falls linearly to 0")(
      "seed", po::value(&q.train.seed)->value_name("N")->default_value(q.train.seed),
      "of initial weights, order of the images and stochastic rounding")(
      "check", po::value(&q.check)->value_name("WHICH")->default_value(q.check),
      "every: compare each product with the reference model, in a thread of its own; none")(
      "jobs,j", po::value(&q.jobs)->value_name("N")->default_value(q.jobs),
      "devices that share the rows of each product; changes no bit")(
      "data", po::value(&q.data)->value_name("DIR")->default_value(q.data), "folder of the four IDX files")(
      "json", po::value(&q.json)->value_name("FILE"),
      "write parameters, history and results; all but \"run\" is the "
      "same wherever and how often it is run")("html", po::value(&q.html)->value_name("FILE"),
                                               "write a page with the curves of loss and accuracy")(
      "dump-tensors", po::value(&q.dump_folder)->value_name("DIR"), "write the operands and results of products there")(
      "dump-steps", po::value(&q.dump_steps)->value_name("LIST")->default_value(q.dump_steps),
      "steps to dump; the number of --steps stands for the test");
  q.path.add_to(options);
  options.note("Pixels become (value - 73) / 128. Master weights, softmax and Adam are float32 on the host.");
  options.example("hilbert train --html curve.html", "the default run on the reference model");
  options.example("hilbert train --device sim:full --format cf8", "in CFloat8 on the verilated RTL");
  options.example("hilbert train --device \"board:boards/5x5.json?backend=model\"",
                  "data parallel over 25 chips: the same weights, bit for bit, as on one of them");
  if (!options.parse(arguments)) return false;
  if (q.format == "cf8") {
    q.train.format = NumberFormat::cf8;
  } else if (q.format != "bf16") {
    refuse(fmt::format("'{}' is no training format", q.format), "--format", "bf16 or cf8");
  }
  if (q.check != "every" && q.check != "none") refuse(fmt::format("'{}'", q.check), "--check", "every or none");
  if (q.jobs == 0 || q.jobs > 256) refuse(fmt::format("{} devices", q.jobs), "--jobs", "1 to 256");
  if (q.train.hidden > 65536) refuse(fmt::format("{} is too large", q.train.hidden), "--hidden", "at most 65536");
  if (options.given("epochs")) {
    if (options.given("steps")) refuse("given together with --steps", "--epochs", "give one of them");
    if (!(q.epochs > 0 && q.epochs <= 1e6)) refuse(fmt::format("{}", q.epochs), "--epochs", "more than 0");
  }
  return true;
}

/// What computes the products: devices, or the chips of a board.
struct Workers {
  std::unique_ptr<train::ProductEngine> engine;
  Capabilities device;  ///< of each; uri: as asked for
  std::size_t devices = 1;
  std::function<Report()> totals;
  std::function<std::string()> traffic = [] { return std::string(); };  ///< a line, or nothing
};

Workers open_workers(const Request& q) {
  Workers workers;
  if (q.device.starts_with("board:")) {
    if (q.path.choice() == JobPath::firmware) {
      refuse("the chips of a board take their jobs from the host", "--firmware", "leave it out");
    }
    auto engine = std::make_unique<distributed::BoardEngine>(open_board(q.device));
    workers.device = engine->board().device(0).capabilities();
    workers.device.uri = q.device;
    workers.devices = engine->board().size();
    workers.totals = [e = engine.get()] { return e->totals(); };
    workers.traffic = [e = engine.get()] {
      const distributed::BoardTraffic& t = e->traffic();
      return fmt::format("{:.1f} MB from the host, {:.1f} MB from chip to chip over links\n",
                         static_cast<double>(t.host_bytes) / 1e6, static_cast<double>(t.link_bytes) / 1e6);
    };
    workers.engine = std::move(engine);
  } else {
    auto engine = std::make_unique<train::DeviceEngine>(q.device, q.jobs, RuntimeOptions{.path = q.path.choice()});
    workers.device = engine->capabilities();
    workers.devices = engine->devices();
    workers.totals = [e = engine.get()] { return e->totals(); };
    workers.engine = std::move(engine);
  }
  return workers;
}

/// Prints a line on stdout where a progress line may stand on the terminal.
void say(const std::string& line) {
  if (::isatty(STDERR_FILENO) != 0) std::fputs("\r\x1b[K", stderr);
  std::cout << line << std::endl;
}

ExitCode run(const Arguments& arguments) {
  Request q;
  if (!parse(arguments, q)) return ExitCode::good;
  const std::set<std::uint32_t> dump_steps = step_list(q.dump_steps);
  // Everything that can be refused is refused before the work: names of files, data, device, sizes.
  std::optional<AtomicFile> json, html;
  if (!q.json.empty()) json.emplace(q.json);
  if (!q.html.empty()) html.emplace(q.html);
  if (!q.dump_folder.empty()) train::make_dump_folder(q.dump_folder);
  const ImageDataset data = read_image_dataset(q.data);
  if (q.epochs > 0) {
    const double batches = q.epochs * static_cast<double>(data.train.count()) / std::max(q.train.batch, 1u);
    q.train.steps = static_cast<std::uint32_t>(std::max(1.0, std::min(std::round(batches), 4e9)));
  }
  const Workers workers = open_workers(q);
  std::optional<train::ProductChecker> checker;
  if (q.check == "every") checker.emplace();
  std::uint64_t products = 0;
  train::Trainer trainer(data, *workers.engine, q.train, [&](const train::ProductPtr& product) {
    ++products;
    if (checker) checker->submit(product);
    if (!q.dump_folder.empty() && dump_steps.count(product->step) != 0) train::dump_product(q.dump_folder, *product);
  });

  TrainReport report;
  report.options = q.train;
  report.inputs = data.train.image_size(), report.classes = data.classes;
  report.device = workers.device;
  report.devices = workers.devices;
  report.checked = checker.has_value();
  say(fmt::format("{} x {} images, {}-{}-{} network, {}, batch {}, {} steps, seed {}, on {} {}", data.train.rows,
                  data.train.cols, data.train.image_size(), q.train.hidden, data.classes, q.format, q.train.batch,
                  q.train.steps, q.train.seed, report.devices, workers.device.uri));
  using Clock = std::chrono::steady_clock;
  const auto seconds_since = [](Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
  };
  try {
    Clock::time_point start = Clock::now();
    {
      Progress progress("training", "steps", q.train.steps);
      const std::uint32_t shown = std::max(q.train.steps / 10, 1u);
      double loss = 0, accuracy = 0;
      for (std::uint32_t i = 1; i <= q.train.steps; ++i) {
        report.history.push_back(trainer.step());
        loss += report.history.back().loss;
        accuracy += report.history.back().accuracy;
        if (i % shown == 0) {
          say(fmt::format("step {:>{}}   loss {:.4f}   accuracy {:5.1f} %", i, std::to_string(q.train.steps).size(),
                          loss / shown, 100 * accuracy / shown));
          loss = accuracy = 0;
        }
        progress.set(i);
      }
    }
    report.train_seconds = seconds_since(start);
    report.train_work = workers.totals();
    start = Clock::now();
    {
      Progress progress("testing", "images", data.test.count());
      report.test = trainer.evaluate(data.test, [&](std::size_t done) { progress.set(done); });
    }
    if (checker) checker->finish();
    report.test_seconds = seconds_since(start);
  } catch (const train::MismatchError& error) {
    const std::string again = fmt::format(
        "hilbert train --device {} --format {} --seed {} --batch {} --hidden {} "
        "--lr {} --steps {} --jobs {}",
        q.device, q.format, q.train.seed, q.train.batch, q.train.hidden, q.train.rate, q.train.steps, q.jobs);
    throw Error(error.code(), error.what_happened(), error.where(),
                train::reproduction(error.product(), q.dump_folder.empty() ? "train-mismatch" : q.dump_folder, q.device,
                                    again));
  }
  report.products = products;
  report.work = workers.totals();
  report.weights = trainer.network().fingerprint();
  std::cout << to_text(report) << workers.traffic() << std::flush;  // first: a full disk shall not cost the result
  if (json) json->write(to_json(report)), json->commit();
  if (html) html->write(to_html(report)), html->commit();
  return ExitCode::good;
}

const Registration registration({"train", "train a network on Fashion-MNIST, every product on a device", run});

}  // namespace
}  // namespace hilbert::cli::train_command
