// SPDX-License-Identifier: Apache-2.0
#include "campaign/campaign.hpp"

#include <algorithm>
#include <atomic>
#include <hilbert/crew.hpp>
#include <hilbert/error.hpp>

namespace hilbert::campaign {

std::vector<std::string> outcome_names() {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < outcome_count; ++i) names.emplace_back(to_string(static_cast<Outcome>(i)));
  return names;
}

std::string_view to_string(Engine engine) { return engine == Engine::gates ? "gates" : "verilated"; }

Engine parse_engine(const std::string& word) {
  for (const Engine engine : {Engine::gates, Engine::verilated}) {
    if (word == to_string(engine)) return engine;
  }
  throw Error(ExitCode::bad_input, "no such engine", word, "gates or verilated");
}

Campaign::Campaign(const Trace& trace, RtlTarget& rtl, const Plan& plan, WithHost with_host, Engine engine)
    : trace_(trace), rtl_(rtl), plan_(plan), with_host_(std::move(with_host)), engine_(engine) {
  if (engine == Engine::verilated && plan.question().gates()) {
    throw Error(ExitCode::bad_input, "the verilated model has no gates to disturb",
                std::string(to_string(plan.question().kind)), "--engine gates runs them");
  }
}

Verdict Campaign::on_rtl(const Fault& fault, const RtlTarget::Observer& observer) {
  const std::lock_guard lock(mutex_);
  Verdict verdict = rtl_.run(fault, observer);
  if (verdict.outcome != Outcome::left || !with_host_) return verdict;
  const Judgement judged = with_host_(rtl_.budget() - verdict.end);
  return {judged.outcome, verdict.end, judged.detail};
}

void Campaign::put(store::Block& block, const Verdict& found, const std::function<Fault()>& fault) {
  const Verdict verdict = found.outcome == Outcome::left && with_host_ ? on_rtl(fault()) : found;
  block.code.push_back(static_cast<std::uint8_t>(verdict.outcome));
  block.end.push_back(verdict.end);
  block.detail.push_back(verdict.detail);
}

store::Block Campaign::compute(std::uint32_t number) {
  store::Block block = plan_.question().exhaustive() ? exhaustive(number) : random(number);
  block.number = number;
  block.auxiliary = plan_.blocks()[number].auxiliary;
  block.first_experiment = plan_.blocks()[number].first;
  return block;
}

/// Every site of a block in every clock; `take(site, clock)` puts the entry of each.
template <class Take>
void Campaign::each_of(const Columns& columns, store::Block& block, Take take) const {
  block.shape = store::Shape::dense;
  block.first_site = columns.first + (columns.kind == Columns::Kind::gates ? trace_.bits().count() : 0);
  block.sites = columns.count();
  block.clocks = trace_.end();
  for (std::uint32_t clock = 0; clock < block.clocks; ++clock) {
    for (std::uint32_t i = 0; i < block.sites; ++i) take(block.first_site + i, clock);
  }
}

store::Block Campaign::exhaustive(std::uint32_t number) {
  const Columns& columns = plan_.blocks()[number].columns;
  store::Block block;
  if (engine_ == Engine::verilated) {  // an experiment a bit and clock, whatever kind of bit
    each_of(columns, block,
            [&](std::uint32_t site, std::uint32_t clock) { put(block, on_rtl(plan_.single(site, clock)), {}); });
    return block;
  }
  const Block found = run_block(trace_, columns, plan_.outside());
  const auto take = [&](const Answer& answer, std::uint32_t site, std::uint32_t clock) {
    if (answer.is_alias()) {
      block.code.push_back(store::alias);
      block.end.push_back(answer.clock());
      block.detail.push_back(answer.bit());
    } else {
      put(block, answer.verdict(), [&] { return plan_.single(site, clock); });
    }
  };
  if (columns.kind == Columns::Kind::memory_bits) {
    block.shape = store::Shape::stretches;
    for (const Stretch& stretch : found.stretches) {
      block.site.push_back(stretch.bit);
      block.first.push_back(stretch.first);
      block.last.push_back(stretch.last);
      take(stretch.answer, stretch.bit, stretch.last);
    }
    return block;
  }
  each_of(columns, block, [&](std::uint32_t site, std::uint32_t clock) {
    take(found.answer(clock, columns.first + (site - block.first_site)), site, clock);
  });
  return block;
}

store::Block Campaign::random(std::uint32_t number) {
  const PlannedBlock& planned = plan_.blocks()[number];
  std::vector<Fault> faults;
  store::Block block;
  block.shape = store::Shape::list;
  for (std::uint64_t i = 0; i < planned.count; ++i) {
    const Plan::Drawn drawn = plan_.draw(planned.first + i);
    faults.push_back(drawn.fault);
    block.site.push_back(drawn.site);
    block.first.push_back(drawn.fault.clock);
  }
  std::vector<Verdict> verdicts;
  if (engine_ == Engine::gates) {
    verdicts = run_faults(trace_, faults);
  } else {
    for (const Fault& fault : faults) verdicts.push_back(on_rtl(fault));
  }
  for (std::size_t i = 0; i < verdicts.size(); ++i) {
    put(block, verdicts[i], [&] { return faults[i]; });
  }
  return block;
}

Fault Campaign::fault_of(const store::Experiment& experiment) const {
  if (!plan_.question().exhaustive()) return plan_.draw(experiment.number).fault;
  return plan_.single(experiment.site, experiment.clock);
}

bool Campaign::run(store::Writer& writer, unsigned threads,
                   const std::function<bool(std::uint64_t experiments)>& progress) {
  const std::vector<std::uint32_t> missing = writer.missing();
  std::atomic<std::size_t> next = 0;
  std::atomic<std::uint64_t> done = 0;
  std::atomic<bool> stop = false;
  std::mutex telling;
  Crew crew(std::max(1U, std::min(threads, static_cast<unsigned>(missing.size()))));
  crew.each(crew.threads(), [&](std::size_t) {
    try {
      for (std::size_t i = next++; i < missing.size() && !stop; i = next++) {
        const store::Block block = compute(missing[i]);
        writer.append(block);
        done += block.experiments();
        const std::lock_guard lock(telling);
        if (!progress(done)) stop = true;
      }
    } catch (...) {
      stop = true;  // the others finish their block
      throw;
    }
  });
  return writer.missing().empty();
}

std::vector<store::Replay> replay_sample(Campaign& campaign, const Plan& plan, const store::Verdicts& verdicts,
                                         std::uint64_t count, std::uint64_t seed) {
  // Half of them of flip-flops, where there are memory bits too: these are most experiments, and come to little.
  const std::uint64_t flip_flops = plan.flip_flop_experiments(), others = plan.experiments() - flip_flops;
  const std::uint64_t half = others == 0 ? count : flip_flops == 0 ? 0 : count - count / 2;
  std::vector<std::uint64_t> numbers = store::referee_sample(flip_flops, half, seed);
  for (const std::uint64_t number : store::referee_sample(others, count - half, seed)) {
    numbers.push_back(flip_flops + number);
  }
  std::vector<store::Replay> replays;
  for (const std::uint64_t number : numbers) {
    if (!verdicts.holds(number)) continue;
    const Verdict found = campaign.on_rtl(campaign.fault_of(verdicts.experiment(number)));
    replays.push_back({number, static_cast<std::uint8_t>(found.outcome), found.end, found.detail});
  }
  return replays;
}

}  // namespace hilbert::campaign
