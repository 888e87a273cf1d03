// SPDX-License-Identifier: Apache-2.0
// Small netlists in Yosys' JSON, put together by tests.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <hilbert/tb/netlist.hpp>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

namespace hilbert::tb {

using Json = nlohmann::json;

/// A module `top` with a clock; nets are numbered as they are made.
class NetlistJson {
 public:
  NetlistJson() : clock_(input("clk_i", 1).at(0)) {}

  std::vector<Net> input(const std::string& name, unsigned width) { return port(name, "input", fresh(width)); }
  void output(const std::string& name, const std::vector<Net>& nets) { port(name, "output", nets); }
  std::vector<Net> fresh(unsigned width) {
    std::vector<Net> nets;
    for (unsigned i = 0; i < width; ++i) nets.push_back(next_++);
    return nets;
  }
  [[nodiscard]] Net clock() const { return clock_; }

  /// Pins of one bit each; more than one: in `vectors`. Nets 0 and 1 become the constants.
  Json& cell(const std::string& name, const std::string& type,
             std::initializer_list<std::pair<const char*, Net>> pins) {
    Json& made = module_["cells"][name];
    made = {{"type", type}, {"parameters", Json::object()}, {"attributes", {{"src", "top.sv:7.3-7.9"}}}};
    for (const auto& [pin, net] : pins) made["connections"][pin] = Json::array({bit(net)});
    return made;
  }
  /// A cell that has been made.
  Json& made(const std::string& name) { return module_["cells"].at(name); }
  static Json vector(const std::vector<Net>& nets) {
    Json list = Json::array();
    for (const Net net : nets) list.push_back(bit(net));
    return list;
  }
  void name(const std::string& name, const std::vector<Net>& nets, bool hidden = false, const std::string& init = "") {
    Json& made = module_["netnames"][name];
    made = {{"hide_name", hidden ? 1 : 0}, {"bits", vector(nets)}, {"attributes", Json::object()}};
    if (!init.empty()) made["attributes"]["init"] = init;
  }

  [[nodiscard]] std::string text() const { return Json{{"creator", "test"}, {"modules", {{"top", module_}}}}.dump(); }
  [[nodiscard]] Netlist read(const NetlistOptions& options = {}) const { return read_text(text(), options); }

  /// Through a file, which is gone afterwards.
  static Netlist read_text(const std::string& text, const NetlistOptions& options = {}) {
    struct File {
      std::filesystem::path path =
          std::filesystem::path(testing::TempDir()) / ("netlist-" + std::to_string(::getpid()) + ".json");
      ~File() { std::filesystem::remove(path); }
    } file;
    std::ofstream(file.path) << text;
    return read_netlist(file.path.string(), options);
  }

 private:
  static Json bit(Net net) { return net == net_zero ? Json("0") : net == net_one ? Json("1") : Json(net); }
  std::vector<Net> port(const std::string& name, const char* direction, std::vector<Net> nets) {
    module_["ports"][name] = {{"direction", direction}, {"bits", vector(nets)}};
    return nets;
  }

  Net next_ = 2;
  Json module_{{"ports", Json::object()}, {"cells", Json::object()}, {"netnames", Json::object()}};
  Net clock_;
};

}  // namespace hilbert::tb
