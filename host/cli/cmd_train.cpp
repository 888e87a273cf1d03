// SPDX-License-Identifier: Apache-2.0
// hilbert train: a small network on Fashion-MNIST, every matrix product on a device.
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <cmath>
#include <filesystem>
#include <functional>
#include <hilbert/text.hpp>
#include <iostream>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <thread>

#include "command.hpp"
#include "distributed/board_engine.hpp"
#include "interrupt.hpp"
#include "outputs.hpp"
#include "path_option.hpp"
#include "report_text.hpp"
#include "runtime/train.hpp"
#include "runtime/train_dump.hpp"
#include "train_report.hpp"
#include "train_run.hpp"

namespace hilbert::cli {
namespace {

namespace po = boost::program_options;
using train::NumberFormat;

struct Request {
  std::string device = "model:full", data{fashion_mnist_folder}, format = "bf16", check = "every";
  std::string json, html, dump_folder, dump_steps = "0", checkpoint, resume;
  std::uint32_t checkpoint_every = 100;
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
      "steps to dump; the number of --steps stands for the test")(
      "checkpoint", po::value(&q.checkpoint)->value_name("FILE"),
      "keep the training there: every --checkpoint-every steps, after the last, and when it is interrupted")(
      "checkpoint-every", po::value(&q.checkpoint_every)->value_name("N")->default_value(q.checkpoint_every),
      "steps from one checkpoint to the next")(
      "resume", po::value(&q.resume)->value_name("FILE"),
      "go on from this checkpoint, with the options the training was begun with: to the same bits as in one go");
  q.path.add_to(options);
  options.note(
      "Pixels become (value - 73) / 128. Master weights, softmax and Adam are float32 on the host.\n"
      "Ctrl-C (or SIGTERM, SIGHUP) ends it after the step at work: how far it is and how to go on are printed, "
      "reports\n"
      "say that they are incomplete. A resumed training may run on another device, if its cells have the same depth.\n"
      "Exit code: 1 if a product differs from the reference model's, or the loss becomes no number.");
  options.example("hilbert train --html curve.html", "the default run on the reference model");
  options.example("hilbert train --device sim:full --format cf8", "in CFloat8 on the verilated RTL");
  options.example("hilbert train --device \"board:boards/5x5.json?backend=model\"",
                  "data parallel over 25 chips: the same weights, bit for bit, as on one of them");
  options.example("hilbert train --steps 100000 --checkpoint net.hbt",
                  "a long one; go on with --resume net.hbt as well");
  if (!options.parse(arguments)) return false;
  if (q.format == "cf8") {
    q.train.format = NumberFormat::cf8;
  } else if (q.format != "bf16") {
    refuse(fmt::format("'{}' is no training format", q.format), "--format", "bf16 or cf8");
  }
  if (q.check != "every" && q.check != "none") refuse(fmt::format("'{}'", q.check), "--check", "every or none");
  if (q.jobs == 0 || q.jobs > 256) refuse(fmt::format("{} devices", q.jobs), "--jobs", "1 to 256");
  if (q.train.hidden > 65536) refuse(fmt::format("{} is too large", q.train.hidden), "--hidden", "at most 65536");
  if (q.checkpoint_every == 0) refuse("0 steps", "--checkpoint-every", "at least 1");
  if (q.checkpoint.empty() && options.given("checkpoint-every")) {
    refuse("nothing is kept", "--checkpoint-every", "add --checkpoint FILE");
  }
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

/// The command line of this training, without what only concerns its files.
std::string command_line(const Request& q) {
  std::string line = fmt::format(
      "hilbert train --device {} --format {} --seed {} --batch {} --hidden {} --lr {} --steps {}",
      shell_quoted(q.device), q.format, q.train.seed, q.train.batch, q.train.hidden, q.train.rate, q.train.steps);
  if (!q.device.starts_with("board:")) line += fmt::format(" --jobs {}", q.jobs);
  if (q.check != "every") line += fmt::format(" --check {}", q.check);
  if (q.data != fashion_mnist_folder) line += fmt::format(" --data {}", shell_quoted(q.data));
  if (const auto path = q.path.choice()) line += *path == JobPath::direct ? " --direct" : " --firmware";
  return line;
}

/// The command line that goes on from a checkpoint and writes the same files.
std::string go_on(const Request& q) {
  std::string line = command_line(q);
  const std::string& file = q.checkpoint.empty() ? q.resume : q.checkpoint;
  const auto add = [&](const char* option, const std::string& value) {
    if (!value.empty()) line += fmt::format(" --{} {}", option, shell_quoted(value));
  };
  add("json", q.json), add("html", q.html), add("dump-tensors", q.dump_folder);
  if (!q.dump_folder.empty()) add("dump-steps", q.dump_steps);
  add("checkpoint", q.checkpoint);
  if (!q.checkpoint.empty()) line += fmt::format(" --checkpoint-every {}", q.checkpoint_every);
  add("resume", file);
  return line;
}

/// Everything that can be refused about files is refused before the work.
void open_files(const Request& q, const TrainReport& report, Outputs& outputs) {
  for (const char* name :
       {"train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"}) {
    const auto path = std::filesystem::path(q.data) / name;
    outputs.reads("--data", path), outputs.reads("--data", path.string() + ".gz");
  }
  // The same file may be both: the training goes on in it.
  if (!q.resume.empty() && !same_file(q.resume, q.checkpoint)) outputs.reads("--resume", q.resume);
  if (!q.checkpoint.empty()) outputs.writes("--checkpoint", q.checkpoint);
  outputs.open("--json", q.json, [&](AtomicFile& file) { file.write(to_json(report)); });
  outputs.open("--html", q.html, [&](AtomicFile& file) { file.write(to_html(report)); });
  if (!q.dump_folder.empty()) train::make_dump_folder(q.dump_folder);
}

/// Dumps products until one cannot be written: that is told in the end, and the training goes on.
train::Trainer::Observer dump_observer(const Request& q, Outputs& outputs) {
  if (q.dump_folder.empty()) return [](const train::ProductPtr&) {};
  return [&, steps = step_list(q.dump_steps), failed = false](const train::ProductPtr& product) mutable {
    if (failed || steps.count(product->step) == 0) return;
    try {
      train::dump_product(q.dump_folder, *product);
    } catch (const Error& error) {
      failed = true;
      outputs.failed(error);
    }
  };
}

ExitCode run(const Arguments& arguments) {
  Request q;
  if (!parse(arguments, q)) return ExitCode::good;
  (void)step_list(q.dump_steps);
  TrainReport report;
  Outputs outputs("hilbert train");
  open_files(q, report, outputs);
  const ImageDataset data = read_image_dataset(q.data);
  if (q.epochs > 0) {
    const double batches = q.epochs * static_cast<double>(data.train.count()) / std::max(q.train.batch, 1u);
    q.train.steps = static_cast<std::uint32_t>(std::max(1.0, std::min(std::round(batches), 4e9)));
  }
  const Workers workers = open_workers(q);
  TrainRun training(data, *workers.engine, outputs,
                    {.options = q.train,
                     .check = q.check == "every",
                     .checkpoint = q.checkpoint,
                     .checkpoint_every = q.checkpoint_every,
                     .observe = dump_observer(q, outputs),
                     .macs = [&] { return workers.totals().macs; }});
  if (!q.resume.empty()) training.resume(q.resume);
  report.options = q.train;
  report.inputs = data.train.image_size(), report.classes = data.classes;
  report.device = workers.device;
  report.devices = workers.devices;
  const Interrupt interrupt;
  say(fmt::format("{} x {} images, {}-{}-{} network, {}, batch {}, {} steps, seed {}, on {} {}", data.train.rows,
                  data.train.cols, data.train.image_size(), q.train.hidden, data.classes, q.format, q.train.batch,
                  q.train.steps, q.train.seed, report.devices, printable(workers.device.uri)));
  if (!q.resume.empty()) say(printable(training.kept()));
  const auto tell_how_to_go_on = [&] {
    if (!training.kept().empty()) {
      spdlog::warn("{}; go on: {}", printable(training.kept()), go_on(q));
    } else {
      spdlog::warn("nothing of it is kept: --checkpoint FILE does that");
    }
  };
  try {
    training.run(report);
  } catch (const train::MismatchError& error) {
    throw Error(error.code(), error.what_happened(), error.where(),
                train::reproduction(error.product(), q.dump_folder.empty() ? "train-mismatch" : q.dump_folder, q.device,
                                    command_line(q)));
  } catch (const Error&) {
    if (!training.kept().empty()) tell_how_to_go_on();
    throw;
  }
  report.work = workers.totals();
  std::cout << to_text(report) << workers.traffic() << std::flush;  // first: a full disk shall not cost the result
  if (report.failed) {
    return outputs.finish(
        Error(ExitCode::check_failed, report.ended, "training",
              training.kept().empty() ? "a smaller --lr may help" : "a smaller --lr may help; " + training.kept()));
  }
  if (!report.ended.empty()) {
    spdlog::warn("{}", report.ended);
    tell_how_to_go_on();
    return outputs.finish(ExitCode::check_failed);  // main then ends by the signal
  }
  return outputs.finish(ExitCode::good);
}

const Registration registration({"train", "train a network on Fashion-MNIST, every product on a device", run});

}  // namespace
}  // namespace hilbert::cli
