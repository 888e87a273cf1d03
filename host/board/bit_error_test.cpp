// SPDX-License-Identifier: Apache-2.0
// When checkers are in step, and what they count.
#include "bit_error_test.hpp"

#include <algorithm>
#include <array>
#include <hilbert/regs/link.hpp>

#include "link_end.hpp"
#include "patience.hpp"

namespace hilbert::board {
namespace {

namespace r = regs::link;

constexpr unsigned symbol_bits = 16, most_lanes = 4;

/// Counters of a lane that go on beyond those of the chip, which wrap.
struct Counter {
  std::uint32_t last_symbols = 0, last_errors = 0;
  std::uint64_t symbols = 0, errors = 0;

  void take(std::uint32_t symbols_now, std::uint32_t errors_now, std::uint32_t mask) {
    symbols += (symbols_now - last_symbols) & mask;
    errors += (errors_now - last_errors) & mask;
    last_symbols = symbols_now, last_errors = errors_now;
  }
};

/// One end of a link, and its chip's clock.
struct End {
  BoardEnd at;
  std::uint32_t locked = 0;  ///< BERT_LOCKED
  std::array<Counter, most_lanes> lanes{};
  std::array<bool, most_lanes> in_step{};
  std::uint64_t begin = 0, end = 0;  ///< clocks of the chip: between them everything was counted
};

class BitErrorTest {
 public:
  explicit BitErrorTest(Board& board) : board_(board), lanes_(board.lanes()), patience_(board) {
    for (const BoardLink& link : board.file().links) {
      for (const BoardEnd end : {link.a, link.b}) ends_.push_back({.at = end});
    }
    const std::uint32_t cfg = board.device(0).read_register(link_register(0, r::cfg));
    counter_bits_ = (cfg & r::cfg_counter_bits_mask) >> r::cfg_counter_bits_lsb;
    mask_ = counter_bits_ < 32 ? (1U << counter_bits_) - 1 : ~0U;
  }

  std::vector<LaneErrors> run(std::uint64_t clocks, const std::function<void(std::uint64_t)>& progress) {
    each([&](Device& device, End& end) { device.write_register(link_register(end.at.port, r::ctrl), r::mode_bert); });
    find_step();
    each([&](Device& device, End& end) {
      end.lanes = {};
      device.write_register(link_register(end.at.port, r::ctrl), r::mode_bert | r::ctrl_clear_mask);
      end.begin = device.clocks();
    });
    // A counter must be read before it has gone round: it counts 16 errors a clock at most.
    const std::uint64_t slice = std::uint64_t{1} << std::min(counter_bits_ - 5, 14U);
    for (std::uint64_t done = 0; done < clocks;) {
      const std::uint64_t now = std::min(slice, clocks - done);
      board_.run(now);
      look();
      done += now;
      if (progress) progress(done);
    }
    return results();
  }

 private:
  /// Calls work(device, end) for every end, for all chips at once.
  template <typename Work>
  void each(Work work) {
    board_.together([&](std::size_t chip) {
      for (End& end : ends_) {
        if (end.at.chip == chip) work(board_.device(chip), end);
      }
    });
  }

  void look() {
    each([&](Device& device, End& end) {
      const auto read = [&](std::uint32_t offset) { return device.read_register(link_register(end.at.port, offset)); };
      end.end = device.clocks();
      for (std::uint32_t lane = 0; lane < lanes_; ++lane) {
        const std::uint32_t symbols = read(r::bert_symbols + 4 * lane);
        end.lanes[lane].take(symbols, read(r::bert_errors + 4 * lane), mask_);
      }
      end.locked = (read(r::status) & r::status_bert_locked_mask) >> r::status_bert_locked_lsb;
    });
  }

  /// BERT_LOCKED alone does not tell: a checker takes whatever comes for its start, silence and noise too, compares,
  /// and starts again when more than a quarter of 64 bits are wrong (rtl/link/hb_prbs31_check.sv). So a lane is in step
  /// when it is locked and a quarter or less of what was compared since the last look was wrong.
  void find_step() {
    const std::uint64_t glance = patience_.glance(256), limit = patience_.way() + 8 * glance;
    look();
    for (std::uint64_t waited = 0; waited < limit; waited += glance) {
      const std::vector<End> before = ends_;
      board_.run(glance);
      look();
      bool all = true;
      for (std::size_t i = 0; i < ends_.size(); ++i) {
        for (unsigned lane = 0; lane < lanes_; ++lane) {
          const std::uint64_t bits = symbol_bits * (ends_[i].lanes[lane].symbols - before[i].lanes[lane].symbols);
          const std::uint64_t errors = ends_[i].lanes[lane].errors - before[i].lanes[lane].errors;
          ends_[i].in_step[lane] = (ends_[i].locked >> lane & 1U) != 0 && bits != 0 && 4 * errors <= bits;
          all = all && ends_[i].in_step[lane];
        }
      }
      if (all) return;
    }
  }

  [[nodiscard]] std::vector<LaneErrors> results() const {
    std::vector<LaneErrors> all;
    for (const End& end : ends_) {
      for (unsigned lane = 0; lane < lanes_; ++lane) {
        LaneErrors result{.end = end.at, .lane = lane, .in_step = end.in_step[lane]};
        if (result.in_step) {
          const Counter& counter = end.lanes[lane];
          const std::uint64_t due = end.end - end.begin;
          result.in_step_after = (end.locked >> lane & 1U) != 0;
          result.bits = symbol_bits * counter.symbols;
          result.errors = counter.errors;
          result.missed_bits = symbol_bits * (due - std::min(due, counter.symbols));
        }
        all.push_back(result);
      }
    }
    return all;
  }

  Board& board_;
  unsigned lanes_;
  Patience patience_;
  std::vector<End> ends_;
  unsigned counter_bits_ = 32;
  std::uint32_t mask_ = ~0U;
};

}  // namespace

std::vector<LaneErrors> test_bit_errors(Board& board, std::uint64_t clocks,
                                        const std::function<void(std::uint64_t)>& progress) {
  return BitErrorTest(board).run(clocks, progress);
}

}  // namespace hilbert::board
