// SPDX-License-Identifier: Apache-2.0
// IDX files (the format of MNIST and its successors), plain or gzip, and the labelled images made of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>
#include <vector>

namespace hilbert {

/// An array of unsigned bytes, last dimension fastest.
struct IdxArray {
  std::vector<std::uint32_t> sizes;
  std::vector<std::uint8_t> values;
};

/// Parses an IDX file of unsigned bytes with `dimensions` dimensions; gzip is recognised by its magic. Error (exit code
/// 2) for anything but one whole, undamaged array; nothing is allocated before its size has been checked.
[[nodiscard]] IdxArray parse_idx(std::span<const std::byte> file, unsigned dimensions, std::string_view where);

/// count images of rows x cols pixels 0..255, row-major, and the class of each.
struct LabelledImages {
  std::uint32_t rows = 0, cols = 0;
  std::vector<std::uint8_t> pixels, labels;

  [[nodiscard]] std::size_t count() const { return labels.size(); }
  [[nodiscard]] std::size_t image_size() const { return std::size_t{rows} * cols; }
  [[nodiscard]] std::span<const std::uint8_t> image(std::size_t i) const {
    return {pixels.data() + i * image_size(), image_size()};
  }
};

struct ImageDataset {
  LabelledImages train, test;
  std::uint32_t classes = 10;
};

/// Where Debian's package dataset-fashion-mnist puts its files.
inline constexpr std::string_view fashion_mnist_folder = "/usr/share/datasets/fashion-mnist";

/// Reads train- and t10k- images and labels, each with or without ".gz", from a folder. Error (exit code 2) naming the
/// file, and the package that holds it, if one is missing; also if images, labels and sizes do not fit together.
[[nodiscard]] ImageDataset read_image_dataset(const std::filesystem::path& folder);

}  // namespace hilbert
