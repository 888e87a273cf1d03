// SPDX-License-Identifier: Apache-2.0
// .npy files as NumPy writes them (bytes written out by hand from its format description), and every way to damage one.
#include "hilbert/npy.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <bit>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <hilbert/file.hpp>
#include <string>

#include "support/errors.hpp"
#include "support/random.hpp"

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

const std::string six_elements = raw({1, 2, 3, 4, 5, 6});
const std::string good = file_with(dict("<f4", "False", "(2, 3)"), six_elements);

TEST(Npy, ReadsVersionsAndByteOrders) {
  const Matrix<float> expected(2, 3, {1, 2, 3, 4, 5, 6});
  EXPECT_EQ(parse(good), expected);
  EXPECT_EQ(parse(file_with(dict("<f4", "False", "(2, 3)"), six_elements, 2)), expected);
  EXPECT_EQ(parse(file_with(dict("<f4", "False", "(2, 3)"), six_elements, 3)), expected);
  EXPECT_EQ(parse(file_with(dict(">f4", "False", "(2, 3)"), raw({1, 2, 3, 4, 5, 6}, true))), expected);
  EXPECT_EQ(parse(file_with("{\"shape\":(2,3),\"fortran_order\":False,\"descr\":\"<f4\"}", six_elements)), expected);
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
  for (std::size_t length = 0; length < good.size(); ++length) {
    try {
      (void)parse(good.substr(0, length));
      ADD_FAILURE() << "accepted " << length << " of " << good.size() << " bytes";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::bad_input);
      EXPECT_EQ(error.where(), "x.npy");
    }
  }
  refused(good + "x", "there is more in the file");
  refused(good.substr(0, good.size() - 1), "the file is truncated");
}

/// Any single byte of the header replaced by any value: an Error or the right number of elements, never anything else.
TEST(Npy, EveryDamagedHeaderByteIsRefusedOrHarmless) {
  const std::size_t header = good.size() - six_elements.size();
  for (std::size_t at = 0; at < header; ++at) {
    for (int value = 0; value < 256; ++value) {
      std::string file = good;
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
  refused(file_with(dict("<f8", "False", "(2, 3)"), six_elements), "its shape (2, 3) needs 48");
  refused(file_with(dict("|b1", "False", "(2, 3)"), six_elements), "x.astype('float32')");
  refused(file_with(dict("<c8", "False", "(2, 3)"), six_elements), "take x.real");
  for (const char* no_numbers : {"|V4", "|V3", "|O", "|S4", "<U1", "<M8[s]"}) {
    refused(file_with(dict(no_numbers, "False", "(2, 3)"), six_elements), "save an array of float32");
  }
  for (const char* none : {"", "<", "<<f4", "f4 ", " f4", "f3", "<float32", "Float32", "f4,", "\x1b[2J"}) {
    refused(file_with(dict(none, "False", "(2, 3)"), six_elements), "elements, which are not read");
  }
  refused(file_with(dict("<f4", "False", "(6,)"), six_elements), "has 1 dimension, shape (6,)");
  refused(file_with(dict("<f4", "False", "(1, 2, 3)"), six_elements), "has 3 dimensions");
  refused(file_with(dict("<f4", "False", "()"), six_elements), "has 0 dimensions");
  refused(file_with("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2, 3)}", six_elements), "structured");
  refused(file_with("{'descr': '<f4', 'shape': (2, 3)}", six_elements), "lacks one of");
  refused(file_with("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (2, 3)}", six_elements),
          "twice");
  refused(file_with("{'descr': '<f4', 'order': False, 'shape': (2, 3)}", six_elements), "unknown key 'order'");
  refused(file_with(dict("<f4", "False", "(2, 3)") + " x", six_elements), "text after");
  std::string future = good;
  future[6] = 9;
  refused(future, "has .npy version 9.0");
}

TEST(Npy, AbsurdShapesNeitherOverflowNorAllocate) {
  refused(file_with(dict("<f4", "False", "(4294967296, 4294967296)"), six_elements), "x.npy: 4294967296 x 4294967296");
  refused(file_with(dict("<f4", "False", "(4611686018427387904, 4)"), six_elements), "at most 2147483648 (2^31)");
  refused(file_with(dict("<f4", "False", "(4294967295, 0)"), ""), "at most 2147483648 (2^31)");
  refused(file_with(dict("<f4", "False", "(0, 18446744073709551615)"), ""), "at most 2147483648 (2^31)");
  refused(file_with(dict("<f4", "False", "(2147483648, 2147483648)"), six_elements), "beyond any memory");
  for (const char* order : {"False", "True"}) {  // at once, although there are 2^31 rows
    EXPECT_EQ(parse(file_with(dict(">f4", order, "(2147483648, 0)"), "")).rows(), std::size_t{1} << 31);
    EXPECT_EQ(parse(file_with(dict("<i2", order, "(0, 2147483648)"), "")).cols(), std::size_t{1} << 31);
  }
  refused(file_with(dict("<f4", "False", "(99999999999999999999, 1)"), six_elements), "beyond 64 bits");
  refused(file_with(dict("<f4", "False", "(1000000000, 1000)"), six_elements), "the file is truncated");
  refused(file_with(dict("<f4", "False", "(-2, 3)"), six_elements), "a size expected");
  std::string endless = good;
  endless[6] = 2;
  std::memcpy(endless.data() + 8, "\xFF\xFF\xFF\x7F", 4);
  refused(endless, "its header claims 2147483647 bytes");
}

/// Little-endian elements of `bytes` bytes, or big-endian ones.
std::string elements(std::initializer_list<std::uint64_t> values, unsigned bytes, bool big = false) {
  std::string out;
  for (const std::uint64_t value : values) {
    for (unsigned i = 0; i < bytes; ++i) out += static_cast<char>(value >> 8 * (big ? bytes - 1 - i : i) & 0xFF);
  }
  return out;
}

/// The names that numpy.dtype() takes (NumPy 1.26 and 2.4), each with 1, 2, 3 and -4 where there is a sign.
TEST(Npy, EverySpellingOfEveryDtype) {
  struct Dtype {
    unsigned bytes;
    std::initializer_list<std::uint64_t> values;
    float last;
    std::vector<std::string> ordered, whole;
  };
  const Dtype dtypes[] = {
      {2, {0x3C00, 0x4000, 0x4200, 0xC400}, -4, {"f2", "e"}, {"float16", "half"}},
      {4, {0x3F800000, 0x40000000, 0x40400000, 0xC0800000}, -4, {"f4", "f"}, {"float32", "single"}},
      {8,
       {0x3FF0000000000000, 0x4000000000000000, 0x4008000000000000, 0xC010000000000000},
       -4,
       {"f8", "d"},
       {"float64", "double", "float"}},
      {1, {1, 2, 3, 0xFC}, -4, {"i1", "b"}, {"int8", "byte"}},
      {2, {1, 2, 3, 0xFFFC}, -4, {"i2", "h"}, {"int16", "short"}},
      {4, {1, 2, 3, 0xFFFFFFFC}, -4, {"i4", "i"}, {"int32", "intc"}},
      {8, {1, 2, 3, 0xFFFFFFFFFFFFFFFC}, -4, {"i8", "l", "q", "p"}, {"int64", "longlong", "int"}},
      {1, {1, 2, 3, 0xFC}, 252, {"u1", "B"}, {"uint8", "ubyte"}},
      {2, {1, 2, 3, 0xFC00}, 64512, {"u2", "H"}, {"uint16", "ushort"}},
      {4, {1, 2, 3, 0xFFFFFF00}, 4294967040.0f, {"u4", "I"}, {"uint32", "uintc"}},
      {8,
       {1, 2, 3, 0xFFFFFF0000000000},
       18446742974197923840.0f,
       {"u8", "L", "Q", "P"},
       {"uint64", "ulonglong", "uint"}},
  };
  for (const Dtype& d : dtypes) {
    const Matrix<float> expected(2, 2, {1, 2, 3, d.last}), turned(2, 2, {1, 3, 2, d.last});
    const auto expect = [&](const std::string& name, bool big) {
      const std::string body = elements(d.values, d.bytes, big);
      EXPECT_EQ(parse(file_with(dict(name, "False", "(2, 2)"), body)), expected) << name;
      EXPECT_EQ(parse(file_with(dict(name, "True", "(2, 2)"), body)), turned) << name;
    };
    for (const std::string& name : d.ordered) {
      for (const char* order : {"", "<", "=", "|"}) expect(order + name, false);
      expect('>' + name, true);
    }
    for (const std::string& name : d.whole) expect(name, false);
  }
}

TEST(Npy, FortranOrderGoesDownTheColumns) {
  const Matrix<float> expected(2, 3, {1, 3, 5, 2, 4, 6});
  EXPECT_EQ(parse(file_with(dict("<f4", "True", "(2, 3)"), six_elements)), expected);
  EXPECT_EQ(parse(file_with(dict(">f4", "True", "(2, 3)"), raw({1, 2, 3, 4, 5, 6}, true))), expected);
}

/// As Python 2 wrote sizes on machines of 32 bits and on Windows, and as other writers may.
TEST(Npy, OldAndOddHeaders) {
  const Matrix<float> expected(2, 3, {1, 2, 3, 4, 5, 6});
  for (const char* header : {"{'descr': '<f4', 'fortran_order': False, 'shape': (2L, 3L), }",
                             "{u'shape': (2, 3,), u'descr': u'<f4', u'fortran_order': False}",
                             "{\r\n\t'descr':\f'<f4' , 'fortran_order' : False,\n'shape' :( 2 , 3 )}  "}) {
    EXPECT_EQ(parse(file_with(header, six_elements)), expected) << header;
  }
  for (const char* header : {"{'descr': '<f4', 'fortran_order': False, 'shape': (2LL, 3)}",
                             "{'descr': uu'<f4', 'fortran_order': False, 'shape': (2, 3)}",
                             "{'descr': u, 'fortran_order': False, 'shape': (2, 3)}"}) {
    refused(file_with(header, six_elements), "its header is damaged");
  }
}

/// Half precision by its definition (IEEE 754): every code.
TEST(Npy, EveryHalfIsExact) {
  std::string body;
  for (unsigned code = 0; code < 65536; ++code) body += elements({code}, 2);
  const Matrix<float> all = parse(file_with(dict("<f2", "False", "(256, 256)"), body));
  for (unsigned code = 0; code < 65536; ++code) {
    const unsigned exponent = code >> 10 & 31, fraction = code & 1023;
    const float value = all.elements()[code];
    ASSERT_EQ(std::signbit(value), (code >> 15) == 1) << code;
    if (exponent == 31) {
      ASSERT_EQ(fraction == 0 ? std::isinf(value) : std::isnan(value), true) << code;
    } else {
      const double exact = exponent == 0 ? fraction / 1024.0 * std::pow(2.0, -14)
                                         : (1 + fraction / 1024.0) * std::pow(2.0, static_cast<int>(exponent) - 15);
      ASSERT_EQ(std::abs(value), exact) << code;
    }
  }
}

TEST(Npy, WhatFloat32DoesNotHoldIsNamedAndNotRounded) {
  const auto file = [](const std::string& descr, std::uint64_t value, unsigned bytes) {
    return file_with(dict(descr, "False", "(1, 2)"), elements({0, value}, bytes));
  };
  refused(file("<f8", 0x3FB999999999999A, 8), "element (0, 1) is 0.1 in '<f8', which float32 does not hold exactly");
  refused(file("<f8", 0x47F0000000000000, 8), "element (0, 1) is 3.402823669209385e+38");  // 2^128
  refused(file("<f8", 1, 8), "element (0, 1) is 5e-324");
  refused(file("<i4", 16777217, 4), "element (0, 1) is 16777217 in '<i4'");
  refused(file("<i4", 0xFEFFFFFF, 4), "element (0, 1) is -16777217 in '<i4'");
  refused(file("<u8", ~std::uint64_t{0}, 8), "element (0, 1) is 18446744073709551615");
  EXPECT_EQ(parse(file("<i8", std::uint64_t{1} << 63, 8))(0, 1), -std::ldexp(1.0f, 63));
  EXPECT_EQ(parse(file("<f8", 0x36A0000000000000, 8))(0, 1), std::ldexp(1.0f, -149));
  EXPECT_TRUE(std::isinf(parse(file("<f8", 0xFFF0000000000000, 8))(0, 1)));
  EXPECT_TRUE(std::isnan(parse(file("<f8", 0x7FF8000000000000, 8))(0, 1)));
}

NpyMatrix parse_any(const std::string& file, NpyUnsigned integers = NpyUnsigned::numbers) {
  return parse_npy_matrix(std::as_bytes(std::span(file)), "x.npy", integers);
}
std::string text(const std::vector<std::byte>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// What ml_dtypes 0.6 under NumPy 2.4 writes: '<V2' is bfloat16, and numpy.load makes '|V2' of it.
TEST(Npy, Bfloat16IsReadAsItself) {
  const std::string body = elements({0x3F80, 0xC000, 0x0001, 0x7F80, 0x7FC1, 0x8000}, 2);
  for (const char* name : {"<V2", "|V2", "V2", "bfloat16"}) {
    const Matrix<float> m = parse(file_with(dict(name, "False", "(2, 3)"), body));
    EXPECT_EQ(m(0, 0), 1);
    EXPECT_EQ(m(0, 1), -2);
    EXPECT_EQ(m(0, 2), std::ldexp(1.0f, -133));
    EXPECT_TRUE(std::isinf(m(1, 0)));
    EXPECT_TRUE(std::isnan(m(1, 1)));
    EXPECT_TRUE(std::signbit(m(1, 2)));
    const CodeMatrix codes = as_codes(parse_any(file_with(dict(name, "False", "(2, 3)"), body)), "bf16");
    EXPECT_EQ(text(codes.codes), elements({0x3F80, 0xC000, 0x0001, 0x7F80, 0x7FC0, 0x8000}, 2));
  }
}

TEST(Npy, CodesWithoutAFormatAreTakenAsTheyAre) {
  std::string body;
  for (unsigned code = 0; code < 256; ++code) body += static_cast<char>(code);
  for (const char* name : {"<V1", "|V1", "V1", "<f1", "f1"}) {
    const std::string file = file_with(dict(name, "False", "(16, 16)"), body);
    const NpyMatrix matrix = parse_any(file);
    EXPECT_TRUE(matrix.holds_codes());
    for (const char* format : {"e4m3", "e5m2", "cf8_143:7", "cf8_152:63", "int8"}) {
      const CodeMatrix codes = as_codes(matrix, format, {.saturate = true});
      EXPECT_EQ(text(codes.codes), body) << format;
      EXPECT_EQ(codes.flags.bits, 0) << format;
    }
    expect_error(ExitCode::bad_input, "x.npy: holds codes of 1 byte, those of bf16 have 2",
                 [&] { (void)as_codes(matrix, "bf16"); });
    refused(file, "holds codes of a format that it does not name");
  }
  const NpyMatrix turned = parse_any(file_with(dict("<V1", "True", "(2, 3)"), "abcdef"));
  EXPECT_EQ(text(turned.codes), "acebdf");
}

TEST(Npy, UnsignedIntegersAreCodesWhereTheCallerSaysSo) {
  const std::string bytes = file_with(dict("|u1", "False", "(1, 2)"), "\x38\xB8");
  EXPECT_EQ(parse_any(bytes).numbers, Matrix<float>(1, 2, {0x38, 0xB8}));
  EXPECT_EQ(decode_matrix(as_codes(parse_any(bytes, NpyUnsigned::codes), "e4m3")), Matrix<float>(1, 2, {1, -1}));
  const std::string big = file_with(dict(">u2", "True", "(2, 1)"), elements({0x3F80, 0xC000}, 2, true));
  EXPECT_EQ(decode_matrix(as_codes(parse_any(big, NpyUnsigned::codes), "bf16")), Matrix<float>(2, 1, {1, -2}));
  const std::string signed_file = file_with(dict("|i1", "False", "(1, 2)"), "\x38\xB8");
  EXPECT_EQ(parse_any(signed_file, NpyUnsigned::codes).numbers, Matrix<float>(1, 2, {56, -72}));
}

/// A format's codes in a dtype that NumPy has: the whole files, and back.
TEST(Npy, WritesCodes) {
  struct Row {
    const char* format;
    const char* descr;
    unsigned bytes;
  };
  for (const Row& row :
       {Row{"e4m3", "|u1", 1}, Row{"e5m2", "|u1", 1}, Row{"cf8_143:7", "|u1", 1}, Row{"cf8_152:3", "|u1", 1},
        Row{"int8", "|i1", 1}, Row{"bf16", "<u2", 2}, Row{"fp32", "<f4", 4}}) {
    const std::string body = elements({0x3F80'0102, 0x0304'0506}, row.bytes);
    const CodeMatrix matrix{FormatArg(row.format).spec,
                            1,
                            2,
                            {std::as_bytes(std::span(body)).begin(), std::as_bytes(std::span(body)).end()},
                            {}};
    const std::string file = text(format_npy_codes(matrix));
    EXPECT_EQ(file, file_with(dict(row.descr, "False", "(1, 2)"), body)) << row.format;
    EXPECT_EQ(text(as_codes(parse_any(file, NpyUnsigned::codes), row.format).codes), body) << row.format;
  }
}

TEST(Npy, FilesRoundTripAndMissingFilesAreNamed) {
  const auto path = std::filesystem::temp_directory_path() / ("hilbert_npy_" + std::to_string(::getpid()) + ".npy");
  Random random(seed_of(5));
  Matrix<float> matrix(17, 23);
  for (float& v : matrix.elements())
    v = std::bit_cast<float>(static_cast<std::uint32_t>(random.bits32() & 0x7F7FFFFFu));
  write_npy(path, matrix);
  EXPECT_EQ(read_npy(path), matrix);
  std::filesystem::remove(path);
  expect_error(ExitCode::bad_input, "No such file", [&] { (void)read_npy(path); });
}

}  // namespace
}  // namespace hilbert
