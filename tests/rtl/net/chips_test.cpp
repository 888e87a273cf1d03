// SPDX-License-Identifier: Apache-2.0
// Chips with links: SEND, GET and SIGNAL through queue, network, links and wires, against tiles of the reference model.
#include <gtest/gtest.h>

#include <hilbert/model/tile.hpp>
#include <hilbert/number.hpp>

#include "cluster.hpp"
#include "support/random.hpp"

namespace hilbert::test {
namespace {

namespace r = regs::tile;
namespace n = regs::net;
using model::Descriptor;
using model::Geometry;
using model::Opcode;

constexpr Geometry shape{4, 8, 2, 4, 8192, 8, 4, 9};
constexpr std::uint32_t word = 32, queue_base = 0x4000'0000;
static_assert(shape.word_bytes() == word);

/// Tiles of the model at the places of a mesh; nothing is ever lost.
class ModelMesh {
 public:
  ModelMesh(unsigned side_x, unsigned side_y) : side_x_(side_x) {
    for (unsigned i = 0; i < side_x * side_y; ++i) tiles.emplace_back(shape);
    for (unsigned i = 0; i < tiles.size(); ++i) ways_.push_back(std::make_unique<Way>(*this, i));
    for (unsigned i = 0; i < tiles.size(); ++i) tiles[i].join(ways_[i].get());
  }
  std::vector<model::Tile> tiles;

 private:
  struct Way final : model::Network {
    Way(ModelMesh& all, unsigned mine) : mesh(all), here(mine) {}
    model::Tile& at(unsigned x, unsigned y) const { return mesh.tiles.at(y * mesh.side_x_ + x); }
    static void copy(model::Tile& to, std::uint32_t d, model::Tile& from, std::uint32_t a, std::uint32_t bytes) {
      std::memmove(&to.memory()[d], &from.memory()[a], bytes);
    }
    bool send(unsigned x, unsigned y, std::uint32_t to, std::uint32_t from, std::uint32_t bytes) override {
      copy(at(x, y), to, mesh.tiles[here], from, bytes);
      return true;
    }
    bool get(unsigned x, unsigned y, std::uint32_t from, std::uint32_t to, std::uint32_t bytes) override {
      copy(mesh.tiles[here], to, at(x, y), from, bytes);
      return true;
    }
    void signal(unsigned x, unsigned y, unsigned semaphore, unsigned count) override {
      at(x, y).signal(semaphore, count);
    }
    ModelMesh& mesh;
    unsigned here;
  };
  unsigned side_x_;
  std::vector<std::unique_ptr<Way>> ways_;
};

Descriptor transfer(Opcode opcode, unsigned x, unsigned y, std::uint16_t rows, std::uint16_t words, model::Region a,
                    model::Region d) {
  Descriptor job;
  job.opcode = opcode;
  job.m = rows;
  job.n = words;
  job.a_at = a;
  job.d_at = d;
  job.set_place(x, y);
  return job;
}

/// A cluster and its model, with the same random memories.
class Pair {
 public:
  Pair(unsigned side_x, unsigned side_y, const tb::ChannelOptions& options)
      : chips("4x8x2", side_x, side_y, options), models(side_x, side_y), tails_(side_x * side_y) {
    Random random(options.seed);
    chips.bring_up();
    for (unsigned i = 0; i < chips.size(); ++i) {
      for (std::byte& b : models.tiles[i].memory()) b = static_cast<std::byte>(random());
      chips.write(i, 0, models.tiles[i].memory());
      chips.set(i, r::base + r::ctrl, r::ctrl_enable_mask);
    }
  }

  void submit(unsigned i, const Descriptor& job) {
    const model::Words words = job.pack();
    chips.write(i, queue_base + 64 * (tails_[i] % shape.queue_slots), std::as_bytes(std::span(words)));
    chips.set(i, r::base + r::queue_tail, ++tails_[i]);
  }
  model::Completion completion(unsigned i, unsigned number) {
    model::Words words;
    const auto bytes = chips.read(i, queue_base + 64 * (shape.queue_slots + number % shape.queue_slots), 64);
    std::memcpy(words.data(), bytes.data(), 64);
    return model::Completion::unpack(words);
  }
  /// Lets clocks pass until chip i has completed all its jobs.
  void wait(unsigned i, std::uint64_t limit = 200'000) {
    const std::uint64_t end = chips.clocks() + limit;
    while (chips.get(i, r::base + r::queue_head) != tails_[i]) {
      chips.run(50);
      ASSERT_LT(chips.clocks(), end) << "chip " << i << " does not complete its jobs";
    }
  }
  void wait_semaphore(unsigned i, unsigned index, unsigned value) {
    const std::uint64_t end = chips.clocks() + 400'000;
    while (chips.get(i, r::base + r::sem + 4 * index) < value) {
      chips.run(50);
      ASSERT_LT(chips.clocks(), end) << "semaphore " << index << " of chip " << i << " is not signalled";
    }
  }
  void compare() {
    for (unsigned i = 0; i < chips.size(); ++i) {
      const auto got = chips.read(i, 0, shape.data_bytes());
      const auto& tile = models.tiles[i];
      for (std::uint32_t w = 0; w < shape.data_bytes() / word; ++w) {
        ASSERT_EQ(std::memcmp(&got[w * word], &tile.memory()[w * word], word), 0) << "chip " << i << ", word " << w;
      }
      for (unsigned s = 0; s < 8; ++s) {
        ASSERT_EQ(chips.get(i, r::base + r::sem + 4 * s), tile.semaphores()[s]) << "chip " << i << ", semaphore " << s;
      }
    }
  }

  Cluster chips;
  ModelMesh models;

 private:
  std::vector<std::uint16_t> tails_;
};

TEST(Chips, SendGetSignalBetweenTwo) {
  Pair pair(2, 1, {.latency = 5, .seed = run_seed()});
  Descriptor send = transfer(Opcode::send, 1, 0, 3, 7, {0, 8 * word}, {0x4000, 7 * word});
  send.set_there(2, 3);
  send.signal_semaphore = 1;
  send.signal_count = 1;
  Descriptor get = transfer(Opcode::get, 1, 0, 5, 9, {0x1000, 16 * word}, {0x6000, 9 * word});
  get.signal_semaphore = 4;
  get.signal_count = 2;
  Descriptor signal = transfer(Opcode::signal, 1, 0, 0, 0, {}, {});
  signal.set_there(5, 200);

  // The receiver's job waits for the data, then uses it.
  Descriptor copy = transfer(Opcode::copy, 0, 0, 3, 7, {0x4000, 7 * word}, {0x2000, 7 * word});
  copy.seed = 0;
  copy.wait_semaphore = 2;
  copy.wait_count = 3;

  pair.submit(1, copy);
  for (const Descriptor& job : {send, get, signal}) {
    pair.submit(0, job);
    ASSERT_TRUE(pair.models.tiles[0].run(job.pack()));
  }
  ASSERT_TRUE(pair.models.tiles[1].run(copy.pack()));
  pair.wait(0);
  pair.wait(1);
  pair.wait_semaphore(0, 4, 2);
  pair.wait_semaphore(1, 5, 200);
  for (unsigned job = 0; job < 3; ++job) EXPECT_EQ(pair.completion(0, job).status, model::Status::ok);
  pair.compare();
  EXPECT_EQ(pair.chips.get(0, n::base + n::transfers), 3u);
  EXPECT_EQ(pair.chips.get(0, n::base + n::irq_status), 0u);
}

/// A GEMM runs while data leaves and comes: it is as right as ever, and transfers do not wait for its end.
TEST(Chips, TransfersOverlapAGemm) {
  Pair pair(2, 1, {.latency = 5, .seed = run_seed()});
  Descriptor gemm;
  gemm.opcode = Opcode::gemm;
  gemm.a = gemm.b = gemm.d = {model::Format::int8, 0};
  gemm.m = gemm.n = gemm.k = 64;
  gemm.a_at = {0, 4096 / 16};
  gemm.b_at = {0x2000, 512};
  gemm.d_at = {0x4000, 4096 / 16};
  const Descriptor out = [] {
    Descriptor job = transfer(Opcode::send, 1, 0, 1, 40, {0x6000, 0}, {0x6000, 0});
    job.signal_semaphore = 1;
    job.signal_count = 1;
    return job;
  }();
  const Descriptor in = transfer(Opcode::get, 1, 0, 1, 40, {0x7000, 0}, {0x7000, 0});
  for (const Descriptor& job : {out, in, gemm}) {
    pair.submit(0, job);
    ASSERT_EQ(pair.models.tiles[0].run(job.pack())->status, model::Status::ok);
  }
  // The transfers are over while the GEMM still runs.
  while (pair.chips.get(0, n::base + n::transfers) < 2) {
    pair.chips.run(20);
    ASSERT_LT(pair.chips.get(0, r::base + r::queue_head), 3u) << "the GEMM ended before the transfers did";
  }
  pair.wait(0);
  EXPECT_EQ(pair.completion(0, 2).status, model::Status::ok);
  pair.compare();
}

/// Four chips, every pair in both directions, over wires that lose bits.
TEST(Chips, FourOverBadWires) {
  Pair pair(2, 2, {.latency = 3, .bit_error_rate = 2e-5, .seed = run_seed()});
  Random random(run_seed());
  std::array<unsigned, 4> expected{};
  std::uint32_t slot = 0;
  for (unsigned round = 0; round < 2; ++round) {
    for (unsigned from = 0; from < 4; ++from) {
      for (unsigned to = 0; to < 4; ++to) {
        // Words of its own at the receiver's upper half; sources are in the lower half.
        const auto words = static_cast<std::uint16_t>(1 + random() % 10);
        const auto a = static_cast<std::uint32_t>(random() % 400) * word, d = 0x4000 + 12 * word * slot++;
        const bool get = (round + from + to) % 2 != 0;
        Descriptor job = transfer(get ? Opcode::get : Opcode::send, to % 2, to / 2, 1, words, {a, 0}, {d, 0});
        if (get) {
          job.signal_semaphore = 6;
          job.signal_count = 1;
          ++expected[from];
        } else {
          job.set_there(6, 1);
          ++expected[to];
        }
        pair.submit(from, job);
        ASSERT_EQ(pair.models.tiles[from].run(job.pack())->status, model::Status::ok);
        pair.wait(from);
      }
    }
  }
  for (unsigned i = 0; i < 4; ++i) pair.wait_semaphore(i, 6, expected[i]);
  pair.compare();
  std::uint64_t errors = 0;
  for (unsigned i = 0; i < 4; ++i) {
    for (unsigned p = 0; p < 4; ++p) errors += pair.chips.get(i, Cluster::link(p) + regs::link::crc_errors);
  }
  EXPECT_GT(errors, 0u) << "the wires were too good for this test";
}

/// A link is switched off: what would go over it is lost, and told; everything else goes on.
TEST(Chips, ALinkThatIsOffHoldsUpNobody) {
  Pair pair(2, 1, {.latency = 3, .seed = run_seed()});
  pair.chips.set(0, Cluster::link(0) + regs::link::ctrl, 0);
  pair.chips.set(0, n::base + n::get_timeout, 3000);
  Descriptor send = transfer(Opcode::send, 1, 0, 4, 16, {0, 16 * word}, {0x4000, 16 * word});
  send.set_there(1, 1);
  send.signal_semaphore = 1;
  send.signal_count = 1;
  const Descriptor get = transfer(Opcode::get, 1, 0, 1, 4, {0, 0}, {0x4000, 0});
  Descriptor self = transfer(Opcode::get, 0, 0, 1, 4, {0, 0}, {0x4400, 0});
  self.signal_semaphore = 2;
  self.signal_count = 1;
  for (const Descriptor& job : {send, get, self}) pair.submit(0, job);
  ASSERT_TRUE(pair.models.tiles[0].run(self.pack()));
  pair.models.tiles[0].signal(1, 1);
  pair.wait(0);
  pair.wait_semaphore(0, 2, 1);
  pair.compare();
  EXPECT_EQ(pair.chips.get(0, n::base + n::gets_lost), 1u);
  EXPECT_EQ(pair.chips.get(0, n::base + n::irq_status), n::irq_status_get_lost_mask);
  const unsigned flit = (9 - 1) * 8 / word;
  EXPECT_EQ(pair.chips.get(0, Cluster::link(0) + regs::link::discarded),
            4 * (16 / flit) * (1 + flit * word / 8) + 1 + 2 * 2)
      << "the WRITEs, a SIGNAL and two READs";
}

}  // namespace
}  // namespace hilbert::test
