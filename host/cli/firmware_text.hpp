// SPDX-License-Identifier: Apache-2.0
// What a monitor tells, as text and as JSON, and starting the built-in one, for the commands about firmware.
#pragma once

#include <hilbert/monitor.hpp>
#include <nlohmann/json.hpp>
#include <string>

namespace hilbert::cli {

/// Loads the built-in monitor into a device, starts it without self-tests and waits until it is ready. Error (exit code
/// 2) if the device cannot run it.
[[nodiscard]] Monitor start_built_in_monitor(Device& device);

/// "health: ready; heartbeat 17", and the log, an entry a line.
[[nodiscard]] std::string to_text(const MonitorHealth& health, const std::vector<MonitorLogEntry>& log);
[[nodiscard]] nlohmann::ordered_json to_json(const MonitorHealth& health, const std::vector<MonitorLogEntry>& log);

}  // namespace hilbert::cli
