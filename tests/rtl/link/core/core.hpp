// SPDX-License-Identifier: Apache-2.0
// The verilated hb_link_core behind plain values: set `in`, call edge(), read `out`.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string_view>

namespace link_core {

struct Configuration {
  std::string_view name;
  unsigned max_words, buffer_words, replay_words, window;
};

inline constexpr std::array configurations{
    Configuration{"full", 129, 512, 512, 64},
    Configuration{"small", 9, 32, 32, 4},
    Configuration{"least", 3, 4, 4, 1},
};

struct In {
  bool reset = false;  // active high here
  bool tx_active = false, tx_take = false, rx_active = false, rx_give = false, session = false, down = false;
  std::uint64_t rx_word = 0;
  unsigned partner_buffer = 0, nack_interval = 64, replay_timeout = 2000, retrain_after = 8, hunt_timeout = 20000;
  unsigned tx_valid = 0, tx_last = 0, rx_ready = 0;  // bit a channel
  std::array<std::uint64_t, 2> tx_data{};
  std::array<unsigned, 2> tx_len{};
};

struct Out {
  std::uint64_t tx_word = 0;
  bool hunting = false, bound = false, retrain = false, progress = false;
  unsigned expected = 0, unacked = 0;
  unsigned tx_ready = 0, rx_valid = 0, rx_last = 0;
  std::array<std::uint64_t, 2> rx_data{};
  std::array<unsigned, 2> rx_len{};
  std::uint32_t event = 0;
};

/// Bits of `event`, the packed struct hb_link_pkg::event_t (last field lowest).
enum Event : unsigned {
  overflow = 0,
  discard0 = 1,
  discard1,
  stall_window,
  stall_credit0,
  stall_credit1,
  protocol_error,
  duplicate,
  hunt,
  crc_error,
  nack_rx,
  nack_tx,
  timeout,
  replay,
  word_rx,
  word_tx,
  flit_rx0,
  flit_rx1,
  flit_tx0,
  flit_tx1,
  events
};

class Core {
 public:
  virtual ~Core() = default;
  virtual void edge() = 0;
  void reset() {
    in.reset = true;
    edge();
    edge();
    in.reset = false;
  }
  In in;
  Out out;
};

/// The configuration must be one of `configurations`.
std::unique_ptr<Core> make_core(const Configuration& configuration);

}  // namespace link_core
