// SPDX-License-Identifier: Apache-2.0
// hilbert firmware log: what the firmware has written down.
#include <fmt/format.h>

#include <hilbert/regs/cpu.hpp>
#include <iostream>
#include <string>

#include "firmware_actions.hpp"
#include "firmware_text.hpp"
#include "json_report.hpp"

namespace hilbert::cli {
namespace {

/// The firmware that somebody else started.
Monitor attach(Device& device) {
  const Capabilities& known = device.capabilities();
  namespace c = regs::cpu;
  if (known.controller_bytes == 0 ||
      device.read_register(c::base + c::mailbox + 4 * MONITOR_BOX_MAGIC) != MONITOR_MAGIC) {
    throw Error(ExitCode::bad_input, "no firmware runs there that keeps a log", known.uri,
                "devices in this process (model:, sim:) begin anew with every command: leave out --attach");
  }
  return Monitor(device);
}

}  // namespace

ExitCode firmware_log(const Arguments& arguments) {
  std::string uri = "model:full";
  bool attached = false, selftest = false;
  JsonReport json;
  Options options("firmware log", "Prints the health and the log of the firmware on the tile's controller.");
  options.text("device,d", uri, "URI", device_help());
  options.flag("attach", attached, "read what a running firmware has written, instead of starting the built-in one");
  options.flag("selftest", selftest, "run all self-tests but the march first (data memory is lost)");
  json.add_to(options);
  options.note(
      "Devices in this process (model:, sim:) live as long as the command: the log is that of a firmware that was "
      "just\n"
      "started, and --selftest gives it something to tell. On a board that stays powered, --attach reads the log of "
      "the\n"
      "firmware that runs there. The log is a ring in tile memory: the last 28 entries are kept.");
  options.example("hilbert firmware log --device sim:full --selftest",
                  "a start and what the self-tests left in the log");
  if (!options.parse(arguments)) return ExitCode::good;

  Outputs outputs("hilbert firmware log");
  json.open(outputs);
  const auto device = open_device(uri);
  Monitor monitor = attached ? attach(*device) : start_built_in_monitor(*device);
  std::uint32_t tests = 0;
  for (const MonitorTest& test : monitor_tests()) {
    if (test.bit != MONITOR_TEST_MARCH && monitor.why_no_test(test).empty()) tests |= test.bit;
  }
  if (selftest) (void)monitor.self_test(tests);
  const MonitorHealth health = monitor_health(*device);
  json.value = to_json(health, monitor.log());
  json.print();
  if (json.with_text()) std::cout << device->capabilities().uri << '\n' << to_text(health, monitor.log());
  return outputs.finish(ExitCode::good);
}

}  // namespace hilbert::cli
