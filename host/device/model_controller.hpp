// SPDX-License-Identifier: Apache-2.0
// The controller of `model:`: the instruction-set simulator behind the registers of rtl/regs/cpu.toml, an instruction a
// clock.
#pragma once

#include <array>
#include <cstdint>
#include <hilbert/model/iss.hpp>
#include <hilbert/regs/cpu.hpp>
#include <optional>

namespace hilbert::device {

/// What the controller sees of its tile; addresses are those of the host port, multiples of 4.
class ModelTile {
 public:
  virtual ~ModelTile() = default;
  /// Nothing where there is no memory, or an uncorrectable word.
  virtual std::optional<std::uint32_t> core_fetch(std::uint32_t address) = 0;
  virtual std::optional<std::uint32_t> core_load(std::uint32_t address) = 0;
  /// Changes the bytes of which `bytes` has a bit; false, with nothing changed, where core_load would give nothing.
  virtual bool core_merge(std::uint32_t address, unsigned bytes, std::uint32_t data) = 0;
  /// Registers of the tile's own block; nothing, or false, where there is none, or it cannot be written.
  virtual std::optional<std::uint32_t> core_read_register(std::uint32_t address) = 0;
  virtual bool core_write_register(std::uint32_t address, std::uint32_t value) = 0;
  /// The causes QUEUE and POISON of IRQ_PENDING.
  virtual std::uint32_t core_interrupts() = 0;
};

class ModelController final : private model::IssBus {
 public:
  ModelController(ModelTile& tile, std::uint32_t memory_bytes) : tile_(tile), memory_bytes_(memory_bytes) {}

  void power_on();
  /// Lets clocks pass: the running core executes an instruction in each.
  void run(std::uint32_t clocks);
  /// Host interrupt line.
  [[nodiscard]] bool interrupt() const { return host_irq_ != 0; }

  /// Whose access it is: host and core each have a held high word of MTIME and INSTRET.
  enum class Reader : std::uint8_t { host, core };
  /// `offset` in the block, of a register that exists; writes to one that can be written.
  [[nodiscard]] std::uint32_t read(std::uint32_t offset, Reader reader);
  void write(std::uint32_t offset, std::uint32_t value);

 private:
  std::optional<std::uint32_t> fetch(std::uint32_t address) override { return tile_.core_fetch(address); }
  std::optional<std::uint32_t> load(std::uint32_t address, unsigned bytes) override;
  bool store(std::uint32_t address, unsigned bytes, std::uint32_t data) override;

  [[nodiscard]] bool halted() const { return run_ && (halt_ || lockup_); }
  [[nodiscard]] std::uint32_t pending();
  [[nodiscard]] std::uint32_t lines();  ///< interrupt lines at their places in mip
  void start();
  void bite();
  void clock();
  void advance();

  ModelTile& tile_;
  std::uint32_t memory_bytes_;
  std::optional<model::Iss> core_;  ///< while run_
  std::array<std::uint32_t, regs::cpu::mailbox_count> mailbox_{};
  std::array<std::uint32_t, 2> held_{};
  std::uint64_t mtime_ = 0, mtimecmp_ = 0, instret_ = 0;
  std::uint32_t start_ = 0, gpr_index_ = 0, reason_ = 0, msip_ = 0, period_ = 0, watchdog_ = 0, doorbell_ = 0,
                host_irq_ = 0, irq_enable_ = 0;
  bool run_ = false, halt_ = false, lockup_ = false, wfi_ = false;
  bool bitten_ = false;  ///< the core has to be reset once the instruction that asked for it is over
  bool in_core_ = false;
  unsigned traps_ = 0;  ///< since an instruction last retired
};

}  // namespace hilbert::device
