// SPDX-License-Identifier: Apache-2.0
// hilbert bench: how fast everything is on this machine.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <hilbert/device.hpp>
#include <hilbert/text.hpp>
#include <iostream>
#include <set>
#include <string>
#include <thread>

#include "bench/suites.hpp"
#include "command.hpp"
#include "outputs.hpp"
#include "report/json_text.hpp"

namespace hilbert::cli::bench_command {
namespace {

struct Suite {
  std::string_view name, about;
  void (*measure)(const bench::SuiteOptions&);
  bool needs_chips;
  bool takes_rounds = true;  ///< else exact: once is enough
  bool takes_chips = true;   ///< else of configurations of its own
  bool on_request = false;   ///< not among all
};

#if HILBERT_HAS_SIM
constexpr auto measure_simulation = bench::measure_simulation, measure_utilisation = bench::measure_utilisation,
               measure_firmware = bench::measure_firmware, measure_link = bench::measure_link,
               measure_board = bench::measure_board, measure_distributed = bench::measure_distributed,
               measure_campaign = bench::measure_campaign;
#else
constexpr void (*measure_simulation)(const bench::SuiteOptions&) = nullptr,
                                           (*measure_utilisation)(const bench::SuiteOptions&) = nullptr,
                                           (*measure_firmware)(const bench::SuiteOptions&) = nullptr,
                                           (*measure_link)(const bench::SuiteOptions&) = nullptr,
                                           (*measure_board)(const bench::SuiteOptions&) = nullptr,
                                           (*measure_distributed)(const bench::SuiteOptions&) = nullptr,
                                           (*measure_campaign)(const bench::SuiteOptions&) = nullptr;
#endif

constexpr std::array<Suite, 9> all_suites{{
    {"sim", "clocks and MACs a second of the verilated chips; what the harness and the runtime add", measure_simulation,
     true},
    {"utilisation", "share of the array's capacity used, by size, format and path: exact counts of clocks",
     measure_utilisation, true, false},
    {"link", "share of its lanes' capacity that a link carries, by width, flit and bit error rate; latency",
     measure_link, true, false, false},
    {"board", "time and memory of boards of 1 to 25 chips, what a second thread gains; clocks of collectives",
     measure_board, true},
    {"distributed", "one matrix product over boards: use of all arrays, speed-up over one chip", measure_distributed,
     true, false},
    {"firmware", "what a job costs through the firmware, and what the running core costs", measure_firmware, true},
    {"mxu", "MACs a second of the reference model by format, with the verilated array beside it", bench::measure_model,
     false},
    {"vectors", "cases a second of the regression; writing and reading vector files", bench::measure_vectors, false},
    {"campaign", "upsets a second in the chip small, one by one and by the engine; on request alone", measure_campaign,
     true, true, false, true},
}};

/// The processor's name, "" where the system does not tell.
std::string processor() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
  }
  return "";
}

std::string load_average() {
  std::array<double, 3> load{};
  if (::getloadavg(load.data(), 3) != 3) return "unknown";
  return fmt::format("{:.2f} {:.2f} {:.2f}", load[0], load[1], load[2]);
}

/// Configurations of `sim:` in this build, or those asked for.
std::vector<std::string> chips(const std::vector<std::string>& asked) {
  std::vector<std::string> known = bench::built_chips();
  if (asked.empty()) {
    std::erase_if(known, [](const std::string& name) { return name != "full" && name != "small"; });
    return known;
  }
  for (const std::string& name : asked) {
    if (std::ranges::find(known, name) != known.end()) continue;
    throw Error(ExitCode::bad_input, fmt::format("this build has no chip '{}'{}", name, suggestion(name, known)),
                "--chip", "hilbert info lists the devices");
  }
  return asked;
}

ExitCode run(const Arguments& arguments) {
  std::vector<std::string> names, asked_chips;
  bench::SuiteOptions suite_options;
  std::string json_path;
  Options options(
      "bench [SUITE...]",
      "Measures how fast everything is. Things that are compared run side by side, in turn; figures are medians over\n"
      "rounds with half the distance of the quartiles in per cent, and time is that of one core's work, not of the\n"
      "clock on the wall. On a machine that others use, trust the ratios.");
  options.arguments("SUITE", names, "what to measure (default: all)");
  // Quartiles of a thousand rounds change by less than the noise between two runs.
  options.number("rounds", suite_options.rounds, {1, 1000, "rounds"},
                 "how often each figure is taken, after one time that does not count");
  options.texts("chip", asked_chips, "NAME", "configuration to simulate, may be repeated (default: full, small)");
  options.json_output(json_path, "write all figures as JSON");
  std::string note = "Suites:\n";
  std::vector<std::string> known{"all"};
  for (const Suite& suite : all_suites) {
    note += fmt::format("  {:<12} {}\n", suite.name, suite.about);
    known.emplace_back(suite.name);
  }
  options.note(note + "  all          all of them, but for those on request");
  options.example("hilbert bench", "everything, a few minutes");
  options.example("hilbert bench sim --chip full --rounds 31", "the verilated chip alone, more exactly");
  if (!options.parse(arguments)) return ExitCode::good;

  if (names.empty()) names = {"all"};
  std::set<std::string> wanted;
  for (const std::string& name : names) {
    require_known("suite", name, known, "hilbert bench");
    for (const Suite& suite : all_suites) {
      if ((name == "all" && !suite.on_request) || name == suite.name) wanted.emplace(suite.name);
    }
  }
  const auto any = [&](bool Suite::*takes) {
    return std::ranges::any_of(all_suites,
                               [&](const Suite& s) { return s.*takes && wanted.contains(std::string(s.name)); });
  };
  options.only({"rounds"}, any(&Suite::takes_rounds), "with suites that take time: the counts of these are exact");
  options.only({"chip"}, any(&Suite::takes_chips), "with suites other than link");
  suite_options.chips = chips(asked_chips);

  nlohmann::ordered_json json{{"hilbert", HILBERT_VERSION},
                              {"processor", processor()},
                              {"cores", std::thread::hardware_concurrency()},
                              {"compiler", "g++ " __VERSION__},
                              {"rounds", suite_options.rounds},
                              {"load_before", load_average()},
                              {"tables", nlohmann::ordered_json::array()}};
  Outputs outputs("hilbert bench");
  outputs.open("--json", json_path, [&](AtomicFile& file) { file.write(report::json_text(json)); });
  std::cout << fmt::format("hilbert {}, {}; {}, {}; load average {}\n", HILBERT_VERSION,
                           counted(suite_options.rounds, "round"), processor(),
                           counted(std::thread::hardware_concurrency(), "core"), load_average());
  suite_options.report = [&](const bench::Table& table) {
    std::cout << '\n' << table.text() << std::flush;
    json["tables"].push_back(table.json());
  };
  for (const Suite& suite : all_suites) {
    if (wanted.count(std::string(suite.name)) == 0) continue;
    if (!suite.needs_chips || (suite.measure != nullptr && !suite_options.chips.empty())) {
      try {
        suite.measure(suite_options);
      } catch (const Error& error) {  // what was measured before is kept
        json["error"] = error.what();
        return outputs.finish(error);
      }
      continue;
    }
    if (std::ranges::find(names, suite.name) != names.end()) {
      throw Error(ExitCode::bad_input, "this build has no verilated chips", fmt::format("suite {}", suite.name),
                  "configure with -DHILBERT_SIM=ON");
    }
    std::cout << fmt::format("\n{}: not measured, this build has no verilated chips\n", suite.name);
  }
  std::cout << fmt::format("\nload average at the end {}\n", load_average());
  json["load_after"] = load_average();
  return outputs.finish(ExitCode::good);
}

const Registration registration({"bench", "measure how fast everything is", run});

}  // namespace
}  // namespace hilbert::cli::bench_command
