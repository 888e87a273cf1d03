// SPDX-License-Identifier: Apache-2.0
// A campaign: the blocks of its plan, computed on gates, completed and refereed on the verilated model, kept in a
// store.
#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "campaign/plan.hpp"
#include "campaign/rtl_target.hpp"
#include "campaign/trace.hpp"
#include "store/block.hpp"
#include "store/referee.hpp"
#include "store/verdicts.hpp"
#include "store/writer.hpp"

namespace hilbert::campaign {

/// Ends a run that a recording cannot end: the model stands where its outside would react, and the workload's host
/// takes over, for at most so many clocks.
using WithHost = std::function<Judgement(std::uint32_t clocks)>;

/// What the store calls the outcomes, by their codes. `left` is met only where no host took over.
std::vector<std::string> outcome_names();

/// What runs the experiments. The verdicts are the same.
enum class Engine : std::uint8_t {
  gates,     ///< the sweep on the netlist
  verilated  ///< each on the verilated model, from a snapshot
};
std::string_view to_string(Engine engine);
/// Error (exit code 2) for a word that is none.
Engine parse_engine(const std::string& word);

class Campaign {
 public:
  /// All must live as long. Without `with_host` such runs stay `left`.
  Campaign(const Trace& trace, RtlTarget& rtl, const Plan& plan, WithHost with_host, Engine engine = Engine::gates);

  /// A block of the plan. Several threads may ask at once.
  [[nodiscard]] store::Block compute(std::uint32_t number);
  /// One fault on the verilated model alone. Several threads may ask at once; they wait for each other.
  [[nodiscard]] Verdict on_rtl(const Fault& fault, const RtlTarget::Observer& observer = {});
  /// The fault of an experiment.
  [[nodiscard]] Fault fault_of(const store::Experiment& experiment) const;

  /// Computes the blocks that are missing in `writer`, by `threads` threads, and appends them. `progress` is called now
  /// and then with the experiments done; it stops the work, between blocks, by returning false. Returns whether none is
  /// missing now.
  bool run(store::Writer& writer, unsigned threads, const std::function<bool(std::uint64_t experiments)>& progress);

 private:
  [[nodiscard]] store::Block exhaustive(std::uint32_t number);
  template <class Take>
  void each_of(const Columns& columns, store::Block& block, Take take) const;
  [[nodiscard]] store::Block random(std::uint32_t number);
  void put(store::Block& block, const Verdict& verdict, const std::function<Fault()>& fault);

  const Trace& trace_;
  RtlTarget& rtl_;
  const Plan& plan_;
  WithHost with_host_;
  Engine engine_;
  std::mutex mutex_;  ///< of the model
};

/// Replays random experiments on the verilated model, `count` of the whole campaign's: those of them that these results
/// hold. Half of them are of flip-flops, if there are others.
std::vector<store::Replay> replay_sample(Campaign& campaign, const Plan& plan, const store::Verdicts& verdicts,
                                         std::uint64_t count, std::uint64_t seed);

}  // namespace hilbert::campaign
