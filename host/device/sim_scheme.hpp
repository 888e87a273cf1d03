// SPDX-License-Identifier: Apache-2.0
// `sim:`: verilated chips in this process.
#pragma once

#include <hilbert/port.hpp>
#include <memory>

#include "configurations.hpp"
#include "port_device.hpp"

namespace hilbert::device {

/// The device that `sim:` opens, over a port whose chip others use as well: of a mesh, of a bench.
[[nodiscard]] std::unique_ptr<PortDevice> make_sim_device(std::unique_ptr<Port> port, const Configuration& chip);

}  // namespace hilbert::device
