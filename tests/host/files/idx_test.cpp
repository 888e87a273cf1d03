// SPDX-License-Identifier: Apache-2.0
// IDX files: what is read, and what is refused.
#include "files/idx.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <hilbert/file.hpp>
#include <string>

#include "support/errors.hpp"
#include "support/synthetic.hpp"

namespace hilbert {
namespace {

const std::vector<std::uint8_t> twelve{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 255};

void expect_refused(const std::vector<std::byte>& file, std::string_view piece) {
  expect_error(ExitCode::bad_input, piece, [&] { (void)parse_idx(file, 3, "x.idx"); });
}

TEST(Idx, ReadsPlainAndGzip) {
  const auto plain = idx_bytes({2, 3, 2}, twelve);
  for (const auto& file : {plain, gzip(plain)}) {
    const IdxArray array = parse_idx(file, 3, "x");
    EXPECT_EQ(array.sizes, (std::vector<std::uint32_t>{2, 3, 2}));
    EXPECT_EQ(array.values, twelve);
  }
}

TEST(Idx, EveryTruncationIsRefused) {
  const auto plain = idx_bytes({2, 3, 2}, twelve);
  for (const auto& whole : {plain, gzip(plain)}) {
    for (std::size_t length = 0; length < whole.size(); ++length) {
      expect_refused({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length)}, "x.idx: ");
    }
  }
}

/// Past gzip's 10-byte header (which carries a date and has no check) only the padding between the last symbol and the
/// byte-aligned CRC, at most 7 bits, means nothing.
TEST(Idx, EveryFlippedBitOfGzipDataIsNoticed) {
  const auto whole = gzip(idx_bytes({2, 3, 2}, twelve));
  int harmless = 0;
  for (std::size_t bit = 80; bit < whole.size() * 8; ++bit) {
    auto bad = whole;
    bad[bit / 8] ^= static_cast<std::byte>(1 << bit % 8);
    try {
      EXPECT_EQ(parse_idx(bad, 3, "x.idx").values, twelve) << bit;
      ++harmless;
      EXPECT_EQ(bit / 8, whole.size() - 9) << bit;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::bad_input);
    }
  }
  EXPECT_LT(harmless, 8);
}

TEST(Idx, WrongContentsAreNamed) {
  expect_refused(idx_bytes({12}, twelve), "has 1 dimensions, expected 3");
  auto other = idx_bytes({2, 3, 2}, twelve);
  other[2] = std::byte{0x0D};
  expect_refused(other, "holds type 0x0d, expected 0x08");
  other[0] = std::byte{'P'};
  expect_refused(other, "is no IDX file");
  expect_refused(idx_bytes({2, 3, 1}, twelve), "goes on after the last value");
  expect_refused(gzip(idx_bytes({2, 3, 1}, twelve)), "goes on after the last value");
  auto more = gzip(idx_bytes({2, 3, 2}, twelve));
  more.push_back(std::byte{1});
  expect_refused(more, "1 bytes after its gzip data");
}

std::vector<std::byte> joined(std::initializer_list<std::vector<std::byte>> parts) {
  std::vector<std::byte> all;
  for (const auto& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

/// `cat a.gz b.gz` is a gzip file too (RFC 1952, section 2.2); so write pigz and bgzip. Wherever it is cut.
TEST(Idx, MembersOfGzipFollowEachOther) {
  const auto plain = idx_bytes({2, 3, 2}, twelve);
  const std::vector<std::byte> zeros(700), none;
  for (std::size_t cut = 0; cut <= plain.size(); ++cut) {
    const auto at = plain.begin() + static_cast<std::ptrdiff_t>(cut);
    const auto first = gzip({plain.begin(), at}), second = gzip({at, plain.end()});
    for (const auto& file : {joined({first, second}), joined({first, zeros, second}), joined({first, second, zeros}),
                             joined({gzip(none), first, gzip(none), second, gzip(none)})}) {
      EXPECT_EQ(parse_idx(file, 3, "x").values, twelve) << cut;
    }
    for (std::size_t length = first.size(); length < first.size() + second.size(); ++length) {
      auto file = joined({first, second});
      file.resize(length);
      if (cut == plain.size() && length == first.size()) continue;  // whole without the empty second member
      expect_refused(file, "x.idx: ");
    }
    auto damaged = joined({first, second});
    damaged[damaged.size() - 5] ^= std::byte{1};  // the second member's CRC-32
    expect_refused(damaged, "is damaged");
    expect_refused(joined({first, second, zeros, {std::byte{7}}}), "1 bytes after its gzip data");
    expect_refused(joined({first, second, gzip({std::byte{7}})}), "goes on after the last value");
  }
}

TEST(Idx, AbsurdSizesAreRefusedBeforeMemoryIsTaken) {
  expect_refused(idx_bytes({0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF}, {}), "larger than 2 GiB");
  expect_refused(idx_bytes({0x7FFFFFFF, 1, 1}, {}), "is truncated: it says it holds 2147483647 values");
  expect_refused(gzip(idx_bytes({0x7FFFFFFF, 1, 1}, twelve)), "is truncated: it says");
}

class Folder : public testing::Test {
 protected:
  void SetUp() override {
    folder = std::filesystem::temp_directory_path() / ("hilbert_idx_" + std::to_string(::getpid()));
    std::filesystem::create_directory(folder);
    write("train-images-idx3-ubyte.gz", gzip(idx_bytes({3, 2, 2}, twelve)));
    write("train-labels-idx1-ubyte.gz", gzip(idx_bytes({3}, {0, 9, 4})));
    write("t10k-images-idx3-ubyte", idx_bytes({1, 2, 2}, {1, 2, 3, 4}));
    write("t10k-labels-idx1-ubyte", idx_bytes({1}, {7}));
  }
  void TearDown() override { std::filesystem::remove_all(folder); }
  void write(const std::string& name, const std::vector<std::byte>& bytes) { write_file(folder / name, bytes); }
  void expect_folder_refused(std::string_view piece) {
    expect_error(ExitCode::bad_input, piece, [&] { (void)read_image_dataset(folder); });
  }

  std::filesystem::path folder;
};

TEST_F(Folder, Reads) {
  const ImageDataset set = read_image_dataset(folder);
  EXPECT_EQ(set.train.count(), 3u);
  EXPECT_EQ(set.train.image(2)[3], 255);
  EXPECT_EQ(set.test.labels[0], 7);
}

TEST_F(Folder, WhatIsMissingOrDoesNotFitIsNamed) {
  write("t10k-labels-idx1-ubyte", idx_bytes({1}, {10}));
  expect_folder_refused("label 10 is beyond 9");
  write("t10k-labels-idx1-ubyte", idx_bytes({2}, {1, 2}));
  expect_folder_refused("1 t10k images, but 2 labels");
  write("t10k-labels-idx1-ubyte", idx_bytes({1}, {1}));
  write("t10k-images-idx3-ubyte", idx_bytes({1, 1, 4}, {1, 2, 3, 4}));
  expect_folder_refused("different sizes");
  std::filesystem::remove(folder / "train-labels-idx1-ubyte.gz");
  expect_folder_refused("has no train-labels-idx1-ubyte.gz (install Debian's package dataset-fashion-mnist");
}

}  // namespace
}  // namespace hilbert
