// SPDX-License-Identifier: Apache-2.0
// One end of a link (hb_link), verilated, behind an interface that hides its parameters.
#pragma once

#include <array>
#include <cstdint>
#include <memory>

#include "hilbert/tb/link_channel.hpp"

namespace hilbert::tb {

inline constexpr unsigned link_vcs = 2;  ///< virtual channels: 0 requests, 1 responses

/// Parameters of an end, as it was verilated (rtl/link/README.md).
struct LinkParameters {
  unsigned lanes = 4, max_words = 129, buffer_words = 512, replay_words = 512, window = 64, check_bits = 32;
};

/// The pins of hb_link, as values; a virtual channel each where there are two.
struct LinkInputs {
  struct Vc {
    bool tx_valid = false;
    bool tx_last = false;
    bool rx_ready = false;
    std::uint8_t tx_words = 0;  ///< of the flit, from its first word on
    std::uint64_t tx_data = 0;
  };
  std::array<Vc, link_vcs> vc;
  Symbols phy_rx{};
  bool phy_take = true, phy_give = true;
  bool reg_request = false, reg_write = false;
  std::uint16_t reg_offset = 0;
  std::uint32_t reg_value = 0;
};
struct LinkOutputs {
  struct Vc {
    bool tx_ready = false;
    bool rx_valid = false;
    bool rx_last = false;
    std::uint8_t rx_words = 0;
    std::uint64_t rx_data = 0;
  };
  std::array<Vc, link_vcs> vc;
  Symbols phy_tx{};
  std::uint32_t reg_value = 0;
  bool reg_error = false;
  bool irq = false;
};

/// A clock is settle() (`in` propagates, `out` is what the pins say) and edge(). Ends share nothing.
class Link {
 public:
  virtual ~Link() = default;
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;

  LinkInputs in;
  LinkOutputs out;

  virtual void settle() = 0;
  virtual void edge() = 0;
  /// Clocks from now on happen in reset, or not any more.
  virtual void hold_reset(bool reset) = 0;
  [[nodiscard]] virtual const LinkParameters& parameters() const = 0;

 protected:
  Link() = default;
};

/// An end with the parameters `full`.
std::unique_ptr<Link> make_full_link();

}  // namespace hilbert::tb
