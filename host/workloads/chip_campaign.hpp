// SPDX-License-Identifier: Apache-2.0
// A campaign on one of our chips: everything that it takes, made from a few words, and the same again from a header.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "campaign/campaign.hpp"
#include "store/header.hpp"
#include "workloads/workload.hpp"

namespace hilbert::workloads {

struct ChipCampaignOptions {
  Parameters workload;
  campaign::Question question;
  campaign::Engine engine = campaign::Engine::gates;
  std::filesystem::path netlist;  ///< empty: netlist_of(chip)
};

/// What says of a header which campaign it is. Error (exit code 2) at `where` for one that is of something else.
ChipCampaignOptions options_of(const store::Header& header, const std::string& where);

class ChipCampaign {
 public:
  /// Reads or makes the netlist (`tell` is called with what takes long), runs the workload undisturbed on the verilated
  /// chip and on the netlist, compares the two, and cuts the question into blocks.
  ChipCampaign(const ChipCampaignOptions& options, const std::function<void(const std::string&)>& tell);

  [[nodiscard]] const tb::Netlist& netlist() const { return *netlist_; }
  [[nodiscard]] campaign::RtlTarget& rtl() { return *rtl_; }
  [[nodiscard]] const campaign::Trace& trace() const { return *trace_; }
  [[nodiscard]] const store::Sites& sites() const { return sites_; }
  [[nodiscard]] const campaign::Plan& plan() const { return *plan_; }
  [[nodiscard]] campaign::Campaign& campaign() { return *campaign_; }
  [[nodiscard]] const store::Header& header() const { return header_; }
  [[nodiscard]] tb::Chip& chip() { return workload_->chip(); }

  /// Error (exit code 2) at `where`, which names the first difference, unless results with this header are of this
  /// campaign as this program makes it.
  void require_same(const store::Header& header, const std::string& where) const;

 private:
  std::shared_ptr<const tb::Netlist> netlist_;
  std::unique_ptr<Workload> workload_;
  std::shared_ptr<const campaign::Judge> judge_;
  std::optional<campaign::RtlTarget> rtl_;
  std::optional<campaign::Trace> trace_;
  store::Sites sites_;
  std::optional<campaign::Plan> plan_;
  std::optional<campaign::Campaign> campaign_;
  store::Header header_;
};

/// A verdict's detail in words: "3 of the result's elements are wrong, by at most 2^-4 of the right value"; "" for
/// none.
std::string detail_text(campaign::Outcome outcome, std::uint32_t detail);

}  // namespace hilbert::workloads
