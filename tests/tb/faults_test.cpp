// SPDX-License-Identifier: Apache-2.0
// Upsets in a verilated model whose state is known by construction.
#include <gtest/gtest.h>
#include <verilated.h>

#include <hilbert/tb/faults.hpp>
#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include "Vhb_faults_bench_state.hpp"
#include "support/errors.hpp"
#include "support/random.hpp"

namespace hilbert::tb {
namespace {

struct Inputs {
  unsigned in = 0, we = 0, addr = 0;
};

class Bench {
 public:
  Bench() : model_(std::make_unique<Vhb_faults_bench>(&context_)), faults(state_of(*model_)) { clock({}); }

  void clock(const Inputs& inputs) {
    model_->clk_i = 0;
    model_->in_i = static_cast<CData>(inputs.in);
    model_->we_i = static_cast<CData>(inputs.we);
    model_->addr_i = static_cast<CData>(inputs.addr);
    model_->eval();
    model_->clk_i = 1;
    model_->eval();
  }
  [[nodiscard]] unsigned sum() const { return model_->sum_o; }
  [[nodiscard]] unsigned inner() const { return model_->inner_o; }
  [[nodiscard]] bool word(unsigned bit) const { return (model_->word_o[bit / 32] >> bit % 32 & 1) != 0; }
  [[nodiscard]] auto outputs() const {
    return std::tuple(model_->sum_o, model_->inner_o, model_->word_o[0], model_->word_o[1], model_->word_o[2]);
  }

 private:
  VerilatedContext context_;
  std::unique_ptr<Vhb_faults_bench> model_;

 public:
  Faults faults;
};

Inputs any_inputs(Random& random) { return {random.below(256u), random.below(2u), random.below(4u)}; }

TEST(Faults, SitesAreTheRegistersAndMemoriesOfTheRtl) {
  const Bench bench;
  std::map<std::string, std::pair<unsigned, unsigned>> found;
  for (const ModelVariable& site : bench.faults.sites()) found[site.name] = {site.width, site.words};
  const std::map<std::string, std::pair<unsigned, unsigned>> expected{{"count_q", {30, 1}},
                                                                      {"gen_lane[0].lane_q", {8, 1}},
                                                                      {"gen_lane[1].lane_q", {8, 1}},
                                                                      {"mem_q", {70, 4}},
                                                                      {"u_inner.shift_q", {16, 1}}};
  EXPECT_EQ(found, expected);
  EXPECT_EQ(bench.faults.bits(), 30u + 8 + 8 + 280 + 16);
}

TEST(Faults, WiresFollowAtOnce) {
  Bench bench;
  Random random(run_seed());
  for (int i = 0; i < 20; ++i) bench.clock(any_inputs(random));
  const unsigned sum = bench.sum(), inner = bench.inner();
  bench.faults.flip({"gen_lane[1].lane_q", 3});
  EXPECT_EQ(bench.sum(), sum ^ 8u);
  bench.faults.flip({"count_q", 0});  // the bit called 2
  EXPECT_EQ(bench.sum(), sum ^ 9u);
  bench.faults.flip({"u_inner.shift_q", 15});  // of a module that Verilator has not inlined
  EXPECT_EQ(bench.inner(), inner ^ 0x8000u);
  bench.clock({.in = 0, .we = 0, .addr = 2});
  const bool bit = bench.word(65);
  bench.faults.flip({"mem_q", 2 * 70 + 65});
  EXPECT_NE(bench.word(65), bit);
  EXPECT_EQ(bench.faults.value({"mem_q", 2 * 70 + 65}), !bit);
}

TEST(Faults, AnUpsetIsTheStateOfTheNextClock) {
  Bench golden, hit;
  golden.clock({});
  hit.clock({});
  hit.faults.flip({"gen_lane[0].lane_q", 7});
  for (int i = 0; i < 5; ++i) {
    golden.clock({.in = 3, .we = 0, .addr = 0});
    hit.clock({.in = 3, .we = 0, .addr = 0});
    EXPECT_EQ(hit.sum(), golden.sum() ^ 0x80u);
  }
}

TEST(Faults, SeveralBitsFlipInOneMoment) {
  Bench bench;
  const unsigned sum = bench.sum();
  const std::vector<BitName> bits{{"gen_lane[0].lane_q", 0}, {"gen_lane[1].lane_q", 0}, {"count_q", 7}};
  bench.faults.flip(bits);
  EXPECT_EQ(bench.sum(), sum ^ 0x80u) << "the two of the lanes cancel";
}

TEST(Faults, DifferencesAreTheBitsThatWereFlipped) {
  Bench bench;
  Random random(run_seed());
  for (int i = 0; i < 20; ++i) bench.clock(any_inputs(random));
  const Snapshot golden = bench.faults.snapshot();
  EXPECT_TRUE(bench.faults.differences(golden).empty());
  const std::vector<BitName> bits{{"count_q", 29}, {"mem_q", 1}, {"mem_q", 279}, {"u_inner.shift_q", 4}};
  bench.faults.flip(bits);
  EXPECT_EQ(bench.faults.differences(golden), bits);
  bench.faults.flip(bits);
  EXPECT_TRUE(bench.faults.differences(golden).empty());
}

TEST(Faults, EveryBitCanBeFlippedAlone) {
  Bench bench;
  const Snapshot golden = bench.faults.snapshot();
  for (const ModelVariable& site : bench.faults.sites()) {
    for (std::uint32_t bit = 0; bit < site.bits(); ++bit) {
      bench.faults.flip({site.name, bit});
      EXPECT_EQ(bench.faults.differences(golden), (std::vector<BitName>{{site.name, bit}}));
      bench.faults.restore(golden);
    }
  }
}

TEST(Faults, ASnapshotBringsBackTheSameClocks) {
  Bench bench, other;
  Random random(run_seed());
  for (int i = 0; i < 50; ++i) bench.clock(any_inputs(random));
  for (int i = 0; i < 7; ++i) other.clock(any_inputs(random));
  const Snapshot then = bench.faults.snapshot();
  const auto out_then = bench.outputs();
  std::vector<Inputs> inputs(100);
  std::vector<decltype(bench.outputs())> outputs;
  for (Inputs& i : inputs) {
    i = any_inputs(random);
    bench.clock(i);
    outputs.push_back(bench.outputs());
  }
  for (Bench* again : {&bench, &other}) {  // into the same model, and into another one
    again->faults.flip({"count_q", 11});
    again->faults.restore(then);
    EXPECT_EQ(again->outputs(), out_then);
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      again->clock(inputs[i]);
      ASSERT_EQ(again->outputs(), outputs[i]) << "clock " << i;
    }
  }
}

TEST(Faults, WhatThereIsNotIsRefusedAndNothingChanges) {
  Bench bench;
  const Snapshot golden = bench.faults.snapshot();
  expect_error(ExitCode::bad_input, "did you mean 'count_q'", [&] { bench.faults.flip({"conut_q", 0}); });
  expect_error(ExitCode::bad_input, "no register or memory 'sum_o'", [&] { bench.faults.flip({"sum_o", 0}); });
  expect_error(ExitCode::bad_input, "no bit 30: there are 30", [&] { bench.faults.flip({"count_q", 30}); });
  expect_error(ExitCode::bad_input, "no bit 280", [&] { (void)bench.faults.value({"mem_q", 280}); });
  const std::vector<BitName> half_good{{"count_q", 1}, {"mem_q", 280}};
  expect_error(ExitCode::bad_input, "no bit 280", [&] { bench.faults.flip(half_good); });
  EXPECT_EQ(bench.faults.snapshot(), golden);
  expect_error(ExitCode::bad_input, "a snapshot of 3 bytes", [&] { bench.faults.restore(Snapshot(3)); });
}

}  // namespace
}  // namespace hilbert::tb
