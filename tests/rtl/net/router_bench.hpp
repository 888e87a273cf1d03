// SPDX-License-Identifier: Apache-2.0
// A verilated router, its ports as arrays of words.
#pragma once

#include <verilated.h>

#include <array>
#include <cstdint>
#include <memory>
#include <optional>

#include "Vhb_router.h"
#include "flit_channel.hpp"

namespace hilbert::test {

inline constexpr unsigned x_up = 0, x_down = 1, y_up = 2, y_down = 3, tile_port = 4, router_ports = 5;

/// A header as rtl/net/README.md describes it.
inline std::uint64_t make_header(unsigned op, unsigned to_x, unsigned to_y, unsigned from_x, unsigned from_y,
                                 unsigned field, std::uint32_t address) {
  return op | to_x << 4 | to_y << 8 | from_x << 12 | from_y << 16 | std::uint64_t{field} << 20 |
         std::uint64_t{address} << 32;
}

/// Per clock: offer() and ready(), settle(), look, edge().
class RouterDut {
 public:
  RouterDut(unsigned x, unsigned y, unsigned links, std::uint64_t seed) {
    context_.randReset(2);  // what is not reset starts with noise
    context_.randSeed(static_cast<int>(seed % 0x7FFF'FFFF) + 1);
    top_ = std::make_unique<Vhb_router>(&context_);
    top_->x_i = static_cast<CData>(x);
    top_->y_i = static_cast<CData>(y);
    top_->link_i = static_cast<CData>(links);
    reset();
  }
  ~RouterDut() {
    top_->final();
    Verilated::threadContextp(&context_);  // where scopes of a model, which it has with assertions, sign off
  }
  RouterDut(const RouterDut&) = delete;
  RouterDut& operator=(const RouterDut&) = delete;

  void reset() {
    top_->rst_ni = 0;
    top_->in_valid_i = 0;
    top_->out_ready_i = 0;
    for (int i = 0; i < 3; ++i) {
      settle();
      edge();
    }
    top_->rst_ni = 1;
  }
  void settle() {
    top_->clk_i = 0;
    top_->eval();
  }
  void edge() {
    top_->clk_i = 1;
    top_->eval();
  }

  void offer(unsigned port, const FlitWord* word) {
    set(top_->in_valid_i, port, word != nullptr);
    if (word == nullptr) return;
    set(top_->in_last_i, port, word->last);
    top_->in_len_i = (top_->in_len_i & ~(QData{0xFF} << 8 * port)) | QData{word->len} << 8 * port;
    top_->in_data_i[2 * port] = static_cast<std::uint32_t>(word->data);
    top_->in_data_i[2 * port + 1] = static_cast<std::uint32_t>(word->data >> 32);
  }
  [[nodiscard]] bool takes(unsigned port) const { return top_->in_ready_o >> port & 1; }

  void ready(unsigned port, bool value) { set(top_->out_ready_i, port, value); }
  [[nodiscard]] bool gives(unsigned port) const { return top_->out_valid_o >> port & 1; }
  [[nodiscard]] FlitWord word(unsigned port) const {
    return {top_->out_data_o[2 * port] | std::uint64_t{top_->out_data_o[2 * port + 1]} << 32,
            (top_->out_last_o >> port & 1) != 0, static_cast<unsigned>(top_->out_len_o >> 8 * port & 0xFF)};
  }
  [[nodiscard]] unsigned no_route() const { return top_->no_route_o; }
  [[nodiscard]] unsigned all_valid() const { return top_->out_valid_o; }
  [[nodiscard]] unsigned all_takes() const { return top_->in_ready_o; }
  void all_ready(unsigned mask) { top_->out_ready_i = static_cast<CData>(mask); }

 private:
  static void set(CData& bits, unsigned port, bool value) {
    bits = static_cast<CData>((bits & ~(1u << port)) | unsigned{value} << port);
  }
  VerilatedContext context_;
  std::unique_ptr<Vhb_router> top_;
};

}  // namespace hilbert::test
