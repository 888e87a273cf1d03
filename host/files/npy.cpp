// SPDX-License-Identifier: Apache-2.0
// Elements of .npy files: dtypes, byte orders, Fortran order, numbers and codes.
#include "hilbert/npy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <hilbert/error.hpp>
#include <hilbert/file.hpp>
#include <hilbert/text.hpp>
#include <limits>
#include <optional>

#include "files/npy_header.hpp"

namespace hilbert {
namespace {

static_assert(std::endian::native == std::endian::little);

enum class Kind : std::uint8_t { floating, bfloat, integer, natural, code };

struct Dtype {
  Kind kind = Kind::floating;
  std::size_t bytes = 0;
  bool big = false;
};

/// What numpy.dtype(descr) makes of a name; `ordered`: one of <>=| may stand before it.
std::optional<Dtype> parse_dtype(std::string_view descr) {
  struct Row {
    std::string_view name;
    Kind kind;
    std::size_t bytes;
    bool ordered;
  };
  constexpr auto f = Kind::floating, i = Kind::integer, u = Kind::natural;
  static constexpr std::array rows = std::to_array<Row>({
      {"f2", f, 2, true},
      {"e", f, 2, true},
      {"float16", f, 2, false},
      {"half", f, 2, false},
      {"f4", f, 4, true},
      {"f", f, 4, true},
      {"float32", f, 4, false},
      {"single", f, 4, false},
      {"f8", f, 8, true},
      {"d", f, 8, true},
      {"float64", f, 8, false},
      {"double", f, 8, false},
      {"float", f, 8, false},
      {"i1", i, 1, true},
      {"b", i, 1, true},
      {"int8", i, 1, false},
      {"byte", i, 1, false},
      {"i2", i, 2, true},
      {"h", i, 2, true},
      {"int16", i, 2, false},
      {"short", i, 2, false},
      {"i4", i, 4, true},
      {"i", i, 4, true},
      {"int32", i, 4, false},
      {"intc", i, 4, false},
      {"i8", i, 8, true},
      {"l", i, 8, true},
      {"q", i, 8, true},
      {"p", i, 8, true},
      {"int64", i, 8, false},
      {"longlong", i, 8, false},
      {"int", i, 8, false},
      {"long", i, 8, false},
      {"u1", u, 1, true},
      {"B", u, 1, true},
      {"uint8", u, 1, false},
      {"ubyte", u, 1, false},
      {"u2", u, 2, true},
      {"H", u, 2, true},
      {"uint16", u, 2, false},
      {"ushort", u, 2, false},
      {"u4", u, 4, true},
      {"I", u, 4, true},
      {"uint32", u, 4, false},
      {"uintc", u, 4, false},
      {"u8", u, 8, true},
      {"L", u, 8, true},
      {"Q", u, 8, true},
      {"P", u, 8, true},
      {"uint64", u, 8, false},
      {"ulonglong", u, 8, false},
      {"uint", u, 8, false},
      {"ulong", u, 8, false},
      {"bfloat16", Kind::bfloat, 2, false},
      {"V2", Kind::bfloat, 2, true},
      {"V1", Kind::code, 1, true},
      {"f1", Kind::code, 1, true},
  });
  const bool ordered = !descr.empty() && std::string_view("<>=|").find(descr[0]) != std::string_view::npos;
  const bool big = ordered && descr[0] == '>';
  if (ordered) descr.remove_prefix(1);
  const auto* row =
      std::ranges::find_if(rows, [&](const Row& r) { return r.name == descr && (r.ordered || !ordered); });
  if (row == rows.end()) return std::nullopt;
  return Dtype{row->kind, row->bytes, big && row->kind != Kind::bfloat};
}

/// What to do with a file of elements that are not read.
std::string advice(std::string_view descr) {
  const std::size_t letter = descr.find_first_not_of("<>=|");
  switch (letter == std::string_view::npos ? '\0' : descr[letter]) {
    case 'c':
    case 'F':
    case 'D':
      return "complex numbers: take x.real or x.imag, and .astype('float32')";
    case 'V':
    case 'O':
    case 'S':
    case 'a':
    case 'U':
    case 'M':
    case 'm':
      return "these are no numbers: save an array of float32";
    default:
      return "convert it with x.astype('float32')";
  }
}

/// IEEE half precision is a float32 exactly.
float from_half(std::uint32_t half) {
  const std::uint32_t exponent = half >> 10 & 0x1F, fraction = half & 0x3FF;
  const float magnitude = exponent == 0x1F ? std::bit_cast<float>(0x7F80'0000u | fraction << 13)
                          : exponent == 0
                              ? std::ldexp(static_cast<float>(fraction), -24)
                              : std::ldexp(static_cast<float>(0x400 | fraction), static_cast<int>(exponent) - 25);
  return std::copysign(magnitude, (half & 0x8000) != 0 ? -1.0f : 1.0f);
}

/// An element as float32, if it is one; `text` becomes what it is.
std::optional<float> exact(const Dtype& dtype, std::uint64_t bits, std::string* text = nullptr) {
  if (dtype.kind == Kind::bfloat) return std::bit_cast<float>(static_cast<std::uint32_t>(bits << 16));
  if (dtype.kind == Kind::floating) {
    if (dtype.bytes == 2) return from_half(static_cast<std::uint32_t>(bits));
    if (dtype.bytes == 4) return std::bit_cast<float>(static_cast<std::uint32_t>(bits));
    const auto value = std::bit_cast<double>(bits);
    if (text != nullptr) *text = fmt::format("{}", value);
    if (std::isfinite(value) && std::abs(value) > std::numeric_limits<float>::max()) return std::nullopt;
    const auto rounded = static_cast<float>(value);
    if (std::isnan(value) || rounded == value) return rounded;
    return std::nullopt;
  }
  const unsigned unused = static_cast<unsigned>(64 - 8 * dtype.bytes);
  const auto value = static_cast<std::int64_t>(bits << unused) >> unused;  // with its sign
  const bool negative = dtype.kind == Kind::integer && value < 0;
  const std::uint64_t magnitude = negative ? 0 - static_cast<std::uint64_t>(value) : bits;
  if (text != nullptr) *text = fmt::format("{}{}", negative ? "-" : "", magnitude);
  if (magnitude != 0 && std::bit_width(magnitude) - std::countr_zero(magnitude) > 24) return std::nullopt;
  const auto number = static_cast<float>(magnitude);
  return negative ? -number : number;
}

/// The elements of a body, row by row whatever their order in the file.
class Elements {
 public:
  Elements(std::span<const std::byte> body, const Dtype& dtype, std::size_t rows, std::size_t cols, bool fortran)
      : body_(body), dtype_(dtype), rows_(rows), cols_(cols), fortran_(fortran) {}

  /// Little endian, in the lowest bits.
  [[nodiscard]] std::uint64_t at(std::size_t i, std::size_t j) const {
    const std::byte* from = body_.data() + (fortran_ ? j * rows_ + i : i * cols_ + j) * dtype_.bytes;
    std::uint64_t bits = 0;
    std::memcpy(&bits, from, dtype_.bytes);
    return dtype_.big ? __builtin_bswap64(bits) >> (64 - 8 * dtype_.bytes) : bits;
  }
  /// each(i, j, bits)
  template <typename Each>
  void walk(Each each) const {
    if (body_.empty()) return;
    for (std::size_t i = 0; i < rows_; ++i) {
      for (std::size_t j = 0; j < cols_; ++j) each(i, j, at(i, j));
    }
  }

 private:
  std::span<const std::byte> body_;
  Dtype dtype_;
  std::size_t rows_, cols_;
  bool fortran_;
};

std::string_view code_dtype(const model::FormatSpec& format) {
  switch (format.format) {
    case model::Format::fp32:
      return "<f4";
    case model::Format::bf16:
      return "<u2";
    case model::Format::int8:
      return "|i1";
    default:
      return "|u1";
  }
}

std::vector<std::byte> file_of(std::string_view descr, std::size_t rows, std::size_t cols, std::size_t bytes) {
  const std::string head = format_npy_header(descr, rows, cols);
  std::vector<std::byte> file;
  file.reserve(head.size() + bytes);
  const auto text = std::as_bytes(std::span(head));
  file.assign(text.begin(), text.end());
  return file;
}

/// What a file holds by its header.
struct Content {
  NpyHeader header;
  Dtype dtype;
  std::uint64_t bytes = 0;  ///< of elements
};

Content content(std::span<const std::byte> file, std::string_view where) {
  const auto refuse = [&](std::string what, std::string next = {}) {
    throw Error(ExitCode::bad_input, std::move(what), std::string(where), std::move(next));
  };
  NpyHeader header = parse_npy_header(file, where);
  const auto dtype = parse_dtype(header.descr);
  if (!dtype) {
    refuse(fmt::format("holds '{}' elements, which are not read", printable(header.descr, 24)), advice(header.descr));
  }
  const auto& shape = header.shape;
  if (shape.size() != 2) {
    refuse(fmt::format("has {} dimension{}, shape {}, not a matrix's 2", shape.size(), shape.size() == 1 ? "" : "s",
                       shape_text(shape)),
           "reshape it to (rows, columns)");
  }
  const std::uint64_t bytes = checked_matrix_bytes(shape[0], shape[1], dtype->bytes, where);
  return {std::move(header), *dtype, bytes};
}

/// No further than the matrix goes, and so much that the rest can be told from it.
std::vector<std::byte> read_npy_bytes(const std::filesystem::path& path) {
  return read_file(path, most_file_bytes, [&](std::span<const std::byte> begin) {
    const Content found = content(begin, path.string());
    return found.header.bytes + found.bytes + file_begin_bytes;
  });
}

}  // namespace

NpyMatrix parse_npy_matrix(std::span<const std::byte> file, std::string_view where, NpyUnsigned unsigned_integers) {
  const auto refuse = [&](std::string what, std::string next = {}) {
    throw Error(ExitCode::bad_input, std::move(what), std::string(where), std::move(next));
  };
  const auto [header, dtype, bytes] = content(file, where);
  const std::string descr = printable(header.descr, 24);
  const auto& shape = header.shape;
  const auto body = file.subspan(header.bytes);
  if (body.size() != bytes) {
    refuse(fmt::format("holds {} bytes of elements, its shape {} needs {}", body.size(), shape_text(shape), bytes),
           body.size() < bytes ? "the file is truncated" : "there is more in the file than the matrix");
  }

  NpyMatrix matrix;
  matrix.where = where;
  matrix.rows = shape[0], matrix.cols = shape[1];
  const Elements elements(body, dtype, matrix.rows, matrix.cols, header.fortran_order);
  const bool natural_codes = dtype.kind == Kind::natural && unsigned_integers == NpyUnsigned::codes;
  if (dtype.kind == Kind::code || natural_codes) {
    matrix.code_bytes = dtype.bytes;
    matrix.codes.reserve(bytes);
    elements.walk([&](std::size_t, std::size_t, std::uint64_t bits) {
      for (std::size_t i = 0; i < dtype.bytes; ++i) matrix.codes.push_back(static_cast<std::byte>(bits >> 8 * i));
    });
    return matrix;
  }
  matrix.numbers = Matrix<float>(matrix.rows, matrix.cols);
  if (dtype.kind == Kind::floating && dtype.bytes == 4 && !dtype.big && !header.fortran_order) {
    if (bytes != 0) std::memcpy(matrix.numbers.data(), body.data(), bytes);
    return matrix;
  }
  elements.walk([&](std::size_t i, std::size_t j, std::uint64_t bits) {
    const auto number = exact(dtype, bits);
    if (!number) {
      std::string text;
      (void)exact(dtype, bits, &text);
      refuse(fmt::format("element ({}, {}) is {} in '{}', which float32 does not hold exactly", i, j, text, descr),
             "round it yourself: x.astype('float32')");
    }
    matrix.numbers(i, j) = *number;
  });
  return matrix;
}

NpyMatrix read_npy_matrix(const std::filesystem::path& path, NpyUnsigned unsigned_integers) {
  return parse_npy_matrix(read_npy_bytes(path), path.string(), unsigned_integers);
}

CodeMatrix as_codes(const NpyMatrix& matrix, FormatArg format, const EncodeOptions& options) {
  if (!matrix.holds_codes()) return encode_matrix(matrix.numbers, format, options);
  const std::size_t wanted = model::element_bytes(format.spec.format);
  if (matrix.code_bytes != wanted) {
    throw Error(ExitCode::bad_input,
                fmt::format("holds codes of {} byte{}, those of {} have {}", matrix.code_bytes,
                            matrix.code_bytes == 1 ? "" : "s", model::to_string(format.spec), wanted),
                matrix.where, "name the format of its codes, or save numbers: x.astype('float32')");
  }
  return {format.spec, matrix.rows, matrix.cols, matrix.codes, {}};
}

Matrix<float> parse_npy(std::span<const std::byte> file, std::string_view where) {
  NpyMatrix matrix = parse_npy_matrix(file, where);
  if (!matrix.holds_codes()) return std::move(matrix.numbers);
  throw Error(ExitCode::bad_input, "holds codes of a format that it does not name, not numbers", std::string(where),
              "NumPy loses the name of 8-bit floats: save x.astype('float32')");
}

Matrix<float> read_npy(const std::filesystem::path& path) { return parse_npy(read_npy_bytes(path), path.string()); }

std::vector<std::byte> format_npy(MatrixView<const float> matrix) {
  const std::size_t bytes = checked_matrix_bytes(matrix.rows, matrix.cols, sizeof(float), ".npy file");
  std::vector<std::byte> file = file_of("<f4", matrix.rows, matrix.cols, bytes);
  const std::size_t head = file.size();
  file.resize(head + bytes);
  if (bytes == 0) return file;
  std::byte* out = file.data() + head;
  if (matrix.dense()) {
    std::memcpy(out, matrix.data, bytes);
    return file;
  }
  for (std::size_t i = 0; i < matrix.rows; ++i) {
    for (std::size_t j = 0; j < matrix.cols; ++j, out += sizeof(float)) std::memcpy(out, &matrix(i, j), sizeof(float));
  }
  return file;
}

void write_npy(const std::filesystem::path& path, MatrixView<const float> matrix) {
  write_file(path, format_npy(matrix));
}

std::vector<std::byte> format_npy_codes(const CodeMatrix& matrix) {
  const std::size_t element = model::element_bytes(matrix.format.format);
  const std::size_t bytes = checked_matrix_bytes(matrix.rows, matrix.cols, element, ".npy file");
  if (bytes != matrix.codes.size()) {
    throw Error(ExitCode::bad_input,
                fmt::format("{} bytes of codes for {} x {} of {}", matrix.codes.size(), matrix.rows, matrix.cols,
                            model::to_string(matrix.format)),
                ".npy file");
  }
  std::vector<std::byte> file = file_of(code_dtype(matrix.format), matrix.rows, matrix.cols, bytes);
  file.insert(file.end(), matrix.codes.begin(), matrix.codes.end());
  return file;
}

}  // namespace hilbert
