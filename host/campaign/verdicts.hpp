// SPDX-License-Identifier: Apache-2.0
// From the state in which a run ends to its verdict.
#pragma once

#include <span>

#include "campaign/moment.hpp"
#include "campaign/outcome.hpp"
#include "campaign/trace.hpp"

namespace hilbert::campaign {

class Verdicts {
 public:
  explicit Verdicts(const Trace& trace) : trace_(trace) {}

  /// Of a run that is done now and differs in `bits`, in ascending order, from the undisturbed one.
  [[nodiscard]] Verdict done(const Moment& moment, std::span<const StateBit> bits) const {
    return judge(moment.clock(), moment.image(), bits);
  }
  /// Of a run that will differ in these bits of memories, and nothing else, at the end of the undisturbed one.
  [[nodiscard]] Verdict at_end(std::span<const StateBit> bits) const {
    return judge(trace_.end(), trace_.at_end(), bits);
  }

 private:
  [[nodiscard]] Verdict judge(std::uint32_t clock, const Image& image, std::span<const StateBit> bits) const;

  const Trace& trace_;
};

}  // namespace hilbert::campaign
