// SPDX-License-Identifier: Apache-2.0
// `sim:`: the pins of a verilated chip as a port.
#include "sim_scheme.hpp"

#include <fmt/format.h>

#include "geometry.hpp"
#include "scheme.hpp"
#if HILBERT_HAS_SIM
#include <hilbert/tb/host_port.hpp>
#endif

namespace hilbert::device {

namespace {

#if HILBERT_HAS_SIM
Abilities can() { return {.time = true, .stalls = true, .trace = tb::Chip::can_trace(), .inject = true}; }

std::vector<std::string> at_hand() {
  std::vector<std::string> names;
  for (const std::string_view name : tb::Chip::configurations()) names.emplace_back(name);
  return names;
}

std::unique_ptr<Device> open(const Opening& opening) {
  const Configuration chip = require_configuration(opening.text, opening.where);
  std::unique_ptr<tb::Chip> pins = tb::Chip::make(chip.name);
  if (!opening.options.trace_path.empty()) pins->start_trace(opening.options.trace_path);
  return make_sim_device(
      std::make_unique<tb::HostPort>(
          std::move(pins),
          tb::HostPortOptions{.seed = opening.options.seed, .stall_probability = opening.options.stall_probability}),
      chip);
}
#else
Abilities can() { return {}; }

std::vector<std::string> at_hand() { return {}; }

std::unique_ptr<Device> open(const Opening& opening) {
  throw Error(ExitCode::bad_input, "this build has no verilated chips", opening.where,
              "configure with -DHILBERT_SIM=ON, or open a model: device");
}
#endif

}  // namespace

extern const Scheme sim_scheme;
constinit const Scheme sim_scheme{
    .name = "sim",
    .usage = "sim:[CONFIG]",
    .example = "sim:full",
    .about = "the verilated chip in this process: clocks of the RTL",
    .kind = "verilated chip",
    .parameter_help = "a verilated chip is what it was synthesised to be: choose a configuration",
    .can = can,
    .no_trace = "this build cannot write waveforms",
    .at_hand = at_hand,
    .open = open};

std::unique_ptr<PortDevice> make_sim_device(std::unique_ptr<Port> port, const Configuration& chip) {
  return std::make_unique<PortDevice>(
      std::move(port),
      Origin{.uri = "sim:" + std::string(chip.name), .kind = std::string(sim_scheme.kind), .can = can(), .chip = chip});
}

}  // namespace hilbert::device
