// SPDX-License-Identifier: Apache-2.0
// Numbers in byte strings, their checksum, and writing them.
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <hilbert/crc32c.hpp>
#include <hilbert/descriptor.hpp>
#include <hilbert/little_endian.hpp>
#include <string_view>
#include <vector>

namespace hilbert {
namespace {

std::span<const std::byte> bytes_of(std::string_view text) { return std::as_bytes(std::span(text)); }

/// Values of RFC 3720, appendix B.4, and of the catalogue of CRCs (CRC-32/ISCSI).
TEST(Bytes, TheChecksumHasItsPublishedValues) {
  EXPECT_EQ(crc32c(bytes_of("123456789")), 0xE306'9283U);
  EXPECT_EQ(crc32c(bytes_of("")), 0U);
  EXPECT_EQ(crc32c(std::vector<std::byte>(32, std::byte{0})), 0x8A91'36AAU);
  EXPECT_EQ(crc32c(std::vector<std::byte>(32, std::byte{0xFF})), 0x62A8'AB43U);
}

TEST(Bytes, NumbersStandLowestByteFirst) {
  std::vector<std::byte> bytes;
  append_number(bytes, std::uint16_t{0x1234});
  append_number(bytes, std::uint64_t{0x8877'6655'4433'2211});
  EXPECT_EQ(bytes[0], std::byte{0x34});
  EXPECT_EQ(bytes[2], std::byte{0x11});
  EXPECT_EQ(bytes[9], std::byte{0x88});
  EXPECT_EQ(number_at<std::uint32_t>(bytes, 2), 0x4433'2211U);
  put_number(std::span(bytes), 1, std::uint32_t{0xA1B2'C3D4});
  EXPECT_EQ(number_at<std::uint64_t>(bytes, 1), 0x7766'5544'A1B2'C3D4U);
}

TEST(Bytes, APipeThatNobodyReadsIsAnErrnoAndNoSignal) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  EXPECT_TRUE(write_all(ends[1], bytes_of("x")));
  ::close(ends[0]);
  EXPECT_FALSE(write_all(ends[1], bytes_of("x")));
  EXPECT_EQ(errno, EPIPE);
  ::close(ends[1]);
}

}  // namespace
}  // namespace hilbert
