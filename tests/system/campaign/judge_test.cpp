// SPDX-License-Identifier: Apache-2.0
// The judge, which reads the state of a run, against a real host that looks at the same chip through its port.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <hilbert/tb/netlist.hpp>
#include <map>
#include <memory>
#include <string>

#include "campaign/rtl_target.hpp"
#include "support/random.hpp"
#include "workloads/workload.hpp"

namespace hilbert {
namespace {

using campaign::Outcome;

std::shared_ptr<const tb::Netlist> netlist() {
  static const auto read =
      std::make_shared<const tb::Netlist>(tb::read_netlist(std::getenv("HILBERT_NETLIST"), {.top = "hb_chip"}));
  return read;
}

class Judge : public testing::TestWithParam<std::string> {};

/// A host that looks later may find more: an interrupt that came too early is followed by the job's end.
bool agree(Outcome judged, Outcome host) {
  if (judged == Outcome::latent) judged = Outcome::masked;
  return judged == host || (judged == Outcome::early && host == Outcome::masked);
}

TEST_P(Judge, SaysWhatTheHostFinds) {
  const auto workload = workloads::make_workload({.name = GetParam()});
  const auto judge = workload->judge(*netlist());
  tb::Chip& chip = workload->chip();
  campaign::RtlTarget rtl({chip.state(), [&] { chip.settle(); }, [&] { chip.edge(); }}, netlist(),
                          workload->watches(*netlist()), *judge);
  Random random(seed_of(1));
  std::map<Outcome, unsigned> met;
  constexpr unsigned upsets = 3000;
  for (unsigned i = 0; i < upsets; ++i) {
    const auto bit = random.below(static_cast<campaign::StateBit>(netlist()->flip_flops.size()));
    const std::uint32_t clock = random.below(rtl.end());
    const campaign::Verdict judged = rtl.run({clock, {bit}, {}});
    ++met[judged.outcome];
    if (judged.outcome == Outcome::masked || judged.outcome == Outcome::hang) continue;
    const campaign::Judgement host = workload->with_host(rtl.budget() - judged.end);
    if (judged.outcome == Outcome::left) {
      EXPECT_EQ(host.outcome, Outcome::detected);
      continue;
    }
    EXPECT_TRUE(agree(judged.outcome, host.outcome)) << fmt::format(
        "{}[{}] in clock {}: {}, the host finds {}", netlist()->flip_flop_names[bit][0].vector,
        netlist()->flip_flop_names[bit][0].bit, clock, to_string(judged.outcome), to_string(host.outcome));
    if (judged.outcome == Outcome::sdc) {
      EXPECT_EQ(judged.detail, host.detail) << "the size of the corruption";
    }
  }
  for (const Outcome outcome : {Outcome::masked, Outcome::latent, Outcome::corrected, Outcome::detected,
                                Outcome::bad_completion, Outcome::early, Outcome::hang, Outcome::sdc, Outcome::left}) {
    EXPECT_GT(met[outcome], 0U) << to_string(outcome) << " was not met";
  }
}

INSTANTIATE_TEST_SUITE_P(Workloads, Judge,
                         testing::Values("gemm", "accumulate", "relu", "stochastic", "convert", "copy", "fill"),
                         [](const auto& test) { return test.param; });

}  // namespace
}  // namespace hilbert
