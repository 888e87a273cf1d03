// SPDX-License-Identifier: Apache-2.0
// Joins verilated chips by channels as a board file says.
#include "sim_board.hpp"

#include <hilbert/tb/host_port.hpp>
#include <random>

#include "device/geometry.hpp"
#include "device/sim_scheme.hpp"
#include "start_up.hpp"

namespace hilbert::board {
namespace {

tb::ChannelOptions channel(const Wires& wires, std::uint64_t seed) {
  tb::ChannelOptions options;
  options.latency = wires.latency;
  options.skew = wires.skew;
  options.bit_offset = wires.bit_offset;
  options.bit_error_rate = wires.bit_error_rate;
  options.burst_rate = wires.burst_rate;
  options.burst_bits = wires.burst_bits;
  options.burst_all_lanes = wires.bursts_on_all_lanes;
  options.seed = seed;
  return options;
}

}  // namespace

SimBoard::SimBoard(BoardFile file, std::string uri, unsigned threads, const BoardOptions& options)
    : file_(std::move(file)), uri_(std::move(uri)) {
  join(threads);
  const device::Configuration chip = device::require_configuration(file_.configuration, "device '" + uri_ + '\'');
  for (std::size_t i = 0; i < size(); ++i) {
    devices_.push_back(device::make_sim_device(std::make_unique<tb::HostPort>(mesh_->chip(i)), chip));
    if (options.progress) options.progress("powering up chips", i + 1, size());
  }
  mesh_->start();
  problems_ = start_up(*this, options);
}

void SimBoard::join(unsigned threads) {
  std::vector<std::unique_ptr<tb::Chip>> chips;
  for (std::size_t i = 0; i < size(); ++i) chips.push_back(tb::Chip::make(file_.configuration));

  std::vector<BoardEnd> far;
  for (const BoardLink& link : file_.links) far.push_back(link.b);
  for (const auto& [first, second] : file_.swapped) std::swap(far[first], far[second]);

  std::mt19937_64 seeds(file_.seed);
  std::vector<tb::MeshLink> links;
  std::vector<std::uint32_t> dead;
  for (std::size_t i = 0; i < far.size(); ++i) {
    const BoardLink& link = file_.links[i];
    const std::uint64_t forth = seeds(), back = seeds();  // drawn for every link: a fault of one changes no other
    if (link.unplugged) continue;
    const auto end = [](BoardEnd e) { return tb::MeshEnd{static_cast<unsigned>(e.chip), e.port}; };
    links.push_back({end(link.a), end(far[i]), channel(link.wires, forth), channel(link.wires, back)});
    dead.push_back(link.wires.dead_lanes);
  }
  mesh_ = std::make_unique<tb::Mesh>(std::move(chips), links, threads);
  for (std::size_t i = 0; i < links.size(); ++i) {
    for (unsigned lane = 0; lane < tb::max_lanes; ++lane) {
      if ((dead[i] >> lane & 1U) == 0) continue;
      for (unsigned direction = 0; direction < 2; ++direction) {
        mesh_->channel(i, direction).set_fault(lane, tb::LaneFault::stuck_0);
      }
    }
  }
}

}  // namespace hilbert::board
