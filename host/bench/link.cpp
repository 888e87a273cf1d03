// SPDX-License-Identifier: Apache-2.0
// What a link carries of what its lanes could, and how long a flit is under way: counted in clocks, not timed.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <hilbert/error.hpp>
#include <hilbert/regs/link.hpp>
#include <hilbert/tb/link_pair.hpp>

#include "bench/suites.hpp"
#include "board/link_end.hpp"

namespace hilbert::bench {
namespace {

namespace r = regs::link;

constexpr unsigned wire_latency = 4;      // clocks from pin to pin, beside the one in which a symbol is taken
constexpr std::uint64_t warm_up = 5'000;  // clocks: credits and windows fill

/// Two ends `full`, trained, on lanes 0 to width - 1 in both directions.
class TrainedLink {
 public:
  TrainedLink(unsigned width, std::uint64_t seed) : pair_(tb::make_full_link, options(seed)), width_(width) {
    for (unsigned e = 0; e < 2; ++e) pair_.hold(e, true);
    for (unsigned e = 0; e < 2; ++e) {
      pair_.write(e, r::lane_enable, (1U << width) - 1);
      pair_.write(e, r::ctrl, r::mode_normal);
    }
    constexpr std::uint64_t enough = 100'000;
    while (!ready(0) || !ready(1)) {
      if (pair_.clocks() > enough)
        throw Error(ExitCode::check_failed, "the link does not come up", "hilbert bench link");
      pair_.run(10);
    }
  }

  /// Payload words delivered over what the lanes in use carry, of the slower direction, with both saturated.
  double efficiency(unsigned words, double bit_error_rate, std::uint64_t clocks) {
    for (unsigned e = 0; e < 2; ++e) {
      for (unsigned v = 0; v < tb::link_vcs; ++v) pair_.sender(e, v).set_mix({words, words, 0});
      pair_.channel(e).set_bit_error_rate(bit_error_rate);
      pair_.hold(e, false);
    }
    pair_.run(warm_up);
    std::array<std::uint64_t, 2> before{}, after{};
    for (unsigned e = 0; e < 2; ++e) before[e] = delivered(e);
    pair_.run(clocks);
    for (unsigned e = 0; e < 2; ++e) after[e] = delivered(e);
    const std::uint64_t least = std::min(after[0] - before[0], after[1] - before[1]);
    return static_cast<double>(least) * tb::max_lanes / width_ / static_cast<double>(clocks);
  }

  /// Clocks from the one in which the first word of a lone flit is handed in to that in which its last word comes out.
  double latency(unsigned words) {
    constexpr unsigned flits = 100;
    tb::LinkSender& sender = pair_.sender(0, 0);
    tb::LinkReceiver& receiver = pair_.receiver(0, 0);
    sender.set_mix({words, words, 0});
    std::uint64_t sum = 0;
    for (unsigned i = 0; i < flits; ++i) {
      const std::uint64_t words_before = sender.words(), flits_before = receiver.flits();
      sender.hold(false);
      while (sender.words() == words_before) pair_.step();
      sender.hold(true);
      const std::uint64_t taken = pair_.clocks() - 1;
      while (receiver.flits() == flits_before) pair_.step();
      sum += pair_.clocks() - 1 - taken;
      pair_.run(100 + i % 7);
    }
    return static_cast<double>(sum) / flits;
  }

 private:
  static tb::LinkPair::Options options(std::uint64_t seed) {
    tb::LinkPair::Options o;
    o.seed = seed;
    for (unsigned e = 0; e < 2; ++e) {
      o.channel[e].latency = wire_latency;
      o.channel[e].skew = {0, 2, 1, 3};
      o.channel[e].bit_offset = {3, 0, 12, 7};
      o.channel[e].seed = 2 * seed + e;
    }
    return o;
  }

  bool ready(unsigned e) {
    const std::uint32_t status = pair_.read(e, r::status);
    return board::in_step(status) && (status & r::status_rx_width_mask) >> r::status_rx_width_lsb == width_;
  }

  std::uint64_t delivered(unsigned e) { return pair_.receiver(e, 0).words() + pair_.receiver(e, 1).words(); }

  tb::LinkPair pair_;
  unsigned width_;
};

/// Go-back-N: a flit costs its words and one more; one that is hit costs itself and what is sent until it comes again.
/// p = 1 - (1 - b)^(64 (W + 1)) for bit error rate b and W words;
///     W / (W + 1) * (1 - p) / (1 - p + p (1 + R / (W + 1))),   R words from the hit flit's end to its repetition.
double go_back_n(unsigned words, double bit_error_rate, double round_trip_words) {
  const double cost = words + 1, hit = -std::expm1(64 * cost * std::log1p(-bit_error_rate));
  return words / cost * (1 - hit) / (1 - hit + hit * (1 + round_trip_words / cost));
}

void measure_widths(const SuiteOptions& options) {
  Table table("Link full, payload over raw symbols %, both directions saturated",
              {{"1,024 bytes", 2, 100}, {"129 words", 2, 100}, {"64 bytes", 2, 100}, {"9 words", 2, 100}});
  for (const unsigned width : {4U, 2U, 1U}) {
    std::vector<Spread> row;
    for (const unsigned words : {128U, 129U, 8U, 9U}) {
      row.push_back(exact(TrainedLink(width, 1).efficiency(words, 0, 50'000 * (tb::max_lanes / width))));
    }
    table.row(fmt::format("{} lanes", width), row);
  }
  table.note("payload: all words of a flit; 129 and 9 words: the same bytes and the header word of the network");
  table.note("acknowledgements and credits of the other direction are included, the slower direction is shown");
  options.report(table);
}

void measure_latency(const SuiteOptions& options) {
  Table table("Link full, clocks through a hop, idle link", {{"1 word", 1}, {"9 words", 1}, {"129 words", 1}});
  for (const unsigned width : {4U, 2U, 1U}) {
    std::vector<Spread> row;
    for (const unsigned words : {1U, 9U, 129U}) row.push_back(exact(TrainedLink(width, 2).latency(words)));
    table.row(fmt::format("{} lanes", width), row);
  }
  table.note(
      fmt::format("first word handed in to last word out; {} of them on wires and in the skew of the slowest lane",
                  wire_latency + 1 + 3));
  options.report(table);
}

void measure_errors(const SuiteOptions& options) {
  constexpr unsigned width = 4;
  const double round_trip = 2 * TrainedLink(width, 3).latency(1);
  Table table("Link full, 4 lanes, payload over raw symbols % with bit errors", {{"128 words", 2, 100},
                                                                                 {"128, whole flits", 2, 100},
                                                                                 {"128, ideal", 2, 100},
                                                                                 {"8 words", 2, 100},
                                                                                 {"8, whole flits", 2, 100},
                                                                                 {"8, ideal", 2, 100}});
  for (const double rate : {0.0, 1e-8, 1e-7, 1e-6, 3e-6, 1e-5, 3e-5, 1e-4}) {
    std::vector<Spread> row;
    for (const unsigned words : {128U, 8U}) {
      row.push_back(exact(TrainedLink(width, 4).efficiency(words, rate, 600'000)));
      row.push_back(exact(go_back_n(words, rate, round_trip + words + 1)));
      row.push_back(exact(go_back_n(words, rate, round_trip)));
    }
    table.row(fmt::format("{:g}", rate), row);
  }
  table.note("go-back-N: W / (W + 1) * (1 - p) / (1 - p + p (1 + R / (W + 1))), p = 1 - (1 - b)^(64 (W + 1)); W words");
  table.note(
      fmt::format("ideal: R = {:.0f} words, twice the latency of a flit of one word, as if nack and replay could "
                  "cut flits short",
                  round_trip));
  table.note("whole flits: and half a flit that is under way in either direction, which both wait for");
  options.report(table);
}

}  // namespace

void measure_link(const SuiteOptions& options) {
  measure_widths(options);
  measure_latency(options);
  measure_errors(options);
}

}  // namespace hilbert::bench
