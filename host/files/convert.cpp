// SPDX-License-Identifier: Apache-2.0
// float32 to codes and back at the speed of a training step; every bit comes from, or is tested against, the model.
#include "hilbert/convert.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <hilbert/error.hpp>
#include <hilbert/model/cell.hpp>
#include <hilbert/model/operand.hpp>
#include <hilbert/model/stochastic.hpp>
#include <hilbert/suggestion.hpp>
#include <map>
#include <memory>
#include <mutex>
#include <tuple>

namespace hilbert {
namespace {

using model::Flag;
using model::Flags;
using model::Format;
using model::FormatSpec;

constexpr std::uint32_t fp32_infinity = 0x7F80'0000u;

/// Rounding to nearest into 8 bits depends on the upper half of the FP32 number and on whether the lower half is zero:
/// no rounding boundary of an 8-bit format needs more than the 7 upper mantissa bits. So the model's encode of all 2^17
/// cases is the whole function. Entry: code 7:0, flags 15:8; index: upper half 16:1, lower half not zero 0.
using ByteTable = std::array<std::uint16_t, std::size_t{1} << 17>;

const ByteTable& byte_table(FormatSpec format, bool saturate, bool literal) {
  static std::mutex mutex;
  static std::map<std::tuple<Format, int, bool, bool>, std::unique_ptr<ByteTable>> tables;
  const std::scoped_lock lock(mutex);
  auto& table = tables[{format.format, format.bias, saturate, literal}];
  if (!table) {
    table = std::make_unique<ByteTable>();
    for (std::uint32_t i = 0; i < table->size(); ++i) {
      Flags flags;
      const std::uint32_t fp32 = i >> 1 << 16 | (i & 1);
      const std::uint32_t code = model::encode(fp32, format, model::Rounding::nearest, saturate, literal, 0, flags);
      (*table)[i] = static_cast<std::uint16_t>(code | flags.bits << 8);
    }
  }
  return *table;
}

void encode_bytes_nearest(std::span<const float> in, std::byte* out, const ByteTable& table, Flags& flags) {
  std::uint32_t raised = 0;
  for (std::size_t i = 0; i < in.size(); ++i) {
    const auto bits = std::bit_cast<std::uint32_t>(in[i]);
    const std::uint32_t entry = table[bits >> 16 << 1 | static_cast<std::uint32_t>((bits & 0xFFFFu) != 0)];
    out[i] = static_cast<std::byte>(entry);
    raised |= entry;
  }
  flags.bits = static_cast<std::uint8_t>(flags.bits | raised >> 8);
}

/// bf16 is the upper half of FP32, subnormals included. `addend(i, bits)` is what is added to the lower half before it
/// is cut off: that is the rounding.
template <typename Addend>
void encode_bf16(std::span<const float> in, std::byte* out, bool saturate, Flags& flags, Addend addend) {
  std::uint32_t inexact = 0, overflow = 0, underflow = 0;
  const std::uint32_t beyond = saturate ? 0x7F7Fu : 0x7F80u;
  for (std::size_t i = 0; i < in.size(); ++i) {
    const auto bits = std::bit_cast<std::uint32_t>(in[i]);
    const std::uint32_t magnitude = bits & 0x7FFF'FFFFu;
    const bool nan = magnitude > fp32_infinity, infinite = magnitude == fp32_infinity;
    const std::uint32_t rounded = (magnitude + addend(i, bits)) >> 16;
    const bool over = !nan && !(infinite && !saturate) && rounded >= 0x7F80u;
    const std::uint32_t code = nan ? 0x7FC0u : (over ? beyond : (infinite ? 0x7F80u : rounded)) | (bits >> 31 << 15);
    const auto half = static_cast<std::uint16_t>(code);
    std::memcpy(out + 2 * i, &half, 2);
    overflow |= static_cast<std::uint32_t>(over);
    inexact |= static_cast<std::uint32_t>(!nan && (over || (magnitude & 0xFFFFu) != 0));
    underflow |= static_cast<std::uint32_t>(magnitude != 0 && rounded < 0x80u);
  }
  flags.raise_if(Flag::overflow, overflow != 0);
  flags.raise_if(Flag::inexact, inexact != 0);
  flags.raise_if(Flag::underflow, underflow != 0);
}

/// The random numbers of part of a row.
void random_row(std::uint32_t seed, std::uint16_t row, std::uint16_t col0, std::span<std::uint16_t> out) {
  for (std::size_t j = 0; j < out.size(); ++j) {
    out[j] = model::random16(seed, row, static_cast<std::uint16_t>(col0 + j));
  }
}

/// One row of float32 to codes.
class RowEncoder {
 public:
  RowEncoder(FormatSpec format, const EncodeOptions& options, std::size_t cols)
      : format_(format), options_(options), stochastic_(options.rounding == model::Rounding::stochastic) {
    if (format.format == Format::fp32) return;
    if (stochastic_) random_.resize(cols);
    if (!stochastic_ && model::element_bytes(format.format) == 1) {
      table_ = &byte_table(format, options.saturate, options.literal);
    }
  }

  void encode(std::span<const float> in, std::size_t row, std::byte* out, Flags& flags) {
    if (format_.format == Format::fp32) return pass(in, out);
    if (stochastic_) random_row(options_.seed, static_cast<std::uint16_t>(options_.row0 + row), options_.col0, random_);
    if (format_.format == Format::bf16) {
      if (stochastic_) {
        encode_bf16(in, out, options_.saturate, flags, [this](std::size_t i, std::uint32_t) { return random_[i]; });
      } else {
        encode_bf16(in, out, options_.saturate, flags,
                    [](std::size_t, std::uint32_t bits) { return 0x7FFFu + (bits >> 16 & 1u); });
      }
    } else if (table_ != nullptr) {
      encode_bytes_nearest(in, out, *table_, flags);
    } else {
      for (std::size_t i = 0; i < in.size(); ++i) {
        out[i] = static_cast<std::byte>(model::encode(std::bit_cast<std::uint32_t>(in[i]), format_, options_.rounding,
                                                      options_.saturate, options_.literal, random_[i], flags));
      }
    }
  }

 private:
  static void pass(std::span<const float> in, std::byte* out) {
    for (std::size_t i = 0; i < in.size(); ++i) {
      auto bits = std::bit_cast<std::uint32_t>(in[i]);
      if ((bits & 0x7FFF'FFFFu) > fp32_infinity) bits = model::canonical_nan;
      std::memcpy(out + 4 * i, &bits, 4);
    }
  }

  FormatSpec format_;
  EncodeOptions options_;
  bool stochastic_;
  const ByteTable* table_ = nullptr;
  std::vector<std::uint16_t> random_;
};

/// fp32, or bf16 as the upper half of it; every NaN becomes the canonical one, as in the model.
template <typename Code>
void decode_wide(std::span<const std::byte> codes, unsigned shift, std::span<float> out) {
  for (std::size_t i = 0; i < out.size(); ++i) {
    Code code;
    std::memcpy(&code, codes.data() + i * sizeof code, sizeof code);
    const std::uint32_t bits = std::uint32_t{code} << shift;
    out[i] = std::bit_cast<float>((bits & 0x7FFF'FFFFu) > fp32_infinity ? model::canonical_nan : bits);
  }
}

}  // namespace

FormatArg::FormatArg(std::string_view name) {
  const auto parsed = model::parse_format(name);
  if (!parsed) {
    std::vector<std::string_view> known;
    for (const model::FormatInfo& format : model::formats) known.push_back(format.name);
    const std::string_view word = name.substr(0, name.find(':'));
    const bool is_known = std::ranges::find(known, word) != known.end();  // then its bias is wrong, or missing
    throw Error(ExitCode::bad_input,
                fmt::format("no such number format: '{}'{}", name, is_known ? "" : suggestion(word, known)), "",
                fmt::format("{} (BIAS 0..{})", model::format_names(), model::max_bias));
  }
  spec = *parsed;
}

CodeMatrix encode_matrix(MatrixView<const float> values, FormatArg format, const EncodeOptions& options) {
  const std::size_t bytes = model::element_bytes(format.spec.format);
  const std::size_t all = checked_matrix_bytes(values.rows, values.cols, bytes, "matrix to be rounded");
  CodeMatrix result{format.spec, values.rows, values.cols, std::vector<std::byte>(all), {}};
  if (all == 0) return result;
  RowEncoder encoder(format.spec, options, values.cols);
  if (values.col_stride == 1) {
    for (std::size_t i = 0; i < values.rows; ++i) {
      encoder.encode({values.data + i * values.row_stride, values.cols}, i,
                     result.codes.data() + i * values.cols * bytes, result.flags);
    }
    return result;
  }
  // A transposed view: gather a few rows at once, so that every cache line of the source is used whole.
  constexpr std::size_t rows_at_once = 16;
  std::vector<float> gathered(rows_at_once * values.cols);
  for (std::size_t first = 0; first < values.rows; first += rows_at_once) {
    const std::size_t count = std::min(rows_at_once, values.rows - first);
    for (std::size_t j = 0; j < values.cols; ++j) {
      for (std::size_t i = 0; i < count; ++i) gathered[i * values.cols + j] = values(first + i, j);
    }
    for (std::size_t i = 0; i < count; ++i) {
      encoder.encode({gathered.data() + i * values.cols, values.cols}, first + i,
                     result.codes.data() + (first + i) * values.cols * bytes, result.flags);
    }
  }
  return result;
}

void decode_codes(std::span<const std::byte> codes, FormatSpec format, bool literal, std::span<float> out) {
  const std::size_t bytes = model::element_bytes(format.format);
  if (codes.size() != out.size() * bytes) {
    throw Error(ExitCode::bad_input, fmt::format("{} bytes of codes are not {} elements of {}", codes.size(),
                                                 out.size(), model::to_string(format)));
  }
  Flags ignored;
  if (bytes == 1) {
    std::array<float, 256> values{};
    for (std::uint32_t code = 0; code < 256; ++code) {
      values[code] = std::bit_cast<float>(model::to_fp32(format, code, literal, ignored));
    }
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = values[std::to_integer<std::size_t>(codes[i])];
    return;
  }
  if (format.format == Format::bf16) return decode_wide<std::uint16_t>(codes, 16, out);
  decode_wide<std::uint32_t>(codes, 0, out);
}

Matrix<float> decode_matrix(const CodeMatrix& matrix, bool literal) {
  Matrix<float> values(matrix.rows, matrix.cols);
  decode_codes(matrix.codes, matrix.format, literal, values.elements());
  return values;
}

}  // namespace hilbert
