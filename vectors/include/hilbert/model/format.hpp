// SPDX-License-Identifier: Apache-2.0
// The number formats as one table (vectors/README.md section 1).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hilbert::model {

/// The values are the format codes of the descriptor.
enum class Format : std::uint8_t { fp32 = 0, bf16, cf8_143, cf8_152, e4m3, e5m2, int8 };

/// What the largest exponent means.
enum class Specials : std::uint8_t {
  none,      ///< ordinary numbers only (CFloat8, int8)
  nan_only,  ///< S.1..1.1..1 is NaN, no infinity (OCP E4M3)
  ieee       ///< infinities and NaNs as in IEEE 754
};

struct FormatInfo {
  Format format;
  std::string_view name;
  std::uint8_t bytes;          ///< bytes of a code
  std::uint8_t exponent_bits;  ///< 0: two's complement integer
  std::uint8_t mantissa_bits;  ///< stored bits, without the hidden one
  std::int16_t bias;           ///< kBiasPerTensor: FormatSpec::bias says it
  Specials specials;
  std::uint32_t largest;  ///< code of the largest finite magnitude
};

inline constexpr std::int16_t kBiasPerTensor = -1;
inline constexpr std::uint8_t kMaxBias = 63;

inline constexpr std::array<FormatInfo, 7> kFormats{{
    {Format::fp32, "fp32", 4, 8, 23, 127, Specials::ieee, 0x7F7F'FFFF},
    {Format::bf16, "bf16", 2, 8, 7, 127, Specials::ieee, 0x7F7F},
    {Format::cf8_143, "cf8_143", 1, 4, 3, kBiasPerTensor, Specials::none, 0x7F},
    {Format::cf8_152, "cf8_152", 1, 5, 2, kBiasPerTensor, Specials::none, 0x7F},
    {Format::e4m3, "e4m3", 1, 4, 3, 7, Specials::nan_only, 0x7E},
    {Format::e5m2, "e5m2", 1, 5, 2, 15, Specials::ieee, 0x7B},
    {Format::int8, "int8", 1, 0, 7, 0, Specials::none, 0x7F},
}};

constexpr const FormatInfo& info(Format f) { return kFormats[static_cast<std::size_t>(f)]; }
constexpr std::size_t element_bytes(Format f) { return info(f).bytes; }
constexpr bool has_tensor_bias(Format f) { return info(f).bias == kBiasPerTensor; }

/// A format with the bias of its tensor: 0..63 for CFloat8, 0 for every other format.
struct FormatSpec {
  Format format = Format::fp32;
  std::uint8_t bias = 0;

  constexpr bool operator==(const FormatSpec&) const = default;
};

/// The exponent bias in force: the tensor's for CFloat8, the format's own otherwise.
constexpr int effective_bias(FormatSpec s) { return has_tensor_bias(s.format) ? s.bias : info(s.format).bias; }

/// "bf16", "e4m3", ... or "cf8_143:7" (a bias 0..63 is required for CFloat8 and refused elsewhere).
std::optional<FormatSpec> parse_format(std::string_view text);

/// The inverse of parse_format.
std::string to_string(FormatSpec spec);

}  // namespace hilbert::model
