// SPDX-License-Identifier: Apache-2.0
// The upsets themselves: by the tile's own injection, the debug port, and the registers of the controller.
#include "chaos_upsets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <hilbert/monitor.hpp>
#include <hilbert/regs/cpu.hpp>
#include <hilbert/regs/tile.hpp>
#include <iostream>
#include <vector>

namespace hilbert::firmware {
namespace {

namespace r = regs::cpu;

constexpr std::uint32_t jump_to_itself = 0x0000'006F;
constexpr std::uint32_t most_ticks = 400;  // accesses of the host from one upset to the next
constexpr std::uint32_t constants = 1024;  // bytes at the end of the image that may be no code

bool of_memory(Upset upset) { return upset <= Upset::poison_state; }

}  // namespace

const char* to_string(Upset upset) {
  static constexpr std::array<const char*, upset_kinds> names{"data: one bit",
                                                              "data: two bits",
                                                              "queue: one bit",
                                                              "queue: two bits",
                                                              "shared area: one bit",
                                                              "shared area: two bits",
                                                              "program: one bit",
                                                              "program: two bits",
                                                              "variables, stack: one bit",
                                                              "variables, stack: two bits",
                                                              "wrong kick of the watchdog",
                                                              "short watchdog period",
                                                              "starved by the watchdog",
                                                              "endless loop",
                                                              "instruction overwritten",
                                                              "halted for a while",
                                                              "RUN toggled"};
  return names[static_cast<std::size_t>(upset)];
}

Upsets::Upsets(Device& chip, const ChaosOptions& options, std::uint64_t run_seed, ChaosCounts& counts)
    : chip_(chip), options_(options), counts_(counts), random_(run_seed) {
  left_ = 1 + random_.below(options.most_upsets);
  schedule();
}

void Upsets::schedule() {
  ticks_ = 1 + random_.below(most_ticks);
  for (;;) {
    next_ = static_cast<Upset>(random_.below(upset_kinds));
    const bool of_core = next_ == Upset::flip_program || next_ == Upset::poison_program || next_ == Upset::flip_state ||
                         next_ == Upset::poison_state || next_ == Upset::overwrite || next_ == Upset::pause;
    if (!options_.native || !of_core) return;
  }
}

void Upsets::host_tick() {
  if (over() || --ticks_ != 0) return;
  if (options_.verbose) {
    const std::uint32_t clocks = chip_.read_register(r::base + r::mtime);
    std::cout << fmt::format("{:>9} clocks: {}\n", clocks, to_string(next_));
  }
  happen();
  ++counts_.upsets[static_cast<std::size_t>(next_)];
  if (--left_ != 0) schedule();
}

void Upsets::core_tick() {
  if (over() || !of_memory(next_) || ticks_ == 1) return;
  host_tick();
}

void Upsets::disturb(std::uint32_t base, std::uint32_t bytes, bool both) {
  namespace t = regs::tile;
  const std::uint32_t word = chip_.capabilities().geometry.word_bytes();
  const std::uint32_t first = base / word, words = (base + bytes - 1) / word - first + 1;
  for (;;) {
    const std::uint32_t address = (first + random_.below(words)) * word, lane = random_.below(word / 8);
    if (!disturbed_.emplace(address, lane).second) continue;
    const std::uint32_t bit0 = random_.below(72), bit1 = both ? (bit0 + 1 + random_.below(71)) % 72 : bit0;
    if (options_.verbose) std::cout << fmt::format("  at {:#x}, lane {}, bits {} and {}\n", address, lane, bit0, bit1);
    chip_.write_register(t::base + t::inject_addr, address);
    chip_.write_register(t::base + t::inject_bits, bit0 << t::inject_bits_bit0_lsb | bit1 << t::inject_bits_bit1_lsb |
                                                       lane << t::inject_bits_lane_lsb);
    chip_.write_register(t::base + t::inject_go, t::inject_go_go_mask);
    while ((chip_.read_register(t::base + t::inject_go) & t::inject_go_go_mask) != 0) continue;
    return;
  }
}

/// Halts the core and waits until it is, or lets it go on.
void Upsets::hold(bool halt) {
  chip_.write_register(r::base + r::ctrl, r::ctrl_run_mask | (halt ? r::ctrl_halt_mask : 0));
  for (int i = 0; halt && i < 1000; ++i) {
    if ((chip_.read_register(r::base + r::status) & r::status_halted_mask) != 0) return;
    chip_.idle(1);
  }
}

void Upsets::happen() {
  const model::Geometry& g = chip_.capabilities().geometry;
  const auto box = [](monitor_mailbox which) { return r::base + r::mailbox + 4 * static_cast<std::uint32_t>(which); };
  const ImageMap& map = options_.map;
  const std::uint32_t program_bytes = map.image_end - controller_memory_base;
  switch (next_) {
    case Upset::flip_data:
    case Upset::poison_data:
      return disturb(0, area_base_, next_ == Upset::poison_data);
    case Upset::flip_queue:
    case Upset::poison_queue:
      return disturb(queue_base, queue_bytes(g), next_ == Upset::poison_queue);
    case Upset::flip_ring:
    case Upset::poison_ring:
      return disturb(area_base_, area_bytes_, next_ == Upset::poison_ring);
    case Upset::flip_program:
    case Upset::poison_program:
      return disturb(controller_memory_base, program_bytes, next_ == Upset::poison_program);
    case Upset::flip_state:
    case Upset::poison_state:
      if (random_.below(2) == 0)
        return disturb(map.stack_bottom, map.stack_top - map.stack_bottom, next_ == Upset::poison_state);
      return disturb(map.image_end, map.room_end - map.image_end, next_ == Upset::poison_state);
    case Upset::bad_kick:
      return chip_.write_register(r::base + r::wdt_kick, 1);
    case Upset::short_period:
      return chip_.write_register(r::base + r::wdt_period, 500 + random_.below(20'000));
    case Upset::starve: {
      const std::uint32_t period = 500 + random_.below(10'000);
      chip_.write_register(box(MONITOR_BOX_WATCHDOG), period);
      return chip_.write_register(r::base + r::wdt_period, period);
    }
    case Upset::hang: {
      if (options_.native) return chip_.write_register(r::base + r::wdt_period, 1);
      hold(true);
      std::vector<std::byte> words(g.word_bytes());
      std::memcpy(words.data(), &jump_to_itself, 4);
      const std::uint32_t place = map.room_end;
      chip_.write_words(place, words);
      chip_.write_register(r::base + r::pc, place);
      return hold(false);
    }
    case Upset::overwrite: {
      const std::uint32_t place = controller_memory_base + 4 * random_.below((program_bytes - constants) / 4);
      std::vector<std::byte> words(g.word_bytes());
      try {
        chip_.read_words(place / g.word_bytes() * g.word_bytes(), words);
      } catch (const UncorrectableError&) {
        return;  // it is as bad already
      }
      if (options_.verbose) std::cout << fmt::format("  at {:#x}\n", place);
      std::memcpy(&words[place % g.word_bytes()], &jump_to_itself, 4);
      return chip_.write_words(place / g.word_bytes() * g.word_bytes(), words);
    }
    case Upset::pause:
      hold(true);
      chip_.idle(random_.below(20'000));
      return hold(false);
    case Upset::reset:
      chip_.write_register(r::base + r::ctrl, 0);
      chip_.idle(random_.below(50));
      return chip_.write_register(r::base + r::ctrl, r::ctrl_run_mask);
  }
}

}  // namespace hilbert::firmware
