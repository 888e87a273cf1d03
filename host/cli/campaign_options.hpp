// SPDX-License-Identifier: Apache-2.0
// The options that say which campaign it is.
#pragma once

#include <string>
#include <vector>

#include "command.hpp"
#include "workloads/chip_campaign.hpp"

namespace hilbert::cli {

class CampaignOptions {
 public:
  void add_chip_to(Options& options);      ///< --chip, --netlist, --filter
  void add_campaign_to(Options& options);  ///< those too, and all others
  /// After parsing: Error (exit code 2) for words that mean nothing, or contradict each other.
  [[nodiscard]] workloads::ChipCampaignOptions take(const Options& options) const;
  /// Neither --exhaustive nor --count was given.
  [[nodiscard]] bool undecided() const { return !exhaustive_ && !count_; }

 private:
  std::string chip_ = "small", netlist_, workload_ = "gemm", size_ = "8x8x8", format_ = "bf16", faults_ = "seu", shape_,
              engine_ = "gates";
  std::vector<std::string> filters_;
  std::uint32_t fault_clocks_ = 1;
  std::uint64_t seed_ = 1, operand_seed_ = 1;
  std::optional<std::uint64_t> count_;
  bool exhaustive_ = false;
};

/// A line on standard error: what takes long before there is progress to show.
void tell(const std::string& what);

}  // namespace hilbert::cli
