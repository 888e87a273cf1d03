// SPDX-License-Identifier: Apache-2.0
// The number formats (vectors/README.md section 1), from rtl/regs/job.toml.
#pragma once

#include <cstddef>
#include <cstdint>
#include <hilbert/regs/job.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace hilbert::model {

/// The values are the format codes of the descriptor.
using regs::Specials;
using regs::job::Format;
using FormatInfo = regs::FormatInfo<Format>;

inline constexpr std::int16_t tensor_bias = regs::bias_per_tensor;
inline constexpr std::uint8_t max_bias = regs::job::most_bias;
inline constexpr const auto& formats = regs::job::formats;  ///< by code

constexpr const FormatInfo& info(Format f) { return formats[static_cast<std::size_t>(f)]; }
constexpr std::size_t element_bytes(Format f) { return info(f).bytes; }
constexpr bool has_tensor_bias(Format f) { return info(f).bias == tensor_bias; }

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

/// All that parse_format takes, for people: "bf16, cf8_143:BIAS, ..." (BIAS 0 to max_bias); operands of a product alone
/// if so asked.
std::string format_names(bool operands_alone = false);

/// The inverse of parse_format.
std::string to_string(FormatSpec spec);

}  // namespace hilbert::model
