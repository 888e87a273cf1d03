// SPDX-License-Identifier: Apache-2.0
// hb_router: everything once, whole and in order; fair; without gaps; and no deadlock in a mesh with the smallest
// buffers.
#include <gtest/gtest.h>

#include <deque>
#include <map>
#include <vector>

#include "router_bench.hpp"
#include "support/random.hpp"

namespace hilbert::test {
namespace {

constexpr unsigned all_links = 0xF;

/// Flits on their way, by where they come from and go to; checks what arrives.
class Scoreboard {
 public:
  /// A flit of `len` words. Every word tells whose it is.
  std::deque<FlitWord> make(unsigned from_x, unsigned from_y, unsigned to_x, unsigned to_y, unsigned len) {
    const std::uint32_t number = next_++;
    std::deque<FlitWord> flit;
    for (unsigned i = 0; i < len; ++i) {
      const std::uint64_t data =
          i == 0 ? make_header(1, to_x, to_y, from_x, from_y, number & 0xFFF, number) : std::uint64_t{number} << 32 | i;
      flit.push_back({data, i + 1 == len, len});
    }
    if (expect) waiting_[{from_x, from_y, to_x, to_y}].push_back(number);
    lengths_[number] = len;
    ++sent;
    return flit;
  }

  /// A word that arrives at (x, y), on stream `stream` of that place.
  void take(unsigned x, unsigned y, unsigned stream, const FlitWord& word) {
    auto& [number, at] = open_[{x, y, stream}];
    if (at == 0) {
      number = static_cast<std::uint32_t>(word.data >> 32);
      const auto field = [&](unsigned low) { return static_cast<unsigned>(word.data >> low & 0xF); };
      ASSERT_EQ(field(4), x);
      ASSERT_EQ(field(8), y);
      auto& queue = waiting_[{field(12), field(16), x, y}];
      ASSERT_FALSE(queue.empty()) << "flit " << number << " was not sent here";
      ASSERT_EQ(queue.front(), number) << "order of one pair";
      queue.pop_front();
    } else {
      ASSERT_EQ(word.data, std::uint64_t{number} << 32 | at);
    }
    ++at;
    ASSERT_EQ(word.len, lengths_[number]);
    ASSERT_EQ(word.last, at == lengths_[number]);
    if (word.last) {
      at = 0;
      ++arrived;
    }
  }

  bool expect = true;  ///< flits made now shall arrive
  std::uint64_t sent = 0, arrived = 0;

 private:
  std::uint32_t next_ = 0;
  std::map<std::array<unsigned, 4>, std::deque<std::uint32_t>> waiting_;
  std::map<std::array<unsigned, 3>, std::pair<std::uint32_t, unsigned>> open_;
  std::map<std::uint32_t, unsigned> lengths_;
};

/// Coordinates, seen from (4, 4), that lie behind a port.
std::pair<unsigned, unsigned> behind(unsigned port, Random& random) {
  switch (port) {
    case x_up:
      return {5 + random.below(11), random.below(16)};
    case x_down:
      return {random.below(4), random.below(16)};
    case y_up:
      return {4, 5 + random.below(11)};
    case y_down:
      return {4, random.below(4)};
    default:
      return {4, 4};
  }
}

bool legal(unsigned from, unsigned to) {
  return (from != to || from == tile_port) && !((from == y_up || from == y_down) && to <= x_down);
}

/// One router at (4, 4) between five sources and five sinks. A source names its port as where it is.
struct SingleBench {
  explicit SingleBench(unsigned links, std::uint64_t seed) : router(4, 4, links, seed), links_(links) {}

  /// Appends a flit from `from` to what lies behind `to`.
  void send(unsigned from, unsigned to, unsigned len, Random& random) {
    const auto [x, y] = behind(to, random);
    board.expect = legal(from, to) && (to == tile_port || (links_ >> to & 1) != 0);
    lost += !board.expect;
    const auto flit = board.make(from, 0, x, y, len);
    in[from].insert(in[from].end(), flit.begin(), flit.end());
  }

  /// A clock: sources offer with probability 1 - gap (and hold), sinks take with 1 - stall.
  void clock(Random& random, double gap, double stall) {
    std::array<bool, router_ports> ready;
    for (unsigned p = 0; p < router_ports; ++p) {
      offered_[p] = !in[p].empty() && (offered_[p] || !random.chance(gap));
      router.offer(p, offered_[p] ? &in[p].front() : nullptr);
      ready[p] = !random.chance(stall);
      router.ready(p, ready[p]);
    }
    router.settle();
    for (unsigned p = 0; p < router_ports; ++p) {
      counted += router.no_route() >> p & 1;
      if (router.gives(p)) {
        const FlitWord word = router.word(p);
        if (held_[p]) ASSERT_EQ(held_[p]->data, word.data) << "a word that waits must stay";
        held_[p] = word;
        if (ready[p]) {
          held_[p].reset();
          ++moved[p];
          const unsigned x = static_cast<unsigned>(word.data >> 4 & 0xF),
                         y = static_cast<unsigned>(word.data >> 8 & 0xF);
          const auto at = heads_.try_emplace(p, x, y).first->second;
          ASSERT_NO_FATAL_FAILURE(board.take(at.first, at.second, p, word));
          if (word.last) heads_.erase(p);
        }
      } else {
        ASSERT_FALSE(held_[p]) << "a word that waits must stay";
      }
      if (offered_[p] && router.takes(p)) {
        in[p].pop_front();
        offered_[p] = false;
      }
    }
    router.edge();
  }

  RouterDut router;
  Scoreboard board;
  std::array<std::deque<FlitWord>, router_ports> in;
  std::array<std::uint64_t, router_ports> moved{};  ///< words out
  std::uint64_t lost = 0, counted = 0;

 private:
  unsigned links_;
  std::array<bool, router_ports> offered_{};
  std::array<std::optional<FlitWord>, router_ports> held_;
  std::map<unsigned, std::pair<unsigned, unsigned>> heads_;  ///< by output: where the flit under way goes
};

TEST(Router, EveryFlitOnceWholeAndInOrderOrCounted) {
  for (std::uint64_t seed = run_seed(); seed < run_seed() + 60; ++seed) {
    SCOPED_TRACE("HILBERT_SEED=" + std::to_string(seed));
    Random random(seed);
    SingleBench bench(seed % 4 == 0 ? random.below(16) : all_links, seed);
    const double gap = 0.3 * random.below(3), stall = 0.3 * random.below(3);
    const unsigned longest = 1 + random.below(20);
    for (unsigned clock = 0; clock < 5000; ++clock) {
      for (unsigned p = 0; p < router_ports; ++p) {
        if (bench.in[p].size() < 4) bench.send(p, random.below(router_ports), 1 + random.below(longest), random);
      }
      ASSERT_NO_FATAL_FAILURE(bench.clock(random, gap, stall));
    }
    for (unsigned clock = 0; clock < 2000; ++clock) ASSERT_NO_FATAL_FAILURE(bench.clock(random, 0, 0));
    EXPECT_EQ(bench.board.arrived + bench.lost, bench.board.sent);
    EXPECT_EQ(bench.counted, bench.lost);
    EXPECT_GT(bench.board.arrived, 200u);
  }
}

/// Five flows that need five different outputs: a word a clock each, between flits too.
TEST(Router, AWordAClockAtEveryPort) {
  Random random(run_seed());
  SingleBench bench(all_links, run_seed());
  const std::array<unsigned, router_ports> to{x_down, y_up, y_down, tile_port, x_up};
  constexpr unsigned clocks = 2000;
  for (unsigned clock = 0; clock < clocks; ++clock) {
    for (unsigned p = 0; p < router_ports; ++p) {
      if (bench.in[p].size() < 4) bench.send(p, to[p], 1 + random.below(9), random);
    }
    ASSERT_NO_FATAL_FAILURE(bench.clock(random, 0, 0));
  }
  for (unsigned p = 0; p < router_ports; ++p) EXPECT_GE(bench.moved[p], clocks - 1) << "port " << p;
}

/// Everybody wants one output: nobody waits for more than one flit of each of the others.
TEST(Router, FairAtEveryOutput) {
  for (unsigned to = 0; to < router_ports; ++to) {
    Random random(run_seed());
    SingleBench bench(all_links, run_seed());
    std::vector<unsigned> from;
    for (unsigned p = 0; p < router_ports; ++p) {
      if (legal(p, to)) from.push_back(p);
    }
    std::map<unsigned, unsigned> sent;
    const auto left = [&](unsigned p) { return bench.in[p].size(); };
    for (unsigned clock = 0; clock < 3000; ++clock) {
      for (const unsigned p : from) {
        if (left(p) < 3) {
          bench.send(p, to, 3, random);
          ++sent[p];
        }
      }
      ASSERT_NO_FATAL_FAILURE(bench.clock(random, 0, 0.2));
      unsigned least = ~0u, most = 0;
      for (const unsigned p : from) {
        least = std::min(least, sent[p]);
        most = std::max(most, sent[p]);
      }
      ASSERT_LE(most - least, 2u) << "output " << to << ", clock " << clock;
    }
  }
}

/// In every state of a busy router: no output follows an input within the clock.
TEST(Router, NoPathThroughIt) {
  Random random(run_seed());
  RouterDut router(4, 4, all_links, run_seed());
  for (unsigned clock = 0; clock < 3000; ++clock) {
    for (unsigned p = 0; p < router_ports; ++p) {
      const auto [x, y] = behind(random.below(router_ports), random);
      const FlitWord word{make_header(1, x, y, 0, 0, 0, 0), random.chance(0.3), 3};
      router.offer(p, random.chance(0.7) ? &word : nullptr);
    }
    router.all_ready(random.below(32));
    router.settle();
    const unsigned valid = router.all_valid(), takes = router.all_takes();
    for (unsigned p = 0; p < router_ports; ++p) router.offer(p, nullptr);
    router.all_ready(random.below(32));
    router.settle();
    ASSERT_EQ(router.all_valid(), valid);
    ASSERT_EQ(router.all_takes(), takes);
    router.edge();
  }
}

/// Routers of a mesh joined by channels.
class MeshBench {
 public:
  MeshBench(unsigned side, const FlitChannel::Options& options, std::uint64_t seed) : side_(side), random_(seed) {
    for (unsigned y = 0; y < side; ++y) {
      for (unsigned x = 0; x < side; ++x) {
        const unsigned links = (x + 1 < side) << x_up | (x > 0) << x_down | (y + 1 < side) << y_up | (y > 0) << y_down;
        nodes_.push_back(std::make_unique<RouterDut>(x, y, links, seed));
        for (unsigned p = 0; p < 4; ++p) out_.emplace_back(options, random_());
      }
    }
    source_.resize(side * side);
  }

  /// A clock. `load`: probability that a tile with nothing to send makes a flit.
  void clock(double load, double sink_stall, unsigned longest) {
    constexpr std::array<int, 4> dx{1, -1, 0, 0}, dy{0, 0, 1, -1};
    const auto count = static_cast<unsigned>(nodes_.size());
    for (auto& channel : out_) channel.before_clock();
    std::vector<bool> sink_ready(count);
    for (unsigned n = 0; n < count; ++n) {
      const unsigned x = n % side_, y = n / side_;
      if (source_[n].empty() && random_.chance(load)) {
        source_[n] = board.make(x, y, random_.below(side_), random_.below(side_), 1 + random_.below(longest));
      }
      nodes_[n]->offer(tile_port, source_[n].empty() ? nullptr : &source_[n].front());
      for (unsigned p = 0; p < 4; ++p) {
        const FlitChannel* channel = incoming(x, y, p);
        nodes_[n]->offer(p, channel ? channel->offered() : nullptr);
      }
      sink_ready[n] = !random_.chance(sink_stall);
      nodes_[n]->settle();
    }
    for (unsigned n = 0; n < count; ++n) {
      nodes_[n]->ready(tile_port, sink_ready[n]);
      for (unsigned p = 0; p < 4; ++p) {
        nodes_[n]->ready(p, out_[4 * n + p].ready(nodes_[n]->gives(p), nodes_[n]->word(p)));
      }
      nodes_[n]->settle();
    }
    for (unsigned n = 0; n < count; ++n) {
      const unsigned x = n % side_, y = n / side_;
      RouterDut& node = *nodes_[n];
      if (node.gives(tile_port) && sink_ready[n]) {
        ASSERT_NO_FATAL_FAILURE(board.take(x, y, 0, node.word(tile_port)));
        ++moved;
      }
      ASSERT_EQ(node.no_route(), 0u);
      if (!source_[n].empty() && node.takes(tile_port)) source_[n].pop_front();
      for (unsigned p = 0; p < 4; ++p) {
        const unsigned to_x = x + static_cast<unsigned>(dx[p]), to_y = y + static_cast<unsigned>(dy[p]);
        const bool there = to_x < side_ && to_y < side_;
        FlitChannel& channel = out_[4 * n + p];
        const bool given = there && channel.offered() && nodes_[to_y * side_ + to_x]->takes(p ^ 1);
        const bool taken = node.gives(p) && channel.ready(true, node.word(p));
        channel.clock(taken, node.word(p), given);
      }
    }
    for (auto& node : nodes_) node->edge();
  }

  Scoreboard board;
  std::uint64_t moved = 0;

 private:
  /// What comes in at port p of (x, y): what the neighbour there sends out of the opposite one.
  FlitChannel* incoming(unsigned x, unsigned y, unsigned p) {
    const unsigned from_x = x + (p == x_up) - (p == x_down), from_y = y + (p == y_up) - (p == y_down);
    if (from_x >= side_ || from_y >= side_) return nullptr;
    return &out_[4 * (from_y * side_ + from_x) + (p ^ 1)];
  }

  unsigned side_;
  Random random_;
  std::vector<std::unique_ptr<RouterDut>> nodes_;
  std::deque<FlitChannel> out_;  ///< by node and port
  std::vector<std::deque<FlitWord>> source_;
};

/// Full load into buffers that hold one longest flit: everything arrives, whatever the seed.
TEST(Router, MeshWithTheSmallestBuffersNeverStops) {
  std::uint64_t flits = 0;
  for (std::uint64_t seed = run_seed(); seed < run_seed() + 100; ++seed) {
    SCOPED_TRACE("HILBERT_SEED=" + std::to_string(seed));
    const unsigned longest = 1 + static_cast<unsigned>(seed % 9);
    MeshBench mesh(3, {.capacity = longest, .latency = 1 + static_cast<unsigned>(seed % 5), .stall = 0.1 * (seed % 3)},
                   seed);
    std::uint64_t quiet = 0;
    for (unsigned clock = 0; mesh.board.arrived < mesh.board.sent || clock < 3000; ++clock) {
      const std::uint64_t before = mesh.moved;
      ASSERT_NO_FATAL_FAILURE(mesh.clock(clock < 3000 ? 1.0 : 0.0, seed % 2 ? 0.5 : 0.0, longest));
      quiet = mesh.moved == before ? quiet + 1 : 0;
      ASSERT_LT(quiet, 2000u) << "deadlock: " << mesh.board.arrived << " of " << mesh.board.sent << " flits arrived";
    }
    flits += mesh.board.sent;
  }
  RecordProperty("flits", std::to_string(flits));
}

}  // namespace
}  // namespace hilbert::test
