// SPDX-License-Identifier: Apache-2.0
// Speed of the verilated chips and the cost of what surrounds them.
#include <fmt/format.h>

#include <hilbert/error.hpp>
#include <hilbert/tb/host_port.hpp>
#include <memory>

#include "bench/recording.hpp"
#include "bench/saturated_device.hpp"
#include "bench/suites.hpp"
#include "device/geometry.hpp"
#include "device/sim_scheme.hpp"

namespace hilbert::bench {
namespace {

std::string sim_uri(const std::string& chip) { return "sim:" + chip; }

/// Something done again and again, as users do it and as a replay of the recorded pins.
struct Comparison {
  std::string name;
  std::function<double()> driven;  ///< once more, on the real thing; returns its clocks
  Recording recording;
  std::vector<Recording::Mark> marks;  ///< before the first time, between, after the last
  std::uint64_t responses = 0;         ///< of all that was recorded
  std::string chip;
};

/// Time a clock of the driven side over that of the replay of its pins.
Spread cost_of(const Comparison& c, unsigned rounds) {
  const std::unique_ptr<tb::Chip> witness = tb::Chip::make(c.chip);
  if (c.recording.replay_watching(*witness, 0, c.marks.back()) != c.responses) {
    throw Error(ExitCode::check_failed, "the replay of the recorded pins does not get the recorded responses", c.name);
  }
  const std::unique_ptr<tb::Chip> bare = tb::Chip::make(c.chip);
  (void)c.recording.replay(*bare, 0, c.marks.front());
  std::size_t at = 0;
  const std::vector<Measured> both = side_by_side({{c.name, c.driven, {}},
                                                   {"bare",
                                                    [&] {
                                                      const auto clocks =
                                                          c.recording.replay(*bare, c.marks[at], c.marks[at + 1]);
                                                      ++at;
                                                      return static_cast<double>(clocks);
                                                    },
                                                    {}}},
                                                  rounds);
  return both[1].ratio;
}

/// All data memory written and read back in one burst each, as the bench's HostPort does it.
Spread cost_of_streaming(const std::string& chip, unsigned rounds) {
  const model::Geometry g = device::require_configuration(chip, sim_uri(chip)).geometry;
  const std::vector<std::byte> image = ordinary_codes(1, g.data_bytes() / 2, {model::Format::bf16}, 4);
  std::vector<std::byte> back(image.size());
  const unsigned times = std::max(1u, (256u << 10) / g.data_bytes());
  const auto stream = [&](tb::Chip& on, tb::HostPort& port) {
    const std::uint64_t start = on.clocks();
    for (unsigned i = 0; i < times; ++i) {
      (void)port.write(0, image);
      (void)port.read(0, back);
    }
    if (back != image) throw Error(ExitCode::check_failed, "memory gives back other bytes than were written", chip);
    return static_cast<double>(on.clocks() - start);
  };
  Comparison c;
  c.name = "streaming";
  c.chip = chip;
  {
    RecordingChip recorded(chip);
    tb::HostPort port(recorded);
    for (unsigned r = 0; r <= rounds; ++r) {
      c.marks.push_back(recorded.recording().mark());
      (void)stream(recorded, port);
    }
    c.marks.push_back(recorded.recording().mark());
    c.responses = recorded.responses();
    c.recording = std::move(recorded.recording());
  }
  const std::unique_ptr<tb::Chip> driven = tb::Chip::make(chip);
  tb::HostPort port(*driven);
  c.driven = [&] { return stream(*driven, port); };
  return cost_of(c, rounds);
}

/// A product larger than the memory, cut by the runtime: packing, uploads, polling, downloads and all.
Spread cost_of_runtime(const std::string& chip, unsigned rounds) {
  RecordingChip recorded(chip);
  auto device = device::make_sim_device(std::make_unique<tb::HostPort>(recorded),
                                        device::require_configuration(chip, sim_uri(chip)));
  const model::Geometry g = device->capabilities().geometry;
  const std::uint32_t side = 32 * std::max(g.rows, g.cols);
  const Product product(side, side, 2 * g.bank_bytes / side, {model::Format::bf16}, g.depth);
  const auto multiply = [&](Runtime& runtime) {
    const CodesResult result = runtime.gemm_codes(product.job, product.a, product.b);
    return static_cast<double>(result.report.clocks);
  };
  Comparison c;
  c.name = "runtime";
  c.chip = chip;
  {
    Runtime runtime(std::move(device));
    const CodesResult first = runtime.gemm_codes(product.job, product.a, product.b);
    product.require(first.d, first.flags, sim_uri(chip));
    for (unsigned r = 0; r <= rounds; ++r) {
      c.marks.push_back(recorded.recording().mark());
      (void)multiply(runtime);
    }
    c.marks.push_back(recorded.recording().mark());
    c.responses = recorded.responses();
    c.recording = std::move(recorded.recording());
  }
  Runtime driven(sim_uri(chip));
  c.driven = [&] { return multiply(driven); };
  return cost_of(c, rounds);
}

void measure_speed(const SuiteOptions& options) {
  struct Chip {
    explicit Chip(const std::string& chip) : quiet(open_device(sim_uri(chip))), busy(sim_uri(chip)) {}
    std::unique_ptr<Device> quiet;
    SaturatedDevice busy;
  };
  std::vector<std::unique_ptr<Chip>> chips;
  std::vector<Side> sides;
  for (const std::string& name : options.chips) {
    Chip& chip = *chips.emplace_back(std::make_unique<Chip>(name));
    sides.push_back(
        {name + ", GEMM in every clock", [&] { return chip.busy.run().clocks; }, [&] { chip.busy.refill(); }});
    sides.push_back({name + ", idle",
                     [&] {
                       constexpr std::uint32_t clocks = 20'000;
                       chip.quiet->idle(clocks);
                       return double{clocks};
                     },
                     {}});
  }
  const std::vector<Measured> measured = side_by_side(sides, options.rounds);
  Table table("Verilated chips",
              {{"kHz", 1, 1e-3}, {"M MAC/s", 2, 1e-6}, {"array used %", 1, 100}, {"over the first", 2}});
  for (std::size_t i = 0; i < measured.size(); ++i) {
    SaturatedDevice& busy = chips[i / 2]->busy;
    const double macs = i % 2 == 0 ? busy.work().macs / busy.work().clocks : 0;
    const model::Geometry& g = busy.capabilities().geometry;
    const Spread& rate = measured[i].rate;
    table.row(measured[i].name, {rate,
                                 {rate.low * macs, rate.median * macs, rate.high * macs},
                                 exact(macs / (g.rows * g.cols * g.depth)),
                                 measured[i].ratio});
  }
  const model::Gemm& job = chips[0]->busy.job();
  table.note(fmt::format("bf16 to fp32 through the queue, {}x{}x{} in {}; a second of processor time on one core",
                         job.m, job.n, job.k, options.chips.front()));
  options.report(table);
}

}  // namespace

void measure_simulation(const SuiteOptions& options) {
  measure_speed(options);
  Table table("Time a clock over that of the bare verilated model", {{"ratio", 3}});
  for (const std::string& chip : options.chips) {
    table.row(chip + ", HostPort: all memory written and read", {cost_of_streaming(chip, options.rounds)});
    table.row(chip + ", Runtime: a product, upload to download", {cost_of_runtime(chip, options.rounds)});
  }
  table.note(
      "bare: the same pins in the same clocks, recorded and replayed into Chip::run with nothing else around it");
  table.note("the replay got the same responses in the same clocks");
  options.report(table);
}

}  // namespace hilbert::bench
