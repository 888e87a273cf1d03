// SPDX-License-Identifier: Apache-2.0
// link_torture: the command line.
#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <cstdlib>
#include <hilbert/error.hpp>
#include <iostream>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "check_rate.hpp"
#include "links.hpp"
#include "support/random.hpp"
#include "support/tool.hpp"
#include "torture.hpp"

namespace hilbert::test {
namespace {

struct Settings {
  std::string link = "full";
  std::uint64_t seed = 1, first = 0, runs = 20;
  std::optional<double> seconds;
  std::optional<std::uint64_t> flits, check_clocks;
  Torments torments;
};

constexpr const char* reasons[] = {
    "",       "no partner",  "crossed lanes", "not heard", "settings differ", "partner down", "partner reset",
    "deskew", "no progress", "timeout"};

void print(const Toll& toll, double seconds) {
  std::cout << fmt::format(
      "{} runs, {} clocks, {} flits of {} words delivered once and in order ({:.0f} flits/s), {} given up with a "
      "session or handed in while down\n",
      toll.runs, toll.clocks, toll.flits, toll.words, static_cast<double>(toll.flits) / seconds, toll.skipped);
  std::cout << fmt::format(
      "  suffered: {} bits inverted, {} bursts, {} lanes broken, {} resets, software meddled {} times\n",
      toll.flipped_bits, toll.bursts, toll.lane_faults, toll.resets, toll.meddled);
  std::cout << fmt::format(
      "  bounds of 0, 1 or all ones: {}; on good wires the link then worked {} times, went down {}\n", toll.odd_bounds,
      toll.odd_works, toll.odd_downs);
  std::cout << "  down or session ended:";
  for (const auto& [reason, count] : toll.downs) {
    std::cout << fmt::format(" {} {},", reason < std::size(reasons) ? reasons[reason] : "?", count);
  }
  std::cout << fmt::format("\n  width at the end 4: {}, 2: {}, 1: {}, none: {}\n  counted:", toll.widths[4],
                           toll.widths[2], toll.widths[1], toll.widths[0]);
  for (const auto& [name, count] : toll.counters) std::cout << fmt::format(" {} {},", name, count);
  std::cout << '\n';
}

/// Whether everything that torture is made of has happened; says what has not.
bool has_reach(const Toll& toll, unsigned lanes) {
  std::vector<std::pair<std::string, std::uint64_t>> wanted{{"inverted bits", toll.flipped_bits},
                                                            {"bursts", toll.bursts},
                                                            {"broken lanes", toll.lane_faults},
                                                            {"resets", toll.resets},
                                                            {"meddling", toll.meddled},
                                                            {"flits given up", toll.skipped},
                                                            {"odd bounds that work", toll.odd_works},
                                                            {"odd bounds that take the link down", toll.odd_downs}};
  for (const auto& [name, count] : toll.counters) {
    if (name != "drops" && name != "protocol errors") wanted.emplace_back(name, count);
  }
  for (const unsigned reason : {1U, 3U, 6U}) {
    const auto down = toll.downs.find(reason);
    wanted.emplace_back(fmt::format("down for '{}'", reasons[reason]), down == toll.downs.end() ? 0 : down->second);
  }
  for (unsigned width = lanes; width > 0; width /= 2) {
    wanted.emplace_back(fmt::format("width {}", width), toll.widths[width]);
  }
  bool all = true;
  for (const auto& [name, count] : wanted) {
    if (count > 0) continue;
    std::cout << fmt::format("FAIL: no {}: torture has lost its reach\n", name);
    all = false;
  }
  return all;
}

/// What the check lets through; fails if it is far from 2^-n, in either direction, or if a check of 32 bits misses any.
ExitCode run_check(const Settings& s) {
  const CheckRate rate = measure_check(link_maker(s.link), s.seed, *s.check_clocks);
  const double errors = static_cast<double>(rate.noticed + rate.missed), mean = errors * rate.expected();
  std::cout << fmt::format(
      "{}: check of {} bits, seed {}, {} clocks: {} flits delivered; {} damaged frames noticed, {} missed: {:.2e} of "
      "them, 2^-{} is {:.2e}\n",
      s.link, rate.check_bits, s.seed, *s.check_clocks, rate.flits, rate.noticed, rate.missed, rate.rate(),
      rate.check_bits, rate.expected());
  const double tolerance = 5 * std::sqrt(mean) + 0.2 * mean;
  const bool good = std::abs(static_cast<double>(rate.missed) - mean) <= tolerance;
  if (!good) std::cout << fmt::format("FAIL: {:.1f} +- {:.1f} were to be expected\n", mean, tolerance);
  return good ? ExitCode::good : ExitCode::check_failed;
}

ExitCode run(const Settings& s) {
  const tb::LinkMaker make = link_maker(s.link);
  std::cout << fmt::format("{}: seed {}, from run {}\n", s.link, s.seed, s.first) << std::flush;
  const auto start = std::chrono::steady_clock::now();
  const auto passed = [&] { return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(); };
  Toll toll;
  for (std::uint64_t i = s.first;; ++i) {
    const bool enough = s.flits ? toll.flits >= *s.flits : s.seconds ? passed() >= *s.seconds : i >= s.first + s.runs;
    if (enough) break;
    try {
      toll.add(torture(make, s.seed * 1'000'003 + i, s.torments));
    } catch (const tb::LinkViolation& violation) {
      print(toll, passed());
      std::cout << fmt::format(
          "FAIL in run {}: {}\nreproduce: bin/link_torture --link {} --seed {} --first {} --runs 1\n", i,
          violation.what(), s.link, s.seed, i);
      return ExitCode::check_failed;
    }
  }
  print(toll, passed());
  constexpr std::uint64_t enough = 30;
  const bool good = toll.runs < enough || has_reach(toll, make()->parameters().lanes);
  return good ? ExitCode::good : ExitCode::check_failed;
}

ExitCode main(int argc, char** argv) {
  Settings s;
  s.seed = run_seed();
  cli::ProgramOptions options(
      "link_torture",
      "Two ends of a link with random traffic through wires with bit errors, bursts and broken lanes, and ends that "
      "are\n"
      "reset: every flit must come out once and in order, or the link must say that it was down, and why.\n"
      "Exit code 1: a flit was damaged, lost, doubled or stuck; 2: usage");
  options.text("link,l", s.link, "NAME", "full, small, check8 or check12");
  options.number("seed", s.seed, any_seed<std::uint64_t>, "of everything random; default HILBERT_SEED or 1");
  options.number("first", s.first, first_range, "first run");
  options.number("runs,n", s.runs, count_range, "how many");
  options.number("seconds", s.seconds, {0.001, 1e9, "seconds"}, "as many runs as begin in that time");
  options.number("flits", s.flits, count_range, "as many runs as it takes to deliver so many flits");
  options.number("check", s.check_clocks, count_range,
                 "instead: for so many clocks, count what the check lets through, and compare with 2^-bits");
  if (!options.parse({argv + 1, argv + argc})) return ExitCode::good;
  options.only({"first", "runs", "seconds", "flits"}, !s.check_clocks, "without --check");
  options.only({"runs"}, !s.seconds && !s.flits, "without --seconds and --flits");
  options.only({"seconds"}, !s.flits, "without --flits");
  return s.check_clocks ? run_check(s) : run(s);
}

}  // namespace
}  // namespace hilbert::test

int main(int argc, char** argv) {
  return hilbert::test::exit_code_of("link_torture", [&] { return hilbert::test::main(argc, argv); });
}
