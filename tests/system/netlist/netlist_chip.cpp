// SPDX-License-Identifier: Apache-2.0
// A registry of chips, in place of the bench's own, that has one: "small", the netlist in the file that HILBERT_NETLIST
// names. HILBERT_NETLIST_INVERT is the number of a gate whose output is inverted: a defect.
#include <algorithm>
#include <array>
#include <cstdlib>
#include <hilbert/error.hpp>
#include <hilbert/tb/chip.hpp>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "netlist.hpp"

namespace hilbert::tb {

namespace {

using Nets = std::vector<std::uint32_t>;

class NetlistChip final : public Chip {
 public:
  explicit NetlistChip(test::Netlist netlist) : netlist_(std::move(netlist)) { NetlistChip::reset(reset_clocks); }

  void settle() override {
    put(rst_n_, {&rst_n, 1});
    put(req_valid_, {&req_valid, 1});
    put(req_last_, {&req_last, 1});
    put(rsp_ready_, {&rsp_ready, 1});
    put(req_data_, req_data);
    netlist_.settle();
    get(req_ready_, {&req_ready, 1});
    get(rsp_valid_, {&rsp_valid, 1});
    get(rsp_last_, {&rsp_last, 1});
    get(irq_, {&irq, 1});
    get(rsp_data_, rsp_data);
  }

  void edge() override {
    netlist_.edge();
    ++cycles_;
  }

  void run(std::uint64_t clocks) override {
    for (std::uint64_t i = 0; i < clocks; ++i) clock();
  }

  void reset(unsigned clocks) override {
    req_valid = 0;
    rsp_ready = 0;
    rst_n = 0;
    run(clocks);
    rst_n = 1;
    cycles_ = 0;
  }

  HostPins host() override {
    return {.req_valid = req_valid,
            .req_ready = req_ready,
            .req_last = req_last,
            .req_data = std::as_writable_bytes(std::span(req_data)),
            .rsp_valid = rsp_valid,
            .rsp_ready = rsp_ready,
            .rsp_last = rsp_last,
            .rsp_data = std::as_bytes(std::span(rsp_data)),
            .irq = irq};
  }

  void start_trace(const std::string& path) override {
    throw Error(ExitCode::bad_input, "a netlist cannot write waveforms", path);
  }
  void stop_trace() override {}

 private:
  void put(const Nets& nets, std::span<const std::uint8_t> bytes) {
    for (std::size_t i = 0; i < nets.size(); ++i) netlist_.value(nets[i]) = bytes[i / 8] >> i % 8 & 1;
  }
  void get(const Nets& nets, std::span<std::uint8_t> bytes) {
    std::fill(bytes.begin(), bytes.end(), std::uint8_t{0});
    for (std::size_t i = 0; i < nets.size(); ++i) {
      bytes[i / 8] |= static_cast<std::uint8_t>(netlist_.value(nets[i]) << i % 8);
    }
  }
  [[nodiscard]] Nets port(const char* name) const { return netlist_.port(name); }

  test::Netlist netlist_;
  Nets rst_n_ = port("rst_ni"), irq_ = port("irq_o");
  Nets req_valid_ = port("req_valid_i"), req_ready_ = port("req_ready_o"), req_last_ = port("req_last_i"),
       req_data_ = port("req_data_i");
  Nets rsp_valid_ = port("rsp_valid_o"), rsp_ready_ = port("rsp_ready_i"), rsp_last_ = port("rsp_last_o"),
       rsp_data_ = port("rsp_data_o");
  std::uint8_t rst_n = 0, req_valid = 0, req_ready = 0, req_last = 0, rsp_valid = 0, rsp_ready = 0, rsp_last = 0,
               irq = 0;
  std::vector<std::uint8_t> req_data = std::vector<std::uint8_t>(req_data_.size() / 8);
  std::vector<std::uint8_t> rsp_data = std::vector<std::uint8_t>(rsp_data_.size() / 8);
};

/// Read once; each chip is a copy.
test::Netlist load() {
  const char* path = std::getenv("HILBERT_NETLIST");
  if (path == nullptr) {
    throw Error(ExitCode::bad_input, "HILBERT_NETLIST is not set", {}, "scripts/synth.sh netlist FILE makes one");
  }
  test::Netlist netlist(path, 1);
  if (const char* gate = std::getenv("HILBERT_NETLIST_INVERT")) {
    const std::string text = gate;
    const std::size_t comma = text.find(',');
    if (comma == std::string::npos) throw Error(ExitCode::bad_input, text, "HILBERT_NETLIST_INVERT", "TEXT,N");
    const std::string name = netlist.invert(text.substr(0, comma), std::strtoull(gate + comma + 1, nullptr, 10));
    std::cout << "inverted: " << name << std::endl;
  }
  return netlist;
}

}  // namespace

std::vector<std::string_view> Chip::configurations() { return {"small"}; }

std::unique_ptr<Chip> Chip::make(std::string_view configuration) {
  if (configuration != "small") {
    throw Error(ExitCode::bad_input, "no such chip", std::string(configuration), "a netlist is called small");
  }
  static const test::Netlist netlist = load();
  return std::make_unique<NetlistChip>(netlist);
}

bool Chip::can_trace() { return false; }

}  // namespace hilbert::tb
