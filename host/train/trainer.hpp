// SPDX-License-Identifier: Apache-2.0
// Training of a small image classifier, every matrix product of it on a tile.
//
//     hidden = relu(images * W1 + b1)      W1: pixels x hidden
//     logits = hidden * W2 + b2            W2: hidden x classes
//
// The host keeps the master weights in float32 and does what is not a matrix product: softmax, Adam, sums of columns.
#pragma once

#include <cstdint>
#include <functional>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "files/idx.hpp"
#include "train/math.hpp"
#include "train/products.hpp"

namespace hilbert::train {

/// How tensors become operands.
enum class NumberFormat : std::uint8_t {
  bf16,  ///< everything bf16, rounded to nearest
  cf8  ///< weights, pixels and activations cf8_143, gradients cf8_152, a bias per tensor and step, stochastic rounding
};

struct Options {
  NumberFormat format = NumberFormat::bf16;
  std::uint32_t hidden = 64;
  std::uint32_t batch = 64;
  std::uint32_t steps = 200;
  float rate = 0.006f;  ///< Adam's, in the first step; it falls linearly to zero
  std::uint64_t seed = 1;
};

/// What a step looked like before its update.
struct StepResult {
  std::uint32_t step = 0;
  double loss = 0;      ///< mean cross-entropy of the batch in nats
  double accuracy = 0;  ///< of the batch
};

/// The parameters, in float32.
struct Network {
  Matrix<float> w1, w2;
  std::vector<float> b1, b2;

  [[nodiscard]] std::uint64_t fingerprint() const;
};

/// The derivatives of the mean loss, same shapes.
using Gradients = Network;

class Trainer {
 public:
  using Observer = std::function<void(const ProductPtr&)>;

  /// Keeps references to `data` and `engine`. `observe` is called with every product after it was computed. Error (exit
  /// code 2) for options that make no network.
  Trainer(const ImageDataset& data, ProductEngine& engine, const Options& options, Observer observe = {});

  /// One batch: forward, backward, update.
  StepResult step();
  /// Forward over all images in pieces; `advanced` is called with the number of images done.
  Score evaluate(const LabelledImages& images, const std::function<void(std::size_t)>& advanced = {});

  /// Loss and gradients of these images of the training set; what step() updates with.
  StepResult differentiate(std::span<const std::uint32_t> indices, Gradients& gradients);

  [[nodiscard]] const Network& network() const { return network_; }
  [[nodiscard]] Network& network() { return network_; }
  [[nodiscard]] std::uint32_t steps_done() const { return step_; }

  /// All that the steps to come depend on besides options, images and the number of steps done: master weights, Adam's
  /// moments, the range of the hidden layer; float32 and float64, little endian.
  [[nodiscard]] std::vector<std::byte> state();
  /// Makes a fresh trainer of the same options and images one that has done `steps`: it then goes on in the very bits.
  /// The order of the images follows from the seed and is computed again. Error (exit code 2) if the state is not one
  /// of such a trainer.
  void restore(std::uint32_t steps, std::span<const std::byte> state);

  /// Multiply-accumulates of a step, and of evaluating one image.
  [[nodiscard]] std::uint64_t step_macs() const;
  [[nodiscard]] std::uint64_t image_macs() const;

 private:
  template <typename Part>
  void each_part(Part part);
  [[nodiscard]] bool cf8() const { return options_.format == NumberFormat::cf8; }
  [[nodiscard]] std::uint32_t seed_of(std::uint32_t tensor) const;
  [[nodiscard]] CodeMatrix pixels(const LabelledImages& images, std::span<const std::uint32_t> indices) const;
  [[nodiscard]] CodeMatrix operand(MatrixView<const float> values, bool gradient, std::uint32_t tensor) const;
  [[nodiscard]] std::vector<std::uint32_t> next_batch();
  CodeMatrix multiply(std::string name, const CodeMatrix& a, const CodeMatrix& b, model::FormatSpec d,
                      std::uint32_t tensor, const std::vector<float>* bias = nullptr, bool relu = false);

  const ImageDataset& data_;
  ProductEngine& engine_;
  Options options_;
  Observer observe_;
  Network network_;
  Adam w1_, b1_, w2_, b2_;
  std::uint32_t step_ = 0;
  bool evaluating_ = false;
  float hidden_range_ = 8.0f;  ///< what the next hidden activations are expected not to exceed (cf8)
  std::vector<std::uint32_t> order_;
  std::size_t position_ = 0;
  std::mt19937_64 shuffle_;
};

/// The largest CFloat8 bias (so the finest grid) with which `range` is still finite; 0..63.
[[nodiscard]] model::FormatSpec cfloat8_for(model::Format format, float range);

}  // namespace hilbert::train
