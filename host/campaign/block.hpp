// SPDX-License-Identifier: Apache-2.0
// Exhaustive campaigns, in pieces that can be run in any order, by threads, processes or machines.
#pragma once

#include <cstdint>
#include <hilbert/error.hpp>
#include <span>
#include <vector>

#include "campaign/answer.hpp"
#include "campaign/fault.hpp"
#include "campaign/outcome.hpp"
#include "campaign/trace.hpp"
#include "campaign/tuning.hpp"

namespace hilbert::campaign {

/// Sites, all of one kind, of which a block takes each in every clock.
struct Columns {
  enum class Kind : std::uint8_t {
    flip_flops,   ///< numbers of the netlist's; an upset is inverted after the edge that begins its clock
    memory_bits,  ///< StateBits, none of a flip-flop; likewise
    gates,        ///< numbers of the netlist's; a gate's output is inverted for one clock
  };
  Kind kind = Kind::flip_flops;
  std::uint32_t first = 0, last = 0;  ///< `last` is not among them

  [[nodiscard]] std::uint32_t count() const { return last - first; }
  bool operator==(const Columns&) const = default;
};

/// Upsets of one memory bit that all come to the same: nobody looks at it between `first` and `last`.
struct Stretch {
  StateBit bit = 0;
  std::uint32_t first = 0, last = 0;  ///< clocks, both included
  Answer answer;

  bool operator==(const Stretch&) const = default;
};

struct Block {
  Columns columns;
  std::uint32_t clocks = 0;  ///< Trace::end(): experiments are in clocks 0 .. clocks - 1
  /// Of flip-flops and gates: [clock * columns.count() + column - columns.first]. Flip-flops have a row for clock
  /// `clocks` too, for aliases alone.
  std::vector<Answer> answers;
  /// Of memory bits: by bit and first clock, without holes.
  std::vector<Stretch> stretches;
  SweepStatistics statistics;

  [[nodiscard]] const Answer& answer(std::uint32_t clock, std::uint32_t column) const {
    return answers[std::size_t{clock} * columns.count() + column - columns.first];
  }
};

enum class Outside : std::uint8_t {
  alias,   ///< an experiment that becomes an upset of a flip-flop outside the block ends as an alias: for resolve()
  follow,  ///< it is run on: the block holds verdicts only
};

/// Every column in every clock until the end. Throws Error(bad_input) for columns that the design does not have.
/// The verdicts are a function of the trace's scenario alone, however a campaign is cut into blocks.
Block run_block(const Trace& trace, const Columns& columns, Outside outside = Outside::alias,
                const Tuning& tuning = {});

/// Turns the aliases in all blocks of a campaign into verdicts. Throws Error(bad_input) if an alias leads to a
/// flip-flop in none of them.
void resolve(std::span<Block> blocks);

/// All blocks by `threads` threads, resolved: the same whatever their number, and whatever the columns' division. Every
/// alias must lead into one of the blocks, unless they follow.
std::vector<Block> run_blocks(const Trace& trace, std::span<const Columns> columns, unsigned threads,
                              Outside outside = Outside::alias, const Tuning& tuning = {});

/// Any faults, in their order. Throws Error(bad_input) for one that is not of this design, or not before the end.
std::vector<Verdict> run_faults(const Trace& trace, std::span<const Fault> faults, const Tuning& tuning = {});

}  // namespace hilbert::campaign
