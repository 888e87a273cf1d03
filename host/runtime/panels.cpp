// SPDX-License-Identifier: Apache-2.0
// Loops over panels, groups and rows with the element type and Depth known to the compiler.
#include "runtime/panels.hpp"

#include <algorithm>
#include <cstring>

namespace hilbert {
namespace {

using model::Order;
using model::PanelLayout;

/// Calls move(dense index, index in the panel image) for every element, the image in rising order within a group.
template <std::uint32_t Depth, typename Move>
void walk(const PanelLayout& layout, std::uint64_t stride_elements, Order order, Move move) {
  const std::uint64_t row_step = order == Order::row_major ? layout.cols : 1;
  const std::uint64_t col_step = order == Order::row_major ? 1 : layout.rows;
  const std::uint32_t full_groups = layout.cols / Depth;
  for (std::uint32_t p = 0; p < layout.panels(); ++p) {
    const std::uint32_t first = p * layout.panel_rows, rows = std::min(layout.panel_rows, layout.rows - first);
    const auto group = [&](std::uint32_t g, std::uint32_t depth) {
      std::uint64_t to = p * stride_elements + std::uint64_t{g} * layout.panel_rows * Depth;
      std::uint64_t from = first * row_step + std::uint64_t{g} * Depth * col_step;
      for (std::uint32_t i = 0; i < rows; ++i, from += row_step, to += Depth) {
        for (std::uint32_t d = 0; d < depth; ++d) move(from + d * col_step, to + d);
      }
    };
    for (std::uint32_t g = 0; g < full_groups; ++g) group(g, Depth);
    if (layout.cols % Depth != 0) group(full_groups, layout.cols % Depth);
  }
}

template <typename Element, typename Move>
void walk_any(const PanelLayout& layout, std::uint64_t stride, Order order, Move move) {
  const std::uint64_t elements = stride / sizeof(Element);
  switch (layout.depth) {
    case 1:
      return walk<1>(layout, elements, order, move);
    case 2:
      return walk<2>(layout, elements, order, move);
    default:
      return walk<4>(layout, elements, order, move);
  }
}

template <typename Element>
void pack_as(const PanelLayout& layout, const std::byte* dense, std::byte* image, std::uint64_t stride, Order order) {
  walk_any<Element>(layout, stride, order, [=](std::uint64_t from, std::uint64_t to) {
    std::memcpy(image + to * sizeof(Element), dense + from * sizeof(Element), sizeof(Element));
  });
}

template <typename Element>
void unpack_as(const PanelLayout& layout, const std::byte* image, std::byte* dense, std::uint64_t stride, Order order) {
  walk_any<Element>(layout, stride, order, [=](std::uint64_t to, std::uint64_t from) {
    std::memcpy(dense + to * sizeof(Element), image + from * sizeof(Element), sizeof(Element));
  });
}

}  // namespace

void pack(const PanelLayout& layout, std::span<const std::byte> dense, std::span<std::byte> image, std::uint64_t stride,
          Order order) {
  const std::size_t panel = layout.panel_bytes();
  for (std::uint32_t p = 0; p < layout.panels(); ++p) std::ranges::fill(image.subspan(p * stride, panel), std::byte{});
  switch (layout.element_bytes) {
    case 1:
      return pack_as<std::uint8_t>(layout, dense.data(), image.data(), stride, order);
    case 2:
      return pack_as<std::uint16_t>(layout, dense.data(), image.data(), stride, order);
    default:
      return pack_as<std::uint32_t>(layout, dense.data(), image.data(), stride, order);
  }
}

void unpack(const PanelLayout& layout, std::span<const std::byte> image, std::span<std::byte> dense,
            std::uint64_t stride, Order order) {
  switch (layout.element_bytes) {
    case 1:
      return unpack_as<std::uint8_t>(layout, image.data(), dense.data(), stride, order);
    case 2:
      return unpack_as<std::uint16_t>(layout, image.data(), dense.data(), stride, order);
    default:
      return unpack_as<std::uint32_t>(layout, image.data(), dense.data(), stride, order);
  }
}

}  // namespace hilbert
