// SPDX-License-Identifier: Apache-2.0
// Random descriptors, legal or nearly so, for the tests of the control path.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <hilbert/number.hpp>
#include <iterator>
#include <string>

#include "hilbert/model/descriptor.hpp"
#include "hilbert/model/layout.hpp"
#include "support/random.hpp"

namespace hilbert::test {

inline std::string print(const model::Words& words) {
  std::string text;
  for (const auto w : words) text += fmt::format("{:08x} ", w);
  return text;
}
/// Makes descriptors that are legal, or nearly.
class Maker {
  using Descriptor = model::Descriptor;
  using Format = model::Format;
  using Geometry = model::Geometry;
  using Opcode = model::Opcode;
  using PanelLayout = model::PanelLayout;
  using Region = model::Region;
  using Words = model::Words;

 public:
  Maker(const Geometry& geometry, Random& random) : g_(geometry), random_(random) {}

  Random& random() { return random_; }

  Words make() {
    Descriptor d;
    d.opcode = static_cast<Opcode>(1 + random_.below(g_.links != 0 ? 8 : 5));
    d.tag = static_cast<std::uint32_t>(random_());
    d.irq = random_.below(2);
    d.wait_semaphore = static_cast<std::uint8_t>(random_.below(8));
    d.wait_count = static_cast<std::uint8_t>(random_.below(256));
    d.signal_semaphore = static_cast<std::uint8_t>(random_.below(8));
    d.signal_count = static_cast<std::uint8_t>(random_.below(256));
    const bool numeric = d.opcode == Opcode::gemm || d.opcode == Opcode::convert;
    if (numeric) {
      d.relu = random_.below(2);
      d.saturate = random_.below(2);
      d.stochastic = random_.below(2);
      d.literal = random_.below(2);
      if (d.stochastic) {
        d.row0 = static_cast<std::uint16_t>(random_());
        d.col0 = static_cast<std::uint16_t>(random_());
      }
      d.a = format(d.opcode == Opcode::gemm);
      d.d = format(false);
    }
    if (d.stochastic || d.opcode == Opcode::fill) d.seed = static_cast<std::uint32_t>(random_());
    if (model::is_transfer(d.opcode)) d.set_place(random_.below(16), random_.below(16));
    if (d.opcode == Opcode::send || d.opcode == Opcode::signal) d.set_there(random_.below(8), random_.below(256));
    next_ = 0;
    if (d.opcode == Opcode::gemm) {
      d.b = format(true);
      d.accumulate = random_.below(2);
      d.m = size(40), d.n = size(40), d.k = size(40);
      d.a_at = matrix(d.m, d.k, g_.rows, d.a.format);
      d.b_at = matrix(d.n, d.k, g_.cols, d.b.format);
      if (d.accumulate) d.c_at = matrix(d.m, d.n, g_.rows, Format::fp32);
      d.d_at = matrix(d.m, d.n, g_.rows, d.d.format);
      if (d.accumulate && d.d.format == Format::fp32 && random_.below(2)) d.d_at = d.c_at;
    } else if (d.opcode == Opcode::convert) {
      d.m = size(60), d.n = size(60);
      d.a_at = matrix(d.m, d.n, g_.rows, d.a.format);
      d.d_at = matrix(d.m, d.n, g_.rows, d.d.format);
    } else if (d.opcode != Opcode::sync && d.opcode != Opcode::signal) {
      d.m = size(30), d.n = size(30);
      if (d.opcode != Opcode::fill) d.a_at = place(d.m, d.n * g_.word_bytes());
      d.d_at = place(d.m, d.n * g_.word_bytes());
    }
    return d.pack();
  }

  void mutate(Words& w) {
    const std::uint32_t word_bytes = g_.word_bytes(), data = g_.data_bytes();
    const std::uint32_t special[] = {
        0,       1,      word_bytes, data, data - word_bytes, data + 1, 0xFFFFFFFFu, data / 2, data + word_bytes,
        0x10000, 0xFFFF, 0x80000000u};
    const unsigned at = random_.below(16), region = 5 + random_.below(8);
    switch (random_.below(8)) {
      case 0:
        w[at] ^= 1u << random_.below(32);
        break;
      case 1:
        w[at] = static_cast<std::uint32_t>(random_());
        break;
      case 2:
        w[at] = special[random_.below(std::size(special))];
        break;
      case 3:
        w[region] = special[random_.below(std::size(special))];
        break;
      case 4:
        w[region] = w[5 + random_.below(8)];
        break;
      case 5:
        w[region] += word_bytes * (random_.below(2) ? 1u : ~0u);
        break;
      case 6:
        w[3 + random_.below(2)] +=
            random_.below(2) ? (random_.below(2) ? 1u : ~0u) : (random_.below(2) ? 0x10000u : 0xFFFF0000u);
        break;
      default:
        w[region] = random_.below(data / word_bytes + 2) * word_bytes;
        break;
    }
  }

 private:
  std::uint16_t size(std::uint32_t limit) {
    return static_cast<std::uint16_t>(random_.below(200) ? 1 + random_.below(random_.below(8) ? limit : 6 * limit)
                                                         : 1 + random_.below(65535));
  }
  model::FormatSpec format(bool operand) {
    const auto f = static_cast<Format>(operand ? 1 + random_.below(6) : random_.below(7));
    return {f, static_cast<std::uint8_t>(f == Format::cf8_143 || f == Format::cf8_152 ? random_.below(64) : 0)};
  }
  Region matrix(std::uint32_t rows, std::uint32_t cols, std::uint32_t panel_rows, Format f) {
    const PanelLayout layout{
        rows, cols, panel_rows, g_.depth, static_cast<std::uint32_t>(model::element_bytes(f)), g_.word_bytes()};
    return place(layout.panels(), layout.panel_bytes());
  }
  /// One region after the other, sometimes with a gap, sometimes flush with the end of the memory.
  Region place(std::uint32_t panels, std::uint64_t bytes) {
    Region r{next_, static_cast<std::uint32_t>(bytes)};
    if (!random_.below(4)) r.stride += g_.word_bytes() * random_.below(4);
    if (!random_.below(4)) r.base += g_.word_bytes() * random_.below(20);
    const std::uint64_t size = (panels - 1) * std::uint64_t{r.stride} + bytes;
    if (!random_.below(16) && size <= g_.data_bytes()) r.base = g_.data_bytes() - static_cast<std::uint32_t>(size);
    next_ = static_cast<std::uint32_t>(r.base + size);
    return r;
  }

  Geometry g_;
  Random& random_;
  std::uint32_t next_ = 0;
};

}  // namespace hilbert::test
