// SPDX-License-Identifier: Apache-2.0
// The host's arithmetic against libm, finite differences, and a second Adam in double precision.
#include "train/math.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <hilbert/convert.hpp>
#include <limits>

#include "support/random.hpp"
#include "train/trainer.hpp"

namespace hilbert::train {
namespace {

TEST(TrainMath, ExpAndLogAgreeWithLibm) {
  for (double x = -700; x < 700; x += 0.37) {
    const auto right = static_cast<double>(std::exp(static_cast<long double>(x)));
    EXPECT_NEAR(exp(x) / right, 1, 1e-15) << x;
  }
  for (double x = 1e-300; x < 1e300; x *= 1.7) EXPECT_NEAR(log(x), std::log(x), 1e-15 * std::abs(std::log(x))) << x;
  for (double x = 0.5; x < 2; x += 0.001) EXPECT_NEAR(log(x), std::log(x), 3e-16) << x;
  EXPECT_EQ(exp(0), 1);
  EXPECT_EQ(log(1), 0);
  EXPECT_EQ(exp(-1e9), 0);
  EXPECT_TRUE(std::isinf(exp(1e9)));
  EXPECT_TRUE(std::isnan(exp(std::nan(""))));
  EXPECT_TRUE(std::isnan(log(-1)));
}

TEST(TrainMath, GradientIsTheLossesFiniteDifference) {
  constexpr std::size_t rows = 4, cols = 5;
  Random engine(seed_of(3));
  Matrix<float> z(rows, cols), gradient(rows, cols);
  for (float& v : z.elements()) v = static_cast<float>(engine.bits32() % 1000) / 125 - 4;
  const std::vector<std::uint8_t> labels{0, 4, 2, 2};
  const Score score = softmax_cross_entropy(z, labels, gradient.view());
  const auto loss = [&](const std::vector<double>& logits) {  // the textbook's formula, in double
    double sum = 0;
    for (std::size_t i = 0; i < rows; ++i) {
      double e = 0;
      for (std::size_t j = 0; j < cols; ++j) e += std::exp(logits[i * cols + j]);
      sum -= std::log(std::exp(logits[i * cols + labels[i]]) / e);
    }
    return sum / rows;
  };
  const std::vector<double> at(z.elements().begin(), z.elements().end());
  EXPECT_NEAR(score.mean_loss(), loss(at), 1e-12);
  for (std::size_t k = 0; k < at.size(); ++k) {
    auto up = at, down = at;
    up[k] += 1e-5, down[k] -= 1e-5;
    EXPECT_NEAR(gradient.elements()[k], (loss(up) - loss(down)) / 2e-5, 1e-7) << k;
  }
}

TEST(TrainMath, ScoreCountsAndSurvivesExtremes) {
  const Matrix<float> z(3, 2, {1, 1, -3e38f, 3e38f, 0, 500});
  const Score score = softmax_cross_entropy(z, std::vector<std::uint8_t>{0, 1, 0});
  EXPECT_EQ(score.correct, 2u);  // of equals the first
  EXPECT_EQ(score.count, 3u);
  EXPECT_NEAR(score.loss, std::log(2.0) + 0 + 500, 1e-12);
}

TEST(TrainMath, AdamAgreesWithASecondOne) {
  constexpr std::size_t size = 7;
  Random engine(seed_of(5));
  Adam adam(size);
  std::vector<float> w(size, 1.0f), g(size);
  std::vector<double> w2(size, 1.0), m(size), v(size);
  for (int t = 1; t <= 100; ++t) {
    for (std::size_t i = 0; i < size; ++i) {
      g[i] = (static_cast<float>(engine.bits32() % 2000) / 1000 - 1) * std::pow(10.0f, static_cast<float>(i) - 5);
      m[i] = 0.9 * m[i] + 0.1 * g[i];
      v[i] = 0.999 * v[i] + 0.001 * g[i] * g[i];
      w2[i] -= 0.01 * (m[i] / (1 - std::pow(0.9, t))) / (std::sqrt(v[i] / (1 - std::pow(0.999, t))) + 1e-8);
    }
    adam.update(w, g, 0.01f);
    if (t == 1) {  // whatever the gradient's size, the first step is the rate
      for (std::size_t i = 1; i < size; ++i) EXPECT_NEAR(std::abs(w[i] - 1), 0.01, 2e-5) << g[i];
    }
  }
  for (std::size_t i = 0; i < size; ++i) EXPECT_NEAR(w[i], w2[i], 2e-5) << i;
}

TEST(TrainMath, SumsAndMagnitudes) {
  const Matrix<float> m(2, 3, {1, 2, 3, 10, -20, 30});
  std::vector<float> sums(3, 99);
  column_sums(m, sums);
  EXPECT_EQ(sums, (std::vector<float>{11, -18, 33}));
  EXPECT_EQ(largest_magnitude(m.elements()), 30);
  EXPECT_NE(mix({1, 2}), mix({2, 1}));
  EXPECT_NE(mix({1}), mix({1, 0}));
  // FNV-1a of four zero bytes, by its definition from the published offset basis and prime.
  std::uint64_t hash = 14695981039346656037u;
  for (int i = 0; i < 4; ++i) hash *= 1099511628211u;
  EXPECT_EQ(fingerprint(std::vector<float>{0.0f}), hash);
}

TEST(TrainMath, CFloat8BiasIsTheFinestThatHoldsTheRange) {
  for (const model::Format format : {model::Format::cf8_143, model::Format::cf8_152}) {
    const auto largest = [&](int bias) {
      float value = 0;
      const std::byte code{0x7F};
      decode_codes({&code, 1}, {format, static_cast<std::uint8_t>(bias)}, false, {&value, 1});
      return value;
    };
    for (float range = 0x1p-60f; range < 0x1p40f; range *= 1.0623f) {
      const int bias = cfloat8_for(format, range).bias;
      if (bias > 0) EXPECT_GE(largest(bias), range);
      if (bias < 63) EXPECT_LT(largest(bias + 1), range);
    }
    EXPECT_LE(cfloat8_for(format, 0).bias, 63);
  }
}

}  // namespace
}  // namespace hilbert::train
