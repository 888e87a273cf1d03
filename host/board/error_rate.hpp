// SPDX-License-Identifier: Apache-2.0
// What a count of bit errors says about their rate.
#pragma once

#include <cstdint>
#include <optional>

namespace hilbert::board {

/// `errors` bits of `bits` were wrong, independently of each other: their number is Poisson distributed (rates of
/// interest are far below 1). Bounds are exact, from the chi-squared distribution (Garwood 1936): with 95 % and no
/// error the rate is below 2.996 / bits, with one below 4.744 / bits. Each bound alone holds with the confidence.
struct ErrorCount {
  std::uint64_t errors = 0, bits = 0;

  [[nodiscard]] double rate() const;                    ///< 1 without bits
  [[nodiscard]] double upper(double confidence) const;  ///< at most 1; 1 without bits
  [[nodiscard]] double lower(double confidence) const;  ///< 0 without errors
};

/// What a count says about a limit.
enum class RateVerdict : std::uint8_t {
  within,    ///< the upper bound is within it
  beyond,    ///< the lower bound is above it
  undecided  ///< neither: there is not enough evidence
};
[[nodiscard]] RateVerdict judge(const ErrorCount& count, double limit, double confidence);

/// Bits after which the upper bound would be within `limit` if errors went on coming at the rate of `count`; nothing if
/// that rate is not below the limit.
[[nodiscard]] std::optional<double> bits_needed(const ErrorCount& count, double limit, double confidence);

}  // namespace hilbert::board
