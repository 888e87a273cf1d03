// SPDX-License-Identifier: Apache-2.0
// hilbert info: what a device is, and how its memory and counters stand.
#include <fmt/format.h>

#include <hilbert/device.hpp>
#include <hilbert/model/format.hpp>
#include <iostream>
#include <string>
#include <tile_regs.hpp>

#include "command.hpp"
#include "report/json_text.hpp"
#include "report_text.hpp"

namespace hilbert::cli::info_command {
namespace {

namespace tile = regs::tile;

ExitCode list(bool json) {
  if (json) {
    std::cout << report::json_text({{"version", HILBERT_VERSION}, {"devices", available_devices()}});
    return ExitCode::good;
  }
  std::cout << "Devices of this build (hilbert info --device URI says more):\n";
  for (const std::string& uri : available_devices()) std::cout << "  " << uri << '\n';
  return ExitCode::good;
}

ExitCode describe(Device& device, bool json) {
  const Capabilities& c = device.capabilities();
  const model::Geometry& g = c.geometry;
  const auto read = [&](std::uint32_t offset) { return device.read_register(register_base + offset); };
  const std::uint32_t passes = read(tile::scrub_passes), corrected = read(tile::ecc_corrected);
  const std::uint32_t scrubbed = read(tile::ecc_scrubbed), uncorrectable = read(tile::ecc_uncorrectable);
  const std::uint32_t jobs = read(tile::perf_jobs), errors = read(tile::perf_errors);
  const std::string activity = describe_activity(device);
  if (json) {
    const nlohmann::ordered_json all{{"uri", c.uri},
                                     {"description", c.description},
                                     {"version", c.version},
                                     {"map_hash", c.map_hash},
                                     {"clock_accurate", c.clock_accurate},
                                     {"geometry", to_json(g)},
                                     {"macs_per_clock", g.rows * g.cols * g.depth},
                                     {"ecc",
                                      {{"scrub_passes", passes},
                                       {"corrected", corrected},
                                       {"scrubbed", scrubbed},
                                       {"uncorrectable", uncorrectable}}},
                                     {"jobs", jobs},
                                     {"job_errors", errors},
                                     {"activity", activity}};
    std::cout << report::json_text(all);
    return ExitCode::good;
  }
  std::cout << fmt::format("{}: {}\n", c.uri, c.description)
            << fmt::format("register map {}.{}, hash {:#010x}\n", c.version >> 16, c.version & 0xFFFF, c.map_hash)
            << fmt::format("array {} x {} cells of depth {}: {} multiply-accumulates a clock\n", g.rows, g.cols,
                           g.depth, g.rows * g.cols * g.depth)
            << fmt::format("memory {} banks of {} bytes, words of {} bytes; {} queue slots\n", g.banks, g.bank_bytes,
                           g.word_bytes(), g.queue_slots)
            << fmt::format("memory errors: {} corrected ({} by scrubbing, {} passes), {} uncorrectable\n", corrected,
                           scrubbed, passes, uncorrectable)
            << fmt::format("jobs: {}, {} ended with an error; {}\n", jobs, errors, activity)
            << (c.clock_accurate ? "clock counts are those of the RTL\n" : "this device does not count clocks\n");
  return ExitCode::good;
}

ExitCode run(const Arguments& arguments) {
  std::string uri;
  bool json = false;
  Options options("info", "Lists the devices of this build, or describes one of them.");
  options.text("device,d", uri, "URI", "the device to open and describe");
  options.flag("json", json, "as JSON");
  options.example("hilbert info", "which devices there are");
  options.example("hilbert info --device sim:small --json", "geometry and counters of one, for a script");
  if (!options.parse(arguments)) return ExitCode::good;
  if (!options.given("device")) return list(json);
  const auto device = open_device(uri);
  return describe(*device, json);
}

const Registration registration({"info", "list the devices, or describe one", run});

}  // namespace
}  // namespace hilbert::cli::info_command
