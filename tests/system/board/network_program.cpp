// SPDX-License-Identifier: Apache-2.0
// Chains of jobs from chip to chip: made at random, run on plain tiles, run on a board.
#include "network_program.hpp"

#include <algorithm>
#include <cstring>
#include <deque>
#include <hilbert/model/layout.hpp>
#include <hilbert/model/tile.hpp>
#include <hilbert/regs/tile.hpp>
#include <memory>
#include <stdexcept>

#include "support/random.hpp"

namespace hilbert::test {
namespace {

namespace r = regs::tile;
using model::Descriptor;
using model::Geometry;
using model::Opcode;

constexpr unsigned chains = 4, first_semaphore = 4, end_semaphore = 0;

class Generator {
 public:
  Generator(const BoardFile& file, const Geometry& geometry, std::uint64_t seed)
      : file_(file), g_(geometry), random_(seed), block_(geometry.data_bytes() / (4 * chains)) {}

  NetworkProgram make(unsigned stages) {
    NetworkProgram program;
    for (std::size_t i = 0; i < file_.chips.size(); ++i) {
      auto& memory = program.memories.emplace_back(g_.data_bytes());
      std::ranges::generate(memory, [&] { return static_cast<std::byte>(random_()); });
    }
    std::vector<std::size_t> at;
    for (unsigned chain = 0; chain < chains; ++chain) {
      at.push_back(random_.below(file_.chips.size()));
      program.steps.push_back({at[chain], compute(chain, false)});
    }
    for (unsigned i = 0; i < stages; ++i) {
      const auto chain = static_cast<unsigned>(random_.below(chains));
      const std::size_t from = at[chain], to = random_.below(file_.chips.size());
      for (Step& step : pass_on(chain, from, to)) program.steps.push_back(std::move(step));
      program.steps.push_back({to, compute(chain, true)});
      at[chain] = to;
    }
    for (unsigned chain = 0; chain < chains; ++chain) {
      Descriptor end = transfer(Opcode::signal, file_.chips[0]);
      end.set_there(end_semaphore, 1);
      program.steps.push_back({at[chain], end});
    }
    return program;
  }

 private:
  bool maybe() { return random_.below(2) != 0; }

  // A chain's place for what arrives, and for what leaves; behind them all, constants.
  [[nodiscard]] std::uint32_t in(unsigned chain) const { return 2 * chain * block_; }
  [[nodiscard]] std::uint32_t out(unsigned chain) const { return (2 * chain + 1) * block_; }
  std::uint32_t constant() {
    const std::uint32_t first = 2 * chains * block_, words = (g_.data_bytes() - first - block_) / g_.word_bytes();
    return first + static_cast<std::uint32_t>(random_.below(words)) * g_.word_bytes();
  }

  static Descriptor transfer(Opcode opcode, Place place) {
    Descriptor job;
    job.opcode = opcode;
    job.set_place(place.x, place.y);
    return job;
  }

  std::vector<Step> pass_on(unsigned chain, std::size_t from, std::size_t to) {
    const std::uint32_t words = block_ / g_.word_bytes();
    const auto semaphore = static_cast<std::uint8_t>(first_semaphore + chain);
    Descriptor move = transfer(Opcode::send, file_.chips[to]);
    move.m = static_cast<std::uint16_t>(1 + random_.below(4));
    move.n = static_cast<std::uint16_t>(1 + random_.below(words / move.m));
    const auto stride = [&] {
      return static_cast<std::uint32_t>(move.n + random_.below(words / move.m - move.n + 1)) * g_.word_bytes();
    };
    move.a_at = {out(chain), stride()};
    move.d_at = {in(chain), stride()};
    if (maybe()) {
      move.set_there(semaphore, 1);
      return {{from, move}};
    }
    Descriptor tell = transfer(Opcode::signal, file_.chips[to]);
    tell.set_there(semaphore, 1);
    move.opcode = Opcode::get;
    move.set_place(file_.chips[from].x, file_.chips[from].y);
    move.wait_semaphore = move.signal_semaphore = semaphore;
    move.wait_count = move.signal_count = 1;
    return {{from, tell}, {to, move}};
  }

  /// From what arrived (or constants) to what leaves.
  Descriptor compute(unsigned chain, bool waits) {
    Descriptor job;
    switch (random_.below(4)) {
      case 0:
        job.opcode = Opcode::copy;
        job.m = 1;
        job.n = static_cast<std::uint16_t>(1 + random_.below(block_ / g_.word_bytes()));
        break;
      case 1:
        job.opcode = Opcode::convert;
        job.a = {model::Format::bf16, 0};
        job.d = {model::Format::e4m3, 0};
        job.relu = maybe();
        job.m = static_cast<std::uint16_t>(1 + random_.below(8));
        job.n = static_cast<std::uint16_t>(1 + random_.below(16));
        job.a_at.stride = job.d_at.stride = block_ / 4;
        break;
      default:
        job.opcode = Opcode::gemm;
        job.a = job.b = {maybe() ? model::Format::bf16 : model::Format::int8, 0};
        job.d = {maybe() ? model::Format::fp32 : model::Format::bf16, 0};
        job.m = static_cast<std::uint16_t>(1 + random_.below(8));
        job.n = static_cast<std::uint16_t>(1 + random_.below(16));
        job.k = static_cast<std::uint16_t>(1 + random_.below(16));
        job.accumulate = maybe();
        job.b_at = {constant(), block_ / 4};
        if (job.accumulate) job.c_at = {constant(), block_ / 4};
        job.a_at.stride = job.d_at.stride = block_ / 4;
        break;
    }
    job.a_at.base = waits ? in(chain) : constant();
    job.d_at.base = out(chain);
    if (waits) {
      job.wait_semaphore = static_cast<std::uint8_t>(first_semaphore + chain);
      job.wait_count = 1;
    }
    return job;
  }

  const BoardFile& file_;
  Geometry g_;
  Random random_;
  std::uint32_t block_;
};

/// Every chip reaches every other by its coordinates.
class Tiles {
 public:
  Tiles(const BoardFile& file, const Geometry& geometry) : file_(file) {
    for (std::size_t i = 0; i < file.chips.size(); ++i) {
      tiles_.push_back(std::make_unique<model::Tile>(geometry));
      ways_.push_back(std::make_unique<Way>(*this, *tiles_.back()));
      tiles_.back()->join(ways_.back().get());
    }
  }
  model::Tile& operator[](std::size_t chip) { return *tiles_[chip]; }

 private:
  struct Way final : model::Network {
    Way(Tiles& tiles, model::Tile& own) : all(tiles), mine(own) {}
    bool send(unsigned x, unsigned y, std::uint32_t to, std::uint32_t from, std::uint32_t bytes) override {
      std::memmove(&all.at(x, y).memory()[to], &mine.memory()[from], bytes);
      return true;
    }
    bool get(unsigned x, unsigned y, std::uint32_t from, std::uint32_t to, std::uint32_t bytes) override {
      std::memmove(&mine.memory()[to], &all.at(x, y).memory()[from], bytes);
      return true;
    }
    void signal(unsigned x, unsigned y, unsigned semaphore, unsigned count) override {
      all.at(x, y).signal(semaphore, count);
    }
    Tiles& all;
    model::Tile& mine;
  };
  model::Tile& at(unsigned x, unsigned y) {
    const auto it = std::ranges::find(file_.chips, Place{x, y});
    return *tiles_.at(static_cast<std::size_t>(it - file_.chips.begin()));
  }

  const BoardFile& file_;
  std::vector<std::unique_ptr<model::Tile>> tiles_;
  std::vector<std::unique_ptr<Way>> ways_;
};

}  // namespace

NetworkProgram random_program(const BoardFile& file, const Geometry& geometry, std::uint64_t seed, unsigned stages) {
  return Generator(file, geometry, seed).make(stages);
}

std::vector<std::vector<std::byte>> expected_memories(const NetworkProgram& program, const BoardFile& file,
                                                      const Geometry& geometry) {
  Tiles tiles(file, geometry);
  for (std::size_t i = 0; i < program.memories.size(); ++i) {
    std::ranges::copy(program.memories[i], tiles[i].memory().begin());
  }
  for (const Step& step : program.steps) {
    const auto done = tiles[step.chip].run(step.job.pack());
    if (!done) throw std::logic_error("a job waits for one behind it");
    if (done->status != model::Status::ok) {
      throw std::logic_error("an illegal job: " + std::string(model::to_string(done->status)) + ", word " +
                             std::to_string(done->field));
    }
  }
  std::vector<std::vector<std::byte>> memories;
  for (std::size_t i = 0; i < program.memories.size(); ++i) {
    memories.emplace_back(tiles[i].memory().begin(), tiles[i].memory().end());
  }
  return memories;
}

void submit(Device& device, const Descriptor& job) {
  const model::Words words = job.pack();
  const std::uint32_t tail = device.read_register(register_base + r::queue_tail);
  device.write_words(descriptor_address(device.capabilities().geometry, tail), std::as_bytes(std::span(words)));
  device.write_register(register_base + r::queue_tail, (tail + 1) & 0xFFFF);
}

std::vector<std::vector<std::byte>> run_on(Board& board, const NetworkProgram& program, std::uint64_t seed) {
  Random random(seed);
  const std::uint32_t slots = board.device(0).capabilities().geometry.queue_slots;
  std::vector<std::deque<Descriptor>> queues(board.size());
  for (const Step& step : program.steps) queues[step.chip].push_back(step.job);
  for (std::size_t i = 0; i < board.size(); ++i) {
    board.device(i).write_words(0, program.memories[i]);
    board.device(i).write_register(register_base + r::ctrl, r::ctrl_enable_mask);
    for (unsigned s = 0; s < model::semaphore_count; ++s)
      board.device(i).write_register(register_base + r::sem + 4 * s, 0);
  }
  const auto head = [&](std::size_t i) { return board.device(i).read_register(register_base + r::queue_head); };
  const auto tail = [&](std::size_t i) { return board.device(i).read_register(register_base + r::queue_tail); };
  const auto over = [&] {
    for (std::size_t i = 0; i < board.size(); ++i) {
      if (!queues[i].empty() || head(i) != tail(i)) return false;
    }
    return board.device(0).read_register(register_base + r::sem + 4 * end_semaphore) == chains;
  };
  for (unsigned look = 0; !over(); ++look) {
    if (look == 2000) throw std::runtime_error("the program does not end");
    for (std::size_t turn = 0; turn < board.size(); ++turn) {
      const std::size_t i = random() % board.size();
      for (std::uint64_t n = random() % (slots + 1); n > 0 && !queues[i].empty(); --n) {
        if (((tail(i) - head(i)) & 0xFFFF) == slots) break;
        submit(board.device(i), queues[i].front());
        queues[i].pop_front();
      }
    }
    board.run(50);
  }
  std::vector<std::vector<std::byte>> memories;
  for (std::size_t i = 0; i < board.size(); ++i) {
    board.device(i).read_words(0, memories.emplace_back(program.memories[i].size()));
  }
  return memories;
}

}  // namespace hilbert::test
