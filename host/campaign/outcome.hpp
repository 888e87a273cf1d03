// SPDX-License-Identifier: Apache-2.0
// What an upset came to, and who decides it.
#pragma once

#include <cstdint>
#include <hilbert/tb/netlist.hpp>
#include <string_view>
#include <vector>

namespace hilbert::campaign {

enum class Outcome : std::uint8_t {
  masked,          ///< the right result, and nothing differs any more
  latent,          ///< the right result; some state differs, or the time it took
  corrected,       ///< the right result, and the hardware says that it corrected something
  recovered,       ///< the right result after a retry or a restart
  detected,        ///< no result, and the hardware says so
  retry,           ///< a retry that was not needed
  bad_completion,  ///< a completion that cannot be true
  early,           ///< the end was announced before it was reached
  hang,            ///< no end within the budget of clocks
  sdc,             ///< silent data corruption: a wrong result that claims to be right
  unspecified,     ///< RTL and netlist may differ legitimately
  left,            ///< the pins of a handshake differ: a recording cannot answer; for the verilated target
};
inline constexpr std::size_t outcome_count = 12;

/// "masked", "bad_completion", ...
std::string_view to_string(Outcome outcome);

/// What a judge says of a run that ended.
struct Judgement {
  Outcome outcome = Outcome::masked;
  std::uint32_t detail = 0;  ///< the workload's own measure, as the size of a corruption

  bool operator==(const Judgement&) const = default;
};

/// What became of a fault: a function of the scenario and the fault alone.
struct Verdict {
  Outcome outcome = Outcome::masked;
  /// The clock of it. Masked: the first at whose start nothing differs, nor will. Hang: the budget. Others: the clock
  /// in which a watched net told.
  std::uint32_t end = 0;
  /// Of the judge. Latent: the state bits that differ, at the start of `end`, from those of the undisturbed run in the
  /// same clock; 0 where only the time does. Masked, hang and what a watched net alone decides: 0.
  std::uint32_t detail = 0;

  bool operator==(const Verdict&) const = default;
};

/// The state of one disturbed run, at the start of the clock in which it ends.
class LaneState {
 public:
  virtual ~LaneState() = default;
  [[nodiscard]] virtual bool flip_flop(std::uint32_t index) const = 0;
  [[nodiscard]] virtual bool memory_bit(std::uint32_t memory, std::uint32_t word, std::uint32_t bit) const = 0;
  /// Bits first .. first + count - 1 of a word, count <= 64.
  [[nodiscard]] virtual std::uint64_t memory_bits(std::uint32_t memory, std::uint32_t word, std::uint32_t first,
                                                  std::uint32_t count) const {
    std::uint64_t bits = 0;
    for (std::uint32_t i = 0; i < count; ++i) bits |= std::uint64_t{memory_bit(memory, word, first + i)} << i;
    return bits;
  }
};

/// Decides as the workload's own host would.
class Judge {
 public:
  virtual ~Judge() = default;
  /// A run that ended in `clock`. `masked` means right: what becomes of it if its state differs, the engine knows.
  /// Must not depend on anything but its arguments; is called by several threads at once.
  [[nodiscard]] virtual Judgement judge(const LaneState& state, std::uint32_t clock) const = 0;
};

/// What a level at a net means to a run.
struct Watch {
  enum class Then : std::uint8_t {
    done,      ///< 1: the run has ended, judge it
    sdc,       ///< another level than the golden run's: wrong data have left the design
    detected,  ///< the same: an alarm
    left,      ///< the same: a host would have reacted
  };
  tb::Net net = tb::net_none;
  Then then = Then::done;
};

/// Of another level than the undisturbed run's; masked for `done`.
Outcome outcome_of(Watch::Then then);

/// Clocks in which a run must end, if nobody says so, for an undisturbed run of so many.
constexpr std::uint32_t default_budget(std::uint32_t clocks) { return 2 * clocks + 64; }

}  // namespace hilbert::campaign
