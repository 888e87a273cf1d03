// SPDX-License-Identifier: Apache-2.0
// The fixture of the controller's conformance tests: hand-assembled programs, started and watched through the
// registers.
#pragma once

#include <hilbert/regs/cpu.hpp>
#include <initializer_list>
#include <vector>

#include "conformance.hpp"
#include "support/assembler.hpp"

namespace hilbert::conformance {

namespace c = regs::cpu;
namespace rv = test::rv;

/// Instructions one after the other, and the few shapes that programs are made of.
class Program {
 public:
  explicit Program(std::uint32_t base = controller_memory_base) : base_(base) {}

  Program& add(std::initializer_list<rv::Word> words) {
    words_.insert(words_.end(), words);
    return *this;
  }
  /// rd = value; always two instructions.
  Program& li(unsigned rd, std::uint32_t value) {
    const std::uint32_t low = value & 0xFFF;
    return add({rv::lui(rd, value + (low & 0x800 ? 0x1000 : 0)), rv::addi(rd, rd, low)});
  }
  /// The rest of the way to an offset in the program.
  Program& pad_to(std::uint32_t offset) {
    while (size() < offset) add({rv::nop});
    return *this;
  }
  /// Stays here, asleep but for enabled interrupts.
  Program& sleep() { return add({rv::wfi, rv::jal(0, static_cast<rv::Word>(-4))}); }
  Program& spin() { return add({rv::jal(0, 0)}); }

  [[nodiscard]] std::uint32_t base() const { return base_; }
  [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(4 * words_.size()); }
  [[nodiscard]] std::uint32_t here() const { return base_ + size(); }
  [[nodiscard]] std::span<const std::byte> bytes() const { return std::as_bytes(std::span(words_)); }

 private:
  std::uint32_t base_;
  std::vector<rv::Word> words_;
};

class Controller : public Conformance {
 protected:
  static constexpr std::uint32_t run_bit = c::ctrl_run_mask, halt_bit = c::ctrl_halt_mask, step_bit = c::ctrl_step_mask;
  /// x8 in every program: base of the controller's registers.
  static constexpr unsigned regs = 8;

  std::uint32_t cpu(std::uint32_t offset) { return device_->read_register(controller_register_base + offset); }
  void set_cpu(std::uint32_t offset, std::uint32_t value) {
    device_->write_register(controller_register_base + offset, value);
  }
  std::uint32_t mail(unsigned index) { return cpu(c::mailbox + 4 * index); }

  void load(const Program& program) { write_bytes(*device_, program.base(), program.bytes()); }
  /// Loads a program and starts it; `flags` more bits of CTRL.
  void start(const Program& program, std::uint32_t flags = 0) {
    load(program);
    set_cpu(c::start, program.base());
    set_cpu(c::ctrl, run_bit | flags);
  }
  bool status(std::uint32_t mask) { return (cpu(c::status) & mask) != 0; }
  bool wait_halted() {
    return wait_until([&] { return status(c::status_halted_mask); }, 10'000);
  }
  bool wait_mail(unsigned index, std::uint32_t value, std::uint64_t clocks = 20'000) {
    return wait_until([&] { return mail(index) == value; }, clocks);
  }
  void step() {
    set_cpu(c::ctrl, run_bit | halt_bit | step_bit);
    ASSERT_TRUE(wait_halted());
  }
  std::uint32_t gpr(unsigned index) {
    set_cpu(c::gpr_index, index);
    return cpu(c::gpr_data);
  }
  void set_gpr(unsigned index, std::uint32_t value) {
    set_cpu(c::gpr_index, index);
    set_cpu(c::gpr_data, value);
  }
  /// A program's start: x8 = registers, mtvec = `handler`.
  static Program& prologue(Program& program, std::uint32_t handler) {
    return program.li(regs, controller_register_base).li(5, handler).add({rv::csrw(rv::mtvec, 5)});
  }
  /// Store of a register into MAILBOX[index].
  static rv::Word post(unsigned reg, unsigned index) { return rv::sw(reg, regs, c::mailbox + 4 * index); }
  /// A trap handler's end: mcause, mepc, mtval into MAILBOX 0, 1, 2, 1 into 3, then asleep.
  static Program& report_trap(Program& program) {
    program.add({rv::csrr(6, rv::mcause), post(6, 0), rv::csrr(6, rv::mepc), post(6, 1), rv::csrr(6, rv::mtval),
                 post(6, 2), rv::addi(6, 0, 1), post(6, 3)});
    return program.sleep();
  }
};

}  // namespace hilbert::conformance
