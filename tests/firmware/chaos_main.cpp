// SPDX-License-Identifier: Apache-2.0
// monitor_chaos: the campaign as a program.
#include <fmt/format.h>

#include <boost/program_options.hpp>
#include <iostream>

#include <hilbert/device.hpp>
#include <hilbert/elf_symbols.hpp>
#include <hilbert/file.hpp>

#include "chaos.hpp"
#include "tool.hpp"

namespace {

using hilbert::AddressRange;

int run(int argc, char** argv) {
  namespace po = boost::program_options;
  hilbert::firmware::ChaosOptions options;
  std::string image = MONITOR_ELF;
  std::uint64_t runs = 100, first = 0, most_failures = 20;
  po::options_description usage(
      "monitor_chaos: the core is reset, hung and starved, memory words go wrong, while commands are in flight. Every\n"
      "command must end with a right result or a reported error; exit code 1 if one does not");
  usage.add_options()("device", po::value(&options.uri)->default_value("model:4x8x2"), "URI")(
      "image", po::value(&image)->default_value(image), "monitor.elf")(
      "native", po::bool_switch(&options.native), "the firmware of this program instead of an image on the core")(
      "verbose", po::bool_switch(&options.verbose), "print each upset as it happens")(
      "seed", po::value(&options.seed)->default_value(options.seed), "of everything")(
      "runs", po::value(&runs)->default_value(runs), "how many")("first", po::value(&first)->default_value(first),
                                                                 "number of the first")(
      "failures", po::value(&most_failures)->default_value(most_failures), "stop after so many failed runs");
  if (!hilbert::test::parse(usage, argc, argv)) return 0;
  if (!options.native) {
    const std::uint32_t bytes = hilbert::open_device(options.uri)->capabilities().cpu_bytes;
    const AddressRange memory[] = {{hilbert::cpu_memory_base, bytes}};
    const auto file = hilbert::read_file(image);
    options.image = hilbert::parse_elf(file, image, memory);
    const auto symbols = hilbert::elf_symbols(file, image);
    options.map = {symbols.at("image_end"), symbols.at("room_end"), symbols.at("stack_bottom"),
                   symbols.at("stack_top")};
  }
  hilbert::firmware::ChaosCounts counts;
  std::uint64_t failures = 0;
  for (std::uint64_t i = first; i < first + runs && failures < most_failures; ++i) {
    const auto wrong = chaos_run(options, i, counts);
    if (!wrong) continue;
    ++failures;
    std::cout << fmt::format(
        "FAILED run {}: {}\nreproduce: bin/monitor_chaos --device {}{} --seed {} --first {} --runs 1\n", i, *wrong,
        options.uri, options.native ? " --native" : "", options.seed, i);
  }
  std::cout << fmt::format("{}{}, seed {}: {}{} runs failed\n", options.uri, options.native ? ", native" : "",
                           options.seed, describe(counts), failures);
  return failures == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  return hilbert::test::exit_code_of("monitor_chaos", [&] { return run(argc, argv); });
}
