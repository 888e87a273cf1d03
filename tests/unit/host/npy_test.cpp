// SPDX-License-Identifier: Apache-2.0
// .npy files as NumPy writes them (bytes written out by hand from its format description), and every way to damage one.
#include "hilbert/npy.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <bit>
#include <cstring>
#include <filesystem>
#include <hilbert/file.hpp>
#include <string>

#include "errors.hpp"
#include "random.hpp"

namespace hilbert {
namespace {

/// A file of version `major` with this dictionary, padded as NumPy does, and raw elements.
std::string file_with(const std::string& dictionary, const std::string& elements, int major = 1) {
  const std::size_t prefix = major == 1 ? 10 : 12;
  std::string header = dictionary;
  while ((prefix + header.size() + 1) % 64 != 0) header += ' ';
  header += '\n';
  std::string file = "\x93NUMPY";
  file += static_cast<char>(major);
  file += '\0';
  for (std::size_t i = 0; i < prefix - 8; ++i) file += static_cast<char>(header.size() >> 8 * i & 0xFF);
  return file + header + elements;
}

std::string raw(std::initializer_list<float> values, bool big = false) {
  std::string bytes;
  for (const float v : values) {
    auto bits = std::bit_cast<std::uint32_t>(v);
    if (big) bits = __builtin_bswap32(bits);
    bytes.append(reinterpret_cast<const char*>(&bits), 4);
  }
  return bytes;
}

std::string dict(const std::string& descr, const std::string& order, const std::string& shape) {
  return "{'descr': '" + descr + "', 'fortran_order': " + order + ", 'shape': " + shape + ", }";
}

Matrix<float> parse(const std::string& file) { return parse_npy(std::as_bytes(std::span(file)), "x.npy"); }

void refused(const std::string& file, std::string_view piece) {
  expect_error(ExitCode::bad_input, piece, [&] { (void)parse(file); });
}

const std::string kElements = raw({1, 2, 3, 4, 5, 6});
const std::string kGood = file_with(dict("<f4", "False", "(2, 3)"), kElements);

TEST(Npy, ReadsVersionsAndByteOrders) {
  const Matrix<float> expected(2, 3, {1, 2, 3, 4, 5, 6});
  EXPECT_EQ(parse(kGood), expected);
  EXPECT_EQ(parse(file_with(dict("<f4", "False", "(2, 3)"), kElements, 2)), expected);
  EXPECT_EQ(parse(file_with(dict("<f4", "False", "(2, 3)"), kElements, 3)), expected);
  EXPECT_EQ(parse(file_with(dict(">f4", "False", "(2, 3)"), raw({1, 2, 3, 4, 5, 6}, true))), expected);
  EXPECT_EQ(parse(file_with("{\"shape\":(2,3),\"fortran_order\":False,\"descr\":\"<f4\"}", kElements)), expected);
  EXPECT_EQ(parse(file_with(dict("<f4", "False", "(0, 3)"), "")).rows(), 0u);
  EXPECT_EQ(parse(file_with(dict("<f4", "True", "(1, 3)"), raw({1, 2, 3}))).cols(), 3u);  // a row has no order
}

/// The whole of what numpy.save(f, numpy.array([[1, -2]], 'float32')) writes, from the format's description.
TEST(Npy, WritesWhatNumPyWrites) {
  const Matrix<float> matrix(1, 2, {1, -2});
  const auto bytes = format_npy(matrix);
  const std::string expected = file_with(dict("<f4", "False", "(1, 2)"), raw({1, -2}));
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size()), expected);
  EXPECT_EQ(expected.size(), 128u + 8u);
}

TEST(Npy, WritesStridedViews) {
  const Matrix<float> matrix(2, 3, {1, 2, 3, 4, 5, 6});
  EXPECT_EQ(parse_npy(format_npy(matrix.view().transposed()), ""), Matrix<float>(3, 2, {1, 4, 2, 5, 3, 6}));
}

TEST(Npy, EveryTruncationIsRefused) {
  for (std::size_t length = 0; length < kGood.size(); ++length) {
    try {
      (void)parse(kGood.substr(0, length));
      ADD_FAILURE() << "accepted " << length << " of " << kGood.size() << " bytes";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::bad_input);
      EXPECT_EQ(error.where(), "x.npy");
    }
  }
  refused(kGood + "x", "there is more in the file");
  refused(kGood.substr(0, kGood.size() - 1), "the file is truncated");
}

/// Any single byte of the header replaced by any value: an Error or the right number of elements, never anything else.
TEST(Npy, EveryDamagedHeaderByteIsRefusedOrHarmless) {
  const std::size_t header = kGood.size() - kElements.size();
  for (std::size_t at = 0; at < header; ++at) {
    for (int value = 0; value < 256; ++value) {
      std::string file = kGood;
      file[at] = static_cast<char>(value);
      try {
        EXPECT_EQ(parse(file).size(), 6u);
      } catch (const Error& error) {
        EXPECT_EQ(error.code(), ExitCode::bad_input);
      }
    }
  }
}

TEST(Npy, SaysWhatIsWrong) {
  refused("", "is no .npy file");
  refused("PK\x03\x04 something zipped, an .npz", "is no .npy file");
  refused(file_with(dict("<f8", "False", "(2, 3)"), kElements), "holds '<f8' elements");
  refused(file_with(dict("|b1", "False", "(2, 3)"), kElements), "x.astype('float32')");
  refused(file_with(dict("<f4", "True", "(2, 3)"), kElements), "Fortran");
  refused(file_with(dict("<f4", "False", "(6,)"), kElements), "has 1 dimension, shape (6,)");
  refused(file_with(dict("<f4", "False", "(1, 2, 3)"), kElements), "has 3 dimensions");
  refused(file_with(dict("<f4", "False", "()"), kElements), "has 0 dimensions");
  refused(file_with("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2, 3)}", kElements), "structured");
  refused(file_with("{'descr': '<f4', 'shape': (2, 3)}", kElements), "lacks one of");
  refused(file_with("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (2, 3)}", kElements), "twice");
  refused(file_with("{'descr': '<f4', 'order': False, 'shape': (2, 3)}", kElements), "unknown key 'order'");
  refused(file_with(dict("<f4", "False", "(2, 3)") + " x", kElements), "text after");
  std::string future = kGood;
  future[6] = 9;
  refused(future, "has .npy version 9.0");
}

TEST(Npy, AbsurdShapesNeitherOverflowNorAllocate) {
  refused(file_with(dict("<f4", "False", "(4294967296, 4294967296)"), kElements), "beyond any memory");
  refused(file_with(dict("<f4", "False", "(4611686018427387904, 4)"), kElements), "beyond any memory");
  refused(file_with(dict("<f4", "False", "(99999999999999999999, 1)"), kElements), "beyond 64 bits");
  refused(file_with(dict("<f4", "False", "(1000000000, 1000)"), kElements), "the file is truncated");
  refused(file_with(dict("<f4", "False", "(-2, 3)"), kElements), "a size expected");
  std::string endless = kGood;
  endless[6] = 2;
  std::memcpy(endless.data() + 8, "\xFF\xFF\xFF\x7F", 4);
  refused(endless, "its header claims 2147483647 bytes");
}

TEST(Npy, FilesRoundTripAndMissingFilesAreNamed) {
  const auto path = std::filesystem::temp_directory_path() / ("hilbert_npy_" + std::to_string(::getpid()) + ".npy");
  Random random(5);
  Matrix<float> matrix(17, 23);
  for (float& v : matrix.elements()) v = std::bit_cast<float>(static_cast<std::uint32_t>(random() & 0x7F7FFFFFu));
  write_npy(path, matrix);
  EXPECT_EQ(read_npy(path), matrix);
  std::filesystem::remove(path);
  expect_error(ExitCode::bad_input, "No such file", [&] { (void)read_npy(path); });
}

}  // namespace
}  // namespace hilbert
