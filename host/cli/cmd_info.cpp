// SPDX-License-Identifier: Apache-2.0
// hilbert info: what a device is, and how its memory and counters stand.
#include <fmt/format.h>

#include <hilbert/device.hpp>
#include <hilbert/model/format.hpp>
#include <hilbert/regs/tile.hpp>
#include <iostream>
#include <string>

#include "command.hpp"
#include "device/scheme.hpp"
#include "json_report.hpp"
#include "report_text.hpp"

namespace hilbert::cli::info_command {
namespace {

namespace tile = regs::tile;

void list(JsonReport& json) {
  json.value = {{"version", HILBERT_VERSION}, {"devices", available_devices()}};
  for (const device::Scheme* scheme : device::schemes()) {
    json.value["schemes"].push_back(
        {{"name", scheme->name}, {"usage", scheme->usage}, {"about", scheme->about}, {"can", to_words(scheme->can())}});
  }
  if (!json.with_text()) return;
  std::cout << "Devices of this build (hilbert info --device URI says more):\n";
  for (const std::string& uri : available_devices()) std::cout << "  " << uri << '\n';
  std::cout << "Ways to name one:\n";
  for (const device::Scheme* scheme : device::schemes()) {
    std::cout << fmt::format("  {}\n      {}\n", scheme->usage, scheme->about);
  }
}

void describe(Device& device, JsonReport& json) {
  const Capabilities& c = device.capabilities();
  const model::Geometry& g = c.geometry;
  const auto read = [&](std::uint32_t offset) { return device.read_register(register_base + offset); };
  const std::uint32_t passes = read(tile::scrub_passes), corrected = read(tile::ecc_corrected);
  const std::uint32_t scrubbed = read(tile::ecc_scrubbed), uncorrectable = read(tile::ecc_uncorrectable);
  const std::uint32_t jobs = read(tile::perf_jobs), errors = read(tile::perf_errors);
  const std::string activity = describe_activity(device);
  json.value = {
      {"uri", c.uri},
      {"description", c.description},
      {"version", c.version},
      {"map_hash", c.map_hash},
      {"clock_accurate", c.can.time},
      {"can", to_words(c.can)},
      {"geometry", to_json(g)},
      {"macs_per_clock", g.rows * g.cols * g.depth},
      {"ecc",
       {{"scrub_passes", passes}, {"corrected", corrected}, {"scrubbed", scrubbed}, {"uncorrectable", uncorrectable}}},
      {"jobs", jobs},
      {"job_errors", errors},
      {"activity", activity}};
  if (!json.with_text()) return;
  std::cout << fmt::format("{}: {}\n", c.uri, c.description)
            << fmt::format("register map {}.{}, hash {:#010x}\n", c.version >> 16, c.version & 0xFFFF, c.map_hash)
            << fmt::format("array {} x {} cells of depth {}: {} multiply-accumulates a clock\n", g.rows, g.cols,
                           g.depth, g.rows * g.cols * g.depth)
            << fmt::format("memory {} banks of {} bytes, words of {} bytes; {} queue slots\n", g.banks, g.bank_bytes,
                           g.word_bytes(), g.queue_slots)
            << fmt::format("memory errors: {} corrected ({} by scrubbing, {} passes), {} uncorrectable\n", corrected,
                           scrubbed, passes, uncorrectable)
            << fmt::format("jobs: {}, {} ended with an error; {}\n", jobs, errors, activity)
            << (c.can.time ? "clock counts are those of the RTL\n" : "this device does not count clocks\n");
}

ExitCode run(const Arguments& arguments) {
  std::string uri;
  JsonReport json;
  Options options("info", "Lists the devices of this build, or describes one of them.");
  options.text("device,d", uri, "URI", "the device to open and describe");
  json.add_to(options);
  options.example("hilbert info", "which devices there are");
  options.example("hilbert info --device sim:small --json", "geometry and counters of one, for a script");
  if (!options.parse(arguments)) return ExitCode::good;
  Outputs outputs("hilbert info");
  json.open(outputs);
  if (options.given("device")) {
    describe(*open_device(uri), json);
  } else {
    list(json);
  }
  json.print();
  return outputs.finish(ExitCode::good);
}

const Registration registration({"info", "list the devices, or describe one", run});

}  // namespace
}  // namespace hilbert::cli::info_command
