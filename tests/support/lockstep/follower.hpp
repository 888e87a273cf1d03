// SPDX-License-Identifier: Apache-2.0
// The instruction-set simulator made to follow a core: what the core retires, trap or interrupt included, is compared
// with what the simulator does, whoever drives the core.
#pragma once

#include <array>
#include <cstdint>
#include <hilbert/model/iss.hpp>
#include <optional>
#include <string>

#include "coverage.hpp"

namespace hilbert::test {

/// The retirement port of hb_cpu in one clock.
struct Retirement {
  bool valid = false, trap = false, rd_we = false, mem_write = false;
  unsigned cause = 0, mem_be = 0;
  std::uint32_t pc = 0, insn = 0, tval = 0, rd = 0, mem_addr = 0, mem_data = 0;
};

/// From the ret_* pins of a verilated model.
template <class Model>
Retirement retirement_of(const Model& m) {
  return {.valid = m.ret_valid_o != 0,
          .trap = m.ret_trap_o != 0,
          .rd_we = m.ret_rd_we_o != 0,
          .mem_write = m.ret_mem_write_o != 0,
          .cause = m.ret_cause_o,
          .mem_be = m.ret_mem_be_o,
          .pc = m.ret_pc_o,
          .insn = m.ret_insn_o,
          .tval = m.ret_tval_o,
          .rd = m.ret_rd_o,
          .mem_addr = m.ret_mem_addr_o,
          .mem_data = m.ret_mem_data_o};
}

/// The bits that `bytes` (bit 0 the lowest byte) covers.
std::uint32_t byte_mask(unsigned bytes);
/// Stores as the bus does: the bytes that `bytes` names.
void merge(std::uint32_t& word, unsigned bytes, std::uint32_t data);

class Follower {
 public:
  /// Both must outlive it. The bus is the simulator's own memory, and decides what it believes the core about.
  Follower(model::IssBus& bus, model::IssOptions options) : bus_(bus), options_(options) { restart(0, 0); }

  /// The core is reset and starts at `start`; `now` is the first clock out of reset.
  void restart(std::uint32_t start, std::uint64_t now);
  /// Clock `now`, with `lines` the interrupts at their places in mip. Throws std::runtime_error on the first
  /// difference.
  void clock(std::uint64_t now, std::uint32_t lines, bool lockup, const Retirement& core);
  /// The debugger steps: that ends a sleep, too.
  void stepped() { stepped_ = true; }
  /// The simulator is at a WFI, and nothing came since.
  [[nodiscard]] bool asleep() const { return asleep_; }

  [[nodiscard]] model::Iss& iss() { return *iss_; }
  [[nodiscard]] const model::Iss& iss() const { return *iss_; }
  [[nodiscard]] const model::Retired& last() const { return last_; }
  [[noreturn]] void fail(const std::string& what) const;

  std::uint64_t compared = 0;
  Coverage coverage;

 private:
  void retire(const Retirement& core);

  model::IssBus& bus_;
  model::IssOptions options_;
  std::optional<model::Iss> iss_;
  std::array<std::uint32_t, 4> mip_{};          ///< interrupt lines in this clock and the three before
  std::uint32_t lines_and_ = 0, lines_or_ = 0;  ///< AND and OR of them since the last retirement (and the clock before)
  bool asleep_ = false, stepped_ = false;
  unsigned traps_in_a_row_ = 0;
  std::uint64_t now_ = 0, last_clock_ = 0;
  model::Retired last_;
};

}  // namespace hilbert::test
