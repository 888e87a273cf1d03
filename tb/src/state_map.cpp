// SPDX-License-Identifier: Apache-2.0
#include "hilbert/tb/state_map.hpp"

#include <fmt/format.h>

#include <hilbert/error.hpp>
#include <set>
#include <string_view>
#include <unordered_map>

namespace hilbert::tb {
namespace {

[[noreturn]] void refuse(const std::string& what, const Netlist& netlist) {
  throw Error(ExitCode::bad_input, what, "netlist of " + netlist.top,
              "synthesise the RTL that was verilated, with names kept (scripts/synth.sh netlist)");
}

std::string text(const BitName& bit) { return fmt::format("{}[{}]", bit.vector, bit.bit); }

}  // namespace

StateMap::StateMap(const Netlist& netlist, const ModelState& model, std::string_view register_suffix)
    : netlist_(netlist) {
  std::unordered_map<std::string_view, const ModelVariable*> known;
  for (const ModelVariable& variable : model.variables) known.emplace(variable.name, &variable);
  const auto find = [&](const std::string& name) -> const ModelVariable* {
    const auto found = known.find(name);
    return found == known.end() ? nullptr : found->second;
  };
  const auto place = [](const ModelVariable& variable, std::uint64_t bit) {
    return Place{variable.byte_of(bit), variable.mask_of(bit), 0};
  };

  std::set<std::pair<std::string_view, std::uint32_t>> reached;
  for (std::size_t i = 0; i < netlist.flip_flops.size(); ++i) {
    first_.push_back(static_cast<std::uint32_t>(flip_flops_.size()));
    for (const BitName& name : netlist.flip_flop_names[i]) {
      // Wires have names too; an upset of one would be gone with the next settling.
      if (!name.vector.ends_with(register_suffix)) continue;
      const ModelVariable* variable = find(name.vector);
      if (variable == nullptr || name.bit >= variable->bits()) continue;
      flip_flops_.push_back(place(*variable, name.bit));
      flip_flops_.back().at = model.offset_of(flip_flops_.back().byte);
      reached.emplace(variable->name, name.bit);
    }
    if (flip_flops_.size() == first_.back()) {
      refuse(fmt::format("the verilated model has no register for flip-flop {} ({})", i,
                         netlist.flip_flop_names[i].empty() ? "without a name" : text(netlist.flip_flop_names[i][0])),
             netlist);
    }
  }
  first_.push_back(static_cast<std::uint32_t>(flip_flops_.size()));

  std::set<std::string_view> memories;
  for (const Memory& memory : netlist.memories) {
    const ModelVariable* variable = find(memory.name);
    if (variable == nullptr || variable->width != memory.width || variable->words != memory.words) {
      refuse(fmt::format("the verilated model has no memory {} of {} words of {} bits", memory.name, memory.words,
                         memory.width),
             netlist);
    }
    memories_.push_back({variable->data, variable->stride, model.offset_of(variable->data)});
    memories.insert(variable->name);
  }
  for (const LostBit& lost : netlist.lost_bits) {
    const ModelVariable* variable = find(lost.name.vector);
    if (variable == nullptr || lost.name.bit >= variable->bits()) continue;
    reached.emplace(variable->name, lost.name.bit);
    if (lost.why == LostBit::Why::always_0 || lost.why == LostBit::Why::always_1) {
      constants_.push_back({place(*variable, lost.name.bit), lost.why == LostBit::Why::always_1, lost.name});
    }
  }
  for (const ModelVariable& variable : model.variables) {
    if (!variable.name.ends_with(register_suffix) || memories.contains(variable.name)) continue;
    for (std::uint32_t bit = 0; bit < variable.bits(); ++bit) {
      if (!reached.contains({variable.name, bit})) {
        refuse(fmt::format("register bit {} of the verilated model is not in it", text({variable.name, bit})), netlist);
      }
    }
  }

  pins_.resize(netlist.nets);
  for (const Port& port : netlist.ports) {
    const ModelVariable* variable = find(port.name);
    if (variable == nullptr) refuse("the verilated model has no pin " + port.name, netlist);
    for (std::uint32_t bit = 0; bit < port.nets.size() && bit < variable->bits(); ++bit) {
      if (port.nets[bit] > net_one) pins_[port.nets[bit]] = place(*variable, bit);
    }
  }
}

StateMap::Place StateMap::memory_place(std::uint32_t memory, std::uint32_t word, std::uint32_t bit) const {
  const Words& words = memories_[memory];
  return {words.data + std::size_t{word} * words.stride + bit / 8, static_cast<std::byte>(1U << bit % 8), 0};
}

bool StateMap::memory_bit(std::uint32_t memory, std::uint32_t word, std::uint32_t bit) const {
  return test(memory_place(memory, word, bit));
}

void StateMap::invert_flip_flop(std::uint32_t index) const {
  for (std::uint32_t i = first_[index]; i < first_[index + 1]; ++i) *flip_flops_[i].byte ^= flip_flops_[i].mask;
}

void StateMap::invert_memory_bit(std::uint32_t memory, std::uint32_t word, std::uint32_t bit) const {
  const Place place = memory_place(memory, word, bit);
  *place.byte ^= place.mask;
}

std::vector<std::string> StateMap::make_constant() const {
  std::vector<std::string> changed;
  for (const Constant& constant : constants_) {
    if (test(constant.place) == constant.level) continue;
    *constant.place.byte ^= constant.place.mask;
    changed.push_back(text(constant.name));
  }
  return changed;
}

void StateMap::copy_to(GateSimulator& gates) const {
  for (std::uint32_t i = 0; i < netlist_.flip_flops.size(); ++i) gates.value(netlist_.flip_flops[i].q) = flip_flop(i);
  for (std::uint32_t m = 0; m < memories_.size(); ++m) {
    std::vector<std::uint8_t>& bits = gates.words(m);
    const std::uint32_t width = netlist_.memories[m].width;
    for (std::size_t i = 0; i < bits.size(); ++i) {
      bits[i] = memory_bit(m, static_cast<std::uint32_t>(i / width), static_cast<std::uint32_t>(i % width));
    }
  }
  for (const Port& port : netlist_.ports) {
    if (port.output) continue;
    for (const Net net : port.nets) {
      if (net > net_one && net != netlist_.clock) gates.value(net) = pin(net);
    }
  }
}

std::vector<std::string> StateMap::unequal(const GateSimulator& gates, std::size_t most) const {
  std::vector<std::string> names;
  for (std::uint32_t f = 0; f < netlist_.flip_flops.size() && names.size() < most; ++f) {
    const bool level = gates.value(netlist_.flip_flops[f].q) != 0;
    for (std::uint32_t i = first_[f]; i < first_[f + 1]; ++i) {
      if (test(flip_flops_[i]) == level) continue;
      names.push_back(text(netlist_.flip_flop_names[f][0]));
      break;
    }
  }
  return names;
}

std::vector<std::string> StateMap::unequal_memories(const GateSimulator& gates, std::size_t most) const {
  std::vector<std::string> names;
  for (std::uint32_t m = 0; m < memories_.size(); ++m) {
    const std::vector<std::uint8_t>& bits = gates.words(m);
    const std::uint32_t width = netlist_.memories[m].width;
    for (std::size_t i = 0; i < bits.size() && names.size() < most; ++i) {
      const auto word = static_cast<std::uint32_t>(i / width), bit = static_cast<std::uint32_t>(i % width);
      if (memory_bit(m, word, bit) != (bits[i] != 0)) {
        names.push_back(fmt::format("{}[{}][{}]", netlist_.memories[m].name, word, bit));
      }
    }
  }
  return names;
}

std::vector<std::string> StateMap::unequal_outputs(const GateSimulator& gates, std::size_t most) const {
  std::vector<std::string> names;
  for (const Port& port : netlist_.ports) {
    if (!port.output) continue;
    for (std::uint32_t bit = 0; bit < port.nets.size() && names.size() < most; ++bit) {
      const Net net = port.nets[bit];
      if (net > net_one && pin(net) != (gates.value(net) != 0)) names.push_back(text({port.name, bit}));
    }
  }
  return names;
}

}  // namespace hilbert::tb
