// SPDX-License-Identifier: Apache-2.0
// hilbert log: what the firmware has written down.
#include <fmt/format.h>

#include <cpu_regs.hpp>
#include <iostream>
#include <string>

#include "command.hpp"
#include "firmware_text.hpp"
#include "report/json_text.hpp"

namespace hilbert::cli::log_command {
namespace {

/// The monitor that somebody else started.
Monitor attach(Device& device) {
  const Capabilities& known = device.capabilities();
  namespace c = regs::cpu;
  if (known.controller_bytes == 0 ||
      device.read_register(c::base + c::mailbox + 4 * MONITOR_BOX_MAGIC) != MONITOR_MAGIC) {
    throw Error(ExitCode::bad_input, "no monitor runs there", known.uri,
                "devices in this process (model:, sim:) begin anew with every command: leave out --attach");
  }
  return Monitor(device);
}

ExitCode run(const Arguments& arguments) {
  std::string uri = "model:full";
  bool json = false, attached = false, selftest = false;
  Options options("log", "Prints the health and the log of the firmware on the tile's controller.");
  options.text("device,d", uri, "URI", device_help());
  options.flag("attach", attached, "read what a running monitor has written, instead of starting one");
  options.flag("selftest", selftest, "run all self-tests but the march first (data memory is lost)");
  options.flag("json", json, "as JSON");
  options.note(
      "Devices in this process (model:, sim:) live as long as the command: the log is that of a monitor that was just\n"
      "started, and --selftest gives it something to tell. On a board that stays powered, --attach reads the log of "
      "the\n"
      "monitor that runs there. The log is a ring in tile memory: the last 28 entries are kept.");
  options.example("hilbert log --device sim:full --selftest", "a start and what the self-tests left in the log");
  if (!options.parse(arguments)) return ExitCode::good;

  const auto device = open_device(uri);
  Monitor monitor = attached ? attach(*device) : start_built_in_monitor(*device);
  if (selftest) (void)monitor.self_test(MONITOR_TEST_ALL & ~MONITOR_TEST_MARCH);
  const MonitorHealth health = monitor_health(*device);
  if (json) {
    std::cout << report::json_text(to_json(health, monitor.log()));
  } else {
    std::cout << device->capabilities().uri << '\n' << to_text(health, monitor.log());
  }
  return ExitCode::good;
}

const Registration registration({"log", "the firmware's health and log", run});

}  // namespace
}  // namespace hilbert::cli::log_command
