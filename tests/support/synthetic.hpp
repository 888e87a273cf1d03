// SPDX-License-Identifier: Apache-2.0
// Images that a small network can tell apart, and IDX files of them.
#pragma once

#include <zlib.h>

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <vector>

#include "files/idx.hpp"
#include "support/random.hpp"

namespace hilbert {

/// Noise with a bright bar whose place is the label.
inline LabelledImages synthetic_images(std::uint32_t rows, std::uint32_t cols, std::size_t count, std::uint32_t classes,
                                       std::uint32_t seed) {
  Random engine(seed);
  LabelledImages images{rows, cols, {}, {}};
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint32_t label = static_cast<std::uint32_t>(engine.bits32()) % classes;
    images.labels.push_back(static_cast<std::uint8_t>(label));
    for (std::uint32_t p = 0; p < rows * cols; ++p) {
      const bool bar = p * classes / (rows * cols) == label;
      images.pixels.push_back(static_cast<std::uint8_t>(engine.bits32() % 100 + (bar ? 120 : 0)));
    }
  }
  return images;
}

inline ImageDataset synthetic_dataset(std::uint32_t rows = 5, std::uint32_t cols = 6, std::size_t train = 160,
                                      std::size_t test = 70) {
  return {synthetic_images(rows, cols, train, 10, 11), synthetic_images(rows, cols, test, 10, 12)};
}

inline std::vector<std::byte> idx_bytes(const std::vector<std::uint32_t>& sizes,
                                        const std::vector<std::uint8_t>& values) {
  std::vector<std::byte> file{std::byte{0}, std::byte{0}, std::byte{8}, static_cast<std::byte>(sizes.size())};
  for (const std::uint32_t size : sizes) {
    for (int shift = 24; shift >= 0; shift -= 8) file.push_back(static_cast<std::byte>(size >> shift & 0xFF));
  }
  for (const std::uint8_t value : values) file.push_back(static_cast<std::byte>(value));
  return file;
}

inline std::vector<std::byte> gzip(const std::vector<std::byte>& plain) {
  z_stream stream{};
  if (deflateInit2(&stream, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
    throw std::runtime_error("deflateInit2");
  }
  std::vector<std::byte> packed(deflateBound(&stream, plain.size()));
  std::vector<std::byte> input = plain;
  stream.next_in = reinterpret_cast<Bytef*>(input.data());
  stream.avail_in = static_cast<uInt>(input.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  const int status = deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  if (status != Z_STREAM_END) throw std::runtime_error("deflate");
  return packed;
}

}  // namespace hilbert
