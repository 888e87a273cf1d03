// SPDX-License-Identifier: Apache-2.0
// Instruction-set simulator of the tile's controller: RV32I, Zicsr, optionally M, machine mode only
// (rtl/cpu/README.md).
#pragma once

#include <array>
#include <cstdint>
#include <optional>

namespace hilbert::model {

/// Memory as the simulator sees it. Addresses are multiples of 4; nothing (nullopt, false) is an access fault.
class IssBus {
 public:
  virtual ~IssBus() = default;
  virtual std::optional<std::uint32_t> fetch(std::uint32_t address) = 0;
  /// `bytes`: which of the word's bytes are loaded, bit 0 the lowest; the others do not matter.
  virtual std::optional<std::uint32_t> load(std::uint32_t address, unsigned bytes) = 0;
  virtual bool store(std::uint32_t address, unsigned bytes, std::uint32_t data) = 0;
};

/// What one step did: the fields of hb_cpu's retirement port. Fields without a meaning in a case are zero.
struct Retired {
  std::uint32_t pc = 0;
  std::uint32_t insn = 0;  ///< 0 if it could not be fetched, or an interrupt came before it
  bool trap = false;       ///< trap or interrupt: nothing but cause and tval
  unsigned cause = 0;      ///< bit 4 interrupt, the rest as in mcause
  std::uint32_t tval = 0;
  bool rd_we = false;
  std::uint32_t rd = 0;
  unsigned mem_bytes = 0;
  bool mem_write = false;
  std::uint32_t mem_address = 0;
  std::uint32_t mem_data = 0;  ///< in their lanes, other bytes zero

  bool operator==(const Retired&) const = default;
};

/// Parameters of hb_cpu that a program can tell.
struct IssOptions {
  bool ext_m = false;
  bool counters = true;
};

class Iss {
 public:
  Iss(IssBus& bus, std::uint32_t start, IssOptions options) : bus_(bus), options_(options), pc_(start & ~3u) {}

  /// Executes one instruction, or takes the exception it raises.
  Retired step();
  /// Takes this interrupt (3, 7 or 11) before the next instruction.
  Retired interrupt(unsigned cause);

  /// The levels of the interrupt lines, at their places in mip.
  void set_pending(std::uint32_t mip) { mip_ = mip; }
  /// The interrupt to take with these lines: external before software before timer; none if they are not enabled.
  [[nodiscard]] std::optional<unsigned> due(std::uint32_t mip) const;
  /// Whether these lines end a WFI.
  [[nodiscard]] bool wakes(std::uint32_t mip) const { return (mip & mie_) != 0; }
  /// Clocks pass; mcycle is only known to whoever has a clock.
  void add_clocks(std::uint64_t clocks) { mcycle_ += clocks; }

  [[nodiscard]] std::uint32_t pc() const { return pc_; }
  void set_pc(std::uint32_t pc) { pc_ = pc & ~3u; }
  [[nodiscard]] std::uint32_t x(unsigned i) const { return x_[i]; }
  void set_x(unsigned i, std::uint32_t value) {
    if (i != 0) x_[i] = value;
  }

 private:
  struct Exception {
    unsigned cause;
    std::uint32_t tval;
  };
  void execute(std::uint32_t insn, Retired& retired);
  void load(std::uint32_t insn, std::uint32_t address, Retired& retired);
  void store(std::uint32_t insn, std::uint32_t address, Retired& retired);
  void system(std::uint32_t insn);
  void jump(std::uint32_t target);
  void write_csr(unsigned csr, std::uint32_t value);
  [[nodiscard]] std::optional<std::uint32_t> read_csr(unsigned csr) const;
  void trap(unsigned cause, std::uint32_t tval);

  IssBus& bus_;
  IssOptions options_;
  std::uint32_t pc_, next_pc_ = 0;
  std::array<std::uint32_t, 32> x_{};
  std::uint32_t mie_ = 0, mip_ = 0, mtvec_ = 0, mscratch_ = 0, mepc_ = 0, mcause_ = 0, mtval_ = 0;
  bool status_mie_ = false, status_mpie_ = false;
  std::uint64_t mcycle_ = 0, minstret_ = 0;
  bool count_ = true;  ///< minstret counts this instruction
};

}  // namespace hilbert::model
