// SPDX-License-Identifier: Apache-2.0
// The controller of `model:`: registers, timer, watchdog, run control (rtl/regs/cpu.toml, rtl/cpu/README.md).
#include "model_controller.hpp"

#include <algorithm>
#include <hilbert/device.hpp>

#include "register_table.hpp"

namespace hilbert::device {

namespace {

namespace c = regs::cpu;

constexpr std::uint32_t wfi_insn = 0x1050'0073;
constexpr unsigned lockup_traps = 4;

constexpr bool is_mailbox(std::uint32_t offset) {
  return offset >= c::mailbox && offset < c::mailbox + 4 * c::mailbox_count;
}
constexpr std::uint32_t low(std::uint64_t value) { return static_cast<std::uint32_t>(value); }
constexpr std::uint32_t high(std::uint64_t value) { return static_cast<std::uint32_t>(value >> 32); }
constexpr std::uint64_t with_low(std::uint64_t value, std::uint32_t half) { return value >> 32 << 32 | half; }
constexpr std::uint64_t with_high(std::uint64_t value, std::uint32_t half) {
  return std::uint64_t{half} << 32 | low(value);
}

}  // namespace

void ModelController::power_on() {
  core_.reset();
  mailbox_ = {};
  held_ = {};
  mtime_ = instret_ = 0;
  mtimecmp_ = ~std::uint64_t{0};
  start_ = c::start_reset;
  gpr_index_ = reason_ = msip_ = period_ = watchdog_ = doorbell_ = host_irq_ = irq_enable_ = 0;
  run_ = halt_ = lockup_ = wfi_ = bitten_ = in_core_ = false;
  traps_ = 0;
}

void ModelController::start() {
  core_.emplace(static_cast<model::IssBus&>(*this), start_, model::IssOptions{});
  lockup_ = wfi_ = bitten_ = false;
  traps_ = watchdog_ = 0;
}

/// The watchdog resets the core.
void ModelController::bite() {
  const std::uint32_t count = std::min((reason_ >> c::reset_reason_count_lsb) + 1, 0xFFFFu);
  reason_ = count << c::reset_reason_count_lsb | c::reset_reason_watchdog_mask;
  host_irq_ |= c::host_irq_watchdog_mask;
  bitten_ = true;
  if (!in_core_) start();
}

std::uint32_t ModelController::pending() {
  return tile_.core_interrupts() | (doorbell_ != 0 ? c::irq_pending_doorbell_mask : 0);
}

std::uint32_t ModelController::lines() {
  const bool external = (pending() & irq_enable_) != 0;
  return unsigned{external} << 11 | unsigned{mtime_ >= mtimecmp_} << 7 | msip_ << 3;
}

void ModelController::run(std::uint32_t clocks) {
  for (; clocks > 0 && run_ && !halt_; --clocks) clock();
  mtime_ += clocks;
}

/// A clock of the core that runs, sleeps or is locked up.
void ModelController::clock() {
  ++mtime_;
  core_->add_clocks(1);
  if (period_ != 0 && ++watchdog_ >= period_) {
    bite();
    return;
  }
  if (!lockup_ && (!wfi_ || core_->wakes(lines()))) advance();
}

/// The core executes an instruction, or takes an exception or an interrupt.
void ModelController::advance() {
  const std::uint32_t mip = lines();
  wfi_ = false;
  core_->set_pending(mip);
  in_core_ = true;
  const auto due = core_->due(mip);
  const model::Retired retired = due ? core_->interrupt(*due) : core_->step();
  in_core_ = false;
  if (retired.trap) {
    lockup_ = ++traps_ == lockup_traps;
    if (lockup_) host_irq_ |= c::host_irq_lockup_mask;
  } else {
    traps_ = 0;
    ++instret_;
    wfi_ = retired.insn == wfi_insn;
  }
  if (!run_) {
    core_.reset();
  } else if (bitten_) {
    start();
  }
}

std::optional<std::uint32_t> ModelController::load(std::uint32_t address, unsigned bytes) {
  if (address < register_base) return tile_.core_load(address);
  if (bytes != 15) return std::nullopt;
  if (address < controller_register_base) return tile_.core_read_register(address);
  if (find_register(address - register_base) == nullptr) return std::nullopt;
  return read(address - controller_register_base, Reader::core);
}

bool ModelController::store(std::uint32_t address, unsigned bytes, std::uint32_t data) {
  if (address < register_base) return tile_.core_merge(address, bytes, data);
  if (bytes != 15) return false;
  if (address < controller_register_base) return tile_.core_write_register(address, data);
  const Register* entry = find_register(address - register_base);
  if (entry == nullptr || entry->access == Access::constant || entry->access == Access::ro) return false;
  write(address - controller_register_base, data);
  return true;
}

std::uint32_t ModelController::read(std::uint32_t offset, Reader reader) {
  std::uint32_t& held = held_[static_cast<std::size_t>(reader)];
  if (is_mailbox(offset)) return mailbox_[(offset - c::mailbox) / 4];
  switch (offset) {
    case c::id:
      return c::id_value;
    case c::version:
      return c::version_value;
    case c::map_hash:
      return c::hash_value;
    case c::cfg:
      return c::cfg_present_mask;
    case c::cfg_mem_bytes:
      return memory_bytes_;
    case c::ctrl:
      return unsigned{run_} << c::ctrl_run_lsb | unsigned{halt_} << c::ctrl_halt_lsb;
    case c::status:
      return unsigned{run_ && !halted()} << c::status_running_lsb | unsigned{halted()} << c::status_halted_lsb |
             unsigned{run_ && wfi_} << c::status_wfi_lsb | unsigned{run_ && lockup_} << c::status_lockup_lsb;
    case c::start:
      return start_;
    case c::pc:
      return core_ ? core_->pc() : start_;
    case c::gpr_index:
      return gpr_index_;
    case c::gpr_data:
      return halted() ? core_->x(gpr_index_) : 0;
    case c::reset_reason:
      return reason_;
    case c::msip:
      return msip_;
    case c::mtime:
      held = high(mtime_);
      return low(mtime_);
    case c::instret:
      held = high(instret_);
      return low(instret_);
    case c::mtime + 4:
    case c::instret + 4:
      return held;
    case c::mtimecmp:
      return low(mtimecmp_);
    case c::mtimecmp + 4:
      return high(mtimecmp_);
    case c::wdt_period:
      return period_;
    case c::doorbell:
      return doorbell_;
    case c::host_irq:
      return host_irq_;
    case c::irq_pending:
      return pending();
    case c::irq_enable:
      return irq_enable_;
    default:
      return 0;  // write only
  }
}

void ModelController::write(std::uint32_t offset, std::uint32_t value) {
  const Register& entry = *find_register(controller_register_base - register_base + offset);
  if (entry.access != Access::wo) value &= entry.writable;
  if (is_mailbox(offset)) mailbox_[(offset - c::mailbox) / 4] = value;
  switch (offset) {
    case c::ctrl: {
      const bool was_running = run_;
      run_ = (value & c::ctrl_run_mask) != 0;
      halt_ = (value & c::ctrl_halt_mask) != 0;
      if (!was_running) reason_ &= ~c::reset_reason_watchdog_mask;
      if (run_ && !was_running) start();
      if (!run_ && !in_core_) core_.reset();
      if (halted() && (value & c::ctrl_step_mask) != 0 && !lockup_ && !in_core_) {
        ++mtime_;  // a step takes a clock, of which the watchdog alone sees nothing
        core_->add_clocks(1);
        advance();
      }
      break;
    }
    case c::start:
      start_ = value;
      break;
    case c::pc:
      if (halted()) core_->set_pc(value);
      break;
    case c::gpr_index:
      gpr_index_ = value;
      break;
    case c::gpr_data:
      if (halted()) core_->set_x(gpr_index_, value);
      break;
    case c::msip:
      msip_ = value;
      break;
    case c::mtime:
      mtime_ = with_low(mtime_, value);
      break;
    case c::mtime + 4:
      mtime_ = with_high(mtime_, value);
      break;
    case c::mtimecmp:
      mtimecmp_ = with_low(mtimecmp_, value);
      break;
    case c::mtimecmp + 4:
      mtimecmp_ = with_high(mtimecmp_, value);
      break;
    case c::wdt_period:
      period_ = value;
      watchdog_ = 0;
      break;
    case c::wdt_kick:
      watchdog_ = 0;
      if (value != c::watchdog_key && run_) bite();
      break;
    case c::doorbell:
      doorbell_ |= value;
      break;
    case c::doorbell_clear:
      doorbell_ &= ~value;
      break;
    case c::host_irq:
      host_irq_ |= value;
      break;
    case c::host_irq_clear:
      host_irq_ &= ~value;
      break;
    case c::irq_enable:
      irq_enable_ = value;
      break;
    default:
      break;
  }
}

}  // namespace hilbert::device
