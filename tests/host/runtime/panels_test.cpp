// SPDX-License-Identifier: Apache-2.0
// The fast packing against the reference model's.
#include "runtime/panels.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "support/random.hpp"

namespace hilbert {
namespace {

TEST(Panels, SameBytesAsTheModel) {
  Random random(seed_of(3));
  for (int round = 0; round < 3000; ++round) {
    model::PanelLayout layout;
    layout.depth = 1u << random.bits32() % 3;
    layout.panel_rows = layout.depth << random.bits32() % 3;
    layout.element_bytes = 1u << random.bits32() % 3;
    layout.word_bytes = layout.panel_rows * layout.depth * 4;
    layout.rows = 1 + random.bits32() % 40;
    layout.cols = 1 + random.bits32() % 40;
    const std::uint64_t stride = layout.panel_bytes() + random.bits32() % 3 * layout.word_bytes;
    const auto order = random.bits32() % 2 == 0 ? model::Order::row_major : model::Order::transposed;
    std::vector<std::byte> dense(layout.rows * layout.cols * layout.element_bytes), again(dense.size());
    for (auto& byte : dense) byte = static_cast<std::byte>(random.bits32());
    std::vector<std::byte> expected(layout.extent(stride), std::byte{0x5A}), image = expected;
    model::pack_panels(layout, dense, expected, stride, order);
    pack(layout, dense, image, stride, order);
    ASSERT_EQ(image, expected);
    unpack(layout, image, again, stride, order);
    ASSERT_EQ(again, dense);
  }
}

}  // namespace
}  // namespace hilbert
