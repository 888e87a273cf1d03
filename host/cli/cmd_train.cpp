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

#include "board_text.hpp"
#include "command.hpp"
#include "distributed/board_engine.hpp"
#include "interrupt.hpp"
#include "limits.hpp"
#include "outputs.hpp"
#include "path_option.hpp"
#include "report_text.hpp"
#include "train/dump.hpp"
#include "train/trainer.hpp"
#include "train_report.hpp"
#include "train_run.hpp"

namespace hilbert::cli::train_command {
namespace {

using train::NumberFormat;

/// Every step is kept, and written into the report: 10 million take 240 MB.
constexpr std::uint32_t most_steps = 10'000'000;
constexpr Range<std::uint32_t> step_range{1, most_steps, "steps"};
/// Rows of a product are counted in 16 bits on the tile; a batch or a layer of more is no use on it.
constexpr Range<std::uint32_t> size_range{1, 65536};

struct Request {
  std::string device = "model:full", data{fashion_mnist_folder}, format = "bf16", check = "every";
  std::string json, html, dump_folder, dump_steps = "0", checkpoint, resume;
  std::uint32_t checkpoint_every = 100;
  train::Options train;
  PathOption path;
  std::optional<double> epochs;
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
    std::uint32_t step = 0;
    if (const auto problem = read_number(word, Range<std::uint32_t>{0, most_steps}, step)) {
      refuse(*problem, "--dump-steps", "numbers with commas between, as 0,10,199");
    }
    steps.insert(step);
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
  options.text("device,d", q.device, "URI",
               device_help() + "; board:FILE: the chips of a board, each with its share of the batch");
  options.text("format,f", q.format, "FORMAT",
               "bf16: operands rounded to nearest; cf8: CFloat8 1-4-3 weights and activations, 1-5-2 gradients, a bias "
               "for each tensor and step, stochastic rounding");
  options.number("steps", q.train.steps, step_range, "batches to train on");
  // A millionth is less than a batch of any data set; a million leaves what --steps may be with batches of any size.
  options.number("epochs", q.epochs, {1e-6, 1e6, "passes"}, "passes over the training images, instead of --steps");
  options.number("batch", q.train.batch, size_range, "images in a batch");
  options.number("hidden", q.train.hidden, size_range, "size of the hidden layer");
  // Adam's products with it stay normal float32 numbers.
  options.number("lr", q.train.rate, {1e-30f, 1e30f}, "learning rate of Adam at the start; it falls linearly to 0");
  options.number("seed", q.train.seed, any_seed<std::uint64_t>,
                 "of everything random in this run: initial weights, order of the images, stochastic rounding");
  options.text("check", q.check, "WHICH",
               "every: compare each product with the reference model, in a thread of its own; none");
  options.number("jobs,j", q.jobs, {1, most_jobs, "devices"},
                 "devices that share the rows of each product; changes no bit. A board has its chips");
  options.text("data", q.data, "DIR", "folder of the four IDX files");
  options.json_output(
      q.json, "write parameters, history and results; all but \"run\" is the same wherever and how often it is run");
  options.output("html", q.html, "FILE", "write a page with the curves of loss and accuracy");
  options.text("dump-tensors", q.dump_folder, "DIR", "write the operands and results of products there");
  options.text("dump-steps", q.dump_steps, "LIST", "steps to dump; the number of --steps stands for the test");
  options.text("checkpoint", q.checkpoint, "FILE",
               "keep the training there: every --checkpoint-every steps, after the last, and when it is interrupted");
  options.number("checkpoint-every", q.checkpoint_every, step_range, "steps from one checkpoint to the next");
  options.text(
      "resume", q.resume, "FILE",
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
  require_known("training format", q.format, {"bf16", "cf8"}, "--format");
  if (q.format == "cf8") q.train.format = NumberFormat::cf8;
  (void)q.path.choice();  // refuses an unknown word
  require_known("check", q.check, {"every", "none"}, "--check");
  if (q.epochs && options.given("steps")) refuse("given together with --steps", "--epochs", "give one of them");
  options.only({"dump-steps"}, !q.dump_folder.empty(), "with --dump-tensors");
  options.only({"checkpoint-every"}, !q.checkpoint.empty(), "with --checkpoint");
  options.only({"jobs"}, !abilities_of(q.device).board, "without a board, which has its chips");
  return true;
}

/// What computes the products: devices, or the chips of a board.
struct Workers {
  std::unique_ptr<train::ProductEngine> engine;
  Capabilities device;  ///< of each; uri: as asked for
  std::size_t devices = 1;
  JobPath path = JobPath::direct;
  std::function<Report()> totals;
  std::function<std::string()> traffic = [] { return std::string(); };  ///< a line, or nothing
};

Workers open_workers(const Request& q) {
  Workers workers;
  if (abilities_of(q.device).board) {
    if (q.path.choice() == JobPath::firmware) {
      refuse("the chips of a board take their jobs from the host", "--path firmware", "leave it out");
    }
    auto engine = std::make_unique<distributed::BoardEngine>(open_board(q.device, opening(false)));
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
    workers.path = engine->path();
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
  if (!abilities_of(q.device).board) line += fmt::format(" --jobs {}", q.jobs);
  if (q.check != "every") line += fmt::format(" --check {}", q.check);
  if (q.data != fashion_mnist_folder) line += fmt::format(" --data {}", shell_quoted(q.data));
  if (const auto path = q.path.choice()) line += *path == JobPath::direct ? " --path direct" : " --path firmware";
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
  if (!q.checkpoint.empty()) {
    std::error_code none;
    const auto kind = std::filesystem::status(q.checkpoint, none).type();
    if (kind != std::filesystem::file_type::regular && kind != std::filesystem::file_type::not_found &&
        kind != std::filesystem::file_type::directory) {
      refuse(fmt::format("{} is no file that can be replaced", q.checkpoint), "--checkpoint",
             "every checkpoint takes the place of the last: name a file");
    }
    outputs.writes("--checkpoint", q.checkpoint);
  }
  outputs.reads_device("--device", q.device);
  outputs.open("--json", q.json, [&](AtomicFile& file) { file.write(to_json(report)); });
  outputs.open("--html", q.html, [&](AtomicFile& file) { file.write(to_html(report)); });
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
  const std::set<std::uint32_t> dump_steps = step_list(q.dump_steps);
  TrainReport report;
  Outputs outputs("hilbert train");
  open_files(q, report, outputs);
  const auto check_dump_steps = [&] {
    if (dump_steps.empty() || *dump_steps.rbegin() <= q.train.steps) return;
    refuse(fmt::format("there is no step {}", *dump_steps.rbegin()), "--dump-steps",
           fmt::format("0 to {}, the number of steps, which stands for the test", q.train.steps));
  };
  if (!q.epochs) check_dump_steps();  // else the data must tell how many there are
  if (!q.dump_folder.empty()) train::make_dump_folder(q.dump_folder);
  const ImageDataset data = read_image_dataset(q.data);
  if (q.epochs) {
    const double steps = std::round(*q.epochs * static_cast<double>(data.train.count()) / q.train.batch);
    if (steps > most_steps)
      refuse(fmt::format("{} are {:.0f} steps", *q.epochs, steps), "--epochs", to_string(step_range));
    q.train.steps = static_cast<std::uint32_t>(std::max(1.0, steps));
    check_dump_steps();
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
  say(fmt::format("{} x {} images, {}-{}-{} network, {}, batch {}, {} steps, seed {}, on {} {} {}", data.train.rows,
                  data.train.cols, data.train.image_size(), q.train.hidden, data.classes, q.format, q.train.batch,
                  q.train.steps, q.train.seed, report.devices, printable(workers.device.uri), to_text(workers.path)));
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
}  // namespace hilbert::cli::train_command
