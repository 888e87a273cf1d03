// SPDX-License-Identifier: Apache-2.0
// hilbert campaign replay: one experiment alone, on the verilated chip.
#include <fmt/format.h>

#include <hilbert/text.hpp>
#include <iostream>
#include <optional>

#include "campaign/spread.hpp"
#include "campaign_actions.hpp"
#include "campaign_options.hpp"
#include "campaign_summary.hpp"
#include "json_report.hpp"

namespace hilbert::cli {
namespace {

std::string fault_text(const campaign::Plan& plan, const store::Sites& sites, const campaign::Fault& fault,
                       std::uint32_t site) {
  std::string text(campaign::to_string(plan.question().kind));
  if (fault.flips.empty()) return text + " at " + sites.label(site);
  text += " of ";
  for (std::size_t i = 0; i < fault.flips.size(); ++i) text += (i == 0 ? "" : ", ") + sites.label(fault.flips[i]);
  return text;
}

}  // namespace

ExitCode campaign_replay(const Arguments& arguments) {
  std::string path, trace, netlist;
  std::uint64_t number = 0;
  JsonReport report;
  Options options(
      "campaign replay RESULTS --experiment N",
      "Runs one experiment again, alone, on the verilated chip, and tells how the disturbance spread. Another "
      "outcome than the file has is exit code 1.");
  options.argument("RESULTS", path, "a file that hilbert campaign run has written");
  options.number("experiment", number, {0, UINT64_MAX}, "its number");
  options.output("trace", trace, "OUT.fst", "a waveform of all signals, disturbed and undisturbed");
  options.text("netlist", netlist, "FILE", "the netlist of the campaign, if --netlist named one");
  report.add_to(options);
  options.example("hilbert campaign replay small.hbc --experiment 4711 --trace out.fst", "look at it in a viewer");
  if (!options.parse(arguments)) return ExitCode::good;
  if (!options.given("experiment")) {
    throw Error(ExitCode::bad_input, "--experiment N is missing", "hilbert campaign replay");
  }
  if (trace == "-") throw Error(ExitCode::bad_input, "a waveform is a file", "--trace");
  Outputs outputs("hilbert campaign replay");
  outputs.reads("RESULTS", path);
  if (!trace.empty()) outputs.writes("--trace", trace);
  report.open(outputs);

  const store::Verdicts verdicts = read_results(path, true);
  const store::Experiment experiment = verdicts.experiment(number);
  workloads::ChipCampaignOptions question = workloads::options_of(verdicts.results().header, path);
  question.netlist = netlist;
  workloads::ChipCampaign chip(question, tell);
  chip.require_same(verdicts.results().header, path);
  const campaign::Fault fault = chip.campaign().fault_of(experiment);
  campaign::Spread spread(chip.rtl(), chip.sites(), fault.clock,
                          trace.empty() ? std::nullopt : std::optional<std::filesystem::path>(trace));
  const campaign::Verdict found = chip.campaign().on_rtl(
      fault,
      [&](std::uint32_t clock, const std::vector<campaign::StateBit>& different) { spread.see(clock, different); });
  const std::string account = spread.finish();

  const bool known = experiment.code != store::alias;
  const campaign::Verdict said{static_cast<campaign::Outcome>(experiment.code), experiment.end, experiment.detail};
  const bool same = known && said == found;
  const std::string detail = workloads::detail_text(found.outcome, found.detail);
  report.value = {{"experiment", number}, {"fault", fault_text(chip.plan(), chip.sites(), fault, experiment.site)},
                  {"clock", fault.clock}, {"outcome", to_string(found.outcome)},
                  {"end", found.end},     {"detail", detail},
                  {"same", same}};
  if (report.with_text()) {
    std::cout << fmt::format("experiment {}: {} in clock {} of {}\n{}{} in clock {}{}\n", number,
                             report.value["fault"].get<std::string>(), fault.clock, chip.trace().end(), account,
                             to_string(found.outcome), found.end, detail.empty() ? "" : ": " + detail);
    if (!known) std::cout << "the file does not tell: its outcome is in another shard\n";
    if (known && !same) std::cout << fmt::format("the file says: {} in clock {}\n", to_string(said.outcome), said.end);
  }
  report.print();
  return outputs.finish(known && !same ? ExitCode::check_failed : ExitCode::good);
}

}  // namespace hilbert::cli
