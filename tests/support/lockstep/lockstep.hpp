// SPDX-License-Identifier: Apache-2.0
// Core and instruction-set simulator side by side, each with a memory of its own; every retirement is compared.
#pragma once

#include <array>
#include <deque>
#include <hilbert/model/iss.hpp>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "dut.hpp"
#include "follower.hpp"
#include "support/random.hpp"

namespace hilbert::test {

/// Two regions of RAM, as in the tile: data at 0, controller memory at 0x6000_0000.
class Memory {
 public:
  static constexpr std::uint32_t code = 0x6000'0000, bytes = 16384;

  /// The word at a multiple of 4; null if there is nothing.
  std::uint32_t* find(std::uint32_t address) {
    if (address < bytes) return &words_[address / 4];
    if (address - code < bytes) return &words_[bytes / 4 + (address - code) / 4];
    return nullptr;
  }
  bool operator==(const Memory&) const = default;

 private:
  std::vector<std::uint32_t> words_ = std::vector<std::uint32_t>(2 * bytes / 4);
};

/// How the world around the core behaves. Chances are out of 256, a clock.
struct World {
  unsigned grant_i = 256, grant_c = 256;
  unsigned latency = 2;  ///< of a load or store, from the grant; at most that if `vary`
  bool vary = false;
  unsigned irq_rise = 0, irq_fall = 64;
  unsigned halt = 0;  ///< the debugger stops the core and looks at all of it
};

class LockStep : private model::IssBus {
 public:
  LockStep(CpuKind kind, std::uint64_t seed);

  /// Both memories. A word marked poisoned cannot be read, nor any of its line be executed.
  void write(std::uint32_t address, std::span<const std::uint32_t> words);
  void poison(std::uint32_t address) { poisoned_.insert(address & ~3u); }
  [[nodiscard]] std::uint32_t word(std::uint32_t address) { return *core_memory_.find(address); }

  /// Resets core and simulator.
  void restart(std::uint32_t start, const World& world);
  /// Runs until so many more instructions and traps have been compared (then true), or nothing more can come (lock-up;
  /// or WFI with `stop_at_wfi`). Throws std::runtime_error on the first difference.
  bool run(std::uint64_t count, bool stop_at_wfi = false);
  /// One clock.
  void clock();
  /// Compares what does not retire: memories, and all registers through the debug port.
  void compare_state();

  /// The debug port, with the core halted by halt().
  void halt();
  void resume() { dut_->in.halt = false; }
  void step();
  void set_pc(std::uint32_t pc);
  void set_x(unsigned i, std::uint32_t value);

  [[nodiscard]] const model::Iss& iss() const { return follower_.iss(); }
  [[nodiscard]] bool locked_up() const { return dut_->out.lockup; }
  [[nodiscard]] const model::Retired& last() const { return follower_.last(); }
  [[nodiscard]] std::uint64_t compared() const { return follower_.compared; }
  [[nodiscard]] const Coverage& coverage() const { return follower_.coverage; }
  [[nodiscard]] CpuDut& dut() { return *dut_; }

  std::uint64_t clocks = 0;
  /// Held until changed, besides those that come and go by World::irq_rise.
  std::uint32_t irq = 0;

 private:
  struct Answer {
    std::uint64_t clock;
    std::uint32_t data;
    bool error;
  };

  std::optional<std::uint32_t> fetch(std::uint32_t address) override;
  std::optional<std::uint32_t> load(std::uint32_t address, unsigned bytes) override;
  bool store(std::uint32_t address, unsigned bytes, std::uint32_t data) override;

  bool chance(unsigned out_of_256) { return (random_() & 255) < out_of_256; }
  bool line_faults(std::uint32_t address);
  void drive();
  void observe();
  void serve_fetch();
  void serve_data();
  void look_around();
  [[noreturn]] void fail(const std::string& what) const { follower_.fail(what); }

  std::unique_ptr<CpuDut> dut_;
  Random random_;
  World world_;
  Memory core_memory_, iss_memory_;
  std::set<std::uint32_t> poisoned_;
  Follower follower_;
  std::map<std::uint32_t, std::vector<std::uint32_t>> stale_;  ///< what words held before stores since the last FENCE.I

  std::deque<Answer> fetches_;  ///< data: the line's address
  std::map<std::uint64_t, std::array<std::uint32_t, 16>> lines_;
  std::optional<Answer> access_;
  std::optional<CpuOutputs> held_;  ///< outputs of the last clock: requests not granted must stay
  bool granted_i_ = false, granted_c_ = false, was_reset_ = true;
  std::uint32_t lines_now_ = 0;  ///< interrupts, at their places in mip
  unsigned quiet_ = 0;
};

}  // namespace hilbert::test
