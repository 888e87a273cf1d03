// SPDX-License-Identifier: Apache-2.0
// Memory ports of 512 runs at once. `nets` says of a net in which lanes it differs from the undisturbed run.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <utility>
#include <vector>

#include "campaign/lanes.hpp"
#include "campaign/memory_rows.hpp"
#include "campaign/moment.hpp"

namespace hilbert::campaign {

template <class Nets>
Lanes differing(const Nets& nets, const std::vector<Net>& list) {
  Lanes lanes = no_lanes();
  for (const Net net : list) lanes |= nets(net);
  return lanes;
}

/// Rows turned into columns: of lane n the bits are [n % 64][n / 64].
using LaneBits = std::array<Lanes, 64>;
inline std::uint64_t of_lane(const LaneBits& bits, unsigned lane) { return bits[lane % 64][lane / 64]; }

/// Where each lane's address differs from the undisturbed run's, and that.
template <class Nets>
class LaneWords {
 public:
  LaneWords(const Moment& moment, const tb::Memory& memory, const std::vector<Net>& address, const Nets& nets)
      : memory_(memory), bits_{} {
    for (std::size_t i = 0; i < address.size(); ++i) {
      bits_[i] = nets(address[i]);
      golden_ |= (moment.mask(address[i]) & 1) << i;
    }
    transpose(bits_);
  }
  [[nodiscard]] std::uint32_t of(unsigned lane) const { return memory_.word_at(golden_ ^ of_lane(bits_, lane)); }

 private:
  const tb::Memory& memory_;
  LaneBits bits_;
  std::uint64_t golden_ = 0;
};

/// Where the data of a read port differ: a row a bit. False if they do not, and `data` is not touched. Lanes that
/// address another word are looked up one by one and turned into rows all at once.
template <class Nets>
bool read_port(const Moment& moment, const MemoryRows& memories, std::uint32_t memory, const tb::ReadPort& port,
               const Nets& nets, const Lanes& live, std::vector<Lanes>& data) {
  const tb::Memory& m = moment.trace().netlist().memories[memory];
  const Lanes elsewhere = differing(nets, port.address) & live;
  const std::uint32_t here = moment.word_at(m, port.address);
  const auto* entry_here = here == tb::Memory::nowhere ? nullptr : memories.find(memory, here);
  if (entry_here == nullptr && !any(elsewhere)) return false;
  data.assign(m.width, no_lanes());
  if (entry_here != nullptr) {
    const auto rows = memories.rows(*entry_here);
    for (std::uint32_t i = 0; i < m.width; ++i) data[i] = rows[i] & ~elsewhere;
  }
  if (!any(elsewhere)) return true;
  const Lanes differ = memories.lanes_of(memory) & elsewhere;
  const LaneWords words(moment, m, port.address, nets);
  for (std::uint32_t piece = 0; piece < moment.image().pieces(memory); ++piece) {
    const std::uint64_t golden = here == tb::Memory::nowhere ? 0 : moment.image().word(memory, here)[piece];
    const std::uint32_t width = std::min(m.width - 64 * piece, std::uint32_t{64});
    LaneBits bits{};
    for_each(elsewhere, [&](unsigned lane) {
      const std::uint32_t there = words.of(lane);
      bits[lane % 64][lane / 64] =
          there == tb::Memory::nowhere ? golden : golden ^ moment.image().word(memory, there)[piece];
    });
    for_each(differ, [&](unsigned lane) {
      const std::uint32_t there = words.of(lane);
      const auto* entry = there == tb::Memory::nowhere ? nullptr : memories.find(memory, there);
      if (entry == nullptr || !test(entry->lanes, lane)) return;
      const auto rows = memories.rows(*entry).subspan(std::size_t{64} * piece, width);
      for (std::uint32_t i = 0; i < width; ++i) bits[lane % 64][lane / 64] ^= std::uint64_t{test(rows[i], lane)} << i;
    });
    transpose(bits);
    for (std::uint32_t i = 0; i < width; ++i) data[64 * piece + i] |= bits[i];
  }
  return true;
}

/// Lanes that write another word than the undisturbed run, one by one: what they write there.
template <class Nets>
void write_elsewhere(const Moment& moment, MemoryRows& memories, std::uint32_t memory, std::size_t number,
                     const Nets& nets, const Lanes& lanes) {
  const tb::Memory& m = moment.trace().netlist().memories[memory];
  const tb::WritePort& port = m.writes[number];
  const LaneWords words(moment, m, port.address, nets);
  for (std::uint32_t first = 0; first < m.width; first += 64) {
    const std::uint32_t width = std::min(m.width - first, std::uint32_t{64});
    LaneBits enables{}, values{};
    for (std::uint32_t i = 0; i < width; ++i) {
      enables[i] = nets(port.enable[first + i]) ^ moment.mask(port.enable[first + i]);
      values[i] = nets(port.data[first + i]) ^ moment.mask(port.data[first + i]);
    }
    transpose(enables);
    transpose(values);
    for_each(lanes, [&](unsigned lane) {
      const std::uint32_t there = words.of(lane);
      if (there == tb::Memory::nowhere) return;
      const std::uint64_t enable = of_lane(enables, lane);
      const std::uint64_t differs =
          (of_lane(values, lane) ^ moment.piece(memory, there, first / 64, number + 1)) & enable;
      if (differs == 0 && memories.find(memory, there) == nullptr) return;
      const auto rows = memories.change(memory, there).subspan(first, width);
      for (std::uint64_t bits = enable; bits != 0; bits &= bits - 1) {
        const auto i = static_cast<unsigned>(std::countr_zero(bits));
        if ((differs >> i & 1) != 0) {
          set(rows[i], lane);
        } else {
          clear(rows[i], lane);
        }
      }
    });
  }
}

/// The edge at a write port, after the ports before it. Where a lane writes what the undisturbed run writes, its
/// difference is the data's; where only one of them writes, it is between the new and the old word. Then tidy().
template <class Nets>
void write_port(const Moment& moment, MemoryRows& memories, std::uint32_t memory, std::size_t number, const Nets& nets,
                const Lanes& live) {
  const tb::Memory& m = moment.trace().netlist().memories[memory];
  const tb::WritePort& port = m.writes[number];
  Lanes enabled = no_lanes(), differs = no_lanes();
  Net last = tb::net_none;
  bool writes = false;
  for (const Net net : port.enable) {
    if (std::exchange(last, net) == net) continue;
    differs |= nets(net);
    enabled |= nets(net) ^ moment.mask(net);
    writes = writes || moment.mask(net) != 0;
  }
  enabled &= live;
  if (!writes && !any(enabled)) return;
  const Lanes elsewhere = differing(nets, port.address) & live;
  const std::uint32_t here = moment.word_at(m, port.address);
  if (here != tb::Memory::nowhere && (writes || any(enabled & ~elsewhere))) {
    if (memories.find(memory, here) != nullptr || any((differs | elsewhere | differing(nets, port.data)) & live)) {
      const auto rows = memories.change(memory, here);
      for (std::uint32_t i = 0; i < m.width; ++i) {
        const std::uint64_t before = -(moment.piece(memory, here, i / 64, number) >> i % 64 & 1);
        const std::uint64_t on = moment.mask(port.enable[i]), value = moment.mask(port.data[i]);
        const std::uint64_t after = (on & value) | (~on & before);
        const Lanes enable = (nets(port.enable[i]) ^ on) & ~elsewhere;
        const Lanes content = (enable & (nets(port.data[i]) ^ value)) | (~enable & (rows[i] ^ before));
        rows[i] = (content ^ after) & live;
      }
    }
  }
  const Lanes alone = elsewhere & enabled;
  if (any(alone)) write_elsewhere(moment, memories, memory, number, nets, alone);
}

}  // namespace hilbert::campaign
