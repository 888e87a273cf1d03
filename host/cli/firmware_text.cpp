// SPDX-License-Identifier: Apache-2.0
// Health and log of a monitor.
#include "firmware_text.hpp"

#include <fmt/format.h>

#include <hilbert/monitor_image.hpp>
#include <hilbert/text.hpp>

namespace hilbert::cli {

Monitor start_built_in_monitor(Device& device) {
  load_monitor(device, MONITOR_AREA_BYTES(MONITOR_DEFAULT_SLOTS));
  start_monitor(device, {.tests = 0});
  return Monitor(device);
}

std::string to_text(const MonitorHealth& health, const std::vector<MonitorLogEntry>& log) {
  std::string text = fmt::format("firmware: {}; {} of its loop\n", describe(health), counted(health.heartbeat, "turn"));
  if (log.empty()) return text + "log: empty\n";
  text += fmt::format("log: {}, time in clocks since power-on\n", counted(log.size(), "entry"));
  for (const MonitorLogEntry& entry : log) {
    text += fmt::format("  {:>12}  {}", entry.time, describe(entry));
    if (entry.restarts != 0) text += fmt::format(" (after {})", counted(entry.restarts, "restart"));
    text += '\n';
  }
  return text;
}

nlohmann::ordered_json to_json(const MonitorHealth& health, const std::vector<MonitorLogEntry>& log) {
  nlohmann::ordered_json entries = nlohmann::ordered_json::array();
  for (const MonitorLogEntry& e : log) {
    entries.push_back({{"time", e.time},
                       {"restarts", e.restarts},
                       {"code", e.code},
                       {"values", {e.value0, e.value1}},
                       {"text", describe(e)}});
  }
  return {{"phase", static_cast<int>(health.phase)}, {"health", describe(health)},
          {"heartbeat", health.heartbeat},           {"watchdog_resets", health.watchdog_resets},
          {"failed_tests", health.failed_tests},     {"log", entries}};
}

}  // namespace hilbert::cli
