// SPDX-License-Identifier: Apache-2.0
// The trainer: its gradients against finite differences, its determinism, and that it learns.
#include "train/trainer.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "number_format.hpp"
#include "support/errors.hpp"
#include "support/random.hpp"
#include "support/synthetic.hpp"

namespace hilbert::train {
namespace {

/// A small problem in which everything but the gradients is exact in bf16: pixels multiples of 1/4, first-layer weights
/// of 1/2, biases odd sixteenths (so that no unit sits on ReLU's kink), second-layer weights of 1/4.
struct Exact {
  Exact() {
    Random engine(seed_of(17));
    for (std::size_t i = 0; i < count; ++i) {
      data.train.labels.push_back(static_cast<std::uint8_t>(engine.bits32() % 3));
      for (int p = 0; p < 9; ++p)
        data.train.pixels.push_back(static_cast<std::uint8_t>(73 + 32 * (engine.bits32() % 6) - 64));
    }
    data.test = data.train;
    network.w1 = Matrix<float>(9, hidden);
    network.w2 = Matrix<float>(hidden, 3);
    for (float& w : network.w1.elements()) w = static_cast<float>(engine.bits32() % 5) / 2 - 1;
    for (float& w : network.w2.elements()) w = static_cast<float>(engine.bits32() % 9) / 4 - 1;
    for (std::size_t i = 0; i < hidden; ++i)
      network.b1.push_back(static_cast<float>(engine.bits32() % 16) / 8 - 0.9375f);
    for (int i = 0; i < 3; ++i) network.b2.push_back(static_cast<float>(engine.bits32() % 4) / 4);
    std::iota(all.begin(), all.end(), 0u);
  }

  /// The mean loss in double precision, written a second time, without matrices.
  [[nodiscard]] double loss(const std::vector<double>& w) const {
    const double *w1 = w.data(), *b1 = w1 + 9 * hidden, *w2 = b1 + hidden, *b2 = w2 + hidden * 3;
    double sum = 0;
    for (std::size_t n = 0; n < count; ++n) {
      double z[3] = {b2[0], b2[1], b2[2]};
      for (std::size_t j = 0; j < hidden; ++j) {
        double h = b1[j];
        for (std::size_t p = 0; p < 9; ++p) h += (data.train.image(n)[p] - 73) / 128.0 * w1[p * hidden + j];
        for (int c = 0; h > 0 && c < 3; ++c) z[c] += h * w2[j * 3 + static_cast<std::size_t>(c)];
      }
      sum += std::log(std::exp(z[0]) + std::exp(z[1]) + std::exp(z[2])) - z[data.train.labels[n]];
    }
    return sum / static_cast<double>(count);
  }

  static std::vector<double> flat(const Network& n) {
    std::vector<double> all(n.w1.elements().begin(), n.w1.elements().end());
    all.insert(all.end(), n.b1.begin(), n.b1.end());
    all.insert(all.end(), n.w2.elements().begin(), n.w2.elements().end());
    all.insert(all.end(), n.b2.begin(), n.b2.end());
    return all;
  }

  [[nodiscard]] std::vector<double> true_gradient() const {
    const std::vector<double> at = flat(network);
    std::vector<double> gradient;
    for (std::size_t k = 0; k < at.size(); ++k) {
      auto up = at, down = at;
      up[k] += 1e-5, down[k] -= 1e-5;
      gradient.push_back((loss(up) - loss(down)) / 2e-5);
    }
    return gradient;
  }

  [[nodiscard]] Options options(NumberFormat format, std::uint64_t seed = 1) const {
    Options o;
    o.format = format;
    o.hidden = hidden;
    o.batch = count;
    o.seed = seed;
    return o;
  }

  static constexpr std::size_t hidden = 6, count = 12;
  ImageDataset data{{3, 3, {}, {}}, {}, 3};
  Network network;
  std::vector<std::uint32_t> all = std::vector<std::uint32_t>(count);
};

TEST(Trainer, GradientsInBf16AreThoseOfTheLoss) {
  Exact x;
  ModelEngine engine;
  Trainer trainer(x.data, engine, x.options(NumberFormat::bf16));
  trainer.network() = x.network;
  Gradients g;
  const StepResult result = trainer.differentiate(x.all, g);
  EXPECT_NEAR(result.loss, x.loss(Exact::flat(x.network)), 1e-6);
  const std::vector<double> got = Exact::flat(g), right = x.true_gradient();
  ASSERT_EQ(got.size(), right.size());
  double largest = 0;
  for (const double v : right) largest = std::max(largest, std::abs(v));
  for (std::size_t k = 0; k < right.size(); ++k) EXPECT_NEAR(got[k], right[k], 0.005 * largest) << k;
}

/// Stochastic rounding: the mean over many seeds comes close to the gradient, though each alone is coarse.
TEST(Trainer, GradientsInCFloat8AreRightOnAverage) {
  Exact x;
  ModelEngine engine;
  constexpr int seeds = 600;
  std::vector<double> mean;
  double worst_single = 0;
  const std::vector<double> right = x.true_gradient();
  double largest = 0;
  for (const double v : right) largest = std::max(largest, std::abs(v));
  for (int seed = 0; seed < seeds; ++seed) {
    Trainer trainer(x.data, engine, x.options(NumberFormat::cf8, static_cast<std::uint64_t>(seed)));
    trainer.network() = x.network;
    Gradients g;
    (void)trainer.differentiate(x.all, g);
    const std::vector<double> got = Exact::flat(g);
    mean.resize(got.size());
    for (std::size_t k = 0; k < got.size(); ++k) {
      mean[k] += got[k] / seeds;
      worst_single = std::max(worst_single, std::abs(got[k] - right[k]));
    }
  }
  double worst_mean = 0;
  for (std::size_t k = 0; k < right.size(); ++k) worst_mean = std::max(worst_mean, std::abs(mean[k] - right[k]));
  EXPECT_GT(worst_single, 0.05 * largest);
  EXPECT_LT(worst_mean, 0.02 * largest);
}

Options small_options(NumberFormat format, std::uint64_t seed = 1) {
  Options o;
  o.format = format;
  o.hidden = 12;
  o.batch = 20;
  o.steps = 40;
  o.rate = 0.02f;
  o.seed = seed;
  return o;
}

struct Trained {
  std::vector<StepResult> history;
  Score test;
  std::uint64_t weights = 0;
};

Trained trained(ProductEngine& engine, const Options& options, std::uint32_t steps = 40) {
  const ImageDataset data = synthetic_dataset();
  Trainer trainer(data, engine, options);
  Trained r;
  for (std::uint32_t i = 0; i < steps; ++i) r.history.push_back(trainer.step());
  r.test = trainer.evaluate(data.test);
  r.weights = trainer.network().fingerprint();
  return r;
}

class Both : public testing::TestWithParam<NumberFormat> {};

TEST_P(Both, LearnsOnTheSmallTile) {
  DeviceEngine engine("model:small", 1);
  const Trained r = trained(engine, small_options(GetParam()));
  EXPECT_GT(r.history.front().loss, 1.8);
  EXPECT_LT(r.history.back().loss, 0.5);
  EXPECT_GT(r.test.accuracy(), 0.9);
}

TEST_P(Both, SameSeedSameBitsOnModelAndDevices) {
  ModelEngine model(2);
  const Trained expected = trained(model, small_options(GetParam()), 6);
  for (const unsigned devices : {1u, 2u, 3u, 16u}) {
    DeviceEngine engine("model:small", devices);
    const Trained r = trained(engine, small_options(GetParam()), 6);
    EXPECT_EQ(r.weights, expected.weights) << devices;
    EXPECT_EQ(r.test.loss, expected.test.loss) << devices;
    EXPECT_EQ(r.history.back().loss, expected.history.back().loss) << devices;
  }
  EXPECT_NE(trained(model, small_options(GetParam(), 2), 6).weights, expected.weights);
}

TEST_P(Both, CountsItsMacs) {
  DeviceEngine engine("model:small", 2);
  const ImageDataset data = synthetic_dataset();
  Trainer trainer(data, engine, small_options(GetParam()));
  (void)trainer.step();
  EXPECT_EQ(engine.totals().macs, trainer.step_macs());
  (void)trainer.evaluate(data.test);
  EXPECT_EQ(engine.totals().macs, trainer.step_macs() + data.test.count() * trainer.image_macs());
}

INSTANTIATE_TEST_SUITE_P(Formats, Both, testing::Values(NumberFormat::bf16, NumberFormat::cf8),
                         [](const auto& param) { return param.param == NumberFormat::bf16 ? "bf16" : "cf8"; });

TEST(Trainer, AnEpochShowsEveryImageOnce) {
  ImageDataset data = synthetic_dataset(5, 6, 60, 10);
  ModelEngine engine;
  std::vector<std::size_t> seen(256);
  for (std::size_t i = 0; i < data.train.count(); ++i) data.train.pixels[i * 30] = static_cast<std::uint8_t>(i);
  Options options = small_options(NumberFormat::bf16);
  Trainer trainer(data, engine, options, [&](const ProductPtr& product) {
    if (product->name != "hidden") return;
    Matrix<float> x(product->job.m, product->job.k);
    decode_codes(product->a, product->job.a, false, x.elements());
    for (std::size_t i = 0; i < x.rows(); ++i) ++seen[static_cast<std::size_t>(std::lround(x(i, 0) * 128 + 73))];
  });
  for (int epoch = 1; epoch <= 2; ++epoch) {
    for (int i = 0; i < 3; ++i) (void)trainer.step();
    for (std::size_t i = 0; i < 60; ++i) EXPECT_EQ(seen[i], static_cast<std::size_t>(epoch)) << i;
  }
}

/// Adam's first step moves a weight by the rate; after the last step there is nothing left of it.
TEST(Trainer, TheRateFallsToZero) {
  const ImageDataset data = synthetic_dataset();
  ModelEngine engine;
  Options options = small_options(NumberFormat::bf16);
  options.steps = 2;
  Trainer trainer(data, engine, options);
  (void)trainer.step();
  for (const float b : trainer.network().b2) EXPECT_NEAR(std::abs(b), options.rate, 1e-5);
  const std::vector<float> before = trainer.network().b2;
  (void)trainer.step();
  for (std::size_t i = 0; i < before.size(); ++i) {
    EXPECT_LE(std::abs(trainer.network().b2[i] - before[i]), 0.51f * options.rate);
  }
  const std::uint64_t last = trainer.network().fingerprint();
  (void)trainer.step();
  EXPECT_EQ(trainer.network().fingerprint(), last);
}

TEST(Trainer, RefusesWhatMakesNoNetwork) {
  const ImageDataset data = synthetic_dataset();
  ModelEngine engine;
  const auto refused = [&](auto change, std::string_view piece) {
    Options o = small_options(NumberFormat::bf16);
    change(o);
    expect_error(ExitCode::bad_input, piece, [&] { Trainer(data, engine, o); });
  };
  refused([](Options& o) { o.hidden = 0; }, "at least 1");
  refused([](Options& o) { o.batch = 0; }, "at least 1");
  refused([](Options& o) { o.batch = 161; }, "a batch of 161 is more than all 160 images");
  refused([](Options& o) { o.rate = 0; }, "learning rate");
  refused([](Options& o) { o.rate = std::nanf(""); }, "learning rate");
}

}  // namespace
}  // namespace hilbert::train
