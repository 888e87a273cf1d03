// SPDX-License-Identifier: Apache-2.0
// The controller block and the accesses of natively compiled firmware.
#include "controller.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <hilbert/regs/cpu.hpp>
#include <hilbert/regs/tile.hpp>
#include <vector>

#include "apps/monitor/monitor.h"
#include "mmio.h"

namespace hilbert::firmware {
namespace {

namespace r = regs::cpu;

NativeController* on_the_core = nullptr;  // whose firmware runs in this process

constexpr bool is_controller(std::uint32_t address) { return address >= r::base && address - r::base < 0x1000; }
constexpr std::uint32_t watchdog_key = 0x600D'D061;  // cpu.toml, WDT_KICK

}  // namespace

NativeController::NativeController(Device& inner) : inner_(inner), start_(r::start_reset) {
  if (on_the_core != nullptr) throw Error(ExitCode::bad_input, "there is already a native controller in this process");
  on_the_core = this;
}

NativeController::~NativeController() { on_the_core = nullptr; }

void NativeController::reset() {
  inner_.reset();
  mailbox_ = {};
  doorbell_ = host_irq_ = irq_enable_ = msip_ = period_ = reason_ = 0;
  start_ = r::start_reset;
  now_ = held_ = kicked_ = accesses_ = 0;
  compare_ = ~std::uint64_t{0};
  running_ = dead_ = asleep_ = reset_wanted_ = false;
}

std::uint32_t NativeController::read_register(std::uint32_t address) {
  return is_controller(address) ? controller_read(address - r::base) : inner_.read_register(address);
}

void NativeController::write_register(std::uint32_t address, std::uint32_t value) {
  if (!is_controller(address)) return inner_.write_register(address, value);
  controller_write(address - r::base, value, false);
}

void NativeController::idle(std::uint32_t clocks) {
  inner_.idle(clocks);
  pass(clocks);
  if (running_ && !dead_ && !reset_wanted_) run([] { on_the_core->asleep_ = !monitor_poll(); });
  if (reset_wanted_) reset_core();
}

void NativeController::pass(std::uint64_t clocks) {
  now_ += clocks;
  if (running_ && period_ != 0 && now_ - kicked_ > period_) reset_wanted_ = true;
}

void NativeController::run(void (*firmware)()) {
  try {
    firmware();
  } catch (const CoreDied&) {
    dead_ = true;
  }
}

void NativeController::start() {
  dead_ = asleep_ = reset_wanted_ = false;
  kicked_ = now_;
  run(monitor_start);
}

void NativeController::reset_core() {
  const std::uint32_t count = std::min(reason_ >> r::reset_reason_count_lsb, 0xFFFEu) + 1;
  reason_ = r::reset_reason_watchdog_mask | count << r::reset_reason_count_lsb;
  host_irq_ |= 1u << 30;
  start();
}

std::uint32_t NativeController::controller_read(std::uint32_t offset) {
  if (offset >= r::mailbox && offset < r::mailbox + 4 * r::mailbox_count && offset % 4 == 0) {
    return mailbox_[(offset - r::mailbox) / 4];
  }
  switch (offset) {
    case r::id:
      return r::id_value;
    case r::version:
      return r::version_value;
    case r::map_hash:
      return r::hash_value;
    case r::cfg:
      return r::cfg_present_mask;
    case r::cfg_mem_bytes:
      return capabilities().controller_bytes;
    case r::ctrl:
      return running_ ? r::ctrl_run_mask : 0;
    case r::status:
      return (running_ ? r::status_running_mask : 0) | (asleep_ ? r::status_wfi_mask : 0);
    case r::start:
      return start_;
    case r::reset_reason:
      return reason_;
    case r::msip:
      return msip_;
    case r::mtime:
      held_ = now_;
      return static_cast<std::uint32_t>(now_);
    case r::mtime + 4:
      return static_cast<std::uint32_t>(held_ >> 32);
    case r::mtimecmp:
      return static_cast<std::uint32_t>(compare_);
    case r::mtimecmp + 4:
      return static_cast<std::uint32_t>(compare_ >> 32);
    case r::wdt_period:
      return period_;
    case r::doorbell:
      return doorbell_;
    case r::host_irq:
      return host_irq_;
    case r::irq_enable:
      return irq_enable_;
    case r::wdt_kick:
    case r::doorbell_clear:
    case r::host_irq_clear:
      return 0;
    default:
      throw Error(ExitCode::bad_input, fmt::format("the native controller has no register at offset {:#x}", offset));
  }
}

void NativeController::controller_write(std::uint32_t offset, std::uint32_t value, bool from_core) {
  if (offset >= r::mailbox && offset < r::mailbox + 4 * r::mailbox_count && offset % 4 == 0) {
    mailbox_[(offset - r::mailbox) / 4] = value;
    return;
  }
  switch (offset) {
    case r::ctrl: {
      const bool run = (value & r::ctrl_run_mask) != 0, rises = run && !running_;
      running_ = run;
      if (!rises) return;
      reason_ &= ~r::reset_reason_watchdog_mask;
      accesses_ = 0;
      start();
      return;
    }
    case r::start:
      start_ = value;
      return;
    case r::msip:
      msip_ = value & 1u;
      return;
    case r::mtimecmp:
      compare_ = (compare_ & ~std::uint64_t{0xFFFF'FFFF}) | value;
      return;
    case r::mtimecmp + 4:
      compare_ = (compare_ & 0xFFFF'FFFF) | std::uint64_t{value} << 32;
      return;
    case r::wdt_period:
      period_ = value;
      kicked_ = now_;
      return;
    case r::wdt_kick:
      kicked_ = now_;
      if (value == watchdog_key) return;
      reset_wanted_ = true;
      if (from_core) throw CoreDied{};
      return;
    case r::doorbell:
      doorbell_ |= value;
      return;
    case r::doorbell_clear:
      doorbell_ &= ~value;
      return;
    case r::host_irq:
      host_irq_ |= value;
      return;
    case r::host_irq_clear:
      host_irq_ &= ~value;
      return;
    case r::irq_enable:
      irq_enable_ = value;
      return;
    default:
      throw Error(ExitCode::bad_input, fmt::format("the native controller cannot write offset {:#x}", offset));
  }
}

void NativeController::count_access(std::uint32_t address, bool write) {
  pass(access_clocks);
  ++accesses_;
  if (on_access) on_access(accesses_, address, write);
}

std::uint32_t NativeController::core_read(std::uint32_t address) {
  count_access(address, false);
  return read_register(address);
}

void NativeController::core_write(std::uint32_t address, std::uint32_t value) {
  count_access(address, true);
  if (is_controller(address)) return controller_write(address - r::base, value, true);
  inner_.write_register(address, value);
}

bool NativeController::core_load(std::uint32_t address, std::span<std::uint32_t> words) {
  count_access(address, false);
  try {
    read_bytes(inner_, address, std::as_writable_bytes(words));
  } catch (const UncorrectableError&) {
    return false;
  }
  return true;
}

bool NativeController::core_store(std::uint32_t address, std::span<const std::uint32_t> words) {
  // As the core stores: 32 bits merged into their memory word, which must not be uncorrectable (rtl/cpu/README.md).
  const std::uint32_t word = capabilities().geometry.word_bytes();
  std::vector<std::byte> merged(word);
  std::span<const std::byte> left = std::as_bytes(words);
  while (!left.empty()) {
    count_access(address, true);
    const std::uint32_t first = address / word * word;
    const std::size_t size = std::min<std::size_t>(left.size(), first + word - address);
    try {
      inner_.read_words(first, merged);
    } catch (const UncorrectableError&) {
      return false;
    }
    std::copy_n(left.begin(), size, merged.begin() + (address - first));
    inner_.write_words(first, merged);
    left = left.subspan(size);
    address += static_cast<std::uint32_t>(size);
  }
  return true;
}

}  // namespace hilbert::firmware

using hilbert::firmware::on_the_core;

extern "C" {

uint32_t mmio_read(uint32_t address) { return on_the_core->core_read(address); }
void mmio_write(uint32_t address, uint32_t value) { on_the_core->core_write(address, value); }
bool mmio_load(uint32_t address, uint32_t* words, uint32_t count) {
  return on_the_core->core_load(address, {words, count});
}
bool mmio_store(uint32_t address, const uint32_t* words, uint32_t count) {
  return on_the_core->core_store(address, {words, count});
}
}
