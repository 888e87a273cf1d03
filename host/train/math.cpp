// SPDX-License-Identifier: Apache-2.0
// Element-wise training arithmetic. Compiled with -ffp-contract=off (train.cmake).
#include "train/math.hpp"

#include <bit>
#include <cmath>
#include <limits>
#include <numbers>

namespace hilbert::train {

double exp(double x) {
  if (std::isnan(x)) return x;
  if (x > 709) return std::numeric_limits<double>::infinity();
  if (x < -708) return 0;
  // x = n ln 2 + r, |r| <= ln 2 / 2; ln 2 in two parts, the first short enough that n times it is exact (Cody and
  // Waite).
  constexpr double ln2_high = 0x1.62e42feep-1, ln2_low = 0x1.a39ef35793c76p-33;
  const double n = std::floor(x * std::numbers::log2e + 0.5);
  const double r = (x - n * ln2_high) - n * ln2_low;
  double sum = 1;  // Taylor's series to r^14 / 14!
  for (int i = 14; i > 0; --i) sum = 1 + sum * r / i;
  return std::ldexp(sum, static_cast<int>(n));
}

double log(double x) {
  if (!(x > 0) || std::isinf(x)) return x > 0 ? x : std::numeric_limits<double>::quiet_NaN();
  int exponent = 0;
  double m = std::frexp(x, &exponent);
  if (m < std::numbers::sqrt2 / 2) {
    m *= 2;
    --exponent;
  }
  // log m = 2 artanh s, s = (m - 1) / (m + 1), |s| <= 0.172
  const double s = (m - 1) / (m + 1), s2 = s * s;
  double sum = 0;
  for (int i = 23; i > 0; i -= 2) sum = sum * s2 + 1.0 / i;
  return exponent * std::numbers::ln2 + 2 * s * sum;
}

Score softmax_cross_entropy(MatrixView<const float> logits, std::span<const std::uint8_t> labels,
                            MatrixView<float> gradient) {
  Score score;
  score.count = logits.rows;
  std::vector<double> e(logits.cols);
  for (std::size_t i = 0; i < logits.rows; ++i) {
    std::size_t best = 0;
    for (std::size_t j = 1; j < logits.cols; ++j) {
      if (logits(i, j) > logits(i, best)) best = j;
    }
    const double top = logits(i, best);
    double sum = 0;
    for (std::size_t j = 0; j < logits.cols; ++j) sum += e[j] = exp(logits(i, j) - top);
    score.loss += log(sum) - (logits(i, labels[i]) - top);
    score.correct += best == labels[i] ? 1 : 0;
    if (gradient.data == nullptr) continue;
    for (std::size_t j = 0; j < logits.cols; ++j) {
      const double p = e[j] / sum - (j == labels[i] ? 1 : 0);
      gradient(i, j) = static_cast<float>(p / static_cast<double>(logits.rows));
    }
  }
  return score;
}

void Adam::update(std::span<float> weights, std::span<const float> gradient, float rate) {
  power1_ *= beta1;
  power2_ *= beta2;
  const auto scale1 = static_cast<float>(1 / (1 - power1_)), scale2 = static_cast<float>(1 / (1 - power2_));
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const float g = gradient[i];
    mean_[i] = beta1 * mean_[i] + (1 - beta1) * g;
    square_[i] = beta2 * square_[i] + (1 - beta2) * (g * g);
    weights[i] -= rate * (mean_[i] * scale1) / (std::sqrt(square_[i] * scale2) + epsilon);
  }
}

void column_sums(MatrixView<const float> matrix, std::span<float> sums) {
  for (float& sum : sums) sum = 0;
  for (std::size_t i = 0; i < matrix.rows; ++i) {
    for (std::size_t j = 0; j < matrix.cols; ++j) sums[j] += matrix(i, j);
  }
}

float largest_magnitude(std::span<const float> values) {
  float largest = 0;
  for (const float v : values) largest = std::abs(v) > largest ? std::abs(v) : largest;
  return largest;
}

std::uint64_t mix(std::initializer_list<std::uint64_t> words) {
  std::uint64_t state = 0;
  for (const std::uint64_t word : words) {
    state += word + 0x9E3779B97F4A7C15u;
    state = (state ^ state >> 30) * 0xBF58476D1CE4E5B9u;
    state = (state ^ state >> 27) * 0x94D049BB133111EBu;
    state ^= state >> 31;
  }
  return state;
}

std::uint64_t fingerprint(std::span<const float> values, std::uint64_t start) {
  std::uint64_t hash = start;
  for (const float value : values) {
    const auto bits = std::bit_cast<std::uint32_t>(value);
    for (unsigned shift = 0; shift < 32; shift += 8) hash = (hash ^ (bits >> shift & 0xFF)) * 0x100000001B3u;
  }
  return hash;
}

}  // namespace hilbert::train
