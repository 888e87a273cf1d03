// SPDX-License-Identifier: Apache-2.0
// The cell's step in its plainest form; the numbered comments are the steps of vectors/README.md section 2.
#include "hilbert/model/cell.hpp"

#include <algorithm>
#include <bit>
#include <cassert>

namespace hilbert::model {
namespace {

constexpr std::uint32_t fp32_infinity = 0x7F80'0000u;

bool is_zero(const Operand& v) { return v.cls == Class::finite && v.sig == 0; }

/// floor(value / 2^shift) for any shift >= 0.
std::int64_t cut(std::int64_t value, int shift) { return shift > 62 ? 0 : value >> shift; }

/// Step 7. Returns whether the step's result is special, and then the result.
bool special(std::span<const Operand> a, std::span<const Operand> b, std::uint32_t c, std::uint32_t& result,
             Flags& flags) {
  const std::uint32_t c_magnitude = c & ~0x8000'0000u;
  bool nan = c_magnitude > fp32_infinity;
  bool infinity[2] = {c == fp32_infinity, c == (fp32_infinity | 0x8000'0000u)};  // by sign
  bool infinity_times_zero = false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    nan = nan || a[i].cls == Class::nan || b[i].cls == Class::nan;
    if (a[i].cls != Class::inf && b[i].cls != Class::inf) continue;
    if (is_zero(a[i]) || is_zero(b[i]))
      infinity_times_zero = true;
    else
      infinity[a[i].sign != b[i].sign] = true;
  }
  const bool invalid = infinity_times_zero || (infinity[0] && infinity[1]);
  flags.raise_if(Flag::invalid, invalid && !nan);
  if (nan || invalid)
    result = canonical_nan;
  else if (infinity[0])
    result = fp32_infinity;
  else if (infinity[1])
    result = fp32_infinity | 0x8000'0000u;
  else
    return false;
  return true;
}

/// Step 6: sum * 2^(anchor - sum_weight) to FP32, nearest-even.
std::uint32_t round_sum(std::int64_t sum, int anchor, Flags& flags) {
  if (sum == 0) return 0;
  const std::uint32_t sign = sum < 0 ? 0x8000'0000u : 0u;
  const auto magnitude = static_cast<std::uint64_t>(sum < 0 ? -sum : sum);
  // The result is a multiple of 2^unit: 24 significant bits, but never finer than 2^-149.
  const int lsb = anchor - sum_weight;
  const int top = lsb + static_cast<int>(std::bit_width(magnitude)) - 1;
  const int unit = std::max(top - 23, -149);
  std::uint64_t units;
  if (unit <= lsb) {
    units = magnitude << (lsb - unit);
  } else {
    const int shift = unit - lsb;  // at most 7 above 2^-126, at most 4 below
    const std::uint64_t half = std::uint64_t{1} << (shift - 1);
    const std::uint64_t rest = magnitude & ((half << 1) - 1);
    units = magnitude >> shift;
    if (rest > half || (rest == half && units % 2 != 0)) ++units;
  }
  // Adding the significand lets its hidden bit, or the carry of rounding, step the exponent field.
  const std::uint64_t bits = (static_cast<std::uint64_t>(unit + 149) << 23) + units;
  flags.raise_if(Flag::underflow, bits < 0x0080'0000u);
  if (bits >= fp32_infinity) {
    flags.raise(Flag::overflow);
    return sign | fp32_infinity;
  }
  return sign | static_cast<std::uint32_t>(bits);
}

}  // namespace

std::uint32_t dot_step(std::span<const Operand> a, std::span<const Operand> b, std::uint32_t c, bool int_mode,
                       Flags& flags) {
  assert(a.size() == b.size() && a.size() <= max_depth);
  std::uint32_t result = 0;
  if (special(a, b, c, result, flags)) return result;

  // 1: products
  std::int64_t p[max_depth] = {};
  int q[max_depth] = {};
  for (std::size_t i = 0; i < a.size(); ++i) {
    p[i] = std::int64_t{a[i].sig} * b[i].sig;
    q[i] = a[i].x + b[i].x;
  }
  // 2: accumulator
  const int e_field = static_cast<int>(c >> 23 & 0xFFu);
  const int e_c = std::max(e_field, 1);
  const std::int64_t m_c = (c & 0x007F'FFFFu) | (e_field == 0 ? 0u : 0x0080'0000u);
  // 3: anchor
  int anchor = e_c + 126;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (p[i] != 0) anchor = std::max(anchor, q[i]);
  }
  // 4 and 5: align, cut, sum
  std::int64_t sum = cut(m_c << sum_shift, anchor - e_c - 126);
  if (c >> 31 != 0) sum = -sum;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (p[i] == 0) continue;
    const std::int64_t term = cut(p[i] << product_shift, anchor - q[i]);
    sum += a[i].sign != b[i].sign ? -term : term;
  }
  // 6: round
  result = round_sum(sum, anchor, flags);
  const std::uint32_t magnitude = result & ~0x8000'0000u;
  constexpr std::uint32_t two_to24 = 0x4B80'0000u;
  flags.raise_if(Flag::int_range, int_mode && magnitude >= two_to24 && magnitude < fp32_infinity);
  return result;
}

}  // namespace hilbert::model
