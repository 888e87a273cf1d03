// SPDX-License-Identifier: Apache-2.0
// How many wrong bits the check of a flit always notices: exhaustively, from the polynomial alone.
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <iostream>
#include <vector>

namespace hilbert::test {
namespace {

constexpr std::uint32_t polynomial = 0x82F63B78;  // reflected, without its highest term

/// Bits that the check of a flit of so many words covers, itself included.
constexpr std::size_t bits_of(std::size_t words) { return 64 * words + 64; }

/// What a single wrong bit leaves in the check, for each place in the flit.
std::vector<std::uint32_t> syndromes(std::size_t bits) {
  std::vector<std::uint32_t> out;
  std::uint32_t s = 0x80000000;  // x^0
  for (std::size_t i = 0; i < bits; ++i) {
    out.push_back(s);
    s = s >> 1 ^ ((s & 1) != 0 ? polynomial : 0);
  }
  return out;
}

/// Patterns of four wrong bits that pass: two pairs that leave the same, and each such pattern is three times two
/// pairs.
std::uint64_t fours_that_pass(std::size_t bits) {
  const std::vector<std::uint32_t> single = syndromes(bits);
  std::vector<std::uint32_t> pairs;
  pairs.reserve(bits * (bits - 1) / 2);
  for (std::size_t i = 0; i < bits; ++i) {
    for (std::size_t j = 0; j < i; ++j) pairs.push_back(single[i] ^ single[j]);
  }
  std::ranges::sort(pairs);
  std::uint64_t found = 0;
  for (std::size_t i = 1, same = 0; i < pairs.size(); ++i) {
    same = pairs[i] == pairs[i - 1] ? same + 1 : 0;
    found += same;
  }
  return found / 3;
}

// The polynomial has an even number of terms, so x + 1 divides it, and no odd number of wrong bits passes.
TEST(CheckDistance, NoOddNumberOfWrongBitsPasses) { EXPECT_EQ((std::popcount(polynomial) + 1) % 2, 0); }

TEST(CheckDistance, NoOneOrTwoWrongBitsPassInTheLongestFlit) {
  std::vector<std::uint32_t> single = syndromes(bits_of(129));
  std::ranges::sort(single);
  EXPECT_NE(single.front(), 0U);
  EXPECT_EQ(std::ranges::adjacent_find(single), single.end());
}

// Up to 81 words five wrong bits are always noticed, beyond that three: P. Koopman's table of 2002 gives distance 6 for
// this polynomial up to 5,243 bits of data, which is 81 words and the content of a framing word.
TEST(CheckDistance, FourWrongBitsPassInFlitsOfMoreThan81WordsAlone) {
  EXPECT_EQ(fours_that_pass(bits_of(9)), 0U);
  EXPECT_EQ(fours_that_pass(bits_of(81)), 0U);
  EXPECT_GT(fours_that_pass(bits_of(82)), 0U);
}

TEST(CheckDistance, FewPatternsOfFourWrongBitsPassInTheLongestFlit) {
  const auto n = static_cast<double>(bits_of(129));
  const std::uint64_t found = fours_that_pass(bits_of(129));
  const double all = n * (n - 1) * (n - 2) * (n - 3) / 24, share = static_cast<double>(found) / all;
  std::cout << found << " of " << all << " pass: " << share << '\n';
  EXPECT_LT(share, std::exp2(-31));  // that of patterns without order, and none of them odd
}

}  // namespace
}  // namespace hilbert::test
