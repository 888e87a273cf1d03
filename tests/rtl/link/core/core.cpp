// SPDX-License-Identifier: Apache-2.0
#include "core.hpp"

#include <stdexcept>

#include "Vlink_core_full.h"
#include "Vlink_core_least.h"
#include "Vlink_core_small.h"

namespace link_core {
namespace {

template <class Model>
class CoreOf final : public Core {
 public:
  CoreOf() : context_(std::make_unique<VerilatedContext>()), model_(std::make_unique<Model>(context_.get(), "core")) {}

  // Where scopes of a model, which it has with assertions, sign off
  ~CoreOf() override { Verilated::threadContextp(context_.get()); }
  CoreOf(const CoreOf&) = delete;
  CoreOf& operator=(const CoreOf&) = delete;

  // No path leads from an input to an output, so one evaluation an edge is enough.
  void edge() override {
    Model& m = *model_;
    m.rst_ni = !in.reset;
    m.tx_active_i = in.tx_active;
    m.tx_take_i = in.tx_take;
    m.rx_active_i = in.rx_active;
    m.rx_give_i = in.rx_give;
    m.rx_word_i = in.rx_word;
    m.session_i = in.session;
    m.down_i = in.down;
    m.partner_buffer_i = static_cast<SData>(in.partner_buffer);
    m.nack_interval_i = in.nack_interval;
    m.replay_timeout_i = in.replay_timeout;
    m.retrain_after_i = static_cast<CData>(in.retrain_after);
    m.hunt_timeout_i = in.hunt_timeout;
    m.tx_valid_i = static_cast<CData>(in.tx_valid);
    m.tx_last_i = static_cast<CData>(in.tx_last);
    m.rx_ready_i = static_cast<CData>(in.rx_ready);
    m.tx_len_i = static_cast<SData>(in.tx_len[0] | in.tx_len[1] << 8);
    for (int v = 0; v < 2; v++) {
      m.tx_data_i[2 * v] = static_cast<EData>(in.tx_data[v]);
      m.tx_data_i[2 * v + 1] = static_cast<EData>(in.tx_data[v] >> 32);
    }
    m.clk_i = 1;
    m.eval();
    m.clk_i = 0;
    m.eval();
    out.tx_word = m.tx_word_o;
    out.hunting = m.hunting_o;
    out.bound = m.bound_o;
    out.retrain = m.retrain_o;
    out.progress = m.progress_o;
    out.expected = m.rx_expected_o;
    out.unacked = m.unacked_o;
    out.tx_ready = m.tx_ready_o;
    out.rx_valid = m.rx_valid_o;
    out.rx_last = m.rx_last_o;
    out.event = m.event_o;
    for (int v = 0; v < 2; v++) {
      out.rx_data[v] = m.rx_data_o[2 * v] | static_cast<std::uint64_t>(m.rx_data_o[2 * v + 1]) << 32;
      out.rx_len[v] = (m.rx_len_o >> (8 * v)) & 0xFF;
    }
  }

 private:
  std::unique_ptr<VerilatedContext> context_;
  std::unique_ptr<Model> model_;
};

}  // namespace

std::unique_ptr<Core> make_core(const Configuration& configuration) {
  if (configuration.name == "full") return std::make_unique<CoreOf<Vlink_core_full>>();
  if (configuration.name == "small") return std::make_unique<CoreOf<Vlink_core_small>>();
  if (configuration.name == "least") return std::make_unique<CoreOf<Vlink_core_least>>();
  throw std::logic_error("make_core: no such configuration");
}

}  // namespace link_core
