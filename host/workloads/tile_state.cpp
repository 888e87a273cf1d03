// SPDX-License-Identifier: Apache-2.0
#include "workloads/tile_state.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <hilbert/device.hpp>
#include <hilbert/error.hpp>

#include "workloads/secded.hpp"

namespace hilbert::workloads {

TileState::TileState(const tb::Netlist& netlist, const model::Geometry& geometry) : geometry_(geometry) {
  const auto memory = [&](const std::string& name) {
    const auto found = std::ranges::find(netlist.memories, name, &tb::Memory::name);
    if (found == netlist.memories.end()) {
      throw Error(ExitCode::bad_input, "no memory " + name, "netlist of " + netlist.top, "it is no netlist of hb_chip");
    }
    return static_cast<std::uint32_t>(found - netlist.memories.begin());
  };
  for (std::uint32_t i = 0; i <= geometry.banks; ++i) {
    const std::string bank = fmt::format("u_tile.u_mem.gen_bank[{}].u_bank.", i);
    banks_.push_back({memory(bank + "u_data.mem_q"), memory(bank + "u_check.mem_q")});
  }
  queue_head_ = find(netlist, "u_tile.u_seq.head_q");
  corrected_ = find(netlist, "u_tile.u_csr.ecc_corrected_q");
  for (const char* name :
       {"state_q", "valid1_q", "valid2_q", "u_req.skid_valid_q", "u_req.out_valid_q", "u_rsp.level_q"}) {
    const Register bits = find(netlist, fmt::format("u_host_port.{}", name));
    port_.insert(port_.end(), bits.begin(), bits.end());
  }
}

TileState::Register TileState::find(const tb::Netlist& netlist, const std::string& name) {
  Register bits;
  for (std::uint32_t i = 0; i < netlist.flip_flops.size(); ++i) {
    for (const tb::BitName& known : netlist.flip_flop_names[i]) {
      if (known.vector != name) continue;
      if (bits.size() <= known.bit) bits.resize(known.bit + 1, tb::net_none);
      bits[known.bit] = i;
    }
  }
  if (bits.empty() || std::ranges::find(bits, tb::net_none) != bits.end()) {
    throw Error(ExitCode::bad_input, "no register " + name, "netlist of " + netlist.top, "it is no netlist of hb_chip");
  }
  return bits;
}

std::uint32_t TileState::value(const campaign::LaneState& state, const Register& bits) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < bits.size(); ++i) value |= std::uint32_t{state.flip_flop(bits[i])} << i;
  return value;
}

TileState::Word TileState::word_at(std::uint32_t address) const {
  const std::uint32_t bytes = geometry_.word_bytes();
  if (address >= queue_base) return {banks_.back(), (address - queue_base) / bytes};
  return {banks_[address / geometry_.bank_bytes], address % geometry_.bank_bytes / bytes};
}

TileState::Met TileState::read(const campaign::LaneState& state, std::uint32_t address,
                               std::span<std::byte> out) const {
  Met met;
  for (std::size_t at = 0; at < out.size(); at += geometry_.word_bytes()) {
    const Word word = word_at(address + static_cast<std::uint32_t>(at));
    for (std::uint32_t lane = 0; lane < geometry_.word_bytes() / 8; ++lane) {
      const std::uint64_t data = state.memory_bits(word.bank.data, word.index, lane * 64, 64);
      const auto check = static_cast<std::uint8_t>(state.memory_bits(word.bank.check, word.index, lane * 8, 8));
      const secded::Decoded decoded = secded::decode(data, check);
      met.corrected = met.corrected || decoded.found == secded::Found::corrected;
      met.uncorrectable = met.uncorrectable || decoded.found == secded::Found::uncorrectable;
      std::memcpy(&out[at + lane * 8], &decoded.data, 8);
    }
  }
  return met;
}

}  // namespace hilbert::workloads
