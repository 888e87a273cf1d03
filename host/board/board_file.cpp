// SPDX-License-Identifier: Apache-2.0
// Reads a board file (boards/README.md); every complaint names its place in the file.
#include <fmt/format.h>

#include <algorithm>
#include <hilbert/board.hpp>
#include <hilbert/text.hpp>
#include <optional>

#include "board/json_node.hpp"
#include "board/reached.hpp"
#include "device/configurations.hpp"

namespace hilbert {
namespace {

using Node = JsonNode;

constexpr std::uint64_t most_coordinates = 16;
constexpr std::uint64_t longest_latency = 65536;  // clocks
constexpr const char* hint = "boards/README.md shows what a board file has";

Place place_at(const Node& node) {
  const auto xy = node.list(2);
  return {static_cast<unsigned>(xy[0].integer(0, most_coordinates - 1)),
          static_cast<unsigned>(xy[1].integer(0, most_coordinates - 1))};
}

/// The keys of Wires in an object; others are the caller's.
void read_wires(const Node& node, Wires& wires) {
  const auto four = [&](const char* key, std::array<unsigned, 4>& out, std::uint64_t most) {
    const auto values = node[key].list(4);
    for (std::size_t i = 0; i < 4; ++i) out[i] = static_cast<unsigned>(values[i].integer(0, most));
  };
  if (node.has("latency")) wires.latency = static_cast<unsigned>(node["latency"].integer(1, longest_latency));
  if (node.has("bit_error_rate")) wires.bit_error_rate = node["bit_error_rate"].rate();
  if (node.has("burst_rate")) wires.burst_rate = node["burst_rate"].rate();
  if (node.has("burst_bits")) wires.burst_bits = static_cast<unsigned>(node["burst_bits"].integer(1, 1'000'000));
  if (node.has("bursts_on_all_lanes")) wires.bursts_on_all_lanes = node["bursts_on_all_lanes"].boolean();
  if (node.has("skew")) four("skew", wires.skew, 1024);
  if (node.has("bit_offset")) four("bit_offset", wires.bit_offset, 15);
  if (node.has("dead_lanes")) {
    wires.dead_lanes = 0;
    for (const Node& lane : node["dead_lanes"].list()) wires.dead_lanes |= 1U << lane.integer(0, 3);
  }
}

class Reader {
 public:
  Reader(const Node& root, const std::string& path) : root_(root) { board_.path = path; }

  BoardFile read() {
    root_.only({"version", "name", "chip", "device", "seed", "mesh", "chips", "wires", "links", "without", "faults"});
    (void)root_["version"].integer(1, 1);
    board_.name = root_["name"].text();
    if (root_.has("chip") || !root_.has("chips")) read_configuration(root_["chip"]);
    if (root_.has("device")) common_device_ = board::device_at(root_["device"]);
    if (root_.has("seed")) board_.seed = root_["seed"].integer(0, ~std::uint64_t{0});
    if (root_.has("mesh") == root_.has("chips")) {
      root_.refuse(root_.has("mesh") ? "both \"mesh\" and \"chips\"" : "neither \"mesh\" nor \"chips\"",
                   "\"mesh\": {\"width\": W, \"height\": H} or \"chips\": [[x, y], ...] with \"links\"");
    }
    if (root_.has("wires")) {
      const Node wires = root_["wires"];
      wires.only({"latency", "bit_error_rate", "burst_rate", "burst_bits", "bursts_on_all_lanes", "skew", "bit_offset",
                  "dead_lanes"});
      read_wires(wires, common_);
    }
    if (root_.has("mesh")) {
      make_mesh(root_["mesh"]);
    } else {
      read_chips(root_["chips"]);
    }
    if (root_.has("without")) leave_out(root_["without"]);
    if (root_.has("links")) read_links(root_["links"], root_.has("chips"));
    if (root_.has("faults")) read_faults(root_["faults"]);
    check_places();
    board::settle_devices(board_, reached_, root_);
    if (!board_.apart()) check_connected();
    return std::move(board_);
  }

 private:
  void read_configuration(const Node& node) {
    board_.configuration = node.text();
    const auto known = device::find_configuration(board_.configuration);
    if (known && known->geometry.links != 0) return;
    std::string names;
    for (const auto& c : device::configurations()) {
      if (c.geometry.links != 0) names += (names.empty() ? "" : ", ") + std::string(c.name);
    }
    node.refuse(known ? fmt::format("the chip '{}' has no links", board_.configuration)
                      : fmt::format("unknown chip configuration '{}'", printable(board_.configuration, 24)),
                "chips with links are " + names);
  }

  void make_mesh(const Node& node) {
    node.only({"width", "height"});
    const auto width = static_cast<unsigned>(node["width"].integer(1, most_coordinates));
    const auto height = static_cast<unsigned>(node["height"].integer(1, most_coordinates));
    for (unsigned y = 0; y < height; ++y) {
      for (unsigned x = 0; x < width; ++x) add_chip({x, y}, common_device_);
    }
    for (std::size_t i = 0; i < board_.chips.size(); ++i) {
      const Place at = board_.chips[i];
      if (at.x + 1 < width) board_.links.push_back({{i, 0}, {i + 1, 1}, common_});
      if (at.y + 1 < height) board_.links.push_back({{i, 2}, {i + width, 3}, common_});
    }
  }

  void read_chips(const Node& node) {
    for (const Node& entry : node.list()) {
      if (entry.is_object()) entry.only({"at", "device"});
      const Place at = place_at(entry.is_object() ? entry["at"] : entry);
      if (find(at)) entry.refuse(fmt::format("two chips at {}", to_string(at)), "every chip has a place of its own");
      add_chip(at, entry.is_object() && entry.has("device") ? board::device_at(entry["device"]) : common_device_);
    }
    if (board_.chips.empty()) node.refuse("no chip", "at least one [x, y]");
  }

  [[nodiscard]] std::optional<std::size_t> find(Place at) const {
    const auto it = std::ranges::find(board_.chips, at);
    if (it == board_.chips.end()) return std::nullopt;
    return static_cast<std::size_t>(it - board_.chips.begin());
  }
  [[nodiscard]] std::size_t chip_at(const Node& node) const {
    const Place at = place_at(node);
    const auto index = find(at);
    if (!index) node.refuse(fmt::format("no chip at {}", to_string(at)), "a chip that the board has");
    return *index;
  }
  /// [[x, y], [x, y]] as the ends of a link between neighbours, end a in the west or south.
  [[nodiscard]] BoardLink ends_at(const Node& node) const {
    const auto pair = node.list(2);
    const std::array<std::size_t, 2> chips{chip_at(pair[0]), chip_at(pair[1])};
    const Place p = board_.chips[chips[0]], q = board_.chips[chips[1]];
    for (unsigned port = 0; port < board_ports; ++port) {
      const int dx = port == 0 ? 1 : port == 1 ? -1 : 0, dy = port == 2 ? 1 : port == 3 ? -1 : 0;
      if (static_cast<int>(q.x) - static_cast<int>(p.x) != dx || static_cast<int>(q.y) - static_cast<int>(p.y) != dy) {
        continue;
      }
      const BoardEnd first{chips[0], port}, second{chips[1], opposite(port)};
      return port % 2 == 0 ? BoardLink{first, second, common_} : BoardLink{second, first, common_};
    }
    node.refuse(fmt::format("{} and {} are no neighbours", to_string(p), to_string(q)), "a link joins neighbours");
  }
  [[nodiscard]] std::optional<std::size_t> find(const BoardLink& link) const {
    for (std::size_t i = 0; i < board_.links.size(); ++i) {
      if (board_.links[i].a == link.a && board_.links[i].b == link.b) return i;
    }
    return std::nullopt;
  }
  [[nodiscard]] std::size_t link_at(const Node& node) const {
    const auto index = find(ends_at(node));
    if (!index) node.refuse("the board has no such link", "a link of two chips of the board, not one left out");
    return *index;
  }

  /// In a mesh, settings of its links; else the links.
  void read_links(const Node& node, bool adds) {
    std::vector<std::size_t> seen;
    for (const Node& entry : node.list()) {
      entry.only({"between", "latency", "bit_error_rate", "burst_rate", "burst_bits", "bursts_on_all_lanes", "skew",
                  "bit_offset", "dead_lanes"});
      const Node between = entry["between"];
      std::size_t index = board_.links.size();
      if (adds) {
        const BoardLink link = ends_at(between);
        if (find(link)) between.refuse("these ports are joined already", "a port leads to one other");
        board_.links.push_back(link);
      } else {
        index = link_at(between);
        if (std::ranges::find(seen, index) != seen.end())
          between.refuse("a second entry for this link", "one entry a link");
      }
      seen.push_back(index);
      read_wires(entry, board_.links[index].wires);
    }
  }

  void leave_out(const Node& node) {
    node.only({"chips", "links"});
    if (!root_.has("mesh")) node.refuse("nothing to leave out of a list", "name only the chips and links that exist");
    std::vector<std::size_t> gone_links, gone_chips;
    if (node.has("links")) {
      for (const Node& entry : node["links"].list()) gone_links.push_back(link_at(entry));
    }
    if (node.has("chips")) {
      for (const Node& entry : node["chips"].list()) gone_chips.push_back(chip_at(entry));
    }
    const auto is_gone = [&](std::size_t chip) { return std::ranges::find(gone_chips, chip) != gone_chips.end(); };
    std::vector<std::size_t> renumbered;
    std::vector<Place> chips;
    std::vector<std::optional<board::Reached>> reached;
    for (std::size_t i = 0; i < board_.chips.size(); ++i) {
      renumbered.push_back(chips.size());
      if (is_gone(i)) continue;
      chips.push_back(board_.chips[i]);
      reached.push_back(reached_[i]);
    }
    std::vector<BoardLink> links;
    for (std::size_t i = 0; i < board_.links.size(); ++i) {
      BoardLink link = board_.links[i];
      if (std::ranges::find(gone_links, i) != gone_links.end() || is_gone(link.a.chip) || is_gone(link.b.chip))
        continue;
      link.a.chip = renumbered[link.a.chip];
      link.b.chip = renumbered[link.b.chip];
      links.push_back(link);
    }
    if (chips.empty()) node.refuse("no chip is left", "at least one");
    board_.chips = std::move(chips);
    reached_ = std::move(reached);
    board_.links = std::move(links);
  }

  void read_faults(const Node& node) {
    node.only({"unplugged", "swapped"});
    if (node.has("unplugged")) {
      for (const Node& entry : node["unplugged"].list()) board_.links[link_at(entry)].unplugged = true;
    }
    if (!node.has("swapped")) return;
    for (const Node& entry : node["swapped"].list()) {
      const auto pair = entry.list(2);
      const std::size_t first = link_at(pair[0]), second = link_at(pair[1]);
      for (const auto& [p, q] : board_.swapped) {
        if (first == p || first == q || second == p || second == q) {
          entry.refuse("one of these links is swapped already", "a link is swapped once");
        }
      }
      if (first == second) entry.refuse("a link swapped with itself", "two links");
      board_.swapped.emplace_back(first, second);
    }
  }

  void add_chip(Place at, std::optional<board::Reached> device) {
    board_.chips.push_back(at);
    reached_.push_back(std::move(device));
  }

  void check_places() const {
    const auto least = [&](auto get) { return std::ranges::min(board_.chips, {}, get).*get; };
    if (least(&Place::x) == 0 && least(&Place::y) == 0) return;
    root_.refuse("no chip in column 0, or none in row 0", "coordinates begin at 0: move the board");
  }

  void check_connected() const {
    std::vector<bool> reached(board_.chips.size());
    reached[0] = true;
    for (bool more = true; more;) {
      more = false;
      for (const BoardLink& link : board_.links) {
        if (reached[link.a.chip] == reached[link.b.chip]) continue;
        reached[link.a.chip] = reached[link.b.chip] = more = true;
      }
    }
    const auto lone = std::ranges::find(reached, false);
    if (lone == reached.end()) return;
    root_.refuse(fmt::format("no way from {} to {}", to_string(board_.chips[0]),
                             to_string(board_.chips[static_cast<std::size_t>(lone - reached.begin())])),
                 "links must reach every chip");
  }

  Node root_;
  BoardFile board_;
  Wires common_;
  std::optional<board::Reached> common_device_;
  std::vector<std::optional<board::Reached>> reached_;  ///< of each chip, if the file says it
};

}  // namespace

std::string to_string(Place place) { return fmt::format("({}, {})", place.x, place.y); }

std::string_view port_name(unsigned port) {
  static constexpr std::array<std::string_view, board_ports> names{"east", "west", "north", "south"};
  return names.at(port);
}

unsigned BoardFile::width() const { return std::ranges::max(chips, {}, &Place::x).x + 1; }
unsigned BoardFile::height() const { return std::ranges::max(chips, {}, &Place::y).y + 1; }

BoardFile parse_board_file(std::string_view text, const std::string& path) {
  return Reader(parse_json(text, path, hint), path).read();
}

BoardFile read_board_file(const std::string& path) { return Reader(read_json(path, hint), path).read(); }

}  // namespace hilbert
