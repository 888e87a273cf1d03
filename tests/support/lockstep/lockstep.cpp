// SPDX-License-Identifier: Apache-2.0
#include "lockstep.hpp"

#include <stdexcept>

namespace hilbert::test {
namespace {

constexpr std::uint32_t fence_i = 0x100F, fence_mask = 0x707F;

}  // namespace

LockStep::LockStep(CpuKind kind, std::uint64_t seed)
    : dut_(CpuDut::make(kind)), random_(seed), follower_(*this, dut_->options) {}

void LockStep::write(std::uint32_t address, std::span<const std::uint32_t> words) {
  for (const std::uint32_t word : words) {
    *core_memory_.find(address) = *iss_memory_.find(address) = word;
    address += 4;
  }
}

void LockStep::restart(std::uint32_t start, const World& world) {
  world_ = world;
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
  follower_.restart(start, clocks);
  lines_now_ = 0;
  quiet_ = 0;
}

bool LockStep::run(std::uint64_t count, bool stop_at_wfi) {
  const std::uint64_t until = compared() + count;
  while (compared() < until) {
    clock();
    if (dut_->out.lockup && dut_->out.halted) return false;
    if (stop_at_wfi && dut_->out.wfi) return false;
    if (world_.halt != 0 && chance(256) && random_() % 256 < world_.halt) look_around();
    // Nothing wakes a sleep with every interrupt disabled but the debugger.
    if (follower_.asleep() && quiet_ > 300) look_around();
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
      const bool now = lines_now_ >> bit & 1;
      if (now ? !chance(world_.irq_fall) : random_() % 4096 < world_.irq_rise) lines |= 1u << bit;
    }
  }
  lines_now_ = lines;
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
         (out.c_write && ((out.c_wdata ^ held_->c_wdata) & byte_mask(out.c_be)) != 0))) {
      fail("data request withdrawn");
    }
  }
  if (out.i_req && out.i_addr % dut_->line_bytes != 0) fail("unaligned fetch");
  if (out.c_req && out.c_addr % 4 != 0) fail("unaligned access");
  held_ = out;
  granted_i_ = dut_->in.i_gnt;
  granted_c_ = dut_->in.c_gnt;
  follower_.clock(clocks, lines_now_, out.lockup, out.ret);
  if (!out.ret.valid) return;
  quiet_ = 0;
  if (!last().trap && (last().insn & fence_mask) == fence_i) stale_.clear();
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
      if (old == dut_->out.ret.insn) return old;
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

}  // namespace hilbert::test
