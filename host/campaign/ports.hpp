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

/// The words that 64 lanes address, from 64 * group on.
template <class Nets>
std::array<std::uint32_t, 64> lane_words(const Moment& moment, const tb::Memory& memory,
                                         const std::vector<Net>& address, const Nets& nets, unsigned group) {
  std::array<std::uint64_t, 64> bits{};
  std::uint64_t golden = 0;
  for (std::size_t i = 0; i < address.size(); ++i) {
    bits[i] = nets(address[i])[group];
    golden |= (moment.mask(address[i]) & 1) << i;
  }
  transpose(bits);
  std::array<std::uint32_t, 64> words;
  for (unsigned lane = 0; lane < 64; ++lane) words[lane] = memory.word_at(golden ^ bits[lane]);
  return words;
}

/// Where the data of a read port differ: a row a bit. Lanes that address another word are looked up one by one and
/// turned into rows 64 at a time.
template <class Nets>
void read_port(const Moment& moment, const MemoryRows& memories, std::uint32_t memory, const tb::ReadPort& port,
               const Nets& nets, const Lanes& live, std::vector<Lanes>& data) {
  const tb::Memory& m = moment.trace().netlist().memories[memory];
  const Lanes elsewhere = differing(nets, port.address) & live;
  const std::uint32_t here = moment.word_at(m, port.address);
  data.assign(m.width, no_lanes());
  if (here != tb::Memory::nowhere) {
    if (const auto* entry = memories.find(memory, here)) {
      const auto rows = memories.rows(*entry);
      for (std::uint32_t i = 0; i < m.width; ++i) data[i] = rows[i] & ~elsewhere;
    }
  }
  if (!any(elsewhere)) return;
  const bool differ = any(memories.lanes_of(memory) & elsewhere);
  for (unsigned group = 0; group < lane_count / 64; ++group) {
    if (elsewhere[group] == 0) continue;
    const auto words = lane_words(moment, m, port.address, nets, group);
    for (std::uint32_t piece = 0; piece < moment.image().pieces(memory); ++piece) {
      const std::uint64_t golden = here == tb::Memory::nowhere ? 0 : moment.image().word(memory, here)[piece];
      const std::uint32_t width = std::min(m.width - 64 * piece, std::uint32_t{64});
      std::array<std::uint64_t, 64> bits{};
      for (std::uint64_t rest = elsewhere[group]; rest != 0; rest &= rest - 1) {
        const auto lane = static_cast<unsigned>(std::countr_zero(rest));
        const std::uint32_t there = words[lane];
        bits[lane] = golden;
        if (there == tb::Memory::nowhere) continue;
        bits[lane] ^= moment.image().word(memory, there)[piece];
        const auto* entry = differ ? memories.find(memory, there) : nullptr;
        if (entry == nullptr || !test(entry->lanes, group * 64 + lane)) continue;
        const auto rows = memories.rows(*entry).subspan(std::size_t{64} * piece, width);
        for (std::uint32_t i = 0; i < width; ++i) bits[lane] ^= (rows[i][group] >> lane & 1) << i;
      }
      transpose(bits);
      for (std::uint32_t i = 0; i < width; ++i) data[64 * piece + i][group] |= bits[i];
    }
  }
}

/// Lanes of a group of 64 that write another word than the undisturbed run, one by one: what they write there.
template <class Nets>
void write_elsewhere(const Moment& moment, MemoryRows& memories, std::uint32_t memory, std::size_t number,
                     const Nets& nets, unsigned group, std::uint64_t lanes) {
  const tb::Memory& m = moment.trace().netlist().memories[memory];
  const tb::WritePort& port = m.writes[number];
  const auto words = lane_words(moment, m, port.address, nets, group);
  for (std::uint32_t first = 0; first < m.width; first += 64) {
    const std::uint32_t width = std::min(m.width - first, std::uint32_t{64});
    std::array<std::uint64_t, 64> enables{}, values{};
    for (std::uint32_t i = 0; i < width; ++i) {
      enables[i] = nets(port.enable[first + i])[group] ^ moment.mask(port.enable[first + i]);
      values[i] = nets(port.data[first + i])[group] ^ moment.mask(port.data[first + i]);
    }
    transpose(enables);
    transpose(values);
    for (std::uint64_t rest = lanes; rest != 0; rest &= rest - 1) {
      const auto lane = static_cast<unsigned>(std::countr_zero(rest));
      const std::uint32_t there = words[lane];
      if (there == tb::Memory::nowhere) continue;
      const std::uint64_t differs =
          (values[lane] ^ moment.piece(memory, there, first / 64, number + 1)) & enables[lane];
      if (differs == 0 && memories.find(memory, there) == nullptr) continue;
      const auto rows = memories.change(memory, there).subspan(first, width);
      for (std::uint64_t bits = enables[lane]; bits != 0; bits &= bits - 1) {
        const auto i = static_cast<unsigned>(std::countr_zero(bits));
        if ((differs >> i & 1) != 0) {
          set(rows[i], group * 64 + lane);
        } else {
          clear(rows[i], group * 64 + lane);
        }
      }
    }
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
  for (unsigned group = 0; group < lane_count / 64; ++group) {
    if (alone[group] != 0) write_elsewhere(moment, memories, memory, number, nets, group, alone[group]);
  }
}

}  // namespace hilbert::campaign
