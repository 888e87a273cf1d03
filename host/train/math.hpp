// SPDX-License-Identifier: Apache-2.0
// The element-wise part of training, on the host. Only IEEE 754's basic operations in a fixed order, so that every
// machine gets the same bits: no libm, no fused operations, no reordering.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <hilbert/matrix.hpp>

namespace hilbert::train {

/// e^x and the natural logarithm (x > 0) to about 1e-15, the same bits everywhere; libm's differ between versions.
[[nodiscard]] double exp(double x);
[[nodiscard]] double log(double x);

struct Score {
  double loss = 0;            ///< sum of cross-entropies in nats
  std::uint64_t correct = 0;  ///< rows whose largest logit is the label's, the first of equals
  std::uint64_t count = 0;

  [[nodiscard]] double mean_loss() const { return loss / static_cast<double>(count); }
  [[nodiscard]] double accuracy() const { return static_cast<double>(correct) / static_cast<double>(count); }
};

/// Scores rows of logits. `gradient`, unless empty, becomes the derivative of the mean cross-entropy by the logits:
/// (softmax - one-hot) / rows.
Score softmax_cross_entropy(MatrixView<const float> logits, std::span<const std::uint8_t> labels,
                            MatrixView<float> gradient = {});

/// Adam (Kingma and Ba, 2015) for one tensor in float32.
class Adam {
 public:
  explicit Adam(std::size_t size) : mean_(size), square_(size) {}
  void update(std::span<float> weights, std::span<const float> gradient, float rate);

  /// Calls part(bytes) for each part of what it remembers, in a fixed order: to keep it or to put it back.
  template <typename Part>
  void each_part(Part part) {
    part(std::as_writable_bytes(std::span(mean_)));
    part(std::as_writable_bytes(std::span(square_)));
    part(std::as_writable_bytes(std::span(&power1_, 1)));
    part(std::as_writable_bytes(std::span(&power2_, 1)));
  }

  static constexpr float beta1 = 0.9f, beta2 = 0.999f, epsilon = 1e-8f;

 private:
  std::vector<float> mean_, square_;
  double power1_ = 1, power2_ = 1;  ///< beta^t
};

/// Sum of each column in float32, rows in order.
void column_sums(MatrixView<const float> matrix, std::span<float> sums);
[[nodiscard]] float largest_magnitude(std::span<const float> values);

/// 64 bits from any number of words (the finaliser of splitmix64, chained): seeds of streams.
[[nodiscard]] std::uint64_t mix(std::initializer_list<std::uint64_t> words);
/// FNV-1a of the bytes: a name for a network's weights.
[[nodiscard]] std::uint64_t fingerprint(std::span<const float> values, std::uint64_t start = 0xCBF29CE484222325u);

}  // namespace hilbert::train
