// SPDX-License-Identifier: Apache-2.0
// The network's forward and backward pass as products of code matrices.
#include "train/trainer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <hilbert/error.hpp>
#include <numeric>
#include <utility>

namespace hilbert::train {
namespace {

using model::Format;
using model::FormatSpec;

constexpr FormatSpec fp32{Format::fp32, 0}, bf16{Format::bf16, 0};

/// A pixel becomes (value - 73) / 128: 73 is the training images' mean, 128 keeps every pixel exact in bf16.
constexpr int pixel_mean = 73, pixel_scale = 128;
constexpr float pixel_range = static_cast<float>(255 - pixel_mean) / pixel_scale;

constexpr std::size_t evaluated_at_once = 1000;

/// What random numbers are for; part of their seed.
enum Tensor : std::uint32_t {
  initial_w1 = 1,
  initial_w2,
  shuffling,
  w1_codes,
  w2_codes,
  hidden,
  logit_gradient,
  hidden_gradient,
  grad_w1,
  grad_w2,
  logits
};

CodeMatrix transposed(const CodeMatrix& m) {
  CodeMatrix t{m.format, m.cols, m.rows, std::vector<std::byte>(m.codes.size()), {}};
  const std::size_t bytes = model::element_bytes(m.format.format);
  for (std::size_t i = 0; i < m.rows; ++i) {
    for (std::size_t j = 0; j < m.cols; ++j) {
      std::memcpy(t.codes.data() + (j * m.rows + i) * bytes, m.codes.data() + (i * m.cols + j) * bytes, bytes);
    }
  }
  return t;
}

/// Zeroes the codes where the activation is zero: the derivative of ReLU.
void mask(CodeMatrix& gradient, const CodeMatrix& activation) {
  const std::size_t bytes = model::element_bytes(gradient.format.format);
  const auto* from = activation.codes.data();
  auto* to = gradient.codes.data();
  for (std::size_t i = 0; i < gradient.rows * gradient.cols; ++i, from += bytes, to += bytes) {
    if (std::all_of(from, from + bytes, [](std::byte b) { return b == std::byte{}; })) std::memset(to, 0, bytes);
  }
}

/// Uniform in +-sqrt(6 / inputs) (He et al., 2015), the same numbers everywhere.
Matrix<float> initial(std::size_t inputs, std::size_t outputs, std::uint64_t seed) {
  std::mt19937_64 engine(seed);
  const double limit = std::sqrt(6.0 / static_cast<double>(inputs));
  Matrix<float> w(inputs, outputs);
  for (float& value : w.elements()) {
    value = static_cast<float>(limit * (static_cast<double>(engine() >> 11) * 0x1p-52 - 1));
  }
  return w;
}

}  // namespace

FormatSpec cfloat8_for(Format format, float range) {
  const auto& info = model::info(format);
  const double top = 2 - std::ldexp(1.0, -info.mantissa_bits);  // largest significand
  int bias = (1 << info.exponent_bits) - 1;                     // with it the largest value is `top`
  if (range > 0) {
    while (bias < model::max_bias && range <= top / 2) range *= 2, ++bias;
    while (bias > 0 && range > top) range /= 2, --bias;
  }
  return {format, static_cast<std::uint8_t>(bias)};
}

std::uint64_t Network::fingerprint() const {
  std::uint64_t hash = train::fingerprint(w1.elements());
  for (const std::span<const float> rest : {std::span<const float>(b1), w2.elements(), std::span<const float>(b2)}) {
    hash = train::fingerprint(rest, hash);
  }
  return hash;
}

Trainer::Trainer(const ImageDataset& data, ProductEngine& engine, const Options& options, Observer observe)
    : data_(data),
      engine_(engine),
      options_(options),
      observe_(std::move(observe)),
      w1_(data.train.image_size() * options.hidden),
      b1_(options.hidden),
      w2_(std::size_t{options.hidden} * data.classes),
      b2_(data.classes),
      order_(data.train.count()),
      shuffle_(mix({options.seed, shuffling})) {
  if (options.hidden == 0 || options.batch == 0 || options.steps == 0) {
    throw Error(ExitCode::bad_input, "hidden, batch and steps must be at least 1", "training");
  }
  if (options.batch > data.train.count()) {
    throw Error(ExitCode::bad_input,
                fmt::format("a batch of {} is more than all {} images", options.batch, data.train.count()), "training");
  }
  if (!(options.rate > 0) || !std::isfinite(options.rate)) {
    throw Error(ExitCode::bad_input, fmt::format("a learning rate of {} does not learn", options.rate), "training");
  }
  network_.w1 = initial(data.train.image_size(), options.hidden, mix({options.seed, initial_w1}));
  network_.w2 = initial(options.hidden, data.classes, mix({options.seed, initial_w2}));
  network_.b1.resize(options.hidden);
  network_.b2.resize(data.classes);
  std::iota(order_.begin(), order_.end(), 0u);
  position_ = order_.size();
}

template <typename Part>
void Trainer::each_part(Part part) {
  static_assert(std::endian::native == std::endian::little, "states are little endian");
  for (const std::span<float> tensor : {std::span(network_.w1.elements()), std::span(network_.b1),
                                        std::span(network_.w2.elements()), std::span(network_.b2)}) {
    part(std::as_writable_bytes(tensor));
  }
  for (Adam* adam : {&w1_, &b1_, &w2_, &b2_}) adam->each_part(part);
  part(std::as_writable_bytes(std::span(&hidden_range_, 1)));
}

std::vector<std::byte> Trainer::state() {
  std::vector<std::byte> all;
  each_part([&](std::span<std::byte> bytes) { all.insert(all.end(), bytes.begin(), bytes.end()); });
  return all;
}

void Trainer::restore(std::uint32_t steps, std::span<const std::byte> state) {
  std::size_t size = 0;
  each_part([&](std::span<std::byte> bytes) { size += bytes.size(); });
  if (size != state.size() || steps > options_.steps) {
    throw Error(
        ExitCode::bad_input,
        fmt::format("{} bytes after step {} of {}, expected {} bytes", state.size(), steps, options_.steps, size),
        "state of a training");
  }
  each_part([&](std::span<std::byte> bytes) {
    std::ranges::copy(state.first(bytes.size()), bytes.begin());
    state = state.subspan(bytes.size());
  });
  for (; step_ < steps; ++step_) (void)next_batch();
}

std::uint64_t Trainer::image_macs() const {
  return std::uint64_t{options_.hidden} * (data_.train.image_size() + data_.classes);
}
std::uint64_t Trainer::step_macs() const {  // forward; both weight gradients; the hidden gradient
  return options_.batch * (2 * image_macs() + std::uint64_t{options_.hidden} * data_.classes);
}

std::uint32_t Trainer::seed_of(std::uint32_t tensor) const {
  return static_cast<std::uint32_t>(mix({options_.seed, step_, tensor}));
}

std::vector<std::uint32_t> Trainer::next_batch() {
  if (position_ + options_.batch > order_.size()) {  // a new epoch; what did not fill a batch is left out
    for (std::size_t i = order_.size(); i > 1; --i) std::swap(order_[i - 1], order_[shuffle_() % i]);
    position_ = 0;
  }
  const auto first = order_.begin() + static_cast<std::ptrdiff_t>(position_);
  position_ += options_.batch;
  return {first, first + options_.batch};
}

CodeMatrix Trainer::pixels(const LabelledImages& images, std::span<const std::uint32_t> indices) const {
  Matrix<float> values(1, 256);
  for (int p = 0; p < 256; ++p) values(0, p) = static_cast<float>(p - pixel_mean) / pixel_scale;
  const FormatSpec format = cf8() ? cfloat8_for(Format::cf8_143, pixel_range) : bf16;
  const CodeMatrix code = encode_matrix(values, format);
  const std::size_t bytes = model::element_bytes(format.format);
  CodeMatrix m{format, indices.size(), images.image_size(), {}, {}};
  m.codes.resize(m.rows * m.cols * bytes);
  std::byte* to = m.codes.data();
  for (const std::uint32_t index : indices) {
    for (const std::uint8_t pixel : images.image(index)) {
      std::memcpy(to, code.codes.data() + pixel * bytes, bytes);
      to += bytes;
    }
  }
  return m;
}

CodeMatrix Trainer::operand(MatrixView<const float> values, bool gradient, std::uint32_t tensor) const {
  if (!cf8()) return encode_matrix(values, bf16);
  EncodeOptions rounding;
  if (!evaluating_) {
    rounding.rounding = model::Rounding::stochastic;
    rounding.seed = seed_of(tensor);
  }
  const float range = largest_magnitude({values.data, values.size()});
  return encode_matrix(values, cfloat8_for(gradient ? Format::cf8_152 : Format::cf8_143, range), rounding);
}

CodeMatrix Trainer::multiply(std::string name, const CodeMatrix& a, const CodeMatrix& b, FormatSpec d,
                             std::uint32_t tensor, const std::vector<float>* bias, bool relu) {
  auto product = std::make_shared<Product>();
  product->step = step_;
  product->name = std::move(name);
  product->a = a.codes;
  product->b = b.codes;
  model::Gemm& job = product->job;
  job.m = static_cast<std::uint32_t>(a.rows), job.n = static_cast<std::uint32_t>(b.cols);
  job.k = static_cast<std::uint32_t>(a.cols);
  job.a = a.format, job.b = b.format, job.d = d;
  job.relu = relu;
  job.depth = engine_.depth();
  if (cf8() && !evaluating_ && d.format != Format::fp32) {
    job.stochastic = true;
    job.seed = seed_of(tensor);
  }
  if (bias != nullptr) {
    job.accumulate = true;
    Matrix<float> rows(a.rows, b.cols);
    for (std::size_t i = 0; i < a.rows; ++i) std::copy(bias->begin(), bias->end(), &rows(i, 0));
    product->c = encode_matrix(rows, fp32).codes;
  }
  CodesResult result = engine_.multiply(job, product->a, product->b, product->c);
  product->flags = result.flags;
  product->d = std::move(result.d);
  CodeMatrix out{d, a.rows, b.cols, product->d, result.flags};
  if (observe_) observe_(std::move(product));
  return out;
}

StepResult Trainer::differentiate(std::span<const std::uint32_t> indices, Gradients& gradients) {
  std::vector<std::uint8_t> labels;
  for (const std::uint32_t index : indices) labels.push_back(data_.train.labels[index]);
  const CodeMatrix x = pixels(data_.train, indices);
  const CodeMatrix w1 = operand(network_.w1, false, w1_codes), w2 = operand(network_.w2, false, w2_codes);

  const FormatSpec hidden_format = cf8() ? cfloat8_for(Format::cf8_143, hidden_range_) : bf16;
  const CodeMatrix h = multiply("hidden", x, w1, hidden_format, hidden, &network_.b1, true);
  const Matrix<float> z = decode_matrix(multiply("logits", h, w2, fp32, logits, &network_.b2));
  Matrix<float> dz(z.rows(), z.cols());
  const Score score = softmax_cross_entropy(z, labels, dz.view());

  const CodeMatrix dz_codes = operand(dz, true, logit_gradient);
  gradients.w2 = decode_matrix(multiply("grad_w2", transposed(h), dz_codes, fp32, grad_w2));
  gradients.b2.resize(z.cols());
  column_sums(dz, gradients.b2);

  // A row of dz sums to at most 2 / batch in magnitude, and rounding adds at most a quarter: no overflow.
  const float bound = 2.5f / static_cast<float>(indices.size()) * largest_magnitude(network_.w2.elements());
  const FormatSpec gradient_format = cf8() ? cfloat8_for(Format::cf8_152, bound) : bf16;
  CodeMatrix dh = multiply("grad_hidden", dz_codes, transposed(w2), gradient_format, hidden_gradient);
  mask(dh, h);
  gradients.w1 = decode_matrix(multiply("grad_w1", transposed(x), dh, fp32, grad_w1));
  gradients.b1.resize(dh.cols);
  column_sums(decode_matrix(dh), gradients.b1);

  // The next step's activations get twice the room that these would have needed; a clamped maximum doubles until it
  // fits.
  if (cf8()) hidden_range_ = std::max(2 * largest_magnitude(decode_matrix(h).elements()), 0x1p-4f);
  return {step_, score.mean_loss(), score.accuracy()};
}

StepResult Trainer::step() {
  evaluating_ = false;
  Gradients g;
  const StepResult result = differentiate(next_batch(), g);
  const float left = step_ < options_.steps ? static_cast<float>(options_.steps - step_) : 0.0f;
  const float rate = options_.rate * left / static_cast<float>(options_.steps);
  w1_.update(network_.w1.elements(), g.w1.elements(), rate);
  b1_.update(network_.b1, g.b1, rate);
  w2_.update(network_.w2.elements(), g.w2.elements(), rate);
  b2_.update(network_.b2, g.b2, rate);
  ++step_;
  return result;
}

Score Trainer::evaluate(const LabelledImages& images, const std::function<void(std::size_t)>& advanced) {
  evaluating_ = true;
  const CodeMatrix w1 = operand(network_.w1, false, w1_codes), w2 = operand(network_.w2, false, w2_codes);
  const FormatSpec hidden_format = cf8() ? cfloat8_for(Format::cf8_143, hidden_range_) : bf16;
  Score total;
  for (std::size_t first = 0; first < images.count(); first += evaluated_at_once) {
    std::vector<std::uint32_t> indices(std::min(evaluated_at_once, images.count() - first));
    std::iota(indices.begin(), indices.end(), static_cast<std::uint32_t>(first));
    const CodeMatrix h = multiply(fmt::format("test_hidden_{}", first), pixels(images, indices), w1, hidden_format,
                                  hidden, &network_.b1, true);
    const Matrix<float> z =
        decode_matrix(multiply(fmt::format("test_logits_{}", first), h, w2, fp32, logits, &network_.b2));
    const Score part = softmax_cross_entropy(z, std::span(images.labels).subspan(first, indices.size()));
    total.loss += part.loss;
    total.correct += part.correct;
    total.count += part.count;
    if (advanced) advanced(first + indices.size());
  }
  return total;
}

}  // namespace hilbert::train
