// SPDX-License-Identifier: Apache-2.0
// The path through the firmware against the direct one, and what the core costs.
#include <fmt/format.h>

#include <array>
#include <cstring>
#include <hilbert/error.hpp>
#include <hilbert/regs/cpu.hpp>
#include <memory>

#include "bench/jobs.hpp"
#include "bench/suites.hpp"

namespace hilbert::bench {
namespace {

namespace c = regs::cpu;

/// The smallest product that the array can do.
Product smallest(const model::Geometry& g) { return {g.rows, g.cols, g.depth, {model::Format::bf16}, g.depth}; }

double clocks_of_ping(Runtime& runtime) {
  const std::uint64_t start = runtime.device().clocks();
  if (runtime.monitor().ping(1) != 1) throw Error(ExitCode::check_failed, "a ping came back changed");
  return static_cast<double>(runtime.device().clocks() - start);
}

void measure_round_trips(const SuiteOptions& options, const std::vector<std::string>& chips) {
  Table table("Clocks from a submission to its end as the host sees it", {{"ping", 0},
                                                                          {"direct: smallest GEMM", 0},
                                                                          {"firmware: smallest GEMM", 0},
                                                                          {"direct: each of 64", 0},
                                                                          {"firmware: each of 64", 0}});
  for (const std::string& chip : chips) {
    Runtime direct("sim:" + chip, {.path = JobPath::direct}), firmware("sim:" + chip, {.path = JobPath::firmware});
    const Product product = smallest(direct.geometry());
    PlacedProduct placed_direct(direct, product), placed_firmware(firmware, product);
    (void)firmware.monitor().ping(0);  // the core has run through this code before
    (void)placed_firmware.run(1);
    table.row(chip, {exact(clocks_of_ping(firmware)), exact(double(placed_direct.run(1))),
                     exact(double(placed_firmware.run(1))), exact(double(placed_direct.run(64)) / 64),
                     exact(double(placed_firmware.run(64)) / 64)});
  }
  table.note("each of 64: back to back, as many in flight as there are slots");
  options.report(table);
}

/// A loop for ever on the core: a load, a store, five instructions between registers, a branch.
void start_loop(Device& device) {
  constexpr std::array<std::uint32_t, 9> code{
      0x6000'02B7,  //       lui  x5, 0x60000
      0x1002'A303,  // loop: lw   x6, 256(x5)
      0x0013'0313,  //       addi x6, x6, 1
      0x1062'A023,  //       sw   x6, 256(x5)
      0x0063'C3B3,  //       xor  x7, x7, x6
      0x0033'9413,  //       slli x8, x7, 3
      0x0064'04B3,  //       add  x9, x8, x6
      0x0074'B533,  //       sltu x10, x9, x7
      0xFE03'12E3,  //       bne  x6, x0, loop
  };
  device.write_register(c::base + c::ctrl, 0);
  write_bytes(device, controller_memory_base, std::as_bytes(std::span(code)));
  device.write_register(c::base + c::start, controller_memory_base);
  device.write_register(c::base + c::ctrl, c::ctrl_run_mask);
}

/// Clocks an instruction while `work` runs.
double clocks_an_instruction(Device& device, const std::function<void()>& work) {
  const auto retired = [&] { return device.read_register(c::base + c::instret); };
  const std::uint64_t clocks = device.clocks();
  const std::uint32_t before = retired();
  work();
  const std::uint32_t after = retired();
  if (after == before) throw Error(ExitCode::check_failed, "the core stands", device.capabilities().uri);
  return static_cast<double>(device.clocks() - clocks) / (after - before);
}

void measure_core(const SuiteOptions& options, const std::vector<std::string>& chips) {
  Table table("Clocks an instruction of the core", {{"loop", 3}, {"firmware, GEMMs back to back", 3}});
  for (const std::string& chip : chips) {
    const auto device = open_device("sim:" + chip);
    start_loop(*device);
    device->idle(1000);
    const double loop = clocks_an_instruction(*device, [&] { device->idle(100'000); });
    Runtime firmware("sim:" + chip, {.path = JobPath::firmware});
    const Product product = smallest(firmware.geometry());
    PlacedProduct placed(firmware, product);
    table.row(chip, {exact(loop), exact(clocks_an_instruction(firmware.device(), [&] { (void)placed.run(64); }))});
  }
  table.note(
      "loop: a load, a store, a taken branch and five instructions between registers; rtl/cpu/README.md: 12 / 8");
  options.report(table);
}

void measure_speed(const SuiteOptions& options, const std::vector<std::string>& chips) {
  std::vector<std::unique_ptr<Device>> devices;
  std::vector<std::unique_ptr<Runtime>> runtimes;
  std::vector<Side> sides;
  const auto side = [&](std::string name, Device& device) {
    sides.push_back({std::move(name),
                     [&device] {
                       constexpr std::uint32_t clocks = 20'000;
                       device.idle(clocks);
                       return double{clocks};
                     },
                     {}});
  };
  for (const std::string& chip : chips) {
    side(chip + ", core held", *devices.emplace_back(open_device("sim:" + chip)));
    runtimes.push_back(std::make_unique<Runtime>("sim:" + chip, RuntimeOptions{.path = JobPath::firmware}));
    side(chip + ", firmware asleep", runtimes.back()->device());
    side(chip + ", core in a loop", *devices.emplace_back(open_device("sim:" + chip)));
    start_loop(*devices.back());
  }
  Table table("Speed of the simulation, tile idle", {{"kHz", 1, 1e-3}, {"over the first", 2}});
  for (const Measured& measured : side_by_side(sides, options.rounds)) {
    table.row(measured.name, {measured.rate, measured.ratio});
  }
  table.note("a second of processor time on one core");
  options.report(table);
}

}  // namespace

void measure_firmware(const SuiteOptions& options) {
  std::vector<std::string> chips;
  for (const std::string& chip : options.chips) {
    if (Runtime("sim:" + chip).path() == JobPath::firmware) chips.push_back(chip);
  }
  if (chips.empty()) return;
  measure_round_trips(options, chips);
  measure_core(options, chips);
  measure_speed(options, chips);
}

}  // namespace hilbert::bench
