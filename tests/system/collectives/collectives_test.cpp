// SPDX-License-Identifier: Apache-2.0
// Broadcast, all-gather and all-reduce on boards of many shapes; every sum bit for bit by its definition.
#include "distributed/collectives.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <hilbert/error.hpp>
#include <hilbert/model/encode.hpp>
#include <hilbert/model/gemm.hpp>
#include <hilbert/regs/link.hpp>
#include <hilbert/regs/tile.hpp>

#include "support/random.hpp"

namespace hilbert::distributed {
namespace {

using model::Format;
using model::FormatSpec;

using Bytes = std::vector<std::byte>;

struct Shape {
  unsigned width, height;
  const char* chip = "4x8x2";
  bool sim = false;
};
void PrintTo(const Shape& s, std::ostream* out) { *out << s.width << "x" << s.height << " " << s.chip; }

std::unique_ptr<Board> make_board(const Shape& s, const std::string& rest = "") {
  BoardFile file =
      parse_board_file(R"({"version": 1, "name": "t", "chip": ")" + std::string(s.chip) + R"(", "mesh": {"width": )" +
                           std::to_string(s.width) + R"(, "height": )" + std::to_string(s.height) + "}" + rest + "}",
                       "f");
  return s.sim ? open_board(std::move(file), 1) : open_model_board(std::move(file));
}

class Boards : public testing::TestWithParam<Shape> {
 protected:
  std::unique_ptr<Board> board_ =
      make_board(GetParam(), GetParam().sim ? R"(, "wires": {"bit_error_rate": 1e-6})" : "");
  BoardRunner runner_{*board_};
  Collectives all_{runner_};
  const std::uint32_t word_ = board_->device(0).capabilities().geometry.word_bytes();
  const std::uint32_t memory_ = board_->device(0).capabilities().geometry.data_bytes();
  Random random_{seed_of(7)};

  std::vector<Bytes> fill() {
    std::vector<Bytes> memories(board_->size(), Bytes(memory_));
    for (std::size_t i = 0; i < board_->size(); ++i) {
      for (std::size_t at = 0; at < memory_; at += 8) {
        const std::uint64_t r = random_();
        std::memcpy(&memories[i][at], &r, 8);
      }
      board_->device(i).write_words(0, memories[i]);
    }
    return memories;
  }
  void expect_memories(const std::vector<Bytes>& expected, const std::string& what) {
    for (std::size_t i = 0; i < board_->size(); ++i) {
      Bytes got(memory_);
      board_->device(i).read_words(0, got);
      const auto [at, _] = std::ranges::mismatch(got, expected[i]);
      ASSERT_EQ(at, got.end()) << what << ", chip " << i << ", address " << at - got.begin();
    }
  }
};

TEST_P(Boards, BroadcastGivesAllTheSame) {
  auto memories = fill();
  for (const std::uint32_t words : {1u, 2u, 31u, memory_ / word_ / 2}) {
    const std::size_t root = random_.below(board_->size());
    const std::uint32_t at = random_.below(memory_ / word_ - words + 1) * word_;
    const BoardRun run = all_.broadcast(root, at, words * word_);
    EXPECT_TRUE(run.poisoned.empty());
    // First what must have come last, before it can come too late.
    const std::size_t place = static_cast<std::size_t>(std::ranges::find(all_.ring(), root) - all_.ring().begin());
    const std::size_t last = all_.ring()[(place + board_->size() - 1) % board_->size()];
    Bytes end(word_);
    board_->device(last).read_words(at + (words - 1) * word_, end);
    EXPECT_TRUE(std::equal(end.begin(), end.end(), memories[root].begin() + at + (words - 1) * word_));
    for (Bytes& memory : memories) {
      if (&memory != &memories[root]) std::copy_n(memories[root].begin() + at, words * word_, memory.begin() + at);
    }
    expect_memories(memories, std::to_string(words) + " words from chip " + std::to_string(root));
  }
}

TEST_P(Boards, AllGatherGivesAllEverything) {
  auto memories = fill();
  const auto chips = static_cast<std::uint32_t>(board_->size());
  for (const std::uint32_t words : {1u, 3u, memory_ / word_ / chips}) {
    const std::uint32_t at = random_.below(memory_ / word_ - words * chips + 1) * word_;
    all_.all_gather(at, words * word_);
    const auto before = memories;
    for (Bytes& memory : memories) {
      for (std::size_t from = 0; from < chips; ++from) {
        const auto first = static_cast<std::ptrdiff_t>(at + from * words * word_);
        std::copy_n(before[from].begin() + first, words * word_, memory.begin() + first);
      }
    }
    expect_memories(memories, std::to_string(words) + " words each");
  }
}

Bytes codes_of(FormatSpec format, std::size_t n, Random& random) {
  const std::size_t bytes = model::element_bytes(format.format);
  Bytes codes(n * bytes);
  for (std::size_t i = 0; i < n; ++i) {
    const float value = std::ldexp(static_cast<float>(static_cast<std::int64_t>(random() % 4001) - 2000) / 1000,
                                   static_cast<int>(random() % 40) - 20);
    model::Flags flags;
    const std::uint32_t code =
        model::encode(std::bit_cast<std::uint32_t>(value), format, model::Rounding::nearest, true, false, 0, flags);
    std::memcpy(&codes[i * bytes], &code, bytes);
  }
  return codes;
}

/// By the definition alone: element after element, along the ring.
Bytes expected_sum(const Collectives& all, const Collectives::Sum& sum, const std::vector<Bytes>& x, unsigned depth) {
  const Bytes one{std::byte{0x80}, std::byte{0x3F}};
  const std::size_t chips = all.ring().size(), x_bytes = model::element_bytes(sum.x.format),
                    d_bytes = model::element_bytes(sum.d.format);
  Bytes result(sum.elements * d_bytes);
  for (std::size_t b = 0; b < chips; ++b) {
    const auto [first, count] = all.block(sum, b);
    Bytes partial;
    for (std::size_t step = 1; step <= chips && count != 0; ++step) {
      const Bytes& summand = x[all.ring()[(b + step) % chips]];
      model::Gemm job{.m = count, .n = 1, .k = 1, .a = sum.x, .b = {Format::bf16, 0}, .d = {Format::fp32, 0}};
      job.accumulate = step > 1;
      job.depth = depth;
      if (step == chips) {
        job.d = sum.d;
        job.saturate = sum.saturate;
      }
      partial =
          model::gemm_reference(job, std::span(summand).subspan(first * x_bytes, count * x_bytes), one, partial).d;
    }
    std::ranges::copy(partial, result.begin() + static_cast<std::ptrdiff_t>(first * d_bytes));
  }
  return result;
}

TEST_P(Boards, AllReduceIsTheSumInTheOrderOfTheRing) {
  const unsigned depth = board_->device(0).capabilities().geometry.depth;
  const FormatSpec fp32{Format::fp32, 0}, bf16{Format::bf16, 0}, e5m2{Format::e5m2, 0}, int8{Format::int8, 0};
  struct Case {
    FormatSpec x, d;
    unsigned granules;
  };
  for (const auto& [x, d, granules] : {Case{bf16, fp32, 100},
                                       {bf16, bf16, 37},
                                       {{Format::cf8_143, 9}, fp32, 50},
                                       {bf16, e5m2, 24},
                                       {e5m2, bf16, 3},
                                       {int8, int8, 1},
                                       {bf16, fp32, 0}}) {
    auto memories = fill();
    Collectives::Sum sum{.x = x, .d = d, .saturate = true};
    sum.elements = granules * all_.granule(sum);
    std::uint32_t at = 0;
    const auto take = [&](std::size_t bytes) {
      const std::uint32_t base = at + word_;
      at = base + static_cast<std::uint32_t>((bytes + word_ - 1) / word_ * word_);
      return base;
    };
    sum.x_at = take(sum.elements * model::element_bytes(x.format));
    sum.partial_at = take(sum.elements * 4u);
    sum.d_at = take(sum.elements * model::element_bytes(d.format));
    sum.scratch = take(all_.scratch_bytes(sum));
    ASSERT_LE(at, memory_);
    std::vector<Bytes> summands;
    for (std::size_t i = 0; i < board_->size(); ++i) {
      summands.push_back(codes_of(x, sum.elements, random_));
      board_->device(i).write_words(sum.x_at, summands.back());
    }
    all_.all_reduce(sum);
    const Bytes expected = expected_sum(all_, sum, summands, depth);
    for (std::size_t i = 0; i < board_->size(); ++i) {
      Bytes got(memory_);
      board_->device(i).read_words(0, got);
      const std::uint32_t result = d == fp32 ? sum.partial_at : sum.d_at;
      ASSERT_TRUE(std::equal(expected.begin(), expected.end(), got.begin() + result))
          << "chip " << i << ", " << to_string(x) << " to " << to_string(d);
      ASSERT_TRUE(std::equal(summands[i].begin(), summands[i].end(), got.begin() + sum.x_at));
      ASSERT_TRUE(std::equal(got.begin() + at, got.end(), memories[i].begin() + at)) << "nothing behind is touched";
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Model, Boards,
                         testing::Values(Shape{1, 1}, Shape{3, 1}, Shape{1, 4}, Shape{2, 2}, Shape{3, 2}, Shape{3, 3},
                                         Shape{5, 5}, Shape{2, 2, "node"}));
#if HILBERT_SIM_BOARD
INSTANTIATE_TEST_SUITE_P(Sim, Boards, testing::Values(Shape{2, 2, "4x8x2", true}));
#endif

TEST(Ring, UsesNoLinkTwiceInADirection) {
  for (unsigned width = 1; width <= 6; ++width) {
    for (unsigned height = 1; height <= 6; ++height) {
      const auto board = make_board({width, height});
      const auto& file = board->file();
      const auto ring = ring_of(file);
      std::vector<std::pair<Place, Place>> used;
      for (std::size_t i = 0; i < ring.size() && ring.size() > 1; ++i) {
        const Place to = file.chips[ring[(i + 1) % ring.size()]];
        for (Place at = file.chips[ring[i]]; at != to;) {
          Place next = at;
          unsigned& c = at.x != to.x ? next.x : next.y;
          const unsigned goal = at.x != to.x ? to.x : to.y;
          c = goal > c ? c + 1 : c - 1;
          ASSERT_EQ(std::ranges::find(used, std::pair(at, next)), used.end()) << width << " x " << height;
          ASSERT_TRUE(next == to || i + 1 == ring.size()) << "only the way back is long";
          used.emplace_back(at, next);
          at = next;
        }
      }
    }
  }
}

TEST(Ring, NeedsABoardWithoutGaps) {
  const auto board = make_board({2, 2}, R"(, "without": {"chips": [[0, 1]]})");
  EXPECT_THROW((void)ring_of(board->file()), Error);
}

TEST(Collectives, RefuseWhatIsNotThere) {
  const auto board = make_board({2, 2});
  BoardRunner runner(*board);
  Collectives all(runner);
  EXPECT_THROW(all.broadcast(0, 16, 32), Error);
  EXPECT_THROW(all.broadcast(4, 0, 32), Error);
  EXPECT_THROW(all.broadcast(0, 0x7FE0, 64), Error);
  EXPECT_THROW(all.all_gather(0, 0x2020), Error);
  EXPECT_THROW(all.all_gather(0, 8), Error);
  Collectives::Sum sum{.x = {Format::bf16, 0}, .d = {Format::fp32, 0}};
  sum.elements = all.granule(sum) * 2;
  sum.x_at = 0x1000, sum.partial_at = 0x2000, sum.scratch = 0x3000;
  EXPECT_NO_THROW(all.all_reduce(sum));
  const auto wrong = [&](auto change) {
    Collectives::Sum bad = sum;
    change(bad);
    EXPECT_THROW(all.all_reduce(bad), Error);
  };
  wrong([](auto& s) { s.x.format = Format::fp32; });
  wrong([](auto& s) { ++s.elements; });
  wrong([](auto& s) { s.x_at = 0x2020; });
  wrong([](auto& s) { s.scratch = 0x1000; });
  wrong([](auto& s) { s.partial_at = 0x8000; });
  wrong([](auto& s) { s.d.format = Format::bf16, s.d_at = 0x2000; });
}

TEST(Collectives, APoisonedWordIsTold) {
  const auto board = make_board({2, 2});
  BoardRunner runner(*board);
  Collectives all(runner);
  Device& device = board->device(2);
  device.write_register(register_base + regs::tile::inject_addr, 0x40);
  device.write_register(register_base + regs::tile::inject_bits, 3 | 40 << 8);
  device.write_register(register_base + regs::tile::inject_go, 1);
  try {
    all.broadcast(2, 0, 0x1000);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::machine);
    EXPECT_NE(error.what_happened().find("0x00000040 of chip (0, 1)"), std::string::npos) << error.what();
  }
  board->device(2).write_words(0, Bytes(0x1000));
  EXPECT_NO_THROW(all.broadcast(2, 0, 0x1000)) << "written again, it works again";
}

TEST(Collectives, ADeadLinkIsTold) {
  for (const Shape& shape : {
         Shape{2, 2},
#if HILBERT_SIM_BOARD
             Shape {
           2, 2, "4x8x2", true
         }
#endif
       }) {
    const auto board = make_board(shape);
    BoardRunner runner(*board, {.hang_clocks = 20'000});
    Collectives all(runner);
    for (std::size_t i = 0; i < 2; ++i) {  // both ends of the link between (0, 0) and (1, 0)
      board->device(i).write_register(link_register_base + 0x400 * static_cast<std::uint32_t>(i) + regs::link::ctrl, 0);
    }
    try {
      all.all_gather(0, 0x400);
      FAIL();
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::machine);
      EXPECT_NE(std::string(error.what()).find("link east of chip (0, 0) is off"), std::string::npos) << error.what();
    }
  }
}

}  // namespace
}  // namespace hilbert::distributed
