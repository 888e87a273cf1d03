// SPDX-License-Identifier: Apache-2.0
// A registry of chips, in place of the bench's own, that has one: "small", the netlist in the file that HILBERT_NETLIST
// names. HILBERT_NETLIST_INVERT is TEXT,N: the gate whose output is inverted (find_gate): a defect.
#include <algorithm>
#include <array>
#include <cstdlib>
#include <hilbert/error.hpp>
#include <hilbert/tb/chip.hpp>
#include <hilbert/tb/gate_simulator.hpp>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace hilbert::tb {

namespace {

using Nets = std::vector<Net>;

class NetlistChip final : public Chip {
 public:
  explicit NetlistChip(GateSimulator simulator) : simulator_(std::move(simulator)) { NetlistChip::reset(reset_clocks); }

  void settle() override {
    put(rst_n_, {&rst_n, 1});
    put(req_valid_, {&req_valid, 1});
    put(req_last_, {&req_last, 1});
    put(rsp_ready_, {&rsp_ready, 1});
    put(req_data_, req_data);
    simulator_.settle();
    get(req_ready_, {&req_ready, 1});
    get(rsp_valid_, {&rsp_valid, 1});
    get(rsp_last_, {&rsp_last, 1});
    get(irq_, {&irq, 1});
    get(rsp_data_, rsp_data);
  }

  void edge() override {
    simulator_.edge();
    ++clocks_;
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
    clocks_ = 0;
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
    for (std::size_t i = 0; i < nets.size(); ++i) simulator_.value(nets[i]) = bytes[i / 8] >> i % 8 & 1;
  }
  void get(const Nets& nets, std::span<std::uint8_t> bytes) {
    std::fill(bytes.begin(), bytes.end(), std::uint8_t{0});
    for (std::size_t i = 0; i < nets.size(); ++i) {
      bytes[i / 8] |= static_cast<std::uint8_t>(simulator_.value(nets[i]) << i % 8);
    }
  }
  [[nodiscard]] Nets port(const char* name) const {
    const auto nets = simulator_.netlist().port(name);
    return {nets.begin(), nets.end()};
  }

  GateSimulator simulator_;
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

/// Read once; each chip is a copy. Flip-flops, memories and unknown pins start at random.
GateSimulator load() {
  constexpr std::uint64_t seed = 1;
  const char* path = std::getenv("HILBERT_NETLIST");
  if (path == nullptr) {
    throw Error(ExitCode::bad_input, "HILBERT_NETLIST is not set", {}, "scripts/synth.sh netlist FILE makes one");
  }
  GateSimulator simulator(std::make_shared<const Netlist>(read_netlist(path, {.top = "hb_chip", .seed = seed})), seed);
  if (const char* gate = std::getenv("HILBERT_NETLIST_INVERT")) {
    const std::string text = gate;
    const std::size_t comma = text.find(',');
    if (comma == std::string::npos) throw Error(ExitCode::bad_input, text, "HILBERT_NETLIST_INVERT", "TEXT,N");
    const std::size_t found =
        find_gate(simulator.netlist(), text.substr(0, comma), std::strtoull(gate + comma + 1, nullptr, 10));
    simulator.invert(found);
    std::cout << "inverted: " << simulator.netlist().gate_names[found] << std::endl;
  }
  return simulator;
}

}  // namespace

std::vector<std::string_view> Chip::configurations() { return {"small"}; }

std::unique_ptr<Chip> Chip::make(std::string_view configuration) {
  if (configuration != "small") {
    throw Error(ExitCode::bad_input, "no such chip", std::string(configuration), "a netlist is called small");
  }
  static const GateSimulator simulator = load();
  return std::make_unique<NetlistChip>(simulator);
}

bool Chip::can_trace() { return false; }

}  // namespace hilbert::tb
