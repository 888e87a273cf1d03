// SPDX-License-Identifier: Apache-2.0
// CRC-16, scrambler, PRBS-31 and its checker against bit-serial ones written from their polynomials.
#include <gtest/gtest.h>
#include <verilated.h>

#include <bit>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "Vlanes_units.h"
#include "bench.hpp"
#include "serial.hpp"
#include "support/random.hpp"

namespace hilbert::test {
namespace {

class Units : public ::testing::Test {
 protected:
  Units() {
    top->rst_ni = 0;
    top->key_start_i = 1;
    tick();
    tick();
    top->rst_ni = 1;
    top->key_start_i = 0;
  }
  void settle() {
    top->clk_i = 0;
    top->eval();
  }
  void tick() {
    settle();
    top->clk_i = 1;
    top->eval();
  }
  std::uint16_t crc(std::string_view bytes) {
    std::uint16_t value = 0xFFFF;
    for (const char byte : bytes) {
      top->crc_i = value;
      top->crc_byte_i = static_cast<CData>(byte);
      settle();
      value = top->crc_o;
    }
    return value;
  }
  /// Gives a symbol to the checker: bits compared, wrong bits.
  std::pair<unsigned, unsigned> check(std::uint16_t symbol) {
    top->check_valid_i = 1;
    top->check_symbol_i = symbol;
    settle();
    const std::pair<unsigned, unsigned> result{top->check_compared_o ? 16 : 0, top->check_errors_o};
    tick();
    top->check_valid_i = 0;
    if (random_() % 3 == 0) tick();  // a pause is of no importance
    return result;
  }

  VerilatedContext context_;
  std::unique_ptr<Vlanes_units> top = std::make_unique<Vlanes_units>(&context_);
  Random random_{run_seed()};
};

TEST_F(Units, CrcHasItsCheckValue) {
  EXPECT_EQ(crc("123456789"), 0x29B1);  // CRC-16/IBM-3740, known as CCITT-FALSE, in Cook's catalogue of CRCs
  EXPECT_EQ(crc(""), 0xFFFF);
  EXPECT_EQ(serial_crc16("123456789"), 0x29B1);
  for (int i = 0; i < 1000; ++i) {
    std::string bytes(random_() % 20, ' ');
    for (char& byte : bytes) byte = static_cast<char>(random_());
    ASSERT_EQ(crc(bytes), serial_crc16(bytes));
  }
}

TEST_F(Units, PicksAllOrTheLowestTwoOrTheOne) {
  const unsigned expected[16] = {0, 1, 2, 3, 4, 5, 6, 3, 8, 9, 10, 3, 12, 5, 6, 15};
  for (unsigned working = 0; working < 16; ++working) {
    top->pick_i = static_cast<CData>(working);
    settle();
    EXPECT_EQ(top->pick_o, expected[working]) << working;
    EXPECT_EQ(chosen(working), expected[working]) << working;
  }
}

TEST_F(Units, KeyStreamIsThatOfPciExpress) {
  std::array<GaloisScrambler, 4> serial{GaloisScrambler(0), GaloisScrambler(1), GaloisScrambler(2), GaloisScrambler(3)};
  std::array<std::vector<bool>, 4> bits;
  top->key_next_i = 1;
  for (int i = 0; i < 20'000; ++i) {
    settle();
    for (unsigned l = 0; l < 4; ++l) {
      const auto key = static_cast<std::uint16_t>(top->key_o >> (16 * l));
      ASSERT_EQ(key, serial[l].symbol()) << "lane " << l << ", symbol " << i;
      for (unsigned b = 0; b < 16; ++b) bits[l].push_back(key >> b & 1);
    }
    tick();
  }
  for (const auto& k : bits) {  // and its polynomial, whatever register makes it
    for (std::size_t n = 0; n + 23 < k.size(); ++n) {
      ASSERT_EQ(k[n + 23], k[n + 21] ^ k[n + 16] ^ k[n + 8] ^ k[n + 5] ^ k[n + 2] ^ k[n]) << n;
    }
  }
  top->key_next_i = 0;
  tick();
  const std::uint64_t held = top->key_o;
  tick();
  EXPECT_EQ(top->key_o, held);
  top->key_start_i = 1;
  tick();
  for (unsigned l = 0; l < 4; ++l) {
    EXPECT_EQ(static_cast<std::uint16_t>(top->key_o >> (16 * l)), GaloisScrambler(l).symbol());
  }
}

TEST_F(Units, PrbsIsThatOfO150) {
  std::array<std::vector<bool>, 4> bits;
  top->prbs_next_i = 1;
  for (int i = 0; i < 20'000; ++i) {
    settle();
    for (unsigned b = 0; b < 64; ++b) bits[b / 16].push_back(top->prbs_o >> b & 1);
    tick();
  }
  for (unsigned l = 0; l < 4; ++l) {
    SerialPrbs31 serial(bits[l]);  // takes the first 31
    for (std::size_t n = 31; n < bits[l].size(); ++n)
      ASSERT_EQ(bits[l][n], serial.bit()) << "lane " << l << ", bit " << n;
    for (unsigned m = 0; m < l; ++m) EXPECT_NE(bits[l], bits[m]);
  }
}

TEST_F(Units, CheckerTakesTheSequenceWhereverItBegins) {
  for (unsigned start = 0; start < 200; ++start) {
    top->rst_ni = 0;
    tick();
    top->rst_ni = 1;
    SerialPrbs31 serial(std::uint32_t(random_() | 1) & 0x7FFFFFFF);
    for (unsigned i = 0; i < start % 16; ++i) serial.bit();
    EXPECT_EQ(check(serial.symbol()).first, 0u);
    EXPECT_EQ(check(serial.symbol()).first, 0u);
    for (int i = 0; i < 100; ++i) ASSERT_EQ(check(serial.symbol()), std::pair(16u, 0u)) << start << ", " << i;
  }
}

TEST_F(Units, CheckerCountsEveryErrorOnce) {
  SerialPrbs31 serial(12345);
  for (int i = 0; i < 2; ++i) check(serial.symbol());
  std::uint64_t flipped = 0, counted = 0;
  for (int i = 0; i < 100'000; ++i) {
    std::uint16_t mask = 0;
    if (random_() % 20 == 0) mask = static_cast<std::uint16_t>(1u << random_() % 16 | 1u << random_() % 16);
    flipped += static_cast<unsigned>(std::popcount(mask));
    const auto [compared, errors] = check(serial.symbol() ^ mask);
    ASSERT_EQ(compared, 16u);
    ASSERT_EQ(errors, static_cast<unsigned>(std::popcount(mask)));
    counted += errors;
  }
  EXPECT_EQ(counted, flipped);
  EXPECT_GT(flipped, 1000u);
}

TEST_F(Units, CheckerStartsAgainAboveAQuarterOf64Bits) {
  for (const unsigned wrong : {16u, 17u, 18u, 64u}) {
    top->rst_ni = 0;
    tick();
    top->rst_ni = 1;
    SerialPrbs31 serial(777);
    for (int i = 0; i < 2; ++i) check(serial.symbol());
    unsigned left = wrong, counted = 0;
    for (int i = 0; i < 4; ++i) {
      const unsigned now = std::min(left, 16u);
      left -= now;
      counted += check(serial.symbol() ^ static_cast<std::uint16_t>((1u << now) - 1)).second;
    }
    EXPECT_EQ(counted, wrong);
    settle();
    EXPECT_EQ(top->check_locked_o, wrong <= 16) << wrong;
  }
}

TEST_F(Units, CheckerFindsItsWayBackAfterASlip) {
  SerialPrbs31 serial(99);
  for (int slip = 1; slip < 16; ++slip) {
    for (int i = 0; i < slip; ++i) serial.bit();
    for (int i = 0; i < 12; ++i) check(serial.symbol());
    for (int i = 0; i < 50; ++i) ASSERT_EQ(check(serial.symbol()), std::pair(16u, 0u)) << slip;
  }
}

TEST_F(Units, CheckerIsNotFooledByALaneThatCarriesNothing) {
  for (const int symbol : {0x0000, 0xFFFF, 0xAAAA, -1}) {
    top->rst_ni = 0;
    tick();
    top->rst_ni = 1;
    std::uint64_t bits = 0, errors = 0;
    for (int i = 0; i < 10'000; ++i) {
      const auto [compared, wrong] =
          check(static_cast<std::uint16_t>(symbol < 0 ? random_() : static_cast<unsigned>(symbol)));
      bits += compared;
      errors += wrong;
    }
    if (symbol == 0xFFFF) {
      EXPECT_EQ(bits, 0u);  // all zero before the inversion: no state of the sequence
    } else {
      EXPECT_GT(bits, 50'000u) << symbol;
      EXPECT_GT(4 * errors, bits) << symbol;
    }
  }
}

}  // namespace
}  // namespace hilbert::test
