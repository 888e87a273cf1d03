// SPDX-License-Identifier: Apache-2.0
// Blocks of columns, each a sweep.
#include "campaign/block.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <hilbert/crew.hpp>
#include <optional>
#include <unordered_map>

#include "campaign/follow.hpp"
#include "campaign/sweep.hpp"

namespace hilbert::campaign {
namespace {

using Kind = Columns::Kind;

void check(const Trace& trace, const Columns& columns) {
  const std::uint32_t flip_flops = trace.bits().flip_flops();
  std::uint32_t low = 0, high = flip_flops;
  if (columns.kind == Kind::memory_bits) low = flip_flops, high = trace.bits().count();
  if (columns.kind == Kind::gates) high = static_cast<std::uint32_t>(trace.netlist().gates.size());
  if (low <= columns.first && columns.first <= columns.last && columns.last <= high) return;
  throw Error(ExitCode::bad_input, fmt::format("there are no columns {} to {}", columns.first, columns.last),
              trace.netlist().top, fmt::format("those of this kind are {} to {}", low, high));
}

class Run {
 public:
  Run(const Trace& trace, const Columns& columns, Outside outside, const Tuning& tuning)
      : trace_(trace), columns_(columns), sweep_(trace, tuning), followed_(sweep_, trace.bits().flip_flops()) {
    const bool flip_flops = columns.kind == Kind::flip_flops;
    sweep_.on_single = [this, outside, flip_flops](Id id, std::uint32_t clock, std::uint32_t flip_flop) {
      if (flip_flops && columns_.first <= flip_flop && flip_flop < columns_.last) {
        sweep_.ledger().alias(id, id_of(clock, flip_flop));
      } else if (outside == Outside::follow) {
        followed_.follow(id, flip_flop);
      } else {
        sweep_.ledger().outside(id, clock, flip_flop);
      }
    };
    sweep_.of_memory_bit = [this](StateBit bit) {
      const auto found = now_.find(bit);
      return found == now_.end() ? no_id : found->second;
    };
  }

  Block run() {
    Block block{.columns = columns_, .clocks = trace_.end(), .answers = {}, .stretches = {}, .statistics = {}};
    const std::uint32_t end = trace_.end();
    std::uint32_t clocks = end + (columns_.kind == Kind::flip_flops ? 1 : 0);
    if (end == 0) clocks = 0;
    if (columns_.kind == Kind::memory_bits) {
      since_.assign(columns_.count(), 0);
    } else {
      sweep_.ledger().add(std::size_t{clocks} * columns_.count());
    }
    for (std::uint32_t t = 0; t <= end && end != 0; ++t) {
      followed_.begin_all();
      if (columns_.kind == Kind::memory_bits) {
        begin_memory_bits(t);
      } else if (t < clocks) {
        begin_columns(t);
      }
      sweep_.step();
    }
    sweep_.finish();
    if (columns_.kind == Kind::memory_bits) {
      finish_memory_bits(block);
    } else {
      block.answers.reserve(std::size_t{clocks} * columns_.count());
      for (Id id = 0; id < std::size_t{clocks} * columns_.count(); ++id) {
        block.answers.push_back(sweep_.ledger().resolve(id));
      }
    }
    block.statistics = sweep_.statistics();
    return block;
  }

 private:
  [[nodiscard]] Id id_of(std::uint32_t clock, std::uint32_t column) const {
    return static_cast<Id>(std::size_t{clock} * columns_.count() + column - columns_.first);
  }

  void begin_columns(std::uint32_t clock) {
    for (std::uint32_t column = columns_.first; column < columns_.last; ++column) {
      if (columns_.kind == Kind::flip_flops) {
        sweep_.begin(id_of(clock, column), {&column, 1}, {});
      } else {
        const Force force{.net = trace_.netlist().gates[column].y};
        sweep_.begin(id_of(clock, column), {}, {&force, 1});
      }
    }
  }

  /// An upset of a memory bit is the same as that in the clock in which its word is used next.
  void begin_memory_bits(std::uint32_t clock) {
    now_.clear();
    const std::uint32_t last_clock = std::min(clock, trace_.end() - 1);
    for (const WordAt& at : trace_.uses().in(clock)) {
      const StateBit word = trace_.bits().of({at.memory, at.word, 0});
      const StateBit first = std::max(word, columns_.first);
      const StateBit last = std::min(word + trace_.netlist().memories[at.memory].width, columns_.last);
      for (StateBit bit = first; bit < last; ++bit) {
        const Id id = sweep_.ledger().add(1);
        now_.emplace(bit, id);
        sweep_.begin(id, {&bit, 1}, {});
        std::uint32_t& since = since_[bit - columns_.first];
        if (since <= last_clock) stretches_.push_back({{bit, since, last_clock, {}}, id});
        since = clock + 1;
      }
    }
  }

  void finish_memory_bits(Block& block) {
    for (auto& [stretch, id] : stretches_) {
      stretch.answer = sweep_.ledger().resolve(id);
      block.stretches.push_back(stretch);
    }
    for (StateBit bit = columns_.first; bit < columns_.last; ++bit) {
      const std::uint32_t since = since_[bit - columns_.first];
      if (since >= trace_.end()) continue;
      block.stretches.push_back({bit, since, trace_.end() - 1, Answer::of(sweep_.verdicts().at_end({&bit, 1}))});
    }
    std::ranges::sort(block.stretches, {}, [](const Stretch& s) { return std::pair(s.bit, s.first); });
  }

  const Trace& trace_;
  Columns columns_;
  Sweep sweep_;
  Followed followed_;
  std::unordered_map<StateBit, Id> now_;  ///< memory bits that begin in this clock
  std::vector<std::uint32_t> since_;      ///< by memory bit: the first clock not in a stretch
  std::vector<std::pair<Stretch, Id>> stretches_;
};

}  // namespace

Block run_block(const Trace& trace, const Columns& columns, Outside outside, const Tuning& tuning) {
  check(trace, columns);
  return Run(trace, columns, outside, tuning).run();
}

void resolve(std::span<Block> blocks) {
  std::vector<Block*> flip_flops;
  std::uint32_t clocks = 0;
  for (Block& block : blocks) {
    clocks = std::max(clocks, block.clocks);
    if (block.columns.kind == Kind::flip_flops && block.columns.count() != 0) flip_flops.push_back(&block);
  }
  std::ranges::sort(flip_flops, {}, [](const Block* block) { return block->columns.first; });
  const auto look_up = [&](Answer& answer) {
    if (!answer.is_alias()) return;
    const auto after =
        std::ranges::upper_bound(flip_flops, answer.bit(), {}, [](const Block* block) { return block->columns.first; });
    if (after == flip_flops.begin() || answer.bit() >= (*std::prev(after))->columns.last) {
      throw Error(ExitCode::bad_input, fmt::format("no block holds flip-flop {}", answer.bit()), {},
                  "run all blocks of the campaign, or let them follow");
    }
    answer = (*std::prev(after))->answer(answer.clock(), answer.bit());
  };
  // Aliases lead to later clocks.
  for (std::uint32_t clock = clocks + 1; clock-- > 0;) {
    for (Block* block : flip_flops) {
      const std::size_t row = std::size_t{clock} * block->columns.count();
      for (std::size_t i = 0; i < block->columns.count() && row + i < block->answers.size(); ++i)
        look_up(block->answers[row + i]);
    }
  }
  for (Block& block : blocks) {
    if (block.columns.kind == Kind::gates) std::ranges::for_each(block.answers, look_up);
    for (Stretch& stretch : block.stretches) look_up(stretch.answer);
  }
}

std::vector<Block> run_blocks(const Trace& trace, std::span<const Columns> columns, unsigned threads, Outside outside,
                              const Tuning& tuning) {
  for (const Columns& c : columns) check(trace, c);
  std::vector<Block> blocks(columns.size());
  Crew crew(std::min<unsigned>(threads, static_cast<unsigned>(std::max<std::size_t>(columns.size(), 1))));
  std::atomic<std::size_t> next = 0;
  crew.each(crew.threads(), [&](std::size_t) {
    for (std::size_t i = next++; i < columns.size(); i = next++)
      blocks[i] = run_block(trace, columns[i], outside, tuning);
  });
  resolve(blocks);
  return blocks;
}

}  // namespace hilbert::campaign
