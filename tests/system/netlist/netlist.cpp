// SPDX-License-Identifier: Apache-2.0
// A flat netlist, read from Yosys' JSON and evaluated gate by gate.
#include "netlist.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <hilbert/error.hpp>
#include <map>
#include <nlohmann/json.hpp>

namespace hilbert::test {

namespace {

using Json = nlohmann::json;
using Nets = std::vector<std::uint32_t>;

constexpr std::uint32_t zero = 0, one = 1;  // nets; Yosys counts its own from 2
constexpr std::uint32_t none = ~0u;

}  // namespace

/// Builds a Netlist; what is only needed for that lives here.
struct Netlist::Loader {
  Netlist& netlist;
  std::string path;
  std::mt19937_64 random;
  std::uint32_t clock = none;
  std::vector<Gate> gates;            ///< unordered
  std::vector<std::string> names;     ///< of them
  std::vector<std::uint32_t> driver;  ///< by net: the gate, or none: an input, a flip-flop, a clocked read

  [[noreturn]] void refuse(const std::string& what) const { throw Error(ExitCode::bad_input, what, path); }

  std::uint32_t net(const Json& bit) {
    if (bit.is_string()) {
      const auto text = bit.get<std::string>();
      return text == "0" ? zero : text == "1" ? one : static_cast<std::uint32_t>(random() & 1);  // x: either will do
    }
    const auto number = bit.get<std::uint32_t>();
    if (number >= netlist.values_.size()) netlist.values_.resize(number + 1);
    return number;
  }
  Nets nets(const Json& bits) {
    Nets list;
    for (const Json& bit : bits) list.push_back(net(bit));
    return list;
  }
  std::uint32_t pin(const Json& cell, const char* name) { return net(cell.at("connections").at(name).at(0)); }
  void demand_clock(std::uint32_t given, const std::string& name) const {
    if (given != clock) refuse(name + " has another clock than clk_i");
  }

  void flip_flop(const std::string& name, const std::string& type, const Json& cell) {
    // $_[S]DFF[C][E]_ clock [reset polarity, value] [enable polarity] _
    const std::string family = type.substr(2, type.find('_', 2) - 2);
    std::string tail = type.substr(3 + family.size());
    const bool has_reset = family.starts_with("S"), has_enable = family.ends_with("E");
    if (tail.empty() || tail.front() != 'P') refuse(name + ": only rising edges are supported: " + type);
    demand_clock(pin(cell, "C"), name);
    FlipFlop f;
    f.d = pin(cell, "D");
    f.q = pin(cell, "Q");
    f.reset_first = !family.starts_with("SDFFC");
    std::size_t at = 1;
    if (has_reset) {
      f.reset = pin(cell, "R");
      f.reset_at = tail.at(at++) == 'P';
      f.reset_to = tail.at(at++) == '1';
    }
    if (has_enable) {
      f.enable = pin(cell, "E");
      f.enable_at = tail.at(at++) == 'P';
    }
    netlist.values_[f.q] = random() & 1;
    netlist.flip_flops_.push_back(f);
  }

  void memory(const std::string& name, const Json& cell) {
    const auto number = [&](const char* p) {
      return static_cast<std::uint32_t>(std::stoul(cell.at("parameters").at(p).get<std::string>(), nullptr, 2));
    };
    const auto demand = [&](const char* p, std::uint32_t value) {
      if (number(p) != value) refuse(fmt::format("{}: {} {} is not supported", name, p, number(p)));
    };
    const auto list = [&](const char* port) { return nets(cell.at("connections").at(port)); };
    for (const char* p : {"RD_PORTS", "RD_CLK_ENABLE", "RD_CLK_POLARITY"}) demand(p, 1);
    for (const char* p : {"WR_PORTS", "WR_CLK_ENABLE", "WR_CLK_POLARITY"}) demand(p, 1);
    for (const char* p : {"OFFSET", "RD_WIDE_CONTINUATION", "WR_WIDE_CONTINUATION"}) demand(p, 0);
    if (pin(cell, "RD_ARST") != zero || pin(cell, "RD_SRST") != zero) refuse(name + ": a read register with a reset");
    demand_clock(pin(cell, "RD_CLK"), name);
    demand_clock(pin(cell, "WR_CLK"), name);
    Memory m;
    m.width = number("WIDTH");
    m.words = number("SIZE");
    m.transparent = number("RD_TRANSPARENCY_MASK") == 1;
    m.read_enable = pin(cell, "RD_EN");
    m.read_address = list("RD_ADDR");
    m.read_data = list("RD_DATA");
    m.write_address = list("WR_ADDR");
    m.write_data = list("WR_DATA");
    m.write_enable = list("WR_EN");
    m.bits.resize(std::size_t{m.width} * m.words);
    m.shown.resize(m.width);
    for (std::uint8_t& b : m.bits) b = random() & 1;
    for (const std::uint32_t n : m.read_data) netlist.values_[n] = random() & 1;
    netlist.memories_.push_back(std::move(m));
  }

  void gate(const std::string& name, const std::string& type, const Json& cell) {
    static const std::map<std::string, Kind> kinds = {
        {"$_AND_", Kind::and_},      {"$_NAND_", Kind::nand},   {"$_OR_", Kind::or_},   {"$_NOR_", Kind::nor},
        {"$_XOR_", Kind::xor_},      {"$_XNOR_", Kind::xnor},   {"$_NOT_", Kind::not_}, {"$_MUX_", Kind::mux},
        {"$_ANDNOT_", Kind::andnot}, {"$_ORNOT_", Kind::ornot},
    };
    const auto kind = kinds.find(type);
    if (kind == kinds.end()) refuse(fmt::format("{}: a cell of type {} is not supported", name, type));
    Gate g{kind->second};
    g.a = pin(cell, "A");
    g.b = g.kind == Kind::not_ ? zero : pin(cell, "B");
    g.s = g.kind == Kind::mux ? pin(cell, "S") : zero;
    g.y = pin(cell, "Y");
    gates.push_back(g);
    names.push_back(name);
  }

  /// Orders the gates by depth, and within a depth by kind, so that a processor guesses the kind right.
  void order() {
    driver.assign(netlist.values_.size(), none);
    for (std::uint32_t i = 0; i < gates.size(); ++i) {
      driver[gates[i].y] = i;
    }
    constexpr std::uint32_t unknown = 0, under_way = ~0u;
    std::vector<std::uint32_t> depth(gates.size(), unknown);
    std::vector<std::uint32_t> stack;
    for (std::uint32_t root = 0; root < gates.size(); ++root) {
      stack.push_back(root);
      while (!stack.empty()) {
        const std::uint32_t i = stack.back();
        if (depth[i] != unknown && depth[i] != under_way) {
          stack.pop_back();
          continue;
        }
        std::uint32_t deepest = 0;
        bool ready = true;
        for (const std::uint32_t n : {gates[i].a, gates[i].b, gates[i].s}) {
          const std::uint32_t d = driver[n];
          if (d == none) continue;
          if (depth[d] == unknown) {
            stack.push_back(d);
            ready = false;
          } else if (depth[d] == under_way) {
            refuse("a loop through gates at " + names[i]);
          } else {
            deepest = std::max(deepest, depth[d]);
          }
        }
        depth[i] = ready ? deepest + 1 : under_way;
        if (ready) stack.pop_back();
      }
    }
    std::vector<std::uint32_t> sequence(gates.size());
    for (std::uint32_t i = 0; i < sequence.size(); ++i) sequence[i] = i;
    std::sort(sequence.begin(), sequence.end(), [&](std::uint32_t x, std::uint32_t y) {
      return std::tuple(depth[x], gates[x].kind, x) < std::tuple(depth[y], gates[y].kind, y);
    });
    for (const std::uint32_t i : sequence) {
      netlist.gate_names_.emplace_back(names[i], static_cast<std::uint32_t>(netlist.gates_.size()));
      netlist.gates_.push_back(gates[i]);
    }
    std::sort(netlist.gate_names_.begin(), netlist.gate_names_.end());
  }
};

Netlist::Netlist(const std::string& path, std::uint64_t seed) : values_{0, 1} {
  Loader loader{*this, path, std::mt19937_64(seed), none, {}, {}, {}};
  std::ifstream file(path);
  if (!file) throw Error(ExitCode::bad_input, "cannot be read", path, "scripts/synth.sh netlist FILE makes it");
  try {
    const Json json = Json::parse(file);
    const Json& module = json.at("modules").at("hb_chip");
    for (const auto& [name, port] : module.at("ports").items()) ports_.emplace_back(name, loader.nets(port.at("bits")));
    loader.clock = port("clk_i").at(0);
    for (const auto& [name, cell] : module.at("cells").items()) {
      const auto type = cell.at("type").get<std::string>();
      if (type == "$scopeinfo") continue;  // newer versions of Yosys note there where a cell came from: no hardware
      if (type == "$mem_v2") {
        loader.memory(name, cell);
      } else if (type.find("DFF") != std::string::npos) {
        loader.flip_flop(name, type, cell);
      } else {
        loader.gate(name, type, cell);
      }
    }
  } catch (const Json::exception& error) {
    throw Error(ExitCode::bad_input, fmt::format("not a netlist of hb_chip: {}", error.what()), path);
  }
  loader.order();
  next_.resize(flip_flops_.size());
}

std::vector<std::uint32_t> Netlist::port(const std::string& name) const {
  for (const auto& [given, bits] : ports_) {
    if (given == name) return bits;
  }
  throw Error(ExitCode::bad_input, "the netlist has no port " + name);
}

std::string Netlist::invert(const std::string& text, std::size_t index) {
  std::vector<const std::pair<std::string, std::uint32_t>*> matching;
  for (const auto& gate : gate_names_) {
    if (gate.first.find(text) != std::string::npos) matching.push_back(&gate);
  }
  if (matching.empty()) throw Error(ExitCode::bad_input, "no gate has '" + text + "' in its name");
  const auto& [name, place] = *matching[index % matching.size()];
  gates_[place].inverted ^= 1;
  return name;
}

std::uint8_t* Netlist::word_at(Memory& memory, const std::vector<std::uint32_t>& address) const {
  std::uint32_t word = 0;
  for (std::size_t i = 0; i < address.size(); ++i) word |= static_cast<std::uint32_t>(values_[address[i]]) << i;
  return &memory.bits[std::size_t{word % memory.words} * memory.width];
}

void Netlist::settle() {
  std::uint8_t* const v = values_.data();
  for (const Gate& g : gates_) {
    unsigned y = 0;
    switch (g.kind) {
      case Kind::and_:
        y = v[g.a] & v[g.b];
        break;
      case Kind::nand:
        y = (v[g.a] & v[g.b]) ^ 1u;
        break;
      case Kind::or_:
        y = v[g.a] | v[g.b];
        break;
      case Kind::nor:
        y = (v[g.a] | v[g.b]) ^ 1u;
        break;
      case Kind::xor_:
        y = v[g.a] ^ v[g.b];
        break;
      case Kind::xnor:
        y = v[g.a] ^ v[g.b] ^ 1u;
        break;
      case Kind::andnot:
        y = v[g.a] & (v[g.b] ^ 1u);
        break;
      case Kind::ornot:
        y = v[g.a] | (v[g.b] ^ 1u);
        break;
      case Kind::not_:
        y = v[g.a] ^ 1u;
        break;
      case Kind::mux:
        y = v[g.s] != 0 ? v[g.b] : v[g.a];
        break;
    }
    v[g.y] = static_cast<std::uint8_t>(y ^ g.inverted);
  }
}

void Netlist::edge() {
  for (std::size_t i = 0; i < flip_flops_.size(); ++i) {
    const FlipFlop& f = flip_flops_[i];
    const bool enabled = values_[f.enable] == f.enable_at;
    const bool reset = values_[f.reset] == f.reset_at && (f.reset_first || enabled);
    next_[i] = reset ? f.reset_to : values_[enabled ? f.d : f.q];
  }
  // Nothing changes a net before all have been looked at.
  for (Memory& m : memories_) {
    const auto fetch = [&] { std::copy_n(word_at(m, m.read_address), m.width, m.shown.begin()); };
    m.reads = values_[m.read_enable] != 0;
    if (m.reads && !m.transparent) fetch();
    std::uint8_t* const written = word_at(m, m.write_address);
    for (std::uint32_t i = 0; i < m.width; ++i) {
      if (values_[m.write_enable[i]] != 0) written[i] = values_[m.write_data[i]];
    }
    if (m.reads && m.transparent) fetch();
  }
  for (const Memory& m : memories_) {
    for (std::uint32_t i = 0; m.reads && i < m.width; ++i) values_[m.read_data[i]] = m.shown[i];
  }
  for (std::size_t i = 0; i < flip_flops_.size(); ++i) values_[flip_flops_[i].q] = next_[i];
}

}  // namespace hilbert::test
