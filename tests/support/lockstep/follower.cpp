// SPDX-License-Identifier: Apache-2.0
#include "follower.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace hilbert::test {
namespace {

constexpr std::uint32_t wfi = 0x1050'0073;

std::string text(const model::Retired& r) {
  if (r.trap) return fmt::format("pc {:08x} insn {:08x} trap, cause {:#x} tval {:08x}", r.pc, r.insn, r.cause, r.tval);
  auto line = fmt::format("pc {:08x} insn {:08x}", r.pc, r.insn);
  if (r.rd_we) line += fmt::format(" x{} = {:08x}", r.insn >> 7 & 31, r.rd);
  if (r.mem_bytes) {
    line += fmt::format(" {} {:08x} bytes {:04b} data {:08x}", r.mem_write ? "store" : "load", r.mem_address,
                        r.mem_bytes, r.mem_data);
  }
  return line;
}

/// As the simulator says it: what means nothing is zero.
model::Retired normal(const Retirement& core) {
  model::Retired r{.pc = core.pc, .insn = core.insn};
  if (core.trap) {
    r.trap = true;
    r.cause = core.cause;
    r.tval = core.tval;
    if (r.cause == 1 || r.cause >= 16) r.insn = 0;
  } else {
    r.rd_we = core.rd_we;
    r.rd = r.rd_we ? core.rd : 0;
    r.mem_bytes = core.mem_be;
    r.mem_write = r.mem_bytes && core.mem_write;
    r.mem_address = r.mem_bytes ? core.mem_addr : 0;
    r.mem_data = r.mem_bytes ? core.mem_data & byte_mask(r.mem_bytes) : 0;
  }
  return r;
}

}  // namespace

std::uint32_t byte_mask(unsigned bytes) {
  std::uint32_t result = 0;
  for (unsigned i = 0; i < 4; ++i) result |= (bytes >> i & 1) * (0xFFu << 8 * i);
  return result;
}

void merge(std::uint32_t& word, unsigned bytes, std::uint32_t data) {
  word = (word & ~byte_mask(bytes)) | (data & byte_mask(bytes));
}

void Follower::restart(std::uint32_t start, std::uint64_t now) {
  iss_.emplace(bus_, start, options_);
  mip_ = {};
  lines_and_ = lines_or_ = 0;
  asleep_ = stepped_ = false;
  traps_in_a_row_ = 0;
  now_ = last_clock_ = now;
  last_ = {};
  coverage.restart();
}

void Follower::clock(std::uint64_t now, std::uint32_t lines, bool lockup, const Retirement& core) {
  now_ = now;
  mip_ = {lines, mip_[0], mip_[1], mip_[2]};
  lines_and_ &= lines;
  lines_or_ |= lines;
  for (const unsigned cause : {3u, 7u, 11u}) {
    const std::uint32_t bit = 1u << cause;
    if ((lines & ~mip_[1] & bit) != 0 && iss_->due(bit)) coverage.rises(cause, now);
  }
  if (lockup != (traps_in_a_row_ >= 4)) fail(fmt::format("lock-up after {} traps", traps_in_a_row_));
  if (core.valid) retire(core);
}

void Follower::retire(const Retirement& retirement) {
  const model::Retired core = normal(retirement);
  if (asleep_ && !stepped_ && !iss_->wakes(lines_or_)) fail("woke without an interrupt");
  iss_->add_clocks(now_ - last_clock_);
  last_clock_ = now_;
  last_ = core;
  if (core.trap && core.cause >= 16) {
    // Decided at the instruction's entry, two clocks ago, from lines registered a clock before that.
    if (iss_->due(mip_[3]) != (core.cause & 15)) fail(fmt::format("interrupt {} is not due", core.cause & 15));
    const auto reference = iss_->interrupt(core.cause & 15);
    if (core != reference) fail("core: " + text(core) + "\niss:  " + text(reference));
    coverage.interrupt(core.cause & 15);
  } else {
    if (const auto cause = iss_->due(lines_and_)) fail(fmt::format("interrupt {} is overdue", *cause));
    iss_->set_pending(mip_[1]);
    const auto reference = iss_->step();
    if (core != reference) fail("core: " + text(core) + "\niss:  " + text(reference));
    coverage.retires(core, now_);
  }
  asleep_ = !core.trap && core.insn == wfi;
  stepped_ = false;
  lines_and_ = mip_[0] & mip_[1];
  lines_or_ = mip_[0] | mip_[1];
  traps_in_a_row_ = core.trap ? traps_in_a_row_ + 1 : 0;
  ++compared;
}

void Follower::fail(const std::string& what) const {
  throw std::runtime_error(
      fmt::format("{}\nafter {} retirements, clock {}; the one before: {}", what, compared, now_, text(last_)));
}

}  // namespace hilbert::test
