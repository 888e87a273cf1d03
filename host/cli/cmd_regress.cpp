// SPDX-License-Identifier: Apache-2.0
// hilbert regress: golden and refused vectors against a device.
#include <fmt/format.h>

#include <algorithm>
#include <hilbert/text.hpp>
#include <iostream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "command.hpp"
#include "interrupt.hpp"
#include "limits.hpp"
#include "outputs.hpp"
#include "path_option.hpp"
#include "progress.hpp"
#include "report/corpus_files.hpp"
#include "report/junit.hpp"
#include "report/regress.hpp"
#include "report_text.hpp"

namespace hilbert::cli::regress_command {
namespace {

using report::CaseResult;
using report::Verdict;

constexpr std::size_t most_shown = 20;

std::string indented(const std::string& text) {
  std::string out = "    ";
  for (const char c : text) out += c == '\n' ? std::string("\n    ") : std::string(1, c);
  return out;
}

void print(const report::RegressResult& all, JobPath path) {
  std::size_t shown = 0;
  for (const CaseResult& r : all.results) {
    if (r.outcome.verdict != Verdict::failed && r.outcome.verdict != Verdict::error) continue;
    if (r.whole_file) continue;  // see below
    if (++shown > most_shown) continue;
    std::cout << fmt::format("{} {}: {}: {}\n{}\n", r.outcome.verdict == Verdict::failed ? "FAIL " : "ERROR",
                             printable(r.file), printable(r.name), r.about, indented(r.outcome.message));
    if (!r.note.empty()) std::cout << indented(r.note) << '\n';
    if (!r.trace.empty()) std::cout << "    waveform: " << printable(r.trace) << '\n';
    std::cout << "    reproduce: " << r.reproduce << '\n';
  }
  if (shown > most_shown) {
    std::cout << fmt::format("... and {} more that failed (--junit and --json list all)\n", shown - most_shown);
  }
  std::cout << fmt::format("{} {}: {}{}{} passed, {} failed, {}, {} skipped in {:.1f} s ({:.0f} cases/s)\n",
                           printable(all.device), to_text(path), all.ending(), all.complete() ? "" : ": ", all.passed,
                           all.failed, counted(all.errors, "error"), all.skipped, all.seconds,
                           static_cast<double>(all.run()) / std::max(all.seconds, 1e-9));
  for (const auto& [reason, count] : all.skipped_for) std::cout << fmt::format("  {} skipped: {}\n", count, reason);
  std::cout << std::flush;
  for (const CaseResult& r : all.results) {
    if (r.whole_file) complain(r.outcome.message);
  }
  if (all.broken) complain(all.broken->what());
}

ExitCode run(const Arguments& arguments) {
  report::RegressOptions regress;
  std::vector<std::string> paths;
  std::string junit, json;
  PathOption path("direct");
  regress.jobs = std::max(std::thread::hardware_concurrency(), 1u);
  Options options(
      "regress [PATH...]",
      "Runs vector files on a device and compares every bit of the results and every flag; descriptors that must be\n"
      "refused must be, with the named status and field and without a byte of memory changed. PATH is a vector file or "
      "a\n"
      "folder of them; without one, the golden and refused vectors that come with hilbert are run.");
  options.arguments("PATH", paths, "vector files and folders of them");
  options.text("device,d", regress.device, "URI", device_help());
  path.add_to(options);
  options.text("filter,f", regress.filter, "GLOB",
               "only cases whose name, or FILE:name, matches: * ? [ ]; for two files with cases of one name");
  options.number("jobs,j", regress.jobs, {1, most_jobs, "devices"}, "devices at work at the same time");
  options.number(
      "seed", regress.seed, any_seed<std::uint64_t>,
      "of everything random in this run: stalls on the host port; every case then runs on a fresh device (sim: only)");
  options.number("stall", regress.stall_probability, stall_range,
                 "with --seed: probability of a stall in a clock, each direction apart");
  options.output("junit", junit, "FILE", "write the results as JUnit XML");
  options.json_output(json, "write the results as JSON");
  options.text("trace-failures", regress.trace_folder, "DIR",
               "run failing cases again with a waveform (FST) in this folder; needs a build with the preset trace");
  options.note(
      "Through the firmware, descriptors that must be refused are skipped.\n"
      "Ctrl-C (or SIGTERM, SIGHUP) ends it after the cases at work: the failures so far are printed, reports are "
      "written\n"
      "and say that they are incomplete. A damaged file is an error in them; the others are run.");
  options.example("hilbert regress --device sim:small", "the whole corpus on the small verilated chip");
  options.example("hilbert regress --device sim:full --filter 'ties/*' --seed 7",
                  "the rounding ties with random stalls on the host port");
  options.example("hilbert regress my.hbv --device sim:full --junit out.xml --trace-failures waves",
                  "for CI: results as JUnit, waveforms of what failed");
  if (!options.parse(arguments)) return ExitCode::good;
  options.only({"seed"}, abilities_of(regress.device).stalls, on_devices_that(&Abilities::stalls));
  options.only({"stall"}, regress.seed.has_value(), "with --seed");
  regress.path = path.choice_on(regress.device);
  regress.files = report::vector_files(paths);

  report::RegressResult result;
  Outputs outputs("hilbert regress");
  for (const auto& file : regress.files) outputs.reads("PATH", file);
  report::refuse_vectors_as_json(json);
  outputs.open("--junit", junit, [&](AtomicFile& file) { file.write(report::to_junit(result)); });
  outputs.open("--json", json, [&](AtomicFile& file) { file.write(report::to_json(result)); });
  const Interrupt interrupt;
  regress.stop = [] { return Interrupt::noted() != 0; };
  {
    Progress progress(regress.device, "cases", report::count_cases(regress.files));
    result = report::regress(regress, [&](std::uint64_t done) { progress.set(done); });
  }
  if (result.results.empty() && result.complete()) {
    report::refuse_filter(regress.filter);
  }
  print(result, regress.path);
  if (result.run() == 0 && result.complete()) {
    return outputs.finish(
        Error(ExitCode::bad_input, "every case was skipped: none is meant for this device", result.device));
  }
  return outputs.finish(result.code());
}

const Registration registration({"regress", "golden and refused vectors against a device", run});

}  // namespace
}  // namespace hilbert::cli::regress_command
