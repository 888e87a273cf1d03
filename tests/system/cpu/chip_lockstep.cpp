// SPDX-License-Identifier: Apache-2.0
#include "chip_lockstep.hpp"

#include <fmt/format.h>

#include <hilbert/monitor.hpp>
#include <hilbert/regs/cpu.hpp>
#include <hilbert/regs/tile.hpp>
#include <hilbert/tb/host_port.hpp>
#include <span>

#include "device/sim_scheme.hpp"

namespace hilbert::test {

namespace c = regs::cpu;
namespace t = regs::tile;

static_assert(watched_geometry.word_bytes() == 8, "word_of");

ChipLockStep::ChipLockStep()
    : follower_(*this, model::IssOptions{.ext_m = false, .counters = true}),
      device_(device::make_sim_device(
          std::make_unique<tb::HostPort>(tb::Chip::make("watched")),
          {.name = "watched", .geometry = watched_geometry, .controller_bytes = watched_cpu_bytes, .link = {}})) {
  set_watch([this](const WatchedClock& core) { clock(core); });
}

void ChipLockStep::load(const Firmware& firmware) {
  load_firmware(*device_, firmware);
  for (const FirmwareSegment& segment : firmware.segments) {
    for (std::size_t i = 0; i < segment.bytes.size(); ++i) {
      const auto address = static_cast<std::uint32_t>(segment.address + i);
      if (std::uint32_t* word = find(address & ~3u)) {
        merge(*word, 1u << (address & 3), std::to_integer<std::uint32_t>(segment.bytes[i]) << 8 * (address & 3));
      }
    }
  }
}

void ChipLockStep::compare_memory() {
  device_->write_register(c::base + c::ctrl, c::ctrl_run_mask | c::ctrl_halt_mask);
  device_->idle(1000);
  std::vector<std::uint32_t> core(memory_.size());
  device_->read_words(controller_memory_base, std::as_writable_bytes(std::span(core)));
  for (std::size_t i = 0; i < core.size(); ++i) {
    if (core[i] != memory_[i]) {
      follower_.fail(fmt::format("controller memory at {:#010x} is {:08x}, not {:08x}", controller_memory_base + 4 * i,
                                 core[i], memory_[i]));
    }
  }
}

void ChipLockStep::clock(const WatchedClock& core) {
  ++clocks;
  if (!core.run) {
    running_ = false;
    return;
  }
  if (!running_) {
    follower_.restart(core.start, clocks);
    ++restarts;
  }
  running_ = true;
  record_ = core.ret;
  follower_.clock(clocks, core.lines, core.lockup, core.ret);
}

std::uint32_t* ChipLockStep::find(std::uint32_t address) {
  const std::uint32_t offset = address - controller_memory_base;
  return offset < watched_cpu_bytes ? &memory_[offset / 4] : nullptr;
}

bool ChipLockStep::disturbed(std::uint32_t address) {
  const auto word = disturbed_.find(word_of(address));
  if (!record_.trap || word == disturbed_.end()) return false;
  word->second = true;
  ++believed;
  return true;
}

void ChipLockStep::written(std::uint32_t address, std::uint32_t data) {
  if (address == t::base + t::inject_addr) inject_at_ = data;
  if (address == t::base + t::inject_go && find(inject_at_) != nullptr)
    disturbed_.try_emplace(word_of(inject_at_), false);
  if (address != t::base + t::heal) return;
  const auto word = disturbed_.find(word_of(data));
  if (word == disturbed_.end()) return;
  if (word->second) *find(word->first) = *find(word->first + 4) = 0;
  disturbed_.erase(word);
}

bool ChipLockStep::shared(std::uint32_t address, unsigned bytes) {
  return address < watched_geometry.data_bytes() || address - queue_base < queue_bytes(watched_geometry) ||
         (address - register_base < 0x10000 && bytes == 15);
}

std::optional<std::uint32_t> ChipLockStep::fetch(std::uint32_t address) {
  if (const std::uint32_t* word = find(address)) return *word;
  if (address >= watched_geometry.data_bytes()) return std::nullopt;
  ++believed;
  return record_.trap && record_.cause == 1 ? std::nullopt : std::optional(record_.insn);
}

std::optional<std::uint32_t> ChipLockStep::load(std::uint32_t address, unsigned bytes) {
  if (const std::uint32_t* word = find(address)) return disturbed(address) ? std::nullopt : std::optional(*word);
  if (!shared(address, bytes)) return std::nullopt;
  ++believed;
  return record_.trap ? std::nullopt : std::optional(record_.mem_data);
}

bool ChipLockStep::store(std::uint32_t address, unsigned bytes, std::uint32_t data) {
  if (std::uint32_t* word = find(address)) {
    if (disturbed(address)) return false;
    merge(*word, bytes, data);
    return true;
  }
  if (!shared(address, bytes)) return false;
  if (record_.trap) ++believed;
  if (!record_.trap) written(address, data);
  return !record_.trap;
}

}  // namespace hilbert::test
