// SPDX-License-Identifier: Apache-2.0
// Matrices in host memory: an owner (dense, row-major) and a strided view that can be transposed for free.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <hilbert/error.hpp>
#include <hilbert/sizes.hpp>

namespace hilbert {

/// The one place that refuses a matrix for its size: Error (exit code 2) naming the limit if there are more rows or
/// columns than max_size, or more bytes than a process can hold. Else the bytes of rows x cols elements.
inline std::size_t checked_matrix_bytes(std::uint64_t rows, std::uint64_t cols, std::uint64_t element_bytes,
                                        std::string_view where) {
  const auto refuse = [&](const std::string& what, std::string next) {
    throw Error(ExitCode::bad_input, std::to_string(rows) + " x " + std::to_string(cols) + what, std::string(where),
                std::move(next));
  };
  if (rows > max_size || cols > max_size) refuse(" is too large", max_size_text);
  const std::uint64_t bytes = matrix_bytes(rows, cols, element_bytes);
  if (!fits_memory(bytes)) {
    refuse(" elements of " + std::to_string(element_bytes) + " bytes are beyond any memory", "work in smaller pieces");
  }
  return static_cast<std::size_t>(bytes);
}

/// rows x cols elements of which (i, j) is at data[i * row_stride + j * col_stride]. Does not own them.
template <typename T>
struct MatrixView {
  T* data = nullptr;
  std::size_t rows = 0, cols = 0;
  std::size_t row_stride = 0, col_stride = 1;  ///< in elements

  MatrixView() = default;
  /// A dense row-major matrix.
  MatrixView(T* first, std::size_t row_count, std::size_t col_count)
      : data(first), rows(row_count), cols(col_count), row_stride(col_count) {}
  MatrixView(T* first, std::size_t row_count, std::size_t col_count, std::size_t row_step, std::size_t col_step = 1)
      : data(first), rows(row_count), cols(col_count), row_stride(row_step), col_stride(col_step) {}
  /// A view of what may be written is also a view of what may be read.
  operator MatrixView<const T>() const  // NOLINT(google-explicit-constructor)
      requires(!std::is_const_v<T>) {
    return {data, rows, cols, row_stride, col_stride};
  }

  T& operator()(std::size_t i, std::size_t j) const { return data[i * row_stride + j * col_stride]; }
  /// Elements; beyond_memory for more than 64 bits count, so never 0 for a matrix that has some.
  [[nodiscard]] std::size_t size() const { return times(rows, cols); }
  [[nodiscard]] bool dense() const { return col_stride == 1 && (row_stride == cols || rows <= 1); }
  [[nodiscard]] MatrixView transposed() const { return {data, cols, rows, col_stride, row_stride}; }
  /// Rows first .. first + count - 1, not copied.
  [[nodiscard]] MatrixView row_range(std::size_t first, std::size_t count) const {
    return {data + first * row_stride, count, cols, row_stride, col_stride};
  }
};

/// A dense row-major matrix, zero when made.
template <typename T>
class Matrix {
 public:
  Matrix() = default;
  /// Error (exit code 2) from checked_matrix_bytes.
  Matrix(std::size_t rows, std::size_t cols)
      : rows_(rows), cols_(cols), elements_(checked_matrix_bytes(rows, cols, sizeof(T), "matrix") / sizeof(T)) {}
  /// Error (exit code 2) too unless there are rows * cols `elements`, row by row.
  Matrix(std::size_t rows, std::size_t cols, std::vector<T> elements)
      : rows_(rows), cols_(cols), elements_(std::move(elements)) {
    if (elements_.size() == checked_matrix_bytes(rows, cols, sizeof(T), "matrix") / sizeof(T)) return;
    throw Error(
        ExitCode::bad_input,
        std::to_string(rows) + " x " + std::to_string(cols) + " from " + std::to_string(elements_.size()) + " elements",
        "matrix", "give rows * cols of them, row by row");
  }

  [[nodiscard]] std::size_t rows() const { return rows_; }
  [[nodiscard]] std::size_t cols() const { return cols_; }
  [[nodiscard]] std::size_t size() const { return elements_.size(); }
  [[nodiscard]] T* data() { return elements_.data(); }
  [[nodiscard]] const T* data() const { return elements_.data(); }
  [[nodiscard]] std::span<T> elements() { return elements_; }
  [[nodiscard]] std::span<const T> elements() const { return elements_; }
  T& operator()(std::size_t i, std::size_t j) { return elements_[i * cols_ + j]; }
  const T& operator()(std::size_t i, std::size_t j) const { return elements_[i * cols_ + j]; }

  [[nodiscard]] MatrixView<T> view() { return {data(), rows_, cols_}; }
  [[nodiscard]] MatrixView<const T> view() const { return {data(), rows_, cols_}; }
  operator MatrixView<T>() { return view(); }              // NOLINT(google-explicit-constructor)
  operator MatrixView<const T>() const { return view(); }  // NOLINT(google-explicit-constructor)
  bool operator==(const Matrix&) const = default;

 private:
  std::size_t rows_ = 0, cols_ = 0;
  std::vector<T> elements_;
};

}  // namespace hilbert
