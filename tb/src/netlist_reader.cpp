// SPDX-License-Identifier: Apache-2.0
// Reads a netlist from Yosys' JSON: every cell is understood or refused by name.
#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <hilbert/error.hpp>
#include <map>
#include <nlohmann/json.hpp>
#include <random>
#include <utility>

#include "hilbert/tb/netlist.hpp"
#include "netlist_order.hpp"

namespace hilbert::tb {
namespace {

using Json = nlohmann::json;
using Nets = std::vector<Net>;

/// The instance a cell came from: "$flatten\u_a.\u_b.$auto$ff.cc:266:slice$9" is of u_a.u_b.
std::string scope_of(const std::string& cell) {
  constexpr std::string_view flatten = "$flatten";
  if (!cell.starts_with(flatten)) return "";
  std::string scope;
  for (const char c : cell.substr(flatten.size(), cell.rfind(".$") - flatten.size())) {
    if (c != '\\') scope += c;
  }
  return scope;
}

class Reader {
 public:
  Reader(const std::string& path, const NetlistOptions& options)
      : path_(path), options_(options), random_(options.seed) {}

  Netlist run() {
    std::ifstream file(path_);
    if (!file) throw Error(ExitCode::bad_input, "cannot be read", path_, "scripts/synth.sh netlist FILE makes one");
    try {
      // Without a callback that leaves out what is not needed: with one, 3.11.2 looks through all cells after each.
      const Json json = Json::parse(file);
      read(choose(json.at("modules")));
    } catch (const Json::exception& error) {
      throw Error(ExitCode::bad_input, fmt::format("not a netlist in Yosys' JSON: {}", error.what()), path_);
    }
    order_netlist(n_, path_);
    return std::move(n_);
  }

 private:
  [[noreturn]] void refuse(const std::string& what) const {
    throw Error(ExitCode::bad_input, what, path_, "scripts/synth.sh netlist has the recipe");
  }
  /// With the name of the cell at hand and the line it comes from.
  [[noreturn]] void refuse_cell(const std::string& what) const {
    const std::string line = cell_->value("/attributes/src"_json_pointer, std::string());
    refuse(fmt::format("{} {}{}", cell_name_, what, line.empty() ? "" : " (" + line + ")"));
  }

  const Json& choose(const Json& modules) {
    n_.top = options_.top;
    if (n_.top.empty()) {
      if (modules.size() != 1) refuse(fmt::format("{} modules: name the top", modules.size()));
      n_.top = modules.begin().key();
    }
    if (!modules.contains(n_.top)) refuse(fmt::format("no module {}", n_.top));
    return modules.at(n_.top);
  }

  void read(const Json& module) {
    for (const auto& [name, port] : module.at("ports").items()) {
      const auto direction = port.at("direction").get<std::string>();
      if (direction == "inout") refuse(fmt::format("port {} is an inout, which is not supported", name));
      n_.ports.push_back({name, direction == "output", nets(port.at("bits"))});
    }
    n_.clock = n_.port(options_.clock).front();
    for (const auto& [name, cell] : module.at("cells").items()) {
      cell_ = &cell;
      cell_name_ = name;
      read_cell(cell.at("type").get<std::string>());
    }
    name_flip_flops(module.at("netnames"));
  }

  void read_cell(const std::string& type) {
    static const std::map<std::string, GateKind> gates = {
        {"$_AND_", GateKind::and_},    {"$_NAND_", GateKind::nand}, {"$_OR_", GateKind::or_},
        {"$_NOR_", GateKind::nor},     {"$_XOR_", GateKind::xor_},  {"$_XNOR_", GateKind::xnor},
        {"$_NOT_", GateKind::not_},    {"$_MUX_", GateKind::mux},   {"$_ANDNOT_", GateKind::andnot},
        {"$_ORNOT_", GateKind::ornot},
    };
    if (const auto kind = gates.find(type); kind != gates.end()) {
      read_gate(kind->second);
    } else if (type == "$mem_v2") {
      read_memory();
    } else if (type.starts_with("$_DFF") || type.starts_with("$_SDFF")) {
      read_flip_flop(type);
    } else if (type != "$scopeinfo") {  // which newer versions of Yosys leave behind, and which does nothing
      refuse_cell(fmt::format("is a {}, which is not supported", type));
    }
  }

  void read_gate(GateKind kind) {
    Gate g{kind};
    g.a = pin("A");
    if (kind != GateKind::not_) g.b = pin("B");
    if (kind == GateKind::mux) g.s = pin("S");
    g.y = pin("Y");
    n_.gates.push_back(g);
    n_.gate_names.push_back(cell_name_);
  }

  /// $_[S]DFF[C][E]_ clock [reset polarity, value] [enable polarity] _: other forms have an asynchronous reset.
  void read_flip_flop(const std::string& type) {
    const std::string family = type.substr(2, type.find('_', 2) - 2), tail = type.substr(3 + family.size());
    const bool has_reset = family.starts_with("S"), has_enable = family.ends_with("E");
    const std::size_t expected = 2U + (has_reset ? 2U : 0U) + (has_enable ? 1U : 0U);
    if (tail.size() != expected) refuse_cell(fmt::format("is a {}: asynchronous resets are not supported", type));
    if (tail.front() != 'P') refuse_cell(fmt::format("is a {}: only rising edges are supported", type));
    demand_clock(pin("C"));
    FlipFlop f;
    f.d = pin("D");
    f.q = pin("Q");
    f.reset_first = !family.starts_with("SDFFC");
    std::size_t at = 1;
    if (has_reset) {
      f.reset = pin("R");
      f.reset_at = tail.at(at++) == 'P';
      f.reset_to = tail.at(at++) == '1';
    }
    if (has_enable) {
      f.enable = pin("E");
      f.enable_at = tail.at(at++) == 'P';
    }
    n_.flip_flops.push_back(f);
    flip_flop_cells_.push_back(cell_name_);
  }

  void read_memory() {
    for (const char* p : {"RD_WIDE_CONTINUATION", "WR_WIDE_CONTINUATION"}) {
      if (bits(p).find('1') != std::string::npos) refuse_cell(fmt::format("has ports of several words ({})", p));
    }
    Memory m;
    m.name = cell_name_;
    m.width = number("WIDTH");
    m.words = number("SIZE");
    m.first = number("OFFSET");
    const std::uint32_t reads = number("RD_PORTS"), writes = number("WR_PORTS"), address = number("ABITS");
    for (std::uint32_t i = 0; i < reads; ++i) {
      ReadPort port;
      port.clocked = bit("RD_CLK_ENABLE", i);
      port.address = slice("RD_ADDR", i, address);
      port.data = slice("RD_DATA", i, m.width);
      if (port.clocked) {
        if (!bit("RD_CLK_POLARITY", i)) refuse_cell("reads at falling edges, which is not supported");
        demand_clock(slice("RD_CLK", i, 1).front());
        port.enable = slice("RD_EN", i, 1).front();
        if (slice("RD_ARST", i, 1).front() != net_zero || slice("RD_SRST", i, 1).front() != net_zero) {
          refuse_cell("has a read register with a reset, which is not supported: -nordff leaves it outside");
        }
        for (std::uint32_t w = 0; w < writes; ++w)
          port.transparent.push_back(bit("RD_TRANSPARENCY_MASK", i * writes + w));
      }
      m.reads.push_back(std::move(port));
    }
    for (std::uint32_t i = 0; i < writes; ++i) {
      if (!bit("WR_CLK_ENABLE", i)) refuse_cell("is written without a clock, which is not supported");
      if (!bit("WR_CLK_POLARITY", i)) refuse_cell("is written at falling edges, which is not supported");
      demand_clock(slice("WR_CLK", i, 1).front());
      m.writes.push_back({slice("WR_EN", i, m.width), slice("WR_ADDR", i, address), slice("WR_DATA", i, m.width)});
    }
    const std::string& text = bits("INIT");
    if (text.find_first_not_of('x') != std::string::npos) {
      for (std::size_t i = 0; i < std::size_t{m.width} * m.words; ++i) m.initial.push_back(level(bit_of(text, i)));
    }
    n_.memories.push_back(std::move(m));
  }

  /// Registers of the RTL by the nets of the flip-flops, and what they start with.
  void name_flip_flops(const Json& netnames) {
    std::vector<std::uint32_t> of(n_.nets, net_none);
    for (std::uint32_t i = 0; i < n_.flip_flops.size(); ++i) of[n_.flip_flops[i].q] = i;
    std::vector<bool> driven(n_.nets);
    for (const Gate& gate : n_.gates) driven[gate.y] = true;
    for (const Memory& memory : n_.memories) {
      for (const ReadPort& port : memory.reads) {
        for (const Net net : port.data) driven[net] = true;
      }
    }
    n_.flip_flop_names.resize(n_.flip_flops.size());
    n_.flip_flop_initial.assign(n_.flip_flops.size(), -1);
    for (const auto& [name, entry] : netnames.items()) {
      const bool hidden = entry.value("hide_name", 0) != 0;
      const std::string init = entry.value("/attributes/init"_json_pointer, std::string());
      const Json& list = entry.at("bits");
      const bool is_register = !hidden && name.ends_with(options_.register_suffix);
      for (std::uint32_t bit = 0; bit < list.size(); ++bit) {
        if (!list[bit].is_number_unsigned()) {
          const auto constant = list[bit].get<std::string>();
          if (is_register) {
            n_.lost_bits.push_back({{name, bit},
                                    constant == "0"   ? LostBit::Why::always_0
                                    : constant == "1" ? LostBit::Why::always_1
                                                      : LostBit::Why::unread});
          }
          continue;
        }
        const auto number = list[bit].get<Net>();
        const std::uint32_t which = number < of.size() ? of[number] : net_none;
        if (which == net_none) {
          const bool logic = number < driven.size() && driven[number];
          if (is_register) n_.lost_bits.push_back({{name, bit}, logic ? LostBit::Why::computed : LostBit::Why::unread});
          continue;
        }
        if (!hidden) n_.flip_flop_names[which].push_back({name, bit});
        if (bit < init.size() && bit_of(init, bit) != 'x') n_.flip_flop_initial[which] = level(bit_of(init, bit));
      }
    }
    for (std::uint32_t i = 0; i < n_.flip_flops.size(); ++i) {
      std::ranges::sort(n_.flip_flop_names[i], {}, [&, home = scope_of(flip_flop_cells_[i])](const BitName& name) {
        const std::size_t dot = name.vector.rfind('.');
        const bool at_home = (dot == std::string::npos ? "" : name.vector.substr(0, dot)) == home;
        return std::tuple(!at_home, !name.vector.ends_with(options_.register_suffix), name.vector.size(), name.vector);
      });
    }
  }

  Net net(const Json& bit) {
    if (bit.is_string()) {
      const auto text = bit.get<std::string>();
      if (text == "0" || text == "1") return text == "1" ? net_one : net_zero;
      return options_.seed == 0 ? net_zero : static_cast<Net>(random_() & 1);
    }
    const auto number = bit.get<Net>();
    if (number <= net_one || number > most_nets) refuse(fmt::format("{} is no number of a net", number));
    n_.nets = std::max(n_.nets, number + 1);
    return number;
  }
  Nets nets(const Json& list) {
    Nets found;
    for (const Json& bit : list) found.push_back(net(bit));
    return found;
  }
  Net pin(const char* name) { return net(cell_->at("connections").at(name).at(0)); }
  Nets slice(const char* name, std::uint32_t port, std::uint32_t width) {
    const Json& all_bits = cell_->at("connections").at(name);
    Nets found;
    for (std::uint32_t i = 0; i < width; ++i) found.push_back(net(all_bits.at(port * width + i)));
    return found;
  }
  void demand_clock(Net given) const {
    if (given != n_.clock) refuse_cell(fmt::format("has another clock than {}", options_.clock));
  }

  /// Parameters are strings of bits, the highest first.
  const std::string& bits(const char* name) const {
    return cell_->at("parameters").at(name).get_ref<const std::string&>();
  }
  static char bit_of(const std::string& text, std::size_t index) {
    return index < text.size() ? text[text.size() - 1 - index] : '0';
  }
  bool bit(const char* name, std::uint32_t index) const { return bit_of(bits(name), index) == '1'; }
  static std::int8_t level(char c) { return static_cast<std::int8_t>(c == '1' ? 1 : c == '0' ? 0 : -1); }
  std::uint32_t number(const char* name) const {
    std::uint64_t value = 0;
    for (const char c : bits(name)) value = value << 1 | (c == '1' ? 1U : 0U);
    if (value > most_bits) refuse_cell(fmt::format("has {} {}", name, value));
    return static_cast<std::uint32_t>(value);
  }

  static constexpr std::uint32_t most_nets = 1U << 28;
  static constexpr std::uint64_t most_bits = std::uint64_t{1} << 31;

  const std::string& path_;
  const NetlistOptions& options_;
  std::mt19937_64 random_;
  Netlist n_;
  const Json* cell_ = nullptr;
  std::string cell_name_;
  std::vector<std::string> flip_flop_cells_;
};

}  // namespace

Netlist read_netlist(const std::string& path, const NetlistOptions& options) { return Reader(path, options).run(); }

}  // namespace hilbert::tb
