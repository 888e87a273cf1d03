// SPDX-License-Identifier: Apache-2.0
// A device whose array has work in every clock: GEMMs back to back through the queue.
#pragma once

#include <cstdint>
#include <hilbert/runtime.hpp>
#include <string>
#include <string_view>

#include "bench/product.hpp"

namespace hilbert::bench {

/// The largest bf16 product whose operands fill a bank each, with an fp32 result in a third: 64 x 64 x 256 in `full`.
/// Its result has been checked against the reference model.
class SaturatedDevice {
 public:
  explicit SaturatedDevice(std::string_view uri);

  /// Fills the queue; its clocks are not to be measured.
  void refill();
  struct Work {
    double clocks = 0, macs = 0;
  };
  /// Clocks of the RTL, all of them with jobs in the queue, and the multiply-accumulates that the tile counts in them.
  Work run();
  /// The sum of all runs.
  [[nodiscard]] const Work& work() const { return work_; }

  [[nodiscard]] const model::Gemm& job() const { return product_.job; }
  [[nodiscard]] const Capabilities& capabilities() { return runtime_.capabilities(); }

 private:
  Work counters();

  Runtime runtime_;
  Product product_;
  DeviceMatrix a_, b_, d_;
  model::Descriptor descriptor_;
  std::uint32_t clocks_a_run_;
  Work work_;
};

}  // namespace hilbert::bench
