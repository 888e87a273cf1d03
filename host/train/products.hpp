// SPDX-License-Identifier: Apache-2.0
// Where a trainer's matrix products are computed: on the reference model, or on one or more devices.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <hilbert/crew.hpp>
#include <hilbert/runtime.hpp>

namespace hilbert::train {

/// One matrix product of a training, with its place in it; codes as in model::gemm.
struct Product {
  std::uint32_t step = 0;  ///< the number of steps done before; evaluation comes after the last
  std::string name;        ///< which product of the step: "hidden", "logits", "grad_w1", ...
  model::Gemm job;
  std::vector<std::byte> a, b, c, d;
  model::Flags flags;
};
using ProductPtr = std::shared_ptr<const Product>;

/// Multiplies matrices of codes, with model::gemm's signature and, if it is right, its bits.
class ProductEngine {
 public:
  virtual ~ProductEngine() = default;
  /// Terms of a cell's step, which results depend on: the Gemm's `depth` must be this.
  [[nodiscard]] virtual unsigned depth() const = 0;
  virtual CodesResult multiply(const model::Gemm& job, std::span<const std::byte> a, std::span<const std::byte> b,
                               std::span<const std::byte> c) = 0;
};

/// model::gemm itself.
class ModelEngine : public ProductEngine {
 public:
  explicit ModelEngine(unsigned depth = 4) : depth_(depth) {}
  [[nodiscard]] unsigned depth() const override { return depth_; }
  CodesResult multiply(const model::Gemm& job, std::span<const std::byte> a, std::span<const std::byte> b,
                       std::span<const std::byte> c) override;

 private:
  unsigned depth_;
};

/// Several devices of the same kind, each with a share of the rows of every product and, where the machine has as many,
/// a thread: the bits do not depend on how many.
class DeviceEngine : public ProductEngine {
 public:
  /// Opens `uri` `count` times (at least once). Error from open_device.
  DeviceEngine(std::string_view uri, unsigned count, const RuntimeOptions& options = {});
  explicit DeviceEngine(std::vector<Runtime> runtimes);

  [[nodiscard]] unsigned depth() const override;
  CodesResult multiply(const model::Gemm& job, std::span<const std::byte> a, std::span<const std::byte> b,
                       std::span<const std::byte> c) override;

  [[nodiscard]] const Capabilities& capabilities() { return runtimes_.front().capabilities(); }
  [[nodiscard]] std::size_t devices() const { return runtimes_.size(); }
  [[nodiscard]] JobPath path() const { return runtimes_.front().path(); }
  /// Summed over the devices: clocks too, so that utilisation() is that of a device.
  [[nodiscard]] Report totals() const;

 private:
  std::vector<Runtime> runtimes_;
  model::Geometry geometry_;
  Crew crew_;
};

}  // namespace hilbert::train
