// SPDX-License-Identifier: Apache-2.0
// Copies between dense matrices and panel order.
#include "hilbert/model/layout.hpp"

#include <algorithm>
#include <cstring>
#include <stdexcept>

namespace hilbert::model {
namespace {

void require_fit(const PanelLayout& layout, std::size_t dense, std::size_t image, std::uint64_t stride) {
  if (layout.panel_rows == 0 || layout.depth == 0 || layout.element_bytes == 0 || layout.word_bytes == 0) {
    throw std::invalid_argument("panel layout: without panels, groups, elements or words");
  }
  if (dense < matrix_bytes(layout.rows, layout.cols, layout.element_bytes))
    throw std::invalid_argument("panel layout: the dense matrix is too short");
  if (image < layout.extent(stride)) throw std::invalid_argument("panel layout: the image is too short");
}

template <typename Copy>
void for_each_element(const PanelLayout& layout, std::uint64_t stride, Order order, Copy copy) {
  for (std::uint32_t i = 0; i < layout.rows; ++i) {
    for (std::uint32_t j = 0; j < layout.cols; ++j) {
      const std::uint64_t index =
          order == Order::row_major ? std::uint64_t{i} * layout.cols + j : std::uint64_t{j} * layout.rows + i;
      copy(index * layout.element_bytes, layout.offset(i, j, stride));
    }
  }
}

}  // namespace

void pack_panels(const PanelLayout& layout, std::span<const std::byte> dense, std::span<std::byte> image,
                 std::uint64_t stride, Order order) {
  require_fit(layout, dense.size(), image.size(), stride);
  if (layout.panels() > 1 && stride < layout.panel_bytes()) {
    throw std::invalid_argument("panel layout: the stride is less than a panel");
  }
  for (std::uint32_t p = 0; p < layout.panels(); ++p) {
    std::memset(image.data() + p * stride, 0, layout.panel_bytes());
  }
  for_each_element(layout, stride, order, [&](std::uint64_t from, std::uint64_t to) {
    std::memcpy(image.data() + to, dense.data() + from, layout.element_bytes);
  });
}

void unpack_panels(const PanelLayout& layout, std::span<const std::byte> image, std::span<std::byte> dense,
                   std::uint64_t stride, Order order) {
  require_fit(layout, dense.size(), image.size(), stride);
  for_each_element(layout, stride, order, [&](std::uint64_t to, std::uint64_t from) {
    std::memcpy(dense.data() + to, image.data() + from, layout.element_bytes);
  });
}

}  // namespace hilbert::model
