// SPDX-License-Identifier: Apache-2.0
// How a disturbance spreads, clock by clock: in words, and as a waveform beside the undisturbed run.
#pragma once

#include <cstdint>
#include <filesystem>
#include <hilbert/tb/waveform.hpp>
#include <optional>
#include <string>
#include <vector>

#include "campaign/rtl_target.hpp"
#include "store/sites.hpp"

namespace hilbert::campaign {

/// To be given to RtlTarget::run as observer; then finish().
class Spread {
 public:
  /// The waveform, if a path is given, has every register, wire and pin that the model has a name for, twice: below
  /// `undisturbed` and below `disturbed`; and `fault`, which is 1 in the clock of the fault, and `different`, the count
  /// of state bits. A clock is 10 ns. Error (exit code 3) if it cannot be written.
  Spread(const RtlTarget& rtl, const store::Sites& sites, std::uint32_t clock,
         const std::optional<std::filesystem::path>& waveform);

  void see(std::uint32_t clock, const std::vector<StateBit>& different);
  /// Lines: what differed first, then by clock which parts, as long as that changed.
  std::string finish();

 private:
  struct Traced {
    const std::byte* live;
    std::uint32_t undisturbed, disturbed;
  };
  void trace(std::uint32_t clock, std::uint32_t different);
  [[nodiscard]] std::string parts_of(const std::vector<StateBit>& different) const;

  const RtlTarget& rtl_;
  const store::Sites& sites_;
  std::uint32_t clock_;
  std::optional<tb::Waveform> waveform_;
  std::vector<Traced> traced_;
  std::uint32_t fault_ = 0, count_ = 0;
  std::string text_, last_;
};

}  // namespace hilbert::campaign
