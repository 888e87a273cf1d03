// SPDX-License-Identifier: Apache-2.0
// hilbert firmware selftest: the firmware tests the chip that it runs on.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <iostream>
#include <string>
#include <vector>

#include "firmware_actions.hpp"
#include "firmware_text.hpp"
#include "json_report.hpp"
#include "report_text.hpp"

namespace hilbert::cli {
namespace {

std::vector<MonitorTest> chosen(const std::vector<std::string>& names) {
  std::vector<MonitorTest> tests;
  std::vector<std::string> known;
  for (const MonitorTest& test : monitor_tests()) known.emplace_back(test.name);
  for (const std::string& name : names) {
    require_known("self-test", name, known, "--only");
  }
  for (const MonitorTest& test : monitor_tests()) {
    if (names.empty() || std::ranges::find(names, test.name) != names.end()) tests.push_back(test);
  }
  return tests;
}

}  // namespace

ExitCode firmware_selftest(const Arguments& arguments) {
  std::string uri = "model:full";
  std::vector<std::string> only;
  JsonReport json;
  Options options("firmware selftest",
                  "Starts the firmware on the tile's controller and has it test the chip. All data memory is lost.");
  options.text("device,d", uri, "URI", device_help());
  options.texts("only", only, "TEST", "this test alone, may be repeated");
  json.add_to(options);
  std::string note = "Tests:\n";
  for (const MonitorTest& test : monitor_tests()) note += fmt::format("  {:<12} {}\n", test.name, test.about);
  options.note(note +
               "The march passes over every word of data memory ten times: on sim:full that is 10 million clocks.\n"
               "Exit code: 1 if a test fails, 2 if none can be run.");
  options.example("hilbert firmware selftest --device sim:small", "all tests on the small verilated chip");
  options.example("hilbert firmware selftest --device sim:full --only ecc --only matrix", "without the march");
  if (!options.parse(arguments)) return ExitCode::good;

  const std::vector<MonitorTest> tests = chosen(only);
  Outputs outputs("hilbert firmware selftest");
  json.open(outputs);
  const auto device = open_device(uri);
  Monitor monitor = start_built_in_monitor(*device);
  const Capabilities& known = device->capabilities();
  bool good = true;
  nlohmann::ordered_json rows = nlohmann::ordered_json::array();
  if (json.with_text())
    std::cout << fmt::format("{}: {}, {}\n", known.uri, known.description, to_text(JobPath::firmware));
  std::size_t skipped = 0;
  for (const MonitorTest& test : tests) {
    if (const std::string why = monitor.why_no_test(test); !why.empty()) {
      ++skipped;
      rows.push_back({{"test", test.name}, {"passed", nullptr}, {"skipped", why}});
      if (json.with_text()) std::cout << fmt::format("{:<12} skipped: {}", test.name, why) << std::endl;
      continue;
    }
    const auto start = std::chrono::steady_clock::now();
    const std::uint64_t clocks = device->clocks();
    const MonitorAnswer answer = monitor.self_test(test.bit);
    const bool passed = answer.status == MONITOR_OK;
    if (!passed && answer.status != MONITOR_SELFTEST_FAILED) require_ok(answer);
    good = good && passed;
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    rows.push_back({{"test", test.name},
                    {"passed", passed},
                    {"clocks", device->clocks() - clocks},
                    {"seconds", seconds},
                    {"found", passed ? "" : describe(answer)}});
    if (!json.with_text()) continue;
    std::cout << fmt::format("{:<12} {}  {:.2f} s", test.name, passed ? "passed" : "FAILED", seconds);
    if (known.clock_accurate) std::cout << fmt::format(", {} clocks", device->clocks() - clocks);
    std::cout << (passed ? "" : "  " + describe(answer)) << std::endl;
  }
  json.value = {{"device", known.uri}, {"passed", good}, {"tests", rows}};
  json.print();
  if (skipped == tests.size()) {
    return outputs.finish(Error(ExitCode::bad_input, "every test was skipped: this device is too small", known.uri));
  }
  return outputs.finish(good ? ExitCode::good : ExitCode::check_failed);
}

}  // namespace hilbert::cli
