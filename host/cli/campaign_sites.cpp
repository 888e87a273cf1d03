// SPDX-License-Identifier: Apache-2.0
// hilbert campaign sites: what can be disturbed, and that the verilated chip has it all.
#include <fmt/format.h>

#include <hilbert/text.hpp>
#include <iostream>
#include <map>

#include "campaign_actions.hpp"
#include "campaign_options.hpp"
#include "json_report.hpp"

namespace hilbert::cli {
namespace {

/// A register or memory, or a gate.
struct Line {
  std::string unit, site_class;
  std::uint32_t width = 0, words = 0;
  std::uint64_t bits = 0;
};

}  // namespace

ExitCode campaign_sites(const Arguments& arguments) {
  CampaignOptions campaign;
  JsonReport report;
  bool gates = false;
  Options options("campaign sites",
                  "Lists the registers and memories of a chip by the names of its RTL, from the netlist. Each bit is "
                  "looked up in the verilated model; one that is not there is an error.");
  campaign.add_chip_to(options);
  options.flag("gates", gates, "the gates too, where transients begin");
  report.add_to(options);
  options.example("hilbert campaign sites --chip small --filter 'unit:sequencer'", "the state of one part");
  if (!options.parse(arguments)) return ExitCode::good;
  Outputs outputs("hilbert campaign sites");
  report.open(outputs);

  workloads::ChipCampaignOptions q = campaign.take(options);
  const std::vector<std::string> filters = std::exchange(q.question.filters, {});
  q.question.kind = gates ? campaign::FaultKind::set : campaign::FaultKind::seu;
  workloads::ChipCampaign chip(q, tell);
  const store::Sites& sites = chip.sites();
  std::map<std::string, Line> lines;
  std::uint64_t bits = 0;
  for (const campaign::SiteRange& range : campaign::select_sites(sites, filters, 0, sites.size())) {
    for (std::uint32_t site = range.first; site < range.last; ++site) {
      const store::Site at = sites[site];
      Line& line = lines[std::string(at.name)];
      line = {std::string(at.unit), std::string(at.site_class), at.width, at.words, line.bits + 1};
      ++bits;
    }
  }
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  std::string text;
  for (const auto& [name, line] : lines) {
    list.push_back({{"name", name},
                    {"unit", line.unit},
                    {"class", line.site_class},
                    {"bits", line.bits},
                    {"width", line.width},
                    {"words", line.words}});
    text += fmt::format("{:>8} {:<14} {:<28} {}\n", line.bits, line.site_class, line.unit, name);
  }
  nlohmann::ordered_json lost = nlohmann::ordered_json::array();
  for (const tb::LostBit& bit : chip.netlist().lost_bits) {
    lost.push_back({{"name", bit.name.vector}, {"bit", bit.name.bit}, {"why", to_string(bit.why)}});
  }
  // Registers of the RTL that are one flip-flop.
  nlohmann::ordered_json merged = nlohmann::ordered_json::array();
  for (std::size_t i = 0; i < chip.netlist().flip_flops.size(); ++i) {
    std::vector<std::string> names;
    for (const tb::BitName& name : chip.netlist().flip_flop_names[i]) {
      if (name.vector.ends_with("_q")) names.push_back(fmt::format("{}[{}]", name.vector, name.bit));
    }
    if (names.size() > 1) merged.push_back(names);
  }
  report.value = {{"sites", lines.size()},
                  {"bits", bits},
                  {"reached", bits},
                  {"lost", std::move(lost)},
                  {"merged", std::move(merged)},
                  {"made_constant", chip.rtl().made_constant()},
                  {"list", std::move(list)}};
  if (report.with_text()) {
    std::cout << text
              << fmt::format(
                     "{}, {}: the verilated chip has every one by name; {} of the RTL needed no flip-flop, {} "
                     "shared\n",
                     counted(lines.size(), "site"), counted(bits, "bit"),
                     counted(chip.netlist().lost_bits.size(), "bit"), report.value["merged"].size());
  }
  report.print();
  return outputs.finish(ExitCode::good);
}

}  // namespace hilbert::cli
