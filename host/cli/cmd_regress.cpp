// SPDX-License-Identifier: Apache-2.0
// hilbert regress: golden and refused vectors against a device.
#include <fmt/format.h>

#include <algorithm>
#include <hilbert/file.hpp>
#include <iostream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "command.hpp"
#include "progress.hpp"
#include "report/corpus_files.hpp"
#include "report/junit.hpp"
#include "report/regress.hpp"

namespace hilbert::cli::regress_command {
namespace {

namespace po = boost::program_options;
using report::CaseResult;
using report::Verdict;

constexpr std::size_t kMostShown = 20;

std::string indented(const std::string& text) {
  std::string out = "    ";
  for (const char c : text) out += c == '\n' ? std::string("\n    ") : std::string(1, c);
  return out;
}

void print(const report::RegressResult& all) {
  std::size_t shown = 0;
  for (const CaseResult& r : all.results) {
    if (r.outcome.verdict != Verdict::failed && r.outcome.verdict != Verdict::error) continue;
    if (++shown > kMostShown) continue;
    std::cout << fmt::format("{} {}: {}\n{}\n", r.outcome.verdict == Verdict::failed ? "FAIL " : "ERROR", r.name,
                             r.about, indented(r.outcome.message));
    if (!r.note.empty()) std::cout << indented(r.note) << '\n';
    if (!r.trace.empty()) std::cout << "    waveform: " << r.trace << '\n';
    std::cout << "    reproduce: " << r.reproduce << '\n';
  }
  if (shown > kMostShown) {
    std::cout << fmt::format("... and {} more that failed (--junit and --json list all)\n", shown - kMostShown);
  }
  std::cout << fmt::format("{}: {} passed, {} failed, {} errors, {} skipped in {:.1f} s ({:.0f} cases/s)\n", all.device,
                           all.passed, all.failed, all.errors, all.skipped, all.seconds,
                           static_cast<double>(all.run()) / std::max(all.seconds, 1e-9));
}

ExitCode run(const Arguments& arguments) {
  report::RegressOptions regress;
  std::vector<std::string> paths;
  std::string junit, json;
  std::uint64_t seed = 0;
  bool firmware = false;
  regress.jobs = std::max(std::thread::hardware_concurrency(), 1u);
  Options options(
      "regress [PATH...]",
      "Runs vector files on a device and compares every bit of the results and every flag; descriptors that must be\n"
      "refused must be, with the named status and field and without a byte of memory changed. PATH is a vector file or "
      "a\n"
      "folder of them; without one, the golden and refused vectors that come with hilbert are run.");
  options.add()("path", po::value(&paths)->value_name("PATH"), "vector files and folders of them")(
      "device,d", po::value(&regress.device)->value_name("URI")->default_value(regress.device), device_help().c_str())(
      "firmware", po::bool_switch(&firmware),
      "through the monitor on the device's controller; descriptors that must be refused are then skipped")(
      "filter,f", po::value(&regress.filter)->value_name("GLOB"), "only cases whose name matches: * ? [ ]")(
      "jobs,j", po::value(&regress.jobs)->value_name("N")->default_value(regress.jobs),
      "devices at work at the same time")(
      "seed", po::value(&seed)->value_name("N"),
      "random stalls on the host port from this seed; every case then runs on a fresh device (sim: only)")(
      "stall", po::value(&regress.stall_probability)->value_name("P")->default_value(regress.stall_probability, "0.2"),
      "with --seed: probability of a stall in a clock, each direction apart")(
      "junit", po::value(&junit)->value_name("FILE"), "write the results as JUnit XML")(
      "json", po::value(&json)->value_name("FILE"), "write the results as JSON")(
      "trace-failures", po::value(&regress.trace_folder)->value_name("DIR"),
      "run failing cases again with a waveform (FST) in this folder; needs a build with the preset trace");
  options.positional("path", -1);
  options.example("hilbert regress --device sim:small", "the whole corpus on the small verilated chip");
  options.example("hilbert regress --device sim:full --filter 'ties/*' --seed 7",
                  "the rounding ties with random stalls on the host port");
  options.example("hilbert regress my.hbv --device sim:full --junit out.xml --trace-failures waves",
                  "for CI: results as JUnit, waveforms of what failed");
  if (!options.parse(arguments)) return ExitCode::good;
  if (regress.jobs == 0 || regress.jobs > 256) {
    throw Error(ExitCode::bad_input, fmt::format("--jobs {}", regress.jobs), "hilbert regress", "1 to 256");
  }
  if (options.given("seed")) {
    regress.seed = seed;
  } else if (options.given("stall")) {
    throw Error(ExitCode::bad_input, "--stall without --seed", "hilbert regress", "add --seed N");
  }
  if (firmware) regress.path = JobPath::firmware;
  regress.files = report::vector_files(paths);

  report::RegressResult result;
  {
    Progress progress(regress.device, "cases", report::count_cases(regress.files));
    result = report::regress(regress, [&](std::uint64_t done) { progress.set(done); });
  }
  if (result.results.empty()) {
    throw Error(ExitCode::bad_input, fmt::format("no case matches '{}'", regress.filter), "--filter",
                "hilbert vectors show FILE lists the cases of a file");
  }
  if (!junit.empty()) write_file(junit, report::to_junit(result));
  if (!json.empty()) write_file(json, report::to_json(result));
  print(result);
  if (result.run() == 0) {
    throw Error(ExitCode::bad_input, "every case was skipped: none is meant for this device", result.device);
  }
  return result.code();
}

const Registration registration({"regress", "golden and refused vectors against a device", run});

}  // namespace
}  // namespace hilbert::cli::regress_command
