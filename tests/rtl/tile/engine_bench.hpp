// SPDX-License-Identifier: Apache-2.0
// hb_engine between four behavioural memory ports: two clocks of latency, random stalls, banks that serve one a clock.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "Vhb_engine.h"
#include "hilbert/model/descriptor.hpp"
#include "support/random.hpp"

namespace hilbert::test {

inline constexpr model::Geometry shape{.rows = SHAPE_ROWS,
                                       .cols = SHAPE_COLS,
                                       .depth = SHAPE_DEPTH,
                                       .banks = 4,
                                       .bank_bytes = SHAPE_BANK_BYTES,
                                       .queue_slots = 8};

/// What the memory does to the engine during a job.
struct Conditions {
  std::array<double, 4> stall{};             ///< probability that port A, B, S, D is not granted in a clock
  bool banks = false;                        ///< a bank grants one port a clock
  double uncorrectable = 0;                  ///< probability that a word read is flagged uncorrectable
  std::optional<std::uint64_t> abort_clock;  ///< abort_i is raised in this clock after start_i
  bool abort_level = false;                  ///< it then stays up until done_o; otherwise it is a pulse
};

/// What the engine said about a job.
struct Outcome {
  std::uint8_t flags = 0;
  bool poison = false;
  std::uint32_t poison_word = 0;
  std::optional<std::uint32_t> expected_poison_word;  ///< first word flagged by the memory; A before B before S
  std::uint64_t active = 0, steps = 0, macs = 0, wait_operands = 0, wait_result = 0, wait_c = 0;
  std::optional<std::uint64_t> steps_at_first_silence;  ///< steps before the first active clock without step or stall
  std::uint64_t clocks_after_abort = 0;                 ///< from the abort to done_o
  std::vector<std::uint32_t> words_written;             ///< in order
};

/// Throws std::runtime_error when the engine breaks a promise of its ports, or hangs.
class EngineBench {
 public:
  explicit EngineBench(std::uint64_t seed) : random_(seed), memory_(shape.data_bytes()) {
    Verilated::randReset(2);  // flip-flops without a reset start at random
    Verilated::randSeed(static_cast<int>(seed % 0x7FFF'FFFF) + 1);
    dut_ = std::make_unique<Vhb_engine>();
    reset();
  }
  ~EngineBench() { dut_->final(); }
  EngineBench(const EngineBench&) = delete;
  EngineBench& operator=(const EngineBench&) = delete;

  std::vector<std::byte>& memory() { return memory_; }

  Outcome run(const model::Descriptor& job, const Conditions& conditions, std::uint64_t limit_clocks) {
    Outcome out;
    load(job);
    dut_->start_i = 1;
    bool aborting = false;
    for (std::uint64_t clock = 0;; ++clock) {
      if (clock > limit_clocks) fail("no done_o after " + std::to_string(clock) + " clocks");
      const bool abort_now = conditions.abort_clock && clock >= *conditions.abort_clock;
      dut_->abort_i = conditions.abort_clock && (conditions.abort_level ? abort_now : clock == *conditions.abort_clock);
      tick(conditions, out, aborting);
      dut_->start_i = 0;
      if (done_) break;
      if (abort_now && clock > 0) {
        aborting = true;
        ++out.clocks_after_abort;
      }
    }
    out.flags = dut_->job_flags_o;
    out.poison = dut_->poison_o;
    out.poison_word = dut_->poison_addr_o;
    dut_->abort_i = 0;
    const auto idle_clocks = random_() % 4;  // the next start may come at once
    for (unsigned i = 0; i < idle_clocks; ++i) {
      Outcome nothing;
      tick({}, nothing, true);
      if (done_ || dut_->job_flags_o != out.flags || dut_->poison_o != out.poison)
        fail("the outcome of a job changed after done_o");
    }
    return out;
  }

 private:
  static constexpr std::size_t bytes_of_word = shape.word_bytes();
  using Word = std::array<std::byte, bytes_of_word>;

  struct Read {
    bool valid = false, uncorrectable = false;
    std::uint32_t word = 0;
    Word data{};
  };
  struct Request {
    bool valid = false;
    std::uint32_t word = 0;
    bool operator==(const Request&) const = default;
  };

  [[noreturn]] static void fail(const std::string& what) { throw std::runtime_error("hb_engine: " + what); }

  void reset() {
    std::memset(&dut_->job_i, 0, sizeof dut_->job_i);
    dut_->rst_ni = 0;
    dut_->a_gnt_i = dut_->b_gnt_i = dut_->s_gnt_i = dut_->d_gnt_i = 0;
    dut_->a_rvalid_i = dut_->b_rvalid_i = dut_->s_rvalid_i = 0;
    flight_ = {};
    waiting_ = {};
    for (int i = 0; i < 3; ++i) {  // what it asks for meanwhile is noise
      dut_->clk_i = 0;
      dut_->eval();
      dut_->clk_i = 1;
      dut_->eval();
    }
    dut_->rst_ni = 1;
  }

  /// hb_tile_pkg::job_t, from its last field up.
  void load(const model::Descriptor& d) {
    unsigned at = 0;
    std::memset(&dut_->job_i, 0, sizeof dut_->job_i);
    const auto put = [&](std::uint32_t value, unsigned width) {
      for (unsigned i = 0; i < width; ++i, ++at) {
        if (value >> i & 1u) dut_->job_i[at / 32] |= 1u << at % 32;
      }
    };
    const auto put_format = [&](model::FormatSpec f) {
      put(f.bias, 6);
      put(static_cast<std::uint32_t>(f.format), 4);
    };
    put(d.col0, 16), put(d.row0, 16), put(d.seed, 32), put(d.k, 16), put(d.n, 16), put(d.m, 16);
    put_format(d.d), put_format(d.b), put_format(d.a);
    put(d.literal, 1), put(d.stochastic, 1), put(d.saturate, 1), put(d.relu, 1), put(d.accumulate, 1);
    put(static_cast<std::uint32_t>(d.opcode), 8);
    const auto words = [](std::uint32_t bytes) { return static_cast<std::uint32_t>(bytes / bytes_of_word); };
    dut_->a_base_i = words(d.a_at.base), dut_->a_stride_i = words(d.a_at.stride);
    dut_->b_base_i = words(d.b_at.base), dut_->b_stride_i = words(d.b_at.stride);
    dut_->c_base_i = words(d.c_at.base), dut_->c_stride_i = words(d.c_at.stride);
    dut_->d_base_i = words(d.d_at.base), dut_->d_stride_i = words(d.d_at.stride);
  }

  template <typename Port>
  static void drive(Port& port, const Word& data) {
    static_assert(sizeof(Port) >= bytes_of_word);
    std::memcpy(&port, data.data(), bytes_of_word);
  }

  /// One clock: deliver what was granted two clocks ago, grant or stall, note what the engine says, tick.
  void tick(const Conditions& c, Outcome& out, bool aborting) {
    deliver(0, dut_->a_rvalid_i, dut_->a_rdata_i, dut_->a_ue_i, out, aborting);
    deliver(1, dut_->b_rvalid_i, dut_->b_rdata_i, dut_->b_ue_i, out, aborting);
    deliver(2, dut_->s_rvalid_i, dut_->s_rdata_i, dut_->s_ue_i, out, aborting);
    dut_->a_gnt_i = dut_->b_gnt_i = dut_->s_gnt_i = dut_->d_gnt_i = 0;
    dut_->clk_i = 0;
    dut_->eval();
    const std::array<Request, 4> now{
        Request{dut_->a_req_o != 0, dut_->a_addr_o}, Request{dut_->b_req_o != 0, dut_->b_addr_o},
        Request{dut_->s_req_o != 0, dut_->s_addr_o}, Request{dut_->d_req_o != 0, dut_->d_addr_o}};
    std::array<bool, 4> granted{};
    std::uint32_t banks_taken = 0;
    ++turn_;
    for (unsigned i = 0; i < 4; ++i) {
      const unsigned p = (turn_ + i) % 4;
      if (!aborting && waiting_[p].valid && now[p] != waiting_[p]) fail("a waiting request changed");
      if (!now[p].valid) continue;
      if (now[p].word >= shape.data_bytes() / bytes_of_word) fail("a request outside the memory");
      const std::uint32_t bank = 1u << (now[p].word * bytes_of_word / shape.bank_bytes);
      if (random_.chance(c.stall[p]) || (c.banks && (banks_taken & bank) != 0)) continue;
      banks_taken |= bank;
      granted[p] = true;
    }
    for (unsigned p = 0; p < 3; ++p) {
      flight_[p][1] = flight_[p][0];
      flight_[p][0] = {};
      if (!granted[p]) continue;
      Read& read = flight_[p][0];
      read.valid = true;
      read.word = now[p].word;
      read.uncorrectable = random_.chance(c.uncorrectable);
      std::memcpy(read.data.data(), &memory_[read.word * bytes_of_word], bytes_of_word);
    }
    if (granted[3]) {
      if (aborting) fail("a write after an abort");
      std::memcpy(&memory_[now[3].word * bytes_of_word], &dut_->d_wdata_o, bytes_of_word);
      out.words_written.push_back(now[3].word);
    }
    for (unsigned p = 0; p < 4; ++p) waiting_[p] = now[p].valid && !granted[p] ? now[p] : Request{};
    dut_->a_gnt_i = granted[0], dut_->b_gnt_i = granted[1], dut_->s_gnt_i = granted[2], dut_->d_gnt_i = granted[3];
    dut_->eval();
    note(out);
    dut_->clk_i = 1;
    dut_->eval();
  }

  template <typename Port>
  void deliver(unsigned p, CData& valid, Port& data, CData& uncorrectable, Outcome& out, bool aborting) {
    const Read& read = flight_[p][1];
    valid = read.valid;
    uncorrectable = read.valid && read.uncorrectable;
    if (read.valid) drive(data, read.data);
    if (uncorrectable && !aborting && !out.expected_poison_word) out.expected_poison_word = read.word;
  }

  void note(Outcome& out) {
    done_ = dut_->done_o;
    const int kinds = dut_->step_o + dut_->stall_operand_o + dut_->stall_result_o + dut_->stall_c_o;
    if (kinds > 1) fail("the array steps and stands, or stands for two causes");
    if (kinds != 0 && !dut_->active_o) fail("the array steps or stands outside a job");
    if (done_ && dut_->active_o) fail("active with done");
    for (const auto& port : flight_) {
      if (done_ && (port[0].valid || dut_->a_rvalid_i || dut_->b_rvalid_i || dut_->s_rvalid_i))
        fail("a read under way with done");
    }
    if (kinds == 0 && dut_->active_o && !out.steps_at_first_silence) out.steps_at_first_silence = out.steps;
    out.active += dut_->active_o;
    out.steps += dut_->step_o;
    out.macs += dut_->macs_o;
    out.wait_operands += dut_->stall_operand_o;
    out.wait_result += dut_->stall_result_o;
    out.wait_c += dut_->stall_c_o;
  }

  Random random_;
  std::vector<std::byte> memory_;
  std::unique_ptr<Vhb_engine> dut_;
  std::array<std::array<Read, 2>, 3> flight_{};  ///< [0] granted one clock ago, [1] two
  std::array<Request, 4> waiting_{};
  unsigned turn_ = 0;
  bool done_ = false;
};

}  // namespace hilbert::test
