// SPDX-License-Identifier: Apache-2.0
#include "coverage.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace hilbert::test {
namespace {

constexpr std::array<const char*, kind_count> names = {
    "alu", "mul/div", "branch", "jal",  "jalr", "lb",    "lh",      "lw",    "lbu",    "lhu",  "sb",
    "sh",  "sw",      "csr",    "mret", "wfi",  "fence", "fence.i", "ecall", "ebreak", "other"};

constexpr unsigned index(Kind kind) { return static_cast<unsigned>(kind); }
constexpr std::uint32_t bit(Kind kind) { return 1u << index(kind); }

constexpr std::uint32_t load_kinds = bit(Kind::lb) | bit(Kind::lh) | bit(Kind::lw) | bit(Kind::lbu) | bit(Kind::lhu);
constexpr std::uint32_t store_kinds = bit(Kind::sb) | bit(Kind::sh) | bit(Kind::sw);
constexpr std::uint32_t never_retire = bit(Kind::ecall) | bit(Kind::ebreak) | bit(Kind::other);

/// The kinds that can raise each exception (The RISC-V Instruction Set Manual, volume II, table of mcause).
struct Expectation {
  unsigned cause;
  std::uint32_t kinds;
};
constexpr Expectation expected_exceptions[] = {
    {0, bit(Kind::branch) | bit(Kind::jal) | bit(Kind::jalr)},
    {1, bit(Kind::other)},  // not fetched: nobody knows what it is
    {2, bit(Kind::other) | bit(Kind::csr)},
    {3, bit(Kind::ebreak)},
    {4, bit(Kind::lh) | bit(Kind::lhu) | bit(Kind::lw)},
    {5, load_kinds},
    {6, bit(Kind::sh) | bit(Kind::sw)},
    {7, store_kinds},
    {11, bit(Kind::ecall)},
};

template <class Array>
std::uint64_t sum(const Array& values) {
  return std::accumulate(values.begin(), values.end(), std::uint64_t{0});
}

template <class Array>
void add(Array& to, const Array& from) {
  std::transform(to.begin(), to.end(), from.begin(), to.begin(), std::plus<>());
}

}  // namespace

Kind kind_of(std::uint32_t insn) {
  const unsigned funct3 = insn >> 12 & 7;
  switch (insn & 0x7F) {
    case 0x37:
    case 0x17:
    case 0x13:
      return Kind::alu;
    case 0x33:
      return insn >> 25 == 1 ? Kind::muldiv : Kind::alu;
    case 0x63:
      return Kind::branch;
    case 0x6F:
      return Kind::jal;
    case 0x67:
      return Kind::jalr;
    case 0x03:
      if (funct3 == 3 || funct3 > 5) return Kind::other;
      return std::array{Kind::lb, Kind::lh, Kind::lw, Kind::other, Kind::lbu, Kind::lhu}[funct3];
    case 0x23:
      return funct3 < 3 ? std::array{Kind::sb, Kind::sh, Kind::sw}[funct3] : Kind::other;
    case 0x0F:
      return funct3 == 0 ? Kind::fence : funct3 == 1 ? Kind::fence_i : Kind::other;
    case 0x73:
      if (funct3 != 0) return funct3 == 4 ? Kind::other : Kind::csr;
      if (insn == 0x0000'0073) return Kind::ecall;
      if (insn == 0x0010'0073) return Kind::ebreak;
      if (insn == 0x3020'0073) return Kind::mret;
      return insn == 0x1050'0073 ? Kind::wfi : Kind::other;
    default:
      return Kind::other;
  }
}

void Coverage::retires(const model::Retired& what, std::uint64_t now) {
  const unsigned kind = index(kind_of(what.insn));
  last_ = kind;
  if (what.trap) {
    ++exceptions_[what.cause][kind];
    lines_ = {};  // disabled now: whatever is pending waits to be enabled
    return;
  }
  ++retired_[kind];
  for (Line& line : lines_) {
    if (line.state != State::risen) continue;
    line.state = State::placed;
    line.kind = kind;
    line.column = static_cast<unsigned>(std::min<std::uint64_t>(now - line.at, most_clocks));
  }
}

void Coverage::interrupt(unsigned cause) {
  ++interrupts_[cause];
  const Line& line = lines_[cause];
  if (line.state == State::placed) {
    ++places_[line.kind][line.column];
  } else {
    ++places_[last_][line.state == State::none ? enabled : empty];
  }
  lines_ = {};
}

Coverage& Coverage::operator+=(const Coverage& other) {
  add(retired_, other.retired_);
  add(interrupts_, other.interrupts_);
  for (unsigned i = 0; i < exceptions_.size(); ++i) add(exceptions_[i], other.exceptions_[i]);
  for (unsigned i = 0; i < kind_count; ++i) add(places_[i], other.places_[i]);
  return *this;
}

std::uint64_t Coverage::traps() const {
  std::uint64_t total = sum(interrupts_);
  for (const auto& cause : exceptions_) total += sum(cause);
  return total;
}

std::string Coverage::text() const {
  std::string text = "retired:";
  for (unsigned k = 0; k < kind_count; ++k) {
    if (retired_[k] != 0) text += fmt::format(" {} {}", names[k], retired_[k]);
  }
  text += '\n';
  if (traps() > sum(interrupts_)) text += "exceptions, by cause and instruction:\n";
  for (unsigned cause = 0; cause < exceptions_.size(); ++cause) {
    if (sum(exceptions_[cause]) == 0) continue;
    text += fmt::format("  {:2}:", cause);
    for (unsigned k = 0; k < kind_count; ++k) {
      const char* name = cause == 1 ? "not fetched" : names[k];
      if (exceptions_[cause][k] != 0) text += fmt::format(" {} {}", name, exceptions_[cause][k]);
    }
    text += '\n';
  }
  if (sum(interrupts_) == 0) return text;
  text += fmt::format(
      "interrupts taken: software {}, timer {}, external {}; they came so many clocks before this retired, "
      "behind it (nothing in execution, or asleep), or were enabled by it:\n"
      "  {:8}{:>8}{:>8}{:>8}{:>8}{:>8}{:>8}{:>8}\n",
      interrupts_[3], interrupts_[7], interrupts_[11], "", 0, 1, 2, 3, "4...", "behind", "enabled");
  for (unsigned k = 0; k < kind_count; ++k) {
    if (sum(places_[k]) == 0) continue;
    text += fmt::format("  {:8}", names[k]);
    for (const std::uint64_t count : places_[k]) text += fmt::format("{:>8}", count);
    text += '\n';
  }
  return text;
}

std::string Coverage::holes(std::uint32_t absent) const {
  std::string text;
  const auto demand = [&](std::uint64_t count, const std::string& what) {
    if (count == 0) text += "never: " + what + "\n";
  };
  for (const auto& [cause, kinds] : expected_exceptions) {
    for (unsigned k = 0; k < kind_count; ++k) {
      if ((kinds >> k & 1) != 0) demand(exceptions_[cause][k], fmt::format("{} raises exception {}", names[k], cause));
    }
  }
  for (unsigned k = 0; k < kind_count; ++k) {
    if (((never_retire | absent) >> k & 1) != 0) continue;
    demand(retired_[k], fmt::format("{} retires", names[k]));
    if (k == index(Kind::mret)) continue;  // interrupts are not enabled in a handler
    // Its last clock; loads, stores and accesses to CSRs take three at least, multiplications 34.
    const bool slow = ((load_kinds | store_kinds | bit(Kind::csr) | bit(Kind::muldiv)) >> k & 1) != 0;
    for (unsigned clocks = 0; clocks <= (slow ? 2u : 0u); ++clocks) {
      demand(places_[k][clocks], fmt::format("an interrupt came {} clocks before {} retired", clocks, names[k]));
    }
  }
  demand(places_[index(Kind::wfi)][empty], "an interrupt ends a WFI");
  demand(places_[index(Kind::csr)][enabled], "a CSR access enables an interrupt that is pending");
  demand(places_[index(Kind::mret)][enabled], "MRET enables an interrupt that is pending");
  for (const unsigned cause : {3u, 7u, 11u}) demand(interrupts_[cause], fmt::format("interrupt {}", cause));
  return text;
}

}  // namespace hilbert::test
