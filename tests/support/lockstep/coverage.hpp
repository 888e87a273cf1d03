// SPDX-License-Identifier: Apache-2.0
// What a lock-step has seen: which kinds of instruction retired and trapped, and why; where in an instruction the
// interrupts came that were taken. Counted from the retirement port and the interrupt lines alone.
#pragma once

#include <array>
#include <cstdint>
#include <hilbert/model/iss.hpp>
#include <string>

namespace hilbert::test {

enum class Kind : unsigned {
  alu,
  muldiv,
  branch,
  jal,
  jalr,
  lb,
  lh,
  lw,
  lbu,
  lhu,
  sb,
  sh,
  sw,
  csr,
  mret,
  wfi,
  fence,
  fence_i,
  ecall,
  ebreak,
  other
};
inline constexpr unsigned kind_count = 21;

/// Of an instruction word, legal or not; what is none of the others is `other`.
Kind kind_of(std::uint32_t insn);

class Coverage {
 public:
  /// Nothing is in execution, no interrupt known.
  void restart() { lines_ = {}; }
  /// An instruction retires, or raises an exception.
  void retires(const model::Retired& what, std::uint64_t now);
  /// An interrupt line rises, with this interrupt enabled: the next to retire was in execution then.
  void rises(unsigned cause, std::uint64_t now) { lines_[cause] = {.at = now, .state = State::risen}; }
  /// This interrupt is taken.
  void interrupt(unsigned cause);

  Coverage& operator+=(const Coverage& other);
  [[nodiscard]] std::uint64_t traps() const;
  /// Tables of what is not zero.
  [[nodiscard]] std::string text() const;
  /// What there should be and is not, in words; kinds with a bit in `absent` cannot retire.
  [[nodiscard]] std::string holes(std::uint32_t absent) const;

  /// Where an interrupt came: so many clocks before the instruction in execution retired; or ...
  static constexpr unsigned most_clocks = 4;  ///< this many or more
  static constexpr unsigned empty = 5;        ///< nothing was in execution: behind the last one, a WFI asleep
  static constexpr unsigned enabled = 6;      ///< it was pending; the last one enabled it
  static constexpr unsigned columns = 7;

 private:
  enum class State : std::uint8_t { none, risen, placed };
  struct Line {
    std::uint64_t at = 0;
    State state = State::none;
    unsigned kind = 0, column = 0;
  };
  std::array<Line, 16> lines_{};
  unsigned last_ = 0;  ///< kind of what retired last

  std::array<std::uint64_t, kind_count> retired_{};
  std::array<std::array<std::uint64_t, kind_count>, 16> exceptions_{};  ///< by cause
  std::array<std::array<std::uint64_t, columns>, kind_count> places_{};
  std::array<std::uint64_t, 16> interrupts_{};  ///< by cause
};

}  // namespace hilbert::test
