// SPDX-License-Identifier: Apache-2.0
// monitor_chaos: the campaign as a program.
#include <fmt/format.h>

#include <iostream>

#include <hilbert/device.hpp>
#include <hilbert/elf_symbols.hpp>
#include <hilbert/file.hpp>

#include "chaos.hpp"
#include "support/tool.hpp"

namespace {

using hilbert::AddressRange;

int run(int argc, char** argv) {
  hilbert::firmware::ChaosOptions options;
  std::string image = MONITOR_ELF;
  std::uint64_t runs = 100, first = 0, most_failures = 20;
  hilbert::cli::ProgramOptions usage(
      "monitor_chaos",
      "The core is reset, hung and starved, memory words go wrong, while commands are in flight. Every\n"
      "command must end with a right result or a reported error; exit code 1 if one does not");
  options.uri = "model:4x8x2";
  usage.text("device", options.uri, "URI", "what to run on");
  usage.text("image", image, "FILE", "monitor.elf");
  usage.flag("native", options.native, "the firmware of this program instead of an image on the core");
  usage.flag("verbose", options.verbose, "print each upset as it happens");
  usage.number("seed", options.seed, hilbert::any_seed<std::uint64_t>, "of everything");
  usage.number("runs", runs, hilbert::test::count_range, "how many");
  usage.number("first", first, hilbert::test::first_range, "number of the first");
  usage.number("failures", most_failures, hilbert::test::count_range, "stop after so many failed runs");
  if (!usage.parse({argv + 1, argv + argc})) return 0;
  usage.only({"image"}, !options.native, "without --native");
  if (!options.native) {
    const std::uint32_t bytes = hilbert::open_device(options.uri)->capabilities().controller_bytes;
    const AddressRange memory[] = {{hilbert::controller_memory_base, bytes}};
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
