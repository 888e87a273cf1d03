// SPDX-License-Identifier: Apache-2.0
#include "lockstep.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace hilbert::test {
namespace {

constexpr std::uint32_t kFenceI = 0x100F, kFenceMask = 0x707F, kWfi = 0x1050'0073;

std::uint32_t mask(unsigned bytes) {
  std::uint32_t result = 0;
  for (unsigned i = 0; i < 4; ++i) result |= (bytes >> i & 1) * (0xFFu << 8 * i);
  return result;
}

void merge(std::uint32_t& word, unsigned bytes, std::uint32_t data) {
  word = (word & ~mask(bytes)) | (data & mask(bytes));
}

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

}  // namespace

LockStep::LockStep(CpuKind kind, std::uint64_t seed) : dut_(CpuDut::make(kind)), random_(seed) {}

void LockStep::write(std::uint32_t address, std::span<const std::uint32_t> words) {
  for (const std::uint32_t word : words) {
    *core_memory_.find(address) = *iss_memory_.find(address) = word;
    address += 4;
  }
}

void LockStep::restart(std::uint32_t start, const World& world) {
  world_ = world;
  iss_.emplace(static_cast<model::IssBus&>(*this), start, dut_->options);
  stale_.clear();
  dut_->in.start = start;
  dut_->in.halt = dut_->in.step = dut_->in.dbg_gpr_we = dut_->in.dbg_pc_we = false;
  // The whole reset first; later the core's own, with accesses under way.
  dut_->in.rst_n = !was_reset_;
  dut_->in.run = was_reset_;
  held_.reset();
  for (int i = 0; i < 2; ++i) {
    drive();
    dut_->settle();
    dut_->edge();
  }
  fetches_.clear();
  lines_.clear();
  iss_memory_ = core_memory_;  // a store may have been under way
  dut_->in.rst_n = dut_->in.run = true;
  was_reset_ = false;
  asleep_ = stepped_ = false;
  traps_in_a_row_ = 0;
  mip_ = {};
  lines_and_ = lines_or_ = 0;
  last_clock_ = clocks;
  last_ = {};
  quiet_ = 0;
}

bool LockStep::run(std::uint64_t count, bool stop_at_wfi) {
  const std::uint64_t until = compared + count;
  while (compared < until) {
    clock();
    if (dut_->out.lockup && dut_->out.halted) return false;
    if (stop_at_wfi && dut_->out.wfi) return false;
    if (world_.halt != 0 && chance(256) && random_() % 256 < world_.halt) look_around();
    // Nothing wakes a sleep with every interrupt disabled but the debugger.
    if (asleep_ && quiet_ > 300) look_around();
    if (++quiet_ > 3000) fail("nothing retires");
  }
  return true;
}

void LockStep::clock() {
  drive();
  observe();
  dut_->edge();
  ++clocks;
  dut_->in.step = dut_->in.dbg_gpr_we = dut_->in.dbg_pc_we = false;
}

/// Inputs of a clock. Grants go to the requests that the state makes; the core may not let an input reach them.
void LockStep::drive() {
  CpuInputs& in = dut_->in;
  std::uint32_t lines = irq;
  if (world_.irq_rise != 0) {
    for (const unsigned bit : {3u, 7u, 11u}) {
      const bool now = mip_[0] >> bit & 1;
      if (now ? !chance(world_.irq_fall) : random_() % 4096 < world_.irq_rise) lines |= 1u << bit;
    }
  }
  mip_ = {lines, mip_[0], mip_[1], mip_[2]};
  in.irq_software = lines >> 3 & 1;
  in.irq_timer = lines >> 7 & 1;
  in.irq_external = lines >> 11 & 1;
  in.i_gnt = dut_->out.i_req && chance(world_.grant_i);
  in.c_gnt = dut_->out.c_req && !access_ && chance(world_.grant_c);
  serve_fetch();
  serve_data();
}

void LockStep::serve_fetch() {
  CpuInputs& in = dut_->in;
  const unsigned words = dut_->line_bytes / 4;
  if (!fetches_.empty() && fetches_.front().clock == clocks) {
    in.i_rdata = lines_[clocks];
    in.i_err = fetches_.front().error;
    fetches_.pop_front();
    lines_.erase(clocks);
  } else {
    for (unsigned w = 0; w < words; ++w) in.i_rdata[w] = static_cast<std::uint32_t>(random_());
    in.i_err = random_() & 1;
  }
  if (!in.i_gnt) return;
  const std::uint32_t address = dut_->out.i_addr;
  const bool error = line_faults(address);
  auto& line = lines_[clocks + 2];
  for (unsigned w = 0; w < words; ++w) {
    const auto* word = core_memory_.find(address + 4 * w);
    line[w] = word ? *word : static_cast<std::uint32_t>(random_());
  }
  fetches_.push_back({clocks + 2, address, error});
}

void LockStep::serve_data() {
  CpuInputs& in = dut_->in;
  const CpuOutputs& out = dut_->out;
  in.c_rvalid = access_ && access_->clock == clocks;
  in.c_rdata = in.c_rvalid ? access_->data : static_cast<std::uint32_t>(random_());
  in.c_err = in.c_rvalid ? access_->error : random_() & 1;
  if (in.c_rvalid) access_.reset();
  if (!in.c_gnt) return;
  std::uint32_t* word = core_memory_.find(out.c_addr);
  const bool error = !word || poisoned_.contains(out.c_addr);
  std::uint32_t data = static_cast<std::uint32_t>(random_());  // what is not loaded is noise
  if (!error && out.c_write) merge(*word, out.c_be, out.c_wdata);
  if (!error && !out.c_write) merge(data, out.c_be, *word);
  const unsigned latency = world_.vary ? 1 + static_cast<unsigned>(random_() % world_.latency) : world_.latency;
  access_ = Answer{clocks + latency, data, error};
}

void LockStep::observe() {
  dut_->settle();
  const CpuOutputs& out = dut_->out;
  if (held_) {
    if (held_->i_req && !granted_i_ && (!out.i_req || out.i_addr != held_->i_addr)) fail("fetch request withdrawn");
    if (held_->c_req && !granted_c_ &&
        (!out.c_req || out.c_addr != held_->c_addr || out.c_write != held_->c_write || out.c_be != held_->c_be ||
         (out.c_write && ((out.c_wdata ^ held_->c_wdata) & mask(out.c_be)) != 0))) {
      fail("data request withdrawn");
    }
  }
  if (out.i_req && out.i_addr % dut_->line_bytes != 0) fail("unaligned fetch");
  if (out.c_req && out.c_addr % 4 != 0) fail("unaligned access");
  held_ = out;
  granted_i_ = dut_->in.i_gnt;
  granted_c_ = dut_->in.c_gnt;
  lines_and_ &= mip_[0];
  lines_or_ |= mip_[0];
  if (out.lockup != (traps_in_a_row_ >= 4)) fail(fmt::format("lock-up after {} traps", traps_in_a_row_));
  if (out.ret_valid) retire();
}

void LockStep::retire() {
  const CpuOutputs& out = dut_->out;
  model::Retired core{.pc = out.ret_pc, .insn = out.ret_insn};
  if (out.ret_trap) {
    core.trap = true;
    core.cause = out.ret_cause;
    core.tval = out.ret_tval;
    if (core.cause == 1 || core.cause >= 16) core.insn = 0;
  } else {
    core.rd_we = out.ret_rd_we;
    core.rd = core.rd_we ? out.ret_rd : 0;
    core.mem_bytes = out.ret_mem_be;
    core.mem_write = core.mem_bytes && out.ret_mem_write;
    core.mem_address = core.mem_bytes ? out.ret_mem_addr : 0;
    core.mem_data = core.mem_bytes ? out.ret_mem_data & mask(core.mem_bytes) : 0;
  }

  if (asleep_ && !stepped_ && !iss_->wakes(lines_or_)) fail("woke without an interrupt");
  iss_->add_cycles(clocks - last_clock_);
  last_clock_ = clocks;
  last_ = core;
  if (core.trap && core.cause >= 16) {
    // Decided at the instruction's entry, two clocks ago, from lines registered a clock before that.
    if (iss_->due(mip_[3]) != (core.cause & 15)) fail(fmt::format("interrupt {} is not due", core.cause & 15));
    const auto reference = iss_->interrupt(core.cause & 15);
    if (core != reference) fail("core: " + text(core) + "\niss:  " + text(reference));
    ++interrupts;
  } else {
    if (const auto cause = iss_->due(lines_and_)) fail(fmt::format("interrupt {} is overdue", *cause));
    iss_->set_pending(mip_[1]);
    const auto reference = iss_->step();
    if (core != reference) fail("core: " + text(core) + "\niss:  " + text(reference));
    if (!core.trap && (core.insn & kFenceMask) == kFenceI) stale_.clear();
  }
  asleep_ = !core.trap && core.insn == kWfi;
  stepped_ = false;
  lines_and_ = lines_or_ = mip_[0];
  lines_or_ |= mip_[1];
  lines_and_ &= mip_[1];
  traps_in_a_row_ = core.trap ? traps_in_a_row_ + 1 : 0;
  traps += core.trap;
  if (core.trap) ++causes[core.cause];
  ++compared;
  quiet_ = 0;
}

bool LockStep::line_faults(std::uint32_t address) {
  const std::uint32_t line = address & ~(dut_->line_bytes - 1);
  if (!core_memory_.find(line)) return true;
  const auto first = poisoned_.lower_bound(line);
  return first != poisoned_.end() && *first - line < dut_->line_bytes;
}

/// A word changed since the last FENCE.I may be executed as it is or as it was: then the simulator follows the core.
std::optional<std::uint32_t> LockStep::fetch(std::uint32_t address) {
  if (line_faults(address)) return std::nullopt;
  const auto stale = stale_.find(address);
  if (stale != stale_.end()) {
    for (const std::uint32_t old : stale->second) {
      if (old == dut_->out.ret_insn) return old;
    }
  }
  return *iss_memory_.find(address);
}

std::optional<std::uint32_t> LockStep::load(std::uint32_t address, unsigned) {
  const auto* word = iss_memory_.find(address);
  if (!word || poisoned_.contains(address)) return std::nullopt;
  return *word;
}

bool LockStep::store(std::uint32_t address, unsigned bytes, std::uint32_t data) {
  auto* word = iss_memory_.find(address);
  if (!word || poisoned_.contains(address)) return false;
  stale_[address].push_back(*word);
  merge(*word, bytes, data);
  return true;
}

void LockStep::fail(const std::string& what) const {
  throw std::runtime_error(
      fmt::format("{}\nafter {} retirements, clock {}; the one before: {}", what, compared, clocks, text(last_)));
}

}  // namespace hilbert::test
