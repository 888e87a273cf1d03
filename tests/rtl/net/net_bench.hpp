// SPDX-License-Identifier: Apache-2.0
// Verilated networks, each with a memory and semaphores in C++, joined to a board by channels.
#pragma once

#include <verilated.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include <hilbert/regs/net.hpp>
#include "Vnet_narrow.h"
#include "Vnet_single.h"
#include "Vnet_wide.h"
#include "flit_channel.hpp"
#include "support/random.hpp"

namespace hilbert::test {

/// 8-byte words and flits of up to 8 of them; 32-byte words, one a flit; 64-byte words, up to 16 a flit.
struct Narrow {
  using Model = Vnet_narrow;
  static constexpr unsigned word_bytes = 8, data_bytes = 8192, max_words = 9;
};
struct Single {
  using Model = Vnet_single;
  static constexpr unsigned word_bytes = 32, data_bytes = 32768, max_words = 7;
};
struct Wide {
  using Model = Vnet_wide;
  static constexpr unsigned word_bytes = 64, data_bytes = 32768, max_words = 129;
};

enum Opcode : unsigned { op_send = 6, op_get = 7, op_signal = 8 };

/// A transfer as the sequencer hands it over; addresses and strides in words.
struct Command {
  Opcode opcode = op_send;
  unsigned rows = 0, words = 0, a = 0, d = 0, a_stride = 0, d_stride = 0;
  unsigned x = 0, y = 0, there_sem = 0, there_count = 0, sem = 0, count = 0;
};

/// What a node's surroundings do to it.
struct Stalls {
  double memory = 0, semaphores = 0;  ///< probability, a clock, of no grant
};

/// A network, its memory and its semaphores. Per clock: begin(), settle(), respond(), settle(), end().
template <class Shape>
class NetNode {
 public:
  static constexpr unsigned words = Shape::data_bytes / Shape::word_bytes;
  static constexpr unsigned flit_words = std::min(1024u, (Shape::max_words - 1) * 8) / Shape::word_bytes;
  static constexpr unsigned pieces = Shape::word_bytes / 8;
  using Word = std::array<std::uint64_t, pieces>;

  explicit NetNode(std::uint64_t seed) : random_(seed), memory(words) {
    context_.randReset(2);
    context_.randSeed(static_cast<int>(seed % 0x7FFF'FFFF) + 1);
    top_ = std::make_unique<typename Shape::Model>(&context_);
    for (Word& word : memory) {
      for (std::uint64_t& piece : word) piece = random_();
    }
    top_->rst_ni = 0;
    top_->cmd_valid_i = 0;
    top_->reg_req_i = 0;
    top_->rx_valid_i = 0;
    top_->tx_ready_i = 0;
    top_->n_gnt_i = 0;
    top_->sem_gnt_i = 0;
    for (int i = 0; i < 3; ++i) {
      settle();
      edge();
    }
    top_->rst_ni = 1;
  }
  ~NetNode() {
    top_->final();
    Verilated::threadContextp(&context_);  // where scopes of a model, which it has with assertions, sign off
  }
  NetNode(const NetNode&) = delete;
  NetNode& operator=(const NetNode&) = delete;

  void begin() {
    top_->n_ue_i = 0;
    if (reads_[1]) {
      std::memcpy(&top_->n_rdata_i, memory_at_read_[1].data(), Shape::word_bytes);
      top_->n_ue_i = uncorrectable.contains(*reads_[1]);
    } else {
      for (unsigned i = 0; i < Shape::word_bytes; i += 4) {  // nobody's answer
        const auto noise = static_cast<std::uint32_t>(random_());
        std::memcpy(reinterpret_cast<std::byte*>(&top_->n_rdata_i) + i, &noise, 4);
      }
    }
    top_->cmd_valid_i = !commands.empty();
    if (!commands.empty()) {
      const Command& c = commands.front();
      top_->cmd_opcode_i = static_cast<CData>(c.opcode);
      top_->cmd_rows_i = static_cast<SData>(c.rows);
      top_->cmd_words_i = static_cast<SData>(c.words);
      top_->cmd_a_base_i = c.a;
      top_->cmd_d_base_i = c.d;
      top_->cmd_a_stride_i = c.a_stride;
      top_->cmd_d_stride_i = c.d_stride;
      top_->cmd_word13_i = c.x | c.y << 4;
      top_->cmd_word14_i = c.there_sem | c.there_count << 8;
      top_->cmd_sem_i = static_cast<CData>(c.sem);
      top_->cmd_count_i = static_cast<CData>(c.count);
    }
  }
  void settle() {
    top_->clk_i = 0;
    top_->eval();
  }
  void respond() {
    top_->n_gnt_i = top_->n_req_o && !random_.chance(stalls.memory);
    top_->sem_gnt_i = top_->sem_valid_o && !random_.chance(stalls.semaphores);
  }
  void end() {
    reads_[1] = reads_[0];
    memory_at_read_[1] = memory_at_read_[0];
    reads_[0].reset();
    if (top_->n_gnt_i) {
      const unsigned at = top_->n_addr_o;
      if (at >= words) throw std::runtime_error("an address outside memory");
      if (top_->n_write_o) {
        std::memcpy(memory[at].data(), &top_->n_wdata_o, Shape::word_bytes);
        written.insert(at);
      } else {
        reads_[0] = at;
        memory_at_read_[0] = memory[at];
      }
    }
    if (top_->sem_gnt_i) {
      semaphores[top_->sem_index_o] += top_->sem_count_o;
      if (on_signal) on_signal(top_->sem_index_o, top_->sem_count_o);
    }
    if (top_->cmd_valid_i && top_->cmd_ready_o) commands.pop_front();
    edge();
  }

  // Registers: request in one clock, answer in the next one.
  void request(bool write, std::uint32_t offset, std::uint32_t value) {
    top_->reg_req_i = 1;
    top_->reg_write_i = write;
    top_->reg_addr_i = static_cast<SData>(offset);
    top_->reg_wdata_i = value;
  }
  void no_request() { top_->reg_req_i = 0; }
  [[nodiscard]] std::uint32_t answer() const { return top_->reg_rdata_o; }
  [[nodiscard]] bool refused() const { return top_->reg_err_o; }
  [[nodiscard]] bool irq() const { return top_->irq_o; }

  // Link port p, channel v
  void offer(unsigned p, unsigned v, const FlitWord* word) {
    const unsigned i = 2 * p + v;
    set(top_->rx_valid_i, i, word != nullptr);
    if (word == nullptr) return;
    set(top_->rx_last_i, i, word->last);
    top_->rx_len_i = (top_->rx_len_i & ~(QData{0xFF} << 8 * i)) | QData{word->len} << 8 * i;
    top_->rx_data_i[2 * i] = static_cast<std::uint32_t>(word->data);
    top_->rx_data_i[2 * i + 1] = static_cast<std::uint32_t>(word->data >> 32);
  }
  [[nodiscard]] bool takes(unsigned p, unsigned v) const { return top_->rx_ready_o >> (2 * p + v) & 1; }
  void ready(unsigned p, unsigned v, bool value) { set(top_->tx_ready_i, 2 * p + v, value); }
  [[nodiscard]] bool gives(unsigned p, unsigned v) const { return top_->tx_valid_o >> (2 * p + v) & 1; }
  [[nodiscard]] FlitWord word(unsigned p, unsigned v) const {
    const unsigned i = 2 * p + v;
    return {top_->tx_data_o[2 * i] | std::uint64_t{top_->tx_data_o[2 * i + 1]} << 32, (top_->tx_last_o >> i & 1) != 0,
            static_cast<unsigned>(top_->tx_len_o >> 8 * i & 0xFF)};
  }

 private:
  static void set(CData& bits, unsigned at, bool value) {
    bits = static_cast<CData>((bits & ~(1u << at)) | unsigned{value} << at);
  }
  void edge() {
    top_->clk_i = 1;
    top_->eval();
  }
  VerilatedContext context_;
  std::unique_ptr<typename Shape::Model> top_;
  Random random_;
  std::array<std::optional<unsigned>, 2> reads_;  ///< granted in the last clock, and in the one before
  std::array<Word, 2> memory_at_read_{};

 public:
  std::vector<Word> memory;
  std::set<unsigned> uncorrectable;  ///< words
  std::set<unsigned> written;        ///< words, by the network
  std::array<unsigned, 8> semaphores{};
  std::deque<Command> commands;  ///< given when the network takes them
  Stalls stalls;
  std::function<void(unsigned index, unsigned count)> on_signal;
};

/// side_x * side_y networks at their places.
template <class Shape>
class Board {
 public:
  using Node = NetNode<Shape>;

  Board(unsigned side_x, unsigned side_y, const FlitChannel::Options& options, std::uint64_t seed)
      : side_x_(side_x), side_y_(side_y) {
    Random random(seed);
    for (unsigned n = 0; n < side_x * side_y; ++n) {
      nodes.push_back(std::make_unique<Node>(random()));
      for (unsigned c = 0; c < 8; ++c) channels.emplace_back(options, random());
    }
    for (unsigned n = 0; n < nodes.size(); ++n) {
      const unsigned x = n % side_x_, y = n / side_x_;
      write(n, regs::net::place, x | y << 4);
      write(n, regs::net::ports, unsigned{x + 1 < side_x_} | (x > 0) << 1 | (y + 1 < side_y_) << 2 | (y > 0) << 3);
    }
  }

  Node& at(unsigned x, unsigned y) { return *nodes[y * side_x_ + x]; }

  void clock() {
    for (auto& channel : channels) channel.before_clock();
    for (unsigned n = 0; n < nodes.size(); ++n) {
      for (unsigned p = 0; p < 4; ++p) {
        for (unsigned v = 0; v < 2; ++v) {
          FlitChannel* channel = incoming(n, p, v);
          nodes[n]->offer(p, v, channel ? channel->offered() : nullptr);
        }
      }
      nodes[n]->begin();
      nodes[n]->settle();
      for (unsigned p = 0; p < 4; ++p) {
        for (unsigned v = 0; v < 2; ++v) {
          nodes[n]->ready(p, v, channels[8 * n + 2 * p + v].ready(nodes[n]->gives(p, v), nodes[n]->word(p, v)));
        }
      }
      nodes[n]->respond();
      nodes[n]->settle();
    }
    for (unsigned n = 0; n < nodes.size(); ++n) {
      for (unsigned p = 0; p < 4; ++p) {
        for (unsigned v = 0; v < 2; ++v) {
          FlitChannel& channel = channels[8 * n + 2 * p + v];
          const auto to = neighbour(n, p);
          const bool given = to && channel.offered() && nodes[*to]->takes(p ^ 1, v);
          const bool taken = nodes[n]->gives(p, v) && channel.ready(true, nodes[n]->word(p, v));
          channel.clock(taken, nodes[n]->word(p, v), given);
        }
      }
    }
    for (auto& node : nodes) node->end();
    ++clocks;
  }
  void clock(unsigned count) {
    for (unsigned i = 0; i < count; ++i) clock();
  }

  std::uint32_t read(unsigned node, std::uint32_t offset) {
    nodes[node]->request(false, offset, 0);
    clock();
    nodes[node]->no_request();
    return nodes[node]->answer();
  }
  void write(unsigned node, std::uint32_t offset, std::uint32_t value) {
    nodes[node]->request(true, offset, value);
    clock();
    nodes[node]->no_request();
  }

  /// Clocks until every transfer is over and nothing is on its way; throws after `limit` clocks.
  void drain(unsigned limit = 200'000) {
    const std::uint64_t end = clocks + limit;
    const auto busy = [&] {
      for (unsigned n = 0; n < nodes.size(); ++n) {
        if (!nodes[n]->commands.empty() || read(n, regs::net::status) != 0) return true;
      }
      return std::any_of(channels.begin(), channels.end(), [](const FlitChannel& c) { return !c.empty(); });
    };
    while (busy()) {
      clock(20);
      if (clocks > end) throw std::runtime_error("the network does not come to rest");
    }
    clock(400);  // what is within the networks
  }

  std::vector<std::unique_ptr<Node>> nodes;
  std::deque<FlitChannel> channels;  ///< going out of node n, port p, channel v: 8 n + 2 p + v
  std::uint64_t clocks = 0;

 private:
  std::optional<unsigned> neighbour(unsigned n, unsigned p) const {
    const unsigned x = n % side_x_ + (p == 0) - (p == 1), y = n / side_x_ + (p == 2) - (p == 3);
    if (x >= side_x_ || y >= side_y_) return std::nullopt;
    return y * side_x_ + x;
  }
  FlitChannel* incoming(unsigned n, unsigned p, unsigned v) {
    const auto from = neighbour(n, p);
    return from ? &channels[8 * *from + 2 * (p ^ 1) + v] : nullptr;
  }
  unsigned side_x_, side_y_;
};

}  // namespace hilbert::test
