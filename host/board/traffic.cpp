// SPDX-License-Identifier: Apache-2.0
// Random SENDs between chips.
#include "traffic.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <hilbert/model/descriptor.hpp>
#include <random>
#include <tile_regs.hpp>

namespace hilbert::board {
namespace {

namespace r = regs::tile;

/// The lower half of data memory is to send from; the upper half has a part for each sender.
class Exchange {
 public:
  Exchange(Board& board, std::uint64_t seed, std::uint64_t patience)
      : board_(board),
        geometry_(board.device(0).capabilities().geometry),
        seed_(seed),
        patience_(patience),
        random_(seed) {
    half_ = geometry_.data_bytes() / 2;
    const std::uint32_t word = geometry_.word_bytes();
    part_ = half_ / static_cast<std::uint32_t>(board.size()) / word * word;
    for (std::size_t i = 0; i < board.size(); ++i) {
      board.device(i).write_register(register_base + r::ctrl, r::ctrl_enable_mask);
    }
  }

  Traffic run(unsigned rounds) {
    Traffic total;
    if (board_.size() < 2) return total;
    const std::uint64_t start = board_.clocks();
    for (unsigned i = 0; i < rounds; ++i) {
      round(i);
      total.transfers += board_.size();
      for (const Block& block : blocks_) total.bytes += block.data.size();
    }
    total.clocks = board_.clocks() - start;
    return total;
  }

 private:
  struct Block {
    std::size_t to = 0;
    std::uint32_t from_address = 0, to_address = 0;
    std::vector<std::byte> data;
  };

  void round(unsigned number) {
    const std::size_t chips = board_.size();
    std::vector<std::uint32_t> expected(chips, 0);
    blocks_.assign(chips, {});
    for (std::size_t i = 0; i < chips; ++i) {
      board_.device(i).write_register(register_base + r::sem, 0);
      Block& block = blocks_[i];
      block.to = (i + 1 + random_() % (chips - 1)) % chips;
      ++expected[block.to];
      const std::uint32_t word = geometry_.word_bytes();
      const auto words = static_cast<std::uint32_t>(1 + random_() % (part_ / word));
      block.from_address = static_cast<std::uint32_t>(random_() % (half_ / word - words + 1)) * word;
      block.to_address = half_ + static_cast<std::uint32_t>(i) * part_;
      block.data.resize(std::size_t{words} * word);
      std::ranges::generate(block.data, [&] { return static_cast<std::byte>(random_()); });
      board_.device(i).write_words(block.from_address, block.data);
    }
    for (std::size_t i = 0; i < chips; ++i) submit(i);
    constexpr std::uint64_t glance = 200;  // clocks from one look to the next
    std::uint64_t waited = 0;
    for (std::size_t i = 0; i < chips; ++i) {
      while (board_.device(i).read_register(register_base + r::sem) != expected[i]) {
        if (waited > patience_) fail(number, fmt::format("chip {} did not get all that was sent to it", i));
        board_.run(glance);
        waited += glance;
      }
    }
    for (std::size_t i = 0; i < chips; ++i) {
      std::vector<std::byte> arrived(blocks_[i].data.size());
      board_.device(blocks_[i].to).read_words(blocks_[i].to_address, arrived);
      if (arrived == blocks_[i].data) continue;
      fail(number, fmt::format("what chip {} sent to chip {} arrived changed", i, blocks_[i].to));
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
    const Place to = board_.file().chips[block.to];
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
  std::uint64_t seed_, patience_;
  std::mt19937_64 random_;
  std::uint32_t half_ = 0, part_ = 0;
  std::vector<Block> blocks_;
};

}  // namespace

Traffic exchange(Board& board, unsigned rounds, std::uint64_t seed, std::uint64_t patience) {
  return Exchange(board, seed, patience).run(rounds);
}

}  // namespace hilbert::board
