// SPDX-License-Identifier: Apache-2.0
// A few verilated chips, joined by channels to a mesh and clocked together, each with a driver of its host port.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <hilbert/model/descriptor.hpp>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <hilbert/regs/link.hpp>
#include <hilbert/regs/net.hpp>
#include <hilbert/regs/tile.hpp>
#include "hilbert/tb/chip.hpp"
#include "hilbert/tb/host_port.hpp"
#include "hilbert/tb/link_channel.hpp"

namespace hilbert::test {

/// Chips at (0, 0), (1, 0), ... of a mesh. Whatever is asked of one lets all of them run.
class Cluster {
 public:
  Cluster(std::string_view configuration, unsigned side_x, unsigned side_y, const tb::ChannelOptions& options)
      : side_x_(side_x), side_y_(side_y) {
    for (unsigned n = 0; n < side_x * side_y; ++n) {
      chips_.push_back(tb::Chip::make(configuration));
      seats_.push_back(std::make_unique<Seat>(*this, n));
      ports_.push_back(std::make_unique<tb::HostPort>(*seats_.back(), tb::HostPortOptions{.seed = n + 1}));
      const tb::PhyPins phy = chips_[n]->phy();
      for (unsigned p = 0; p < phy.links; ++p) {
        tb::ChannelOptions mine = options;
        mine.lanes = phy.lanes;
        mine.seed = options.seed * 1000 + 4 * n + p;
        channels_.emplace_back(mine);
      }
    }
    arrives_.resize(channels_.size());
  }

  [[nodiscard]] unsigned size() const { return static_cast<unsigned>(chips_.size()); }
  [[nodiscard]] std::uint64_t clocks() const { return clocks_; }
  tb::LinkChannel& channel(unsigned n, unsigned p) { return channels_[4 * n + p]; }

  std::uint32_t get(unsigned n, std::uint32_t address) {
    std::uint32_t value = 0;
    demand(ports_[n]->read_registers(address, {&value, 1}));
    return value;
  }
  void set(unsigned n, std::uint32_t address, std::uint32_t value) {
    demand(ports_[n]->write_registers(address, {&value, 1}));
  }
  std::vector<std::byte> read(unsigned n, std::uint32_t address, std::size_t bytes) {
    std::vector<std::byte> out(bytes);
    demand(ports_[n]->read(address, out));
    return out;
  }
  void write(unsigned n, std::uint32_t address, std::span<const std::byte> in) {
    demand(ports_[n]->write(address, in));
  }

  /// Places, ports, and every link that leads somewhere trained.
  void bring_up() {
    for (unsigned n = 0; n < size(); ++n) {
      const unsigned x = n % side_x_, y = n / side_x_;
      unsigned ports = 0;
      for (unsigned p = 0; p < 4; ++p) ports |= unsigned{neighbour(n, p) >= 0} << p;
      set(n, regs::net::base + regs::net::place, x | y << 4);
      set(n, regs::net::base + regs::net::ports, ports);
      for (unsigned p = 0; p < 4; ++p) {
        if (ports >> p & 1) set(n, link(p) + regs::link::ctrl, 1u << regs::link::ctrl_mode_lsb);
      }
    }
    for (unsigned n = 0; n < size(); ++n) {
      for (unsigned p = 0; p < 4; ++p) {
        for (unsigned tries = 0; neighbour(n, p) >= 0 && !up(n, p); ++tries) {
          run(100);
          if (tries > 500)
            throw std::runtime_error("link " + std::to_string(p) + " of chip " + std::to_string(n) +
                                     " does not come up");
        }
      }
    }
  }
  bool up(unsigned n, unsigned p) { return (get(n, link(p) + regs::link::status) & regs::link::status_up_mask) != 0; }
  static std::uint32_t link(unsigned p) { return regs::link::base + 0x400 * p; }

  void run(std::uint64_t clocks) {
    for (std::uint64_t i = 0; i < clocks; ++i) {
      settle();
      edge();
    }
  }

 private:
  /// A chip as its host port sees it: its clock is everybody's.
  class Seat final : public tb::Chip {
   public:
    Seat(Cluster& cluster, unsigned n) : cluster_(cluster), n_(n) {}
    void settle() override { cluster_.settle(); }
    void edge() override { cluster_.edge(); }
    void run(std::uint64_t clocks) override { cluster_.run(clocks); }
    void reset(unsigned clocks) override { cluster_.chips_[n_]->reset(clocks); }
    tb::HostPins host() override { return cluster_.chips_[n_]->host(); }
    void start_trace(const std::string& path) override { cluster_.chips_[n_]->start_trace(path); }
    void stop_trace() override { cluster_.chips_[n_]->stop_trace(); }

   private:
    Cluster& cluster_;
    unsigned n_;
  };

  [[nodiscard]] int neighbour(unsigned n, unsigned p) const {
    const unsigned x = n % side_x_ + (p == 0) - (p == 1), y = n / side_x_ + (p == 2) - (p == 3);
    return x < side_x_ && y < side_y_ ? static_cast<int>(y * side_x_ + x) : -1;
  }
  static void demand(const PortResult& result) {
    if (result.status != PortStatus::ok) {
      throw std::runtime_error("host port: " + std::string(to_string(result.status)) + " at " +
                               std::to_string(result.address));
    }
  }
  void settle() {
    for (unsigned n = 0; n < size(); ++n) {
      const tb::PhyPins phy = chips_[n]->phy();
      *phy.tx_take = *phy.rx_give = 0;
      for (unsigned p = 0; p < phy.links; ++p) {
        const int from = neighbour(n, p);
        if (from < 0) continue;
        *phy.tx_take |= static_cast<std::uint8_t>(1u << p);
        *phy.rx_give |= static_cast<std::uint8_t>(1u << p);
        const auto& symbols = arrives_[4 * static_cast<unsigned>(from) + (p ^ 1)];
        std::memcpy(&phy.rx[2 * phy.lanes * p], symbols.data(), 2 * phy.lanes);
      }
      chips_[n]->settle();
    }
  }
  void edge() {
    for (unsigned n = 0; n < size(); ++n) {
      const tb::PhyPins phy = chips_[n]->phy();
      for (unsigned p = 0; p < phy.links; ++p) {
        tb::Symbols symbols{};
        std::memcpy(symbols.data(), &phy.tx[2 * phy.lanes * p], 2 * phy.lanes);
        if (neighbour(n, p) >= 0) arrives_[4 * n + p] = channels_[4 * n + p].step(symbols);
      }
    }
    for (auto& chip : chips_) chip->edge();
    ++clocks_;
  }

  unsigned side_x_, side_y_;
  std::uint64_t clocks_ = 0;
  std::vector<std::unique_ptr<tb::Chip>> chips_;
  std::vector<std::unique_ptr<Seat>> seats_;
  std::vector<std::unique_ptr<tb::HostPort>> ports_;
  std::vector<tb::LinkChannel> channels_;  ///< out of chip n, port p: 4 n + p
  std::vector<tb::Symbols> arrives_;
};

}  // namespace hilbert::test
