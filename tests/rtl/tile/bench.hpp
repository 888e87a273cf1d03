// SPDX-License-Identifier: Apache-2.0
// The verilated memory and host port, one clock at a time, in the four configurations that are tested.
#pragma once

#include <gtest/gtest.h>
#include <verilated.h>

#include <array>
#include <bit>
#include <cstdint>
#include <hilbert/number.hpp>
#include <memory>
#include <stdexcept>
#include <string>

#include "Vmem_bare.h"
#include "Vmem_joined.h"
#include "Vmem_small.h"
#include "Vmem_wide.h"
#include "support/random.hpp"

namespace hilbert::test {

inline constexpr std::uint32_t queue_base = 0x4000'0000;
inline constexpr std::uint32_t cpu_base = 0x6000'0000;
inline constexpr std::uint32_t queue_region = 0x8000'0000;  ///< top bits of a word address at the bench's ports
inline constexpr std::uint32_t cpu_region = 0xC000'0000;

/// 8-byte words, 4 banks, with and without a controller whose memory is larger than the data memory; 64-byte words, 2
/// banks, with controller and network; 16-byte words with a network alone. 8 words a bank, so that requests and the
/// scrubber meet often.
struct Small {
  using Model = Vmem_small;
  static constexpr unsigned word_bytes = 8, banks = 4, bank_words = 8, queue_words = 16, cpu_words = 64;
  static constexpr bool network = false;
};
struct Bare {
  using Model = Vmem_bare;
  static constexpr unsigned word_bytes = 8, banks = 4, bank_words = 8, queue_words = 16, cpu_words = 0;
  static constexpr bool network = false;
};
struct Wide {
  using Model = Vmem_wide;
  static constexpr unsigned word_bytes = 64, banks = 2, bank_words = 8, queue_words = 2, cpu_words = 4;
  static constexpr bool network = true;
};
struct Joined {
  using Model = Vmem_joined;
  static constexpr unsigned word_bytes = 16, banks = 4, bank_words = 8, queue_words = 8, cpu_words = 0;
  static constexpr bool network = true;
};
using Configurations = ::testing::Types<Small, Bare, Wide, Joined>;

enum Requester { A, B, S, I, H, Q, C, N, D, requesters };
inline constexpr int readers = 8;  ///< all but D
/// POISON_STATUS.SOURCE of each reader
inline constexpr std::array<unsigned, readers> source_of = {0, 1, 2, 6, 3, 5, 7, 2};

/// A device under test. Per clock: set inputs, settle(), look at outputs, edge().
template <class Shape>
class Dut {
 public:
  static constexpr bool controller = Shape::cpu_words != 0;  ///< I and C exist
  static constexpr bool network = Shape::network;            ///< N exists
  static constexpr unsigned lanes = Shape::word_bytes / 8, pieces = 2 * lanes;
  static constexpr unsigned data_words = Shape::banks * Shape::bank_words;
  static constexpr unsigned cpu_start = data_words + Shape::queue_words;
  static constexpr unsigned all_words = cpu_start + Shape::cpu_words;
  using Word = std::array<std::uint64_t, lanes>;

  Dut() : top(std::make_unique<typename Shape::Model>(&context_)) {}
  ~Dut() { Verilated::threadContextp(&context_); }  // where scopes of a model, which it has with assertions, sign off

  VerilatedContext& prepare(VerilatedContext& context) {
    context.randReset(2);  // memories and flip-flops hold noise until they are written
    context.randSeed(static_cast<int>(run_seed() & 0x7fffffff) | 1);
    return context;
  }

  void settle() {
    top->clk_i = 0;
    top->eval();
  }
  void edge() {
    top->clk_i = 1;
    top->eval();
    ++clock;
  }
  void tick() {
    settle();
    edge();
  }
  /// Resets with every input at rest and the scrubber stopped. The memories clear themselves afterwards.
  void reset() {
    top->rst_ni = 0;
    top->req_i = 0;
    top->inject_go_i = 0;
    top->heal_go_i = 0;
    top->req_valid_i = 0;
    top->rsp_ready_i = 0;
    top->scrub_interval_i = 0;
    for (int i = 0; i < 3; ++i) tick();
    top->rst_ni = 1;
  }

  /// Words 0 .. all_words - 1 are numbered data, queue, controller memory; this is how ports and registers name them.
  static std::uint32_t port_address(unsigned word) {
    if (word < data_words) return word;
    return word < cpu_start ? queue_region | (word - data_words) : cpu_region | (word - cpu_start);
  }
  static std::uint32_t byte_address(unsigned word) {
    if (word < data_words) return word * Shape::word_bytes;
    return word < cpu_start ? queue_base + (word - data_words) * Shape::word_bytes
                            : cpu_base + (word - cpu_start) * Shape::word_bytes;
  }
  static unsigned word_at(std::uint32_t byte) {
    if (byte < queue_base) return byte / Shape::word_bytes;
    return byte < cpu_base ? data_words + (byte - queue_base) / Shape::word_bytes
                           : cpu_start + (byte - cpu_base) / Shape::word_bytes;
  }
  static unsigned bank_of(unsigned word) {
    if (word < data_words) return word / Shape::bank_words;
    return word < cpu_start ? Shape::banks : Shape::banks + 1;
  }

  void set_request(int r, bool write, unsigned word, const Word& data) {
    top->req_i = static_cast<SData>(top->req_i | 1u << r);
    top->write_i = static_cast<SData>((top->write_i & ~(1u << r)) | unsigned{write} << r);
    top->addr_i[r] = port_address(word);
    if (r >= H) put(top->wdata_i, static_cast<unsigned>(r - H), data);
  }
  void clear_request(int r) { top->req_i = static_cast<SData>(top->req_i & ~(1u << r)); }
  bool granted(int r) const { return top->gnt_o >> r & 1; }
  bool answered(int r) const { return top->rvalid_o >> r & 1; }
  bool uncorrectable(int r) const { return top->ue_o >> r & 1; }
  Word answer(int r) const { return get(top->rdata_o, static_cast<unsigned>(r)); }

  /// Word `index` of a port that is several words wide.
  template <class Port>
  static Word get(const Port& port, unsigned index) {
    Word word;
    for (unsigned l = 0; l < lanes; ++l) {
      const unsigned at = (index * lanes + l) * 2;
      word[l] = port[at] | std::uint64_t{port[at + 1]} << 32;
    }
    return word;
  }
  template <class Port>
  static void put(Port& port, unsigned index, const Word& word) {
    for (unsigned l = 0; l < lanes; ++l) {
      const unsigned at = (index * lanes + l) * 2;
      port[at] = static_cast<std::uint32_t>(word[l]);
      port[at + 1] = static_cast<std::uint32_t>(word[l] >> 32);
    }
  }

 private:
  VerilatedContext storage_;
  VerilatedContext& context_ = prepare(storage_);

 public:
  std::unique_ptr<typename Shape::Model> top;
  std::uint64_t clock = 0;
};

template <class Word>
Word random_word(Random& random) {
  Word word;
  for (auto& lane : word) lane = random();
  return word;
}

/// Ends a test (GoogleTest reports the exception) whose checks have failed, or that never ends.
inline void stop_after_failure(std::uint64_t clock) {
  if (::testing::Test::HasFatalFailure() || clock > 10'000'000) {
    throw std::runtime_error("stopped in clock " + std::to_string(clock) +
                             "; HILBERT_SEED=" + std::to_string(run_seed()));
  }
}

}  // namespace hilbert::test
