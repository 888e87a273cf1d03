// SPDX-License-Identifier: Apache-2.0
// tb::Link over one verilated class. Included once for each set of parameters.
#pragma once

#include <verilated.h>

#include <cstdint>
#include <type_traits>

#include "hilbert/tb/link.hpp"

namespace hilbert::tb {

template <class Model>
class LinkOf final : public Link {
 public:
  explicit LinkOf(const LinkParameters& parameters) : parameters_(parameters), model_(prepared(context_), "hb_link") {
    model_.rst_ni = 0;
    for (int i = 0; i < 4; ++i) {
      LinkOf::settle();
      LinkOf::edge();
    }
    model_.rst_ni = 1;
  }
  ~LinkOf() override {
    model_.final();
    Verilated::threadContextp(&context_);  // where scopes of a model, which it has with assertions, sign off
  }

  void settle() override {
    model_.tx_valid_i = both([](const auto& vc) { return vc.tx_valid; });
    model_.tx_last_i = both([](const auto& vc) { return vc.tx_last; });
    model_.rx_ready_i = both([](const auto& vc) { return vc.rx_ready; });
    model_.tx_len_i = static_cast<std::uint16_t>(in.vc[0].tx_words | in.vc[1].tx_words << 8);
    for (unsigned v = 0; v < link_vcs; ++v) {
      model_.tx_data_i[2 * v] = static_cast<std::uint32_t>(in.vc[v].tx_data);
      model_.tx_data_i[2 * v + 1] = static_cast<std::uint32_t>(in.vc[v].tx_data >> 32);
    }
    std::uint64_t rx = 0;
    for (unsigned l = 0; l < parameters_.lanes; ++l) rx |= std::uint64_t{in.phy_rx[l]} << (16 * l);
    model_.phy_rx_i = static_cast<std::remove_reference_t<decltype(model_.phy_rx_i)>>(rx);
    model_.phy_tx_take_i = in.phy_take;
    model_.phy_rx_give_i = in.phy_give;
    model_.reg_req_i = in.reg_request;
    model_.reg_write_i = in.reg_write;
    model_.reg_addr_i = in.reg_offset;
    model_.reg_wdata_i = in.reg_value;
    model_.clk_i = 0;
    model_.eval();

    for (unsigned v = 0; v < link_vcs; ++v) {
      out.vc[v] = {.tx_ready = (model_.tx_ready_o >> v & 1) != 0,
                   .rx_valid = (model_.rx_valid_o >> v & 1) != 0,
                   .rx_last = (model_.rx_last_o >> v & 1) != 0,
                   .rx_words = static_cast<std::uint8_t>(model_.rx_len_o >> (8 * v)),
                   .rx_data = model_.rx_data_o[2 * v] | std::uint64_t{model_.rx_data_o[2 * v + 1]} << 32};
    }
    const std::uint64_t tx = model_.phy_tx_o;
    for (unsigned l = 0; l < parameters_.lanes; ++l) out.phy_tx[l] = static_cast<std::uint16_t>(tx >> (16 * l));
    out.reg_value = model_.reg_rdata_o;
    out.reg_error = model_.reg_err_o != 0;
    out.irq = model_.irq_o != 0;
  }

  void edge() override {
    model_.clk_i = 1;
    model_.eval();
  }

  void hold_reset(bool reset) override { model_.rst_ni = !reset; }
  [[nodiscard]] const LinkParameters& parameters() const override { return parameters_; }

 private:
  template <class Bit>
  [[nodiscard]] std::uint8_t both(Bit bit) const {
    return static_cast<std::uint8_t>(bit(in.vc[0]) | bit(in.vc[1]) << 1);
  }

  /// Left alone it starts a thread a core for the model, which uses none of them.
  static VerilatedContext* prepared(VerilatedContext& context) {
    context.threads(1);
    return &context;
  }

  LinkParameters parameters_;
  VerilatedContext context_;
  Model model_;
};

}  // namespace hilbert::tb
