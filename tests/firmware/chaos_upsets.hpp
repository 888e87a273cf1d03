// SPDX-License-Identifier: Apache-2.0
// What happens to the chip in a run of the chaos campaign, and when.
#pragma once

#include <cstdint>
#include <hilbert/device.hpp>
#include <set>
#include <utility>

#include "chaos_options.hpp"
#include "support/random.hpp"

namespace hilbert::firmware {

class Upsets {
 public:
  /// `chip`: where upsets go, not seen by those who count. `image_end`: first address behind code and constants.
  Upsets(Device& chip, const ChaosOptions& options, std::uint64_t run_seed, ChaosCounts& counts);

  /// Where the shared area lies, once that is known.
  void set_area(std::uint32_t base, std::uint32_t bytes) { area_base_ = base, area_bytes_ = bytes; }
  /// To be called at each access of the host; does what is due.
  void host_tick();
  /// To be called at each access of natively compiled firmware: of what is due only an upset of memory can happen then.
  void core_tick();
  /// All that will happen has happened.
  [[nodiscard]] bool over() const { return left_ == 0; }

 private:
  void schedule();
  void happen();
  void disturb(std::uint32_t base, std::uint32_t bytes, bool both);
  void hold(bool halt);

  Device& chip_;
  const ChaosOptions& options_;
  ChaosCounts& counts_;
  Random random_;
  std::uint32_t area_base_ = 0, area_bytes_ = 0;
  std::uint32_t left_ = 0, ticks_ = 0;
  Upset next_ = Upset::flip_data;
  std::set<std::pair<std::uint32_t, std::uint32_t>> disturbed_;  ///< address and lane: two upsets may be four bits
};

}  // namespace hilbert::firmware
