// SPDX-License-Identifier: Apache-2.0
// Random SENDs between chips.
#include "traffic.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <hilbert/model/descriptor.hpp>
#include <hilbert/regs/net.hpp>
#include <hilbert/regs/tile.hpp>
#include <random>

#include "patience.hpp"
#include "reach.hpp"

namespace hilbert::board {
namespace {

namespace n = regs::net;
namespace r = regs::tile;

/// The lower half of data memory is to send from; the upper half has a part for each sender.
class Exchange {
 public:
  Exchange(Board& board, std::uint64_t seed)
      : board_(board),
        geometry_(board.device(0).capabilities().geometry),
        patience_(board),
        reach_(board),
        seed_(seed),
        random_(seed) {
    half_ = geometry_.data_bytes() / 2;
    const std::uint32_t word = geometry_.word_bytes();
    part_ = half_ / static_cast<std::uint32_t>(board.size()) / word * word;
    for (std::size_t i = 0; i < board.size(); ++i) goals_.push_back(reach_.from(i));
    board.together(
        [&](std::size_t i) { board.device(i).write_register(register_base + r::ctrl, r::ctrl_enable_mask); });
  }

  Traffic run(unsigned rounds, const std::function<void(std::uint64_t, std::uint64_t)>& progress) {
    Traffic total;
    for (const auto& goals : goals_) {
      total.senders += goals.empty() ? 0 : 1;
      total.pairs += goals.size();
    }
    if (total.senders == 0) {
      throw Error(ExitCode::check_failed, "no chip reaches another: nothing can be sent", board_.uri(),
                  "hilbert link status shows the links");
    }
    const std::uint64_t start = board_.clocks();
    for (unsigned i = 0; i < rounds; ++i) {
      round(i, [&](std::uint64_t arrived) {
        if (progress) progress(total.transfers + arrived, std::uint64_t{rounds} * total.senders);
      });
      total.transfers += total.senders;
      for (const Block& block : blocks_) total.bytes += block.data.size();
    }
    total.clocks = board_.clocks() - start;
    return total;
  }

 private:
  struct Block {
    std::size_t to = 0;
    std::uint32_t from_address = 0, to_address = 0;
    std::vector<std::byte> data;  ///< none: its chip does not send
  };
  /// What shows that a board is at work.
  struct Counts {
    std::uint32_t arrived = 0;  ///< transfers, by the semaphore
    std::uint32_t words_in = 0, words_out = 0;
    bool operator==(const Counts&) const = default;
  };

  void round(unsigned number, const std::function<void(std::uint64_t)>& arrived_so_far) {
    std::vector<std::uint32_t> expected(board_.size(), 0);
    blocks_.assign(board_.size(), {});
    for (std::size_t i = 0; i < blocks_.size(); ++i) {
      if (goals_[i].empty()) continue;
      blocks_[i] = block_of(i);
      ++expected[blocks_[i].to];
    }
    board_.together([&](std::size_t i) {
      board_.device(i).write_register(register_base + r::sem, 0);
      if (!blocks_[i].data.empty()) board_.device(i).write_words(blocks_[i].from_address, blocks_[i].data);
    });
    board_.together([&](std::size_t i) {
      if (!blocks_[i].data.empty()) submit(i);
    });
    wait(number, expected, arrived_so_far);
    std::vector<std::vector<std::byte>> arrived(blocks_.size());
    board_.together([&](std::size_t chip) {
      for (std::size_t i = 0; i < blocks_.size(); ++i) {
        if (blocks_[i].data.empty() || blocks_[i].to != chip) continue;
        arrived[i].resize(blocks_[i].data.size());
        board_.device(chip).read_words(blocks_[i].to_address, arrived[i]);
      }
    });
    for (std::size_t i = 0; i < blocks_.size(); ++i) {
      if (arrived[i] == blocks_[i].data) continue;
      fail(number, fmt::format("what chip {} sent to chip {} arrived changed", i, blocks_[i].to));
    }
  }

  Block block_of(std::size_t chip) {
    Block block;
    block.to = goals_[chip][random_() % goals_[chip].size()];
    const std::uint32_t word = geometry_.word_bytes();
    const auto words = static_cast<std::uint32_t>(1 + random_() % (part_ / word));
    block.from_address = static_cast<std::uint32_t>(random_() % (half_ / word - words + 1)) * word;
    block.to_address = half_ + static_cast<std::uint32_t>(chip) * part_;
    block.data.resize(std::size_t{words} * word);
    std::ranges::generate(block.data, [&] { return static_cast<std::byte>(random_()); });
    return block;
  }

  /// Until all has come. How long that may take depends on how much there is, on windows and on wires; how long
  /// nothing may move at all, on the wires alone.
  void wait(unsigned number, const std::vector<std::uint32_t>& expected,
            const std::function<void(std::uint64_t)>& arrived_so_far) {
    const std::uint64_t glance = patience_.glance(200), limit = patience_.stillness(still_clocks);
    std::vector<Counts> counts(board_.size()), before;
    for (std::uint64_t still = 0;; still += glance) {
      board_.together([&](std::size_t i) {
        const auto net = [&](std::uint32_t offset) {
          return board_.device(i).read_register(net_register_base + offset) +
                 board_.device(i).read_register(net_register_base + offset + 4);
        };
        counts[i] = {board_.device(i).read_register(register_base + r::sem), net(n::words_in), net(n::words_out)};
      });
      std::uint64_t arrived = 0;
      for (const Counts& chip : counts) arrived += chip.arrived;
      arrived_so_far(arrived);
      const auto late = std::ranges::mismatch(counts, expected, {}, &Counts::arrived);
      if (late.in1 == counts.end()) return;
      if (counts != before) still = 0;
      if (still >= limit) {
        const auto chip = late.in1 - counts.begin();
        fail(number, fmt::format("chip {} got {} of {} transfers, and nothing moves any more", chip, late.in1->arrived,
                                 *late.in2));
      }
      before = counts;
      board_.run(glance);
    }
  }

  void submit(std::size_t chip) {
    const Block& block = blocks_[chip];
    model::Descriptor job;
    job.opcode = model::Opcode::send;
    job.m = 1;
    job.n = static_cast<std::uint16_t>(block.data.size() / geometry_.word_bytes());
    job.a_at.base = block.from_address;
    job.d_at.base = block.to_address;
    const Place to = reach_.place(block.to);
    job.set_place(to.x, to.y);
    job.set_there(0, 1);
    Device& device = board_.device(chip);
    const model::Words words = job.pack();
    const std::uint32_t tail = device.read_register(register_base + r::queue_tail);
    device.write_words(descriptor_address(geometry_, tail), std::as_bytes(std::span(words)));
    device.write_register(register_base + r::queue_tail, (tail + 1) & 0xFFFF);
  }

  [[noreturn]] void fail(unsigned round, const std::string& what) const {
    throw Error(ExitCode::check_failed, what, fmt::format("{}, round {}, seed {}", board_.uri(), round, seed_),
                "hilbert link status shows the links");
  }

  Board& board_;
  model::Geometry geometry_;
  Patience patience_;
  Reach reach_;
  std::uint64_t seed_;
  std::mt19937_64 random_;
  std::uint32_t half_ = 0, part_ = 0;
  std::vector<std::vector<std::size_t>> goals_;  ///< of each chip: those that it reaches
  std::vector<Block> blocks_;
};

}  // namespace

Traffic exchange(Board& board, unsigned rounds, std::uint64_t seed,
                 const std::function<void(std::uint64_t, std::uint64_t)>& progress) {
  if (rounds == 0 || rounds > most_rounds) {
    throw Error(ExitCode::bad_input, fmt::format("traffic of {} rounds", rounds), board.uri(),
                fmt::format("1 to {}", most_rounds));
  }
  if (board.file().apart()) {
    throw Error(ExitCode::bad_input, "no links join the chips of this board", board.uri(), "take a board with links");
  }
  if (board.size() < 2) {
    throw Error(ExitCode::bad_input, "a board of one chip has nobody to send to", board.uri(),
                "take a board of two chips or more");
  }
  return Exchange(board, seed).run(rounds, progress);
}

}  // namespace hilbert::board
