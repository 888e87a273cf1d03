// SPDX-License-Identifier: Apache-2.0
#include "workloads/chip_campaign.hpp"

#include <fmt/format.h>

#include <hilbert/error.hpp>
#include <hilbert/text.hpp>

#include "workloads/job_judge.hpp"
#include "workloads/netlist_file.hpp"
#include "workloads/parts.hpp"

namespace hilbert::workloads {
namespace {

constexpr const char* kind = "hilbert chip";

nlohmann::json to_json(const Parameters& p) {
  return {{"name", p.name}, {"m", p.m}, {"n", p.n}, {"k", p.k}, {"format", p.format}, {"seed", p.seed}};
}

}  // namespace

ChipCampaignOptions options_of(const store::Header& header, const std::string& where) {
  const nlohmann::json& json = header.json();
  try {
    if (json.at("design").at("kind") != kind) {
      throw Error(ExitCode::bad_input, "its results are of another design than our chips", where);
    }
    ChipCampaignOptions options;
    const nlohmann::json& of = json.at("workload");
    Parameters& p = options.workload;
    p.chip = json.at("design").at("chip").get<std::string>();
    p.name = of.at("name").get<std::string>(), p.format = of.at("format").get<std::string>();
    p.m = of.at("m"), p.n = of.at("n"), p.k = of.at("k"), p.seed = of.at("seed");
    options.question = campaign::Question::from(json.at("faults"), where);
    options.engine = campaign::parse_engine(json.at("engine").get<std::string>());
    return options;
  } catch (const nlohmann::json::exception&) {
    throw Error(ExitCode::bad_input, "its header does not say what it is a campaign on", where);
  }
}

ChipCampaign::ChipCampaign(const ChipCampaignOptions& options, const std::function<void(const std::string&)>& tell) {
  const Parameters& p = options.workload;
  workload_ = make_workload(p);  // refuses bad parameters before anything takes long
  const std::filesystem::path path = options.netlist.empty() ? netlist_of(p.chip, tell) : options.netlist;
  netlist_ = std::make_shared<const tb::Netlist>(tb::read_netlist(path.string(), {.top = "hb_chip"}));
  judge_ = workload_->judge(*netlist_);
  const std::vector<campaign::Watch> watches = workload_->watches(*netlist_);
  tb::Chip& chip = workload_->chip();
  rtl_.emplace(campaign::ClockedModel{chip.state(), [&chip] { chip.settle(); }, [&chip] { chip.edge(); }}, netlist_,
               watches, *judge_);
  trace_.emplace(campaign::Scenario{.circuit = std::make_shared<const campaign::Circuit>(netlist_),
                                    .start = rtl_->start(),
                                    .recording = rtl_->recording(),
                                    .watches = watches,
                                    .judge = judge_,
                                    .budget = rtl_->budget()});
  sites_ = campaign::site_table(*netlist_, options.question.gates(), {unit_of, memory_class});
  plan_.emplace(*netlist_, sites_, trace_->end(), options.question);
  campaign_.emplace(
      *trace_, *rtl_, *plan_, [this](std::uint32_t clocks) { return workload_->with_host(clocks); }, options.engine);
  const campaign::StateBits bits(*netlist_);
  header_ = store::Header({{"design", {{"kind", kind}, {"chip", p.chip}, {"netlist", file_hash(path)}}},
                           {"workload", to_json(p)},
                           {"faults", options.question.json()},
                           {"engine", campaign::to_string(options.engine)},
                           {"clocks", trace_->end()},
                           {"budget", trace_->budget()},
                           {"bits", bits.count()},
                           {"sites", plan_->site_count()},
                           {"plan", {{"blocks", plan_->blocks().size()}, {"experiments", plan_->experiments()}}},
                           {"shard", {{"index", 1}, {"of", 1}}},
                           {"outcomes", campaign::outcome_names()},
                           {"made_constant", rtl_->made_constant()},
                           {"versions", versions()},
                           {"informative", {"versions"}}},
                          "campaign");
}

void ChipCampaign::require_same(const store::Header& header, const std::string& where) const {
  if (const auto difference = header_.difference(header)) {
    throw Error(ExitCode::bad_input, "its results are not what this program would make: " + *difference, where,
                "use the program, and the sources, that made them");
  }
}

std::string detail_text(campaign::Outcome outcome, std::uint32_t detail) {
  if (outcome == campaign::Outcome::latent) {
    return detail == 0 ? "only the time differs" : counted(detail, "state bit") + " differ at the end";
  }
  if (outcome != campaign::Outcome::sdc) return "";
  const SdcSize size = SdcSize::unpack(detail);
  std::string text;
  if (size.wrong != 0) {
    text = counted(size.wrong, "element") + " of the result wrong";
    if (size.exponent == 127) {
      text += ", where the right value is 0 or the error beyond 2^126 of it";
    } else if (size.exponent > -127) {
      text += fmt::format(", by at most 2^{} of the right value", size.exponent);
    }
    if (size.not_finite) text += ", NaN or infinity among them";
  }
  if (size.flags) text += text.empty() ? "the exception flags are wrong" : ", and wrong exception flags";
  return text;
}

}  // namespace hilbert::workloads
