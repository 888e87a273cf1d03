// SPDX-License-Identifier: Apache-2.0
// Panel order at the speed of memory: the same bytes as model::pack_panels and model::unpack_panels.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include <hilbert/model/layout.hpp>

namespace hilbert {

/// As model::pack_panels; the spans must be large enough (asserted by the callers' layouts).
void pack(const model::PanelLayout& layout, std::span<const std::byte> dense, std::span<std::byte> image,
          std::uint64_t stride, model::Order order = model::Order::row_major);

/// As model::unpack_panels.
void unpack(const model::PanelLayout& layout, std::span<const std::byte> image, std::span<std::byte> dense,
            std::uint64_t stride, model::Order order = model::Order::row_major);

}  // namespace hilbert
