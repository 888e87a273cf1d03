// SPDX-License-Identifier: Apache-2.0
// hb_net on boards: what transfers leave in memories and semaphores, in what order, and what becomes of those that
// fail.
#include <gtest/gtest.h>

#include <map>
#include <numeric>
#include <tuple>

#include "net_bench.hpp"
#include "support/random.hpp"

namespace hilbert::test {
namespace {

namespace r = regs::net;

template <class Shape>
class Net : public testing::Test {
 public:
  static constexpr FlitChannel::Options smallest{.capacity = Shape::max_words, .latency = 3, .stall = 0};
};
using Shapes = testing::Types<Narrow, Single, Wide>;
TYPED_TEST_SUITE(Net, Shapes);

unsigned sum(const std::array<unsigned, 8>& semaphores) {
  return std::accumulate(semaphores.begin(), semaphores.end(), 0u);
}

/// Random transfers between all chips of a board, and what they must come to. Sources of GETs lie in the lower half of
/// the memories and do not change; everything else has words of its own in the upper half.
template <class Shape>
class Traffic {
 public:
  using Node = NetNode<Shape>;

  Traffic(Board<Shape>& board, unsigned side_x, unsigned side_y, std::uint64_t seed)
      : board_(board), side_x_(side_x), side_y_(side_y), random_(seed) {
    for (auto& node : board_.nodes) {
      expected_.push_back(node->memory);
      free_.push_back(Node::words / 2);
    }
    for (unsigned n = 0; n < expected_.size(); ++n) {
      board_.nodes[n]->on_signal = [this, n](unsigned index, unsigned count) { signalled(n, index, count); };
    }
  }

  /// Gives node `n` a transfer to or from anybody. False if there is no room left.
  bool add(unsigned n) {
    Command c;
    const unsigned other = random_.below(side_x_ * side_y_);
    c.x = other % side_x_;
    c.y = other / side_x_;
    c.opcode = random_.chance(0.2) ? op_signal : random_.chance(0.5) ? op_send : op_get;
    if (c.opcode != op_signal) {
      c.rows = 1 + random_.below(4);
      c.words = 1 + random_.below(random_.chance(0.3) ? 3 * Node::flit_words : 4);
      c.d_stride = c.words + random_.below(3);
      const unsigned d_node = c.opcode == op_send ? other : n;
      const auto d = take(d_node, c.rows * c.d_stride);
      if (!d) return false;
      c.d = *d;
      if (c.opcode == op_send) {
        c.a_stride = c.words;
        const auto a = take(n, c.rows * c.words);
        if (!a) return false;
        c.a = *a;
      } else {
        c.a_stride = random_.below(c.words + 2);
        c.a = random_.below(Node::words / 2 - (c.rows - 1) * c.a_stride - c.words);
      }
      const unsigned a_node = c.opcode == op_send ? n : other;
      for (unsigned row = 0; row < c.rows; ++row) {
        for (unsigned i = 0; i < c.words; ++i) {
          expected_[d_node][c.d + row * c.d_stride + i] = expected_[a_node][c.a + row * c.a_stride + i];
        }
      }
    }
    // Every signal has a number of its own: semaphore and count.
    if (c.opcode != op_get && random_.chance(0.7)) {
      std::tie(c.there_sem, c.there_count) = name();
      awaited_[{other, c.there_sem, c.there_count}] = {c, other, c.opcode == op_send, false};
    }
    if (random_.chance(0.7)) {
      std::tie(c.sem, c.count) = name();
      awaited_[{n, c.sem, c.count}] = {c, n, c.opcode == op_get, c.opcode == op_send};
    }
    board_.nodes[n]->commands.push_back(c);
    ++commands;
    return true;
  }

  void check() {
    EXPECT_EQ(awaited_.size(), 0u) << "signals that were never given";
    for (unsigned n = 0; n < expected_.size(); ++n) {
      for (unsigned w = 0; w < Node::words; ++w) {
        ASSERT_EQ(board_.nodes[n]->memory[w], expected_[n][w]) << "node " << n << ", word " << w;
      }
    }
  }

  unsigned commands = 0;

 private:
  struct Signal {
    Command command;
    unsigned node;
    bool data_is_there;   ///< D lies at this node and must be whole
    bool source_is_free;  ///< A lies at this node and may change
  };

  void signalled(unsigned n, unsigned index, unsigned count) {
    const auto found = awaited_.find({n, index, count});
    ASSERT_NE(found, awaited_.end()) << "node " << n << ": semaphore " << index << " + " << count;
    const Signal signal = found->second;
    awaited_.erase(found);
    const Command& c = signal.command;
    for (unsigned row = 0; row < c.rows; ++row) {
      for (unsigned i = 0; i < c.words; ++i) {
        if (signal.data_is_there) {
          const unsigned at = c.d + row * c.d_stride + i;
          ASSERT_EQ(board_.nodes[n]->memory[at], expected_[n][at]) << "signalled before the data, word " << at;
        }
        if (signal.source_is_free) {
          const unsigned at = c.a + row * c.a_stride + i;
          for (auto& piece : board_.nodes[n]->memory[at]) piece = random_();
          expected_[n][at] = board_.nodes[n]->memory[at];
        }
      }
    }
  }
  std::optional<unsigned> take(unsigned node, unsigned words) {
    if (free_[node] + words > Node::words) return std::nullopt;
    return std::exchange(free_[node], free_[node] + words);
  }
  std::pair<unsigned, unsigned> name() {
    const unsigned n = names_++;
    return {n % 8, 1 + n / 8 % 255};
  }

  Board<Shape>& board_;
  unsigned side_x_, side_y_;
  Random random_;
  std::vector<std::vector<typename Node::Word>> expected_;
  std::vector<unsigned> free_;  ///< first word not yet given away, by node
  std::map<std::tuple<unsigned, unsigned, unsigned>, Signal> awaited_;
  unsigned names_ = 0;
};

TYPED_TEST(Net, TransfersLeaveWhatTheySayInOrder) {
  unsigned commands = 0;
  for (std::uint64_t seed = run_seed(); seed < run_seed() + 12; ++seed) {
    SCOPED_TRACE("HILBERT_SEED=" + std::to_string(seed));
    Random random(seed);
    const unsigned side_x = 1 + random.below(3), side_y = 1 + random.below(2);
    Board<TypeParam> board(side_x, side_y,
                           {.capacity = TypeParam::max_words + random.below(2U) * 200,
                            .latency = 1 + random.below(20U),
                            .stall = 0.2 * random.below(3)},
                           seed);
    for (auto& node : board.nodes) {
      node->stalls = {.memory = 0.3 * random.below(3), .semaphores = 0.3 * random.below(3)};
    }
    Traffic<TypeParam> traffic(board, side_x, side_y, seed);
    bool room = true;
    while (room) {
      for (unsigned n = 0; n < board.nodes.size() && room; ++n) {
        for (unsigned i = random.below(4); i > 0 && room; --i) room = traffic.add(n);
      }
      board.clock(random.below(200));
      if (this->HasFatalFailure()) return;
    }
    board.drain();
    ASSERT_NO_FATAL_FAILURE(traffic.check());
    std::array<std::uint64_t, 2> in{}, out{};
    unsigned transfers = 0;
    for (unsigned n = 0; n < board.nodes.size(); ++n) {
      for (unsigned v = 0; v < 2; ++v) {
        in[v] += board.read(n, r::words_in + 4 * v);
        out[v] += board.read(n, r::words_out + 4 * v);
      }
      transfers += board.read(n, r::transfers);
      EXPECT_EQ(board.read(n, r::irq_status), 0u);
    }
    EXPECT_EQ(in, out);
    EXPECT_EQ(transfers, traffic.commands);
    commands += traffic.commands;
  }
  this->RecordProperty("transfers", std::to_string(commands));
}

/// The later of two SENDs to the same words wins; a GET reads what SENDs before it wrote, and not what later ones
/// write, however long its answers are held up.
TYPED_TEST(Net, LaterTransfersTakeEffectLater) {
  for (std::uint64_t seed = run_seed(); seed < run_seed() + 40; ++seed) {
    SCOPED_TRACE("HILBERT_SEED=" + std::to_string(seed));
    Board<TypeParam> board(2, 1, {.capacity = 200, .latency = 3, .stall = 0}, seed);
    auto& here = board.at(0, 0);
    auto& there = board.at(1, 0);
    Random random(seed);
    const unsigned words = 1 + random.below(4 * NetNode<TypeParam>::flit_words);
    here.stalls.memory = there.stalls.memory = 0.4 * random.below(2);
    const auto before = there.memory;
    const auto mine = here.memory;
    here.commands = {
        {.opcode = op_get, .rows = 1, .words = words, .a = 10, .d = 100, .x = 1},
        {.opcode = op_send, .rows = 1, .words = words, .a = 300, .d = 10, .x = 1},
        {.opcode = op_send, .rows = 1, .words = words, .a = 400, .d = 10, .x = 1},
        {.opcode = op_get, .rows = 1, .words = words, .a = 10, .d = 200, .x = 1},
    };
    // Its own transfers keep the other chip's memory port busy.
    there.commands.assign(4, {.opcode = op_send, .rows = 1, .words = 40, .a = 0, .d = 470});
    auto& answers = board.channels[8 * 1 + 2 * 1 + 1];
    answers.blocked = seed % 3 != 0;
    board.clock(600);
    answers.blocked = false;
    board.drain();
    for (unsigned i = 0; i < words; ++i) {
      ASSERT_EQ(here.memory[100 + i], before[10 + i]) << i;
      ASSERT_EQ(there.memory[10 + i], mine[400 + i]) << i;
      ASSERT_EQ(here.memory[200 + i], mine[400 + i]) << i;
    }
  }
}

/// The word that a SEND has just delivered is the word that a GET behind it brings back, though the memory there is
/// busy.
TYPED_TEST(Net, AGetSeesWhatWasJustSent) {
  Board<TypeParam> board(2, 1, {.capacity = 1000, .latency = 3, .stall = 0}, run_seed());
  auto& here = board.at(0, 0);
  auto& there = board.at(1, 0);
  there.stalls.memory = 0.8;
  for (unsigned i = 0; i < 100; ++i) {
    here.commands.push_back({.opcode = op_send, .rows = 1, .words = 1, .a = 300 + i, .d = 10, .x = 1});
    here.commands.push_back({.opcode = op_get, .rows = 1, .words = 1, .a = 10, .d = 100 + i, .x = 1});
    there.commands.push_back({.opcode = op_send, .rows = 1, .words = 20, .a = 50, .d = 450});
  }
  board.drain();
  for (unsigned i = 0; i < 100; ++i) ASSERT_EQ(here.memory[100 + i], here.memory[300 + i]) << i;
}

/// A GET does not flood the network: no more READs than CFG says are without their answers.
TYPED_TEST(Net, AGetKeepsWithinItsWindow) {
  using Node = NetNode<TypeParam>;
  Board<TypeParam> board(2, 1, {.capacity = 1000, .latency = 3, .stall = 0}, run_seed());
  const std::uint32_t window = board.read(0, r::cfg) >> 24, flits = window + 4;
  board.at(0, 0).commands = {
      {.opcode = op_get, .rows = 1, .words = flits * Node::flit_words, .a = 0, .d = 256, .x = 1}};
  board.at(0, 0).commands.push_back(board.at(0, 0).commands.front());
  board.channels[8 * 1 + 2 * 1 + 1].blocked = true;
  board.clock(1500);
  EXPECT_EQ(board.channels[0].words, 2 * window);
  board.channels[8 * 1 + 2 * 1 + 1].blocked = false;
  board.drain();
  EXPECT_EQ(board.channels[0].words, 2 * 2 * flits);
}

/// One uncorrectable word ends its transfer: nothing of its flit or of what follows arrives, and nobody is signalled.
TYPED_TEST(Net, UncorrectableWordsEndTheirTransfer) {
  constexpr unsigned flit = NetNode<TypeParam>::flit_words;
  for (std::uint64_t seed = run_seed(); seed < run_seed() + 30; ++seed) {
    SCOPED_TRACE("HILBERT_SEED=" + std::to_string(seed));
    Random random(seed);
    Board<TypeParam> board(2, 1, this->smallest, seed);
    auto& here = board.at(0, 0);
    auto& there = board.at(1, 0);
    here.stalls.memory = there.stalls.memory = 0.3 * random.below(2);
    const bool get = seed % 2;
    auto& source = get ? there : here;
    auto& target = get ? here : there;
    const unsigned words = 1 + random.below(6 * flit), bad = random.below(words);
    source.uncorrectable = {8 + bad};
    if (bad % flit + 1 < flit) source.uncorrectable.insert(8 + bad + 1);  // of the same flit: not the first
    const auto before = target.memory;
    const auto data = source.memory;
    here.commands.push_back({.opcode = get ? op_get : op_send,
                             .rows = 1,
                             .words = words,
                             .a = 8,
                             .d = 128,
                             .x = 1,
                             .there_sem = 1,
                             .there_count = get ? 0u : 1u,
                             .sem = 2,
                             .count = 1});
    here.commands.push_back({.opcode = op_send,
                             .rows = 1,
                             .words = 1,
                             .a = 300,
                             .d = 400,
                             .x = 1,
                             .there_sem = 3,
                             .there_count = 5,
                             .sem = 4,
                             .count = 6});
    here.commands.push_back(
        {.opcode = op_get, .rows = 1, .words = 1, .a = 300, .d = 401, .x = 1, .sem = 5, .count = 7});
    board.drain();
    EXPECT_EQ(here.semaphores, (std::array<unsigned, 8>{0, 0, 0, 0, 6, 7, 0, 0}));
    EXPECT_EQ(there.semaphores, (std::array<unsigned, 8>{0, 0, 0, 5, 0, 0, 0, 0}));
    EXPECT_EQ(here.memory[401], there.memory[300]);
    EXPECT_EQ(there.memory[400], here.memory[300]);
    for (unsigned i = 0; i < words; ++i) {
      const bool whole = i / flit < bad / flit;
      if (whole) ASSERT_EQ(target.memory[128 + i], data[8 + i]) << i;
      if (i / flit == bad / flit || (!get && !whole)) ASSERT_EQ(target.memory[128 + i], before[128 + i]) << i;
    }
    const unsigned here_cause = get ? r::irq_status_get_lost_mask : r::irq_status_poison_mask;
    EXPECT_EQ(board.read(0, r::irq_status), here_cause);
    EXPECT_EQ(board.read(1, r::irq_status), get ? r::irq_status_poison_mask : 0u);
    EXPECT_EQ(board.read(get ? 1 : 0, r::poisoned), 1u);
    EXPECT_EQ(board.read(get ? 1 : 0, r::poison_addr), (8 + bad) * TypeParam::word_bytes);
    EXPECT_EQ(board.read(0, r::gets_lost), unsigned{get});
    EXPECT_EQ(board.read(0, r::transfers), 2u);
    EXPECT_FALSE(here.irq());
    board.write(0, r::irq_enable, here_cause);
    board.clock();
    EXPECT_TRUE(here.irq());
    board.write(0, r::irq_status, here_cause);
    board.clock();
    EXPECT_FALSE(here.irq());
    EXPECT_EQ(board.read(0, r::irq_status), 0u);
  }
}

/// What goes nowhere is counted and holds up nobody; a GET that gets no answer is given up; an answer that comes too
/// late changes nothing.
TYPED_TEST(Net, NobodyWaitsForAChipThatIsNotThere) {
  Board<TypeParam> board(2, 1, this->smallest, run_seed());
  auto& here = board.at(0, 0);
  board.write(0, r::get_timeout, 500);
  const unsigned words = 2 * NetNode<TypeParam>::flit_words;
  here.commands = {{.opcode = op_send,
                    .rows = 1,
                    .words = words,
                    .a = 8,
                    .d = 128,
                    .x = 0,
                    .y = 3,
                    .there_sem = 1,
                    .there_count = 1,
                    .sem = 0,
                    .count = 1},
                   {.opcode = op_get, .rows = 1, .words = 1, .a = 8, .d = 128, .x = 0, .y = 3, .sem = 1, .count = 1},
                   {.opcode = op_get, .rows = 1, .words = words, .a = 8, .d = 128, .x = 1, .sem = 2, .count = 1}};
  const auto there = board.at(1, 0).memory;
  board.drain();
  EXPECT_EQ(here.semaphores, (std::array<unsigned, 8>{1, 0, 1, 0, 0, 0, 0, 0}));
  for (unsigned i = 0; i < words; ++i) EXPECT_EQ(here.memory[128 + i], there[8 + i]);
  EXPECT_EQ(board.read(0, r::no_routes), 4u) << "two WRITEs, a SIGNAL, a READ";
  EXPECT_EQ(board.read(0, r::gets_lost), 1u);
  EXPECT_EQ(board.read(0, r::irq_status), r::irq_status_no_route_mask | r::irq_status_get_lost_mask);
  board.write(0, r::irq_status, ~0u);

  // The link goes down: it takes everything and delivers nothing.
  for (unsigned v = 0; v < 2; ++v) board.channels[2 * 0 + v].down = true;
  here.commands = {
      {.opcode = op_send, .rows = 3, .words = words, .a = 8, .d = 200, .d_stride = 100, .x = 1, .sem = 3, .count = 1},
      {.opcode = op_get, .rows = 1, .words = 1, .a = 8, .d = 200, .x = 1, .sem = 4, .count = 1}};
  board.drain();
  EXPECT_EQ(here.semaphores, (std::array<unsigned, 8>{1, 0, 1, 1, 0, 0, 0, 0}));
  EXPECT_EQ(board.channels[0].discarded_words,
            3 * 2 * (1 + NetNode<TypeParam>::flit_words * NetNode<TypeParam>::pieces) + 2);
  EXPECT_EQ(board.read(0, r::irq_status), r::irq_status_get_lost_mask);
  board.write(0, r::irq_status, ~0u);

  // Answers on their way while the GET is given up, and the next one begins.
  for (unsigned v = 0; v < 2; ++v) board.channels[2 * 0 + v].down = false;
  board.write(0, r::get_timeout, 30);
  board.at(1, 0).stalls.memory = 1;
  const auto mine = here.memory;
  here.commands = {{.opcode = op_get, .rows = 1, .words = 1, .a = 8, .d = 300, .x = 1, .sem = 5, .count = 1}};
  while (board.read(0, r::gets_lost) != 3 && board.clocks < 1'000'000) board.clock();
  board.write(0, r::get_timeout, 0);
  board.at(1, 0).stalls.memory = 0;
  here.commands = {{.opcode = op_get, .rows = 1, .words = 1, .a = 9, .d = 301, .x = 1, .sem = 6, .count = 1}};
  board.drain();
  EXPECT_EQ(here.semaphores, (std::array<unsigned, 8>{1, 0, 1, 1, 0, 0, 1, 0}));
  EXPECT_EQ(here.memory[300], mine[300]);
  EXPECT_EQ(here.memory[301], there[9]);
  EXPECT_EQ(board.read(0, r::bad_flits), 1u);
  EXPECT_EQ(board.read(0, r::bad_header) & 0xF, 3u);
  EXPECT_EQ(board.read(0, r::bad_header + 4), 300 * TypeParam::word_bytes);
}

/// Flits from outside, sensible and not, against a model of the contract: memory, semaphores, counts, answers.
TYPED_TEST(Net, FlitsFromOutside) {
  using Node = NetNode<TypeParam>;
  constexpr unsigned bytes = TypeParam::word_bytes;
  for (std::uint64_t seed = run_seed(); seed < run_seed() + 10; ++seed) {
    SCOPED_TRACE("HILBERT_SEED=" + std::to_string(seed));
    Random random(seed);
    Board<TypeParam> board(1, 1, this->smallest, seed);
    auto& node = *board.nodes[0];
    board.write(0, r::place, 3 | 5 << 4);
    board.write(0, r::ports, 0xF);
    node.stalls = {.memory = 0.3 * random.below(3), .semaphores = 0.3 * random.below(2)};
    FlitChannel in({.capacity = 1000, .latency = 1, .stall = 0.2}, seed);
    auto memory = node.memory;
    std::array<unsigned, 8> semaphores{};
    unsigned bad = 0, answers = 0;
    std::vector<std::uint64_t> expected_answers, got_answers;
    std::optional<std::uint64_t> first_bad;

    for (int flit = 0; flit < 400; ++flit) {
      const unsigned v = random.below(10) == 0;
      unsigned op = random.chance(0.9) ? 1 + random.below(4) : random.below(16);
      std::uint32_t address = random.below(Node::words) * bytes;
      if (random.chance(0.1)) address = (Node::words - random.below(3)) * bytes;
      if (random.chance(0.1)) address = static_cast<std::uint32_t>(random());
      if (random.chance(0.05)) address |= 1u << random.below(4);
      unsigned field = random.chance(0.9) ? 0 : random.below(4096);
      unsigned len = 1;
      if (op == 1 || op == 3) len = 1 + (1 + random.below(Node::flit_words)) * Node::pieces;
      if (op == 2) {
        len = 2;
        field = random.chance(0.9) ? 1 + random.below(Node::flit_words) : random.below(4096);
      }
      if (op == 4) {
        field = random.below(random.chance(0.9) ? 2048 : 4096);
        if (random.chance(0.8)) address = 0;
      }
      if (random.chance(0.1)) len = 1 + random.below(TypeParam::max_words);
      std::vector<std::uint64_t> words{op | 3u << 4 | 5u << 8 | 1u << 12 | 2u << 16 | std::uint64_t{field} << 20 |
                                       std::uint64_t{address} << 32};
      while (words.size() < len) words.push_back(random());

      // The model
      const unsigned body = len - 1;
      const auto fits = [&](unsigned count) {
        return address % bytes == 0 && count >= 1 && count <= Node::flit_words &&
               std::uint64_t{address} + std::uint64_t{count} * bytes <= TypeParam::data_bytes;
      };
      if (v == 0 && op == 1 && field == 0 && body % Node::pieces == 0 && fits(body / Node::pieces)) {
        for (unsigned i = 0; i < body; ++i) memory[address / bytes + i / Node::pieces][i % Node::pieces] = words[1 + i];
      } else if (v == 0 && op == 2 && body == 1 && fits(field)) {
        expected_answers.push_back(3 | 1u << 4 | 2u << 8 | 3u << 12 | 5u << 16 | (words[1] >> 32 & 0xFF) << 20 |
                                   words[1] << 32);
        for (unsigned i = 0; i < field * Node::pieces; ++i) {
          expected_answers.push_back(memory[address / bytes + i / Node::pieces][i % Node::pieces]);
        }
        ++answers;
      } else if (v == 0 && op == 4 && body == 0 && field < 2048 && address == 0) {
        semaphores[field & 7] += field >> 3;
      } else {
        ++bad;
        if (!first_bad) first_bad = words[0];
      }

      // In at port 0, until the last word has gone in
      const unsigned port = random.below(4);
      for (std::size_t i = 0; i < words.size();) {
        const FlitWord word{words[i], i + 1 == words.size(), len};
        const bool offered = i != 0 || !random.chance(0.2);
        node.offer(port, v, offered ? &word : nullptr);
        node.begin();
        node.settle();
        for (unsigned p = 0; p < 4; ++p) {
          for (unsigned c = 0; c < 2; ++c) node.ready(p, c, true);
        }
        node.respond();
        node.settle();
        if (node.gives(1, 1)) got_answers.push_back(node.word(1, 1).data);
        ASSERT_FALSE(node.gives(0, 0) || node.gives(1, 0) || node.gives(2, 0) || node.gives(3, 0));
        ASSERT_FALSE(node.gives(0, 1) || node.gives(2, 1) || node.gives(3, 1)) << "answers go towards x = 1";
        i += offered && node.takes(port, v);
        node.end();
      }
      // Order between channels and ports is free: let each flit take effect before the next.
      for (int i = 0; i < 600; ++i) {
        node.offer(port, v, nullptr);
        node.begin();
        node.settle();
        node.respond();
        node.settle();
        if (node.gives(1, 1)) got_answers.push_back(node.word(1, 1).data);
        node.end();
        if (i > 40 && got_answers.size() == expected_answers.size() && node.memory == memory &&
            node.semaphores == semaphores) {
          break;
        }
      }
      ASSERT_EQ(node.memory, memory) << "flit " << flit;
      ASSERT_EQ(node.semaphores, semaphores);
      ASSERT_EQ(got_answers, expected_answers);
    }
    EXPECT_GT(bad, 30u);
    EXPECT_GT(answers, 30u);
    EXPECT_EQ(board.read(0, r::bad_flits), bad);
    EXPECT_EQ(board.read(0, r::bad_header), static_cast<std::uint32_t>(*first_bad));
    EXPECT_EQ(board.read(0, r::bad_header + 4), static_cast<std::uint32_t>(*first_bad >> 32));
  }
}

TYPED_TEST(Net, Registers) {
  Board<TypeParam> board(1, 1, this->smallest, run_seed());
  EXPECT_EQ(board.read(0, r::id), r::id_value);
  EXPECT_EQ(board.read(0, r::version), r::version_value);
  EXPECT_EQ(board.read(0, r::map_hash), r::hash_value);
  const std::uint32_t cfg = board.read(0, r::cfg);
  EXPECT_EQ(cfg, 4u | TypeParam::max_words << 8 | NetNode<TypeParam>::flit_words << 16 |
                     (NetNode<TypeParam>::flit_words * TypeParam::word_bytes < 256 ? 16u : 4u) << 24);
  EXPECT_EQ(board.read(0, r::get_timeout), r::get_timeout_reset);
  for (std::uint32_t offset = 0; offset < 0x1000; offset += 2) {
    const bool writable = offset == r::place || offset == r::ports || offset == r::get_timeout ||
                          offset == r::irq_status || offset == r::irq_enable;
    const bool hole = offset % 4 != 0 || offset >= r::size || (offset > r::poison_addr && offset < r::bad_flits);
    board.read(0, offset);
    ASSERT_EQ(board.nodes[0]->refused(), hole) << offset;
    board.write(0, offset, ~0u);
    ASSERT_EQ(board.nodes[0]->refused(), !writable) << offset;
    const std::uint32_t bits = offset == r::place ? 0xFF : offset == r::get_timeout ? ~0u : 0xF;
    if (writable && offset != r::irq_status) ASSERT_EQ(board.read(0, offset), bits) << offset;
  }
}

/// What a SEND, and a GET, take of a link that could carry a word a clock.
TYPED_TEST(Net, KeepsALinkBusy) {
  using Node = NetNode<TypeParam>;
  const unsigned words = 12 * Node::flit_words, link_words = words * Node::pieces + 12;
  for (const Opcode opcode : {op_send, op_get}) {
    Board<TypeParam> board(2, 1, {.capacity = 1000, .latency = 20, .stall = 0}, run_seed());
    auto& here = board.at(0, 0);
    const unsigned v = opcode == op_get, node = opcode == op_get;
    here.commands = {{.opcode = opcode, .rows = 1, .words = words, .a = 0, .d = 256, .x = 1, .sem = 0, .count = 1}};
    const auto& channel = board.channels[8 * node + 2 * node + v];
    std::uint64_t first = 0, last = 0;
    while (channel.words < link_words && board.clocks < 20'000) {
      board.clock();
      if (channel.words == 1) first = board.clocks;
      last = board.clocks;
    }
    ASSERT_EQ(channel.words, link_words);
    const double share = static_cast<double>(link_words) / static_cast<double>(last - first + 1);
    std::printf("%s of flits of %u words: %.1f %% of the link's clocks\n", opcode == op_send ? "SEND" : "GET",
                1 + Node::flit_words * Node::pieces, 100 * share);
    this->RecordProperty(opcode == op_send ? "send_percent" : "get_percent", std::to_string(100 * share));
    if (Node::flit_words * Node::pieces == 128) EXPECT_GT(share, opcode == op_send ? 0.99 : 0.95);
  }
}

}  // namespace
}  // namespace hilbert::test
