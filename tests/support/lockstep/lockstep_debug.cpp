// SPDX-License-Identifier: Apache-2.0
// The lock-step through the debug port: halting, looking at everything, changing it, stepping.
#include <fmt/format.h>

#include "lockstep.hpp"

namespace hilbert::test {

void LockStep::halt() {
  dut_->in.halt = true;
  clock();
  for (int i = 0; i < 300 && !dut_->out.halted; ++i) clock();
  if (!dut_->out.halted) fail("does not halt");
}

void LockStep::step() {
  const auto before = compared();
  dut_->in.step = true;
  follower_.stepped();
  clock();
  for (int i = 0; i < 300 && !(dut_->out.halted && compared() != before); ++i) clock();
  if (compared() != before + 1 && !dut_->out.lockup) fail(fmt::format("a step retired {}", compared() - before));
}

void LockStep::set_pc(std::uint32_t pc) {
  dut_->in.dbg_pc_we = true;
  dut_->in.dbg_wdata = pc;
  clock();
  follower_.iss().set_pc(pc);
}

void LockStep::set_x(unsigned i, std::uint32_t value) {
  dut_->in.dbg_gpr = i;
  dut_->in.dbg_gpr_we = true;
  dut_->in.dbg_wdata = value;
  clock();
  follower_.iss().set_x(i, value);
}

void LockStep::compare_state() {
  const bool halted = dut_->in.halt;
  halt();
  if (dut_->out.pc != follower_.iss().pc())
    fail(fmt::format("PC {:08x}, not {:08x}", dut_->out.pc, follower_.iss().pc()));
  for (unsigned i = 0; i < 32; ++i) {
    dut_->in.dbg_gpr = i;
    clock();
    if (dut_->out.dbg_gpr != follower_.iss().x(i))
      fail(fmt::format("x{} is {:08x}, not {:08x}", i, dut_->out.dbg_gpr, follower_.iss().x(i)));
  }
  if (core_memory_ != iss_memory_) fail("the memories differ");
  dut_->in.halt = halted;
}

void LockStep::look_around() {
  compare_state();
  if (dut_->out.lockup) return;
  halt();
  const auto before = compared();
  for (auto idle = random_() % 8; idle != 0; --idle) clock();
  if (compared() != before) fail("retired while halted");
  if (random_() % 4 == 0) set_x(static_cast<unsigned>(random_() % 32), static_cast<std::uint32_t>(random_()));
  if (random_() % 4 == 0) set_pc(follower_.iss().pc() + 4);
  if (follower_.asleep() || random_() % 2 == 0) step();
  resume();
}

}  // namespace hilbert::test
