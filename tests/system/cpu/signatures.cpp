// SPDX-License-Identifier: Apache-2.0
#include "signatures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace hilbert::test {
namespace {

using Words = std::vector<std::uint32_t>;

Words sorted() {
  Words words;
  std::uint32_t x = 1;
  for (int i = 0; i < 200; ++i) words.push_back(x = x * 1664525u + 1013904223u);
  std::sort(words.begin(), words.end());
  return words;
}

Words quotients() {
  const std::uint32_t values[] = {1, 2, 3, 7, 10, 0x7FFF'FFFF, 0x8000'0000, 0x8000'0001, 0xFFFF'FFFE, 0xFFFF'FFFF};
  Words words;
  for (const std::uint32_t a : values) {
    for (const std::uint32_t b : values) {
      const auto sa = std::int64_t{static_cast<std::int32_t>(a)}, sb = std::int64_t{static_cast<std::int32_t>(b)};
      const std::uint64_t wide = std::uint64_t{a} << 32 | b, divisor = std::uint64_t{b} | 1ull << 32;
      const bool overflow = a == 0x8000'0000 && b == 0xFFFF'FFFF;
      const auto low = [](auto value) { return static_cast<std::uint32_t>(value); };
      words.insert(words.end(),
                   {low(std::uint64_t{a} * b), low(std::uint64_t{a} * b >> 32),
                    low(static_cast<std::uint64_t>(sa * sb) >> 32), a / b, a % b, overflow ? 0 : low(sa / sb),
                    overflow ? 0 : low(sa % sb), low(wide / divisor) ^ low(wide % divisor)});
    }
  }
  return words;
}

Words shifts() {
  const std::pair<std::uint32_t, std::uint32_t> operands[] = {{1, 0},
                                                              {1, 31},
                                                              {0x8000'0000, 31},
                                                              {0x8000'0000, 1},
                                                              {0xFFFF'FFFF, 16},
                                                              {0x7FFF'FFFF, 32},
                                                              {0x1234'5678, 4},
                                                              {0x8765'4321, 28},
                                                              {0xDEAD'BEEF, 0xFFFF'FFE3},
                                                              {0, 5},
                                                              {0x5555'5555, 0x5555'5555},
                                                              {0xAAAA'AAAA, 0x8000'0001},
                                                              {3, 0xFFFF'FFFF},
                                                              {0xFFFF'FFFE, 0xFFFF'FFFD},
                                                              {0x7FFF'FFFF, 0x8000'0000},
                                                              {0x8000'0000, 0x7FFF'FFFF}};
  Words words;
  for (const auto& [a, b] : operands) {
    const auto sa = static_cast<std::int32_t>(a), sb = static_cast<std::int32_t>(b);
    words.insert(words.end(), {a << (b & 31), a >> (b & 31), static_cast<std::uint32_t>(sa >> (b & 31)),
                               std::uint32_t{sa < sb}, std::uint32_t{a < b}, a - b});
  }
  return words;
}

/// Check values of the catalogue of parametrised CRC algorithms (ISO-HDLC, iSCSI, IBM-3740); FIPS 180-4's example
/// "abc".
const Words digests = {0xCBF4'3926, 0xE306'9283, 0x29B1,      0xBA78'16BF, 0x8F01'CFEA, 0x4141'40DE,
                       0x5DAE'2223, 0xB003'61A3, 0x9617'7A9C, 0xB410'FF61, 0xF200'15AD};

/// 32 cases that trap with M, 33 without; then sums of interrupts.c: three at once, three out of WFI, mip, 0^2 + ... +
/// 999^2.
Words expected(const std::string& program, std::size_t size) {
  const std::string base = program.ends_with("_m") ? program.substr(0, program.size() - 2) : program;
  Words words;
  if (base == "sort") words = sorted();
  if (base == "divide") words = quotients();
  if (base == "arch_shifts") words = shifts();
  if (base == "digest") words = digests;
  if (base == "ui_fence_i") words = {64 * 65 / 2, 5 + 7, 55};
  if (base == "ui_integer") words = {0xBEEF'7FCC};
  if (base == "mi_traps") words = {base == program ? 34u : 33u};
  if (base == "interrupts") words = {11, 3, 7, 7, 7, 7, 0x80, 332'833'500};
  words.resize(std::max(size, words.size()));
  return words;
}

}  // namespace

std::string signature_error(const std::string& program, const Words& signature) {
  const Words right = expected(program, signature.size());
  if (signature.size() < right.size()) return fmt::format("{} words, not {}", signature.size(), right.size());
  for (std::size_t i = 0; i < right.size(); ++i) {
    if (signature[i] != right[i])
      return fmt::format("word {} of {} is {:08x}, not {:08x}", i, program, signature[i], right[i]);
  }
  return {};
}

}  // namespace hilbert::test
