// SPDX-License-Identifier: Apache-2.0
// Two ends of hb_link_lanes back to back.
#include "bench.hpp"

#include <gtest/gtest.h>
#include <verilated.h>

#include <bit>
#include <hilbert/number.hpp>
#include <string_view>
#include <type_traits>

#include "Vlanes_1.h"
#include "Vlanes_2.h"
#include "Vlanes_4.h"
#include "Vlanes_small.h"
#include "Vlanes_upsets_state.hpp"
#include "support/random.hpp"

namespace hilbert::test {
namespace {

template <class Model, unsigned Lanes>
class DutOf : public Dut {
 public:
  explicit DutOf() : top_(std::make_unique<Model>(&prepared())) {
    if constexpr (std::is_same_v<Model, Vlanes_upsets>) faults_ = std::make_unique<tb::Faults>(tb::state_of(*top_));
  }

  ~DutOf() override { Verilated::threadContextp(&context_); }  // where scopes of a model sign off
  DutOf(const DutOf&) = delete;
  DutOf& operator=(const DutOf&) = delete;

  unsigned lanes() const override { return Lanes; }

  Outputs settle(const Inputs& in) override {
    constexpr unsigned mask = (1U << Lanes) - 1;
    Model& t = *top_;
    t.clk_i = 0;
    t.rst_ni = in.rst_n;
    t.mode_i = static_cast<CData>(in.mode);
    t.open_i = in.open;
    t.reopen_i = in.reopen;
    t.lane_enable_i = static_cast<CData>(in.lane_enable & mask);
    t.node_i = in.node;
    t.retrains_max_i = static_cast<CData>(in.retrains_max);
    t.train_timeout_i = in.train_timeout;
    t.inject_i = static_cast<CData>(in.inject & mask);
    t.bound_i = in.bound;
    t.progress_i = in.progress;
    t.retrain_i = in.retrain;
    t.hunting_i = in.hunting;
    t.expected_i = in.expected;
    t.tx_word_i = in.tx_word;
    t.phy_tx_take_i = in.take;
    t.phy_rx_give_i = in.give;
    t.phy_rx_i = static_cast<std::remove_reference_t<decltype(t.phy_rx_i)>>(in.phy_rx);
    t.eval();
    Outputs o;
    o.state = t.state_o;
    o.reason = t.reason_o;
    o.tx_lanes = t.tx_lanes_o;
    o.rx_lanes = t.rx_lanes_o;
    o.heard = t.heard_o;
    o.crossed = t.crossed_o;
    o.partner_heard = t.partner_heard_o;
    o.up = t.up_o;
    o.down = t.down_o;
    o.retrained = t.retrained_o;
    o.session = t.session_o;
    o.partner_node = t.partner_node_o;
    o.partner_settings = t.partner_settings_o;
    o.bad_set = t.bad_set_o;
    o.bert_locked = t.bert_locked_o;
    o.bert_symbol = t.bert_symbol_o;
    o.bert_errors = t.bert_errors_o;
    o.partner_buffer = t.partner_buffer_o;
    o.tx_data = t.tx_data_o;
    o.tx_take = t.tx_take_o;
    o.rx_data = t.rx_data_o;
    o.rx_give = t.rx_give_o;
    o.rx_word = t.rx_word_o;
    o.phy_tx = t.phy_tx_o;
    return o;
  }
  std::uint64_t edge() override {
    top_->clk_i = 1;
    top_->eval();
    return top_->phy_tx_o;
  }
  tb::Faults* faults() override { return faults_.get(); }

 private:
  VerilatedContext& prepared() {
    context_.randReset(2);  // flip-flops hold noise until they are written
    context_.randSeed(static_cast<int>(run_seed() & 0x7fffffff) | 1);
    return context_;
  }
  VerilatedContext context_;
  std::unique_ptr<Model> top_;
  std::unique_ptr<tb::Faults> faults_;
};

std::uint64_t joined(const Symbols& s) {
  return s[0] | std::uint64_t{s[1]} << 16 | std::uint64_t{s[2]} << 32 | std::uint64_t{s[3]} << 48;
}
Symbols split(std::uint64_t wires) {
  Symbols s{};
  for (unsigned l = 0; l < s.size(); ++l) s[l] = static_cast<std::uint16_t>(wires >> (16 * l));
  return s;
}

}  // namespace

std::unique_ptr<Dut> make_dut(Kind kind) {
  switch (kind) {
    case Kind::one:
      return std::make_unique<DutOf<Vlanes_1, 1>>();
    case Kind::two:
      return std::make_unique<DutOf<Vlanes_2, 2>>();
    case Kind::four:
      return std::make_unique<DutOf<Vlanes_4, 4>>();
    case Kind::four_upsets:
      return std::make_unique<DutOf<Vlanes_upsets, 4>>();
    case Kind::one_small:
      break;
  }
  return std::make_unique<DutOf<Vlanes_small, 1>>();
}

Kind kind_of(unsigned lanes) { return lanes == 4 ? Kind::four : lanes == 2 ? Kind::two : Kind::one; }

End::End(Kind kind, std::uint64_t seed) : dut_(make_dut(kind)), random_(seed) { lanes = dut_->lanes(); }

void End::settle() {
  in.tx_word = random_();  // another one every clock: only the clock of tx_take counts
  if (choose_word && tx_data_) in.tx_word = choose_word(sent.back().size(), in.tx_word);
  out = dut_->settle(in);
}

void End::edge(const End& other) {
  in.retrain = in.progress = in.open = false;
  in.inject = 0;
  if (!in.rst_n) {  // nothing is said yet
    out = {};
    tx_data_ = rx_data_ = false;
    out.phy_tx = dut_->edge();
    return;
  }
  if (out.tx_data && !tx_data_) sent.emplace_back();
  if (out.tx_take && !tx_data_) ++outside;  // at the earliest a clock after data mode began
  if (out.tx_take) sent.back().push_back(in.tx_word);
  tx_data_ = out.tx_data;

  if (out.rx_data && !rx_data_) {
    in.hunting = true;
    hunted_ = 0;
    good_since_up = 0;
    session_ = other.sent.size() - 1;
    at_ = 0;
    ++trainings;
  }
  rx_data_ = out.rx_data;
  if (!out.rx_data) in.hunting = true;
  if (out.rx_give) {
    outside += !out.rx_data;
    session_ = at_ == 0 ? other.sent.size() - 1 : session_;  // the other end may begin after its first lane was due
    const bool ended = session_ + 1 < other.sent.size() || !other.tx_data_;
    const bool known = session_ < other.sent.size() && at_ < other.sent[session_].size();
    const bool right = known && other.sent[session_][at_] == out.rx_word;
    const bool cut = ended && (!known || at_ + 1 == other.sent[session_].size());
    if (right) {
      ++good;
      ++good_since_up;
      in.progress = makes_progress;
    } else if (!cut) {
      ++wrong;
      good_since_up = 0;
    }
    in.hunting = !right;
    if (right) hunted_ = 0;
    ++at_;
  }
  if (out.rx_data && in.hunting && ++hunted_ >= hunt_timeout && hunts_give_up) {
    in.retrain = true;
    hunted_ = 0;
  }
  retrainings += out.retrained;
  sessions += out.session;
  bad_sets += static_cast<unsigned>(std::popcount(out.bad_set));
  ever_down |= out.down;
  for (unsigned l = 0; l < lanes; ++l) {
    bert_bits[l] += 16 * (out.bert_symbol >> l & 1);
    bert_errors[l] += out.bert_errors >> (5 * l) & 0x1F;
  }
  out.phy_tx = dut_->edge();
}

Pair::Pair(PairOptions o)
    : options(std::move(o)),
      a(options.a, options.seed),
      b(options.b, options.seed + 1),
      ab(options.ab),
      ba(options.ba),
      random_(options.seed + 2) {
  a.in.node = 0xA11A;
  b.in.node = 0xB22B;
}

Pair::~Pair() { EXPECT_EQ(a.outside + b.outside, 0U) << "words outside data mode; " << describe(); }

void Pair::carry(End& from, End& to, LinkChannel& channel, std::deque<Symbols>& waiting, bool cut) {
  if (from.in.take) waiting.push_back(channel.step(split(from.out.phy_tx)));
  to.in.give = !waiting.empty() && (!options.random_rate || waiting.size() > 4 || random_() % options.rate == 0);
  if (to.in.give) {
    if (&to == &b && tamper_ab) tamper_ab(waiting.front());
    to.in.phy_rx = cut ? 0 : joined(waiting.front());
    waiting.pop_front();
  } else {
    to.in.phy_rx = random_();  // of no meaning
  }
}

void Pair::step() {
  a.in.rst_n = clock >= reset_clocks && !reset_a;
  b.in.rst_n = clock >= reset_clocks + options.starts_later && !reset_b;
  const bool turn = options.random_rate ? random_() % options.rate == 0 : clock % options.rate == 0;
  a.in.take = turn;
  b.in.take = options.random_rate ? random_() % options.rate == 0 : turn;
  carry(a, b, ab, to_b_, cut_ab);
  carry(b, a, ba, to_a_, cut_ba);
  a.settle();
  b.settle();
  a.edge(b);
  b.edge(a);
  ++clock;
}

bool Pair::train(unsigned limit, unsigned words) {
  for (unsigned i = 0; i < limit; ++i) {
    step();
    if (a.out.up && b.out.up && a.good_since_up >= words && b.good_since_up >= words) return true;
    if (a.out.down || b.out.down) return false;
  }
  return false;
}

bool Pair::until_down(const End& end, unsigned limit) {
  for (unsigned i = 0; i < limit && !end.out.down; ++i) step();
  return end.out.down;
}

std::string Pair::describe() const {
  const auto one = [](const char* name, const End& e) {
    return std::string(name) + ": state " + std::to_string(e.out.state) + ", reason " + std::to_string(e.out.reason) +
           ", heard " + std::to_string(e.out.heard) + ", sends on " + std::to_string(e.out.tx_lanes) +
           ", receives on " + std::to_string(e.out.rx_lanes) + ", " + std::to_string(e.good) + " words good, " +
           std::to_string(e.wrong) + " wrong, " + std::to_string(e.trainings) + " trainings; ";
  };
  return one("a", a) + one("b", b) + "clock " + std::to_string(clock) + ", HILBERT_SEED=" + std::to_string(run_seed());
}

ChannelOptions any_channel(unsigned lanes, Random& random) {
  ChannelOptions o;
  o.lanes = lanes;
  o.latency = 1 + static_cast<unsigned>(random() % 40);
  for (unsigned l = 0; l < lanes; ++l) {
    o.skew[l] = static_cast<unsigned>(random() % 16);
    o.bit_offset[l] = static_cast<unsigned>(random() % 16);
  }
  // 15 symbols in all, whatever part of them is bits.
  for (unsigned l = 0; l < lanes; ++l) {
    if (o.skew[l] == 15) o.bit_offset[l] = 0;
  }
  o.seed = random();
  return o;
}

unsigned chosen(unsigned working) {
  if (working == 0xF) return working;
  while (std::popcount(working) > 2) working &= ~(1U << (std::bit_width(working) - 1));
  return working;
}

}  // namespace hilbert::test
