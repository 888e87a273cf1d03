// SPDX-License-Identifier: Apache-2.0
// hilbert run: any firmware on the tile's controller, and what became of it.
#include <fmt/format.h>

#include <cpu_regs.hpp>
#include <iostream>
#include <string>

#include "command.hpp"
#include "core_program.hpp"
#include "firmware_text.hpp"

namespace hilbert::cli::run_command {
namespace {

namespace po = boost::program_options;
namespace c = regs::cpu;

std::uint32_t mailbox(CoreProgram& program, std::uint32_t index) { return program.get(c::mailbox + 4 * index); }

/// A monitor that runs: whoever wrote it, it speaks the protocol of firmware/README.md.
void print_monitor(CoreProgram& program, std::uint64_t clocks, bool json) {
  program.set(c::ctrl, c::ctrl_run_mask);
  Monitor monitor(program.device());
  const MonitorHealth health = monitor_health(program.device());
  if (json) {
    nlohmann::ordered_json all{{"device", program.uri()}, {"end", "monitor"}, {"clocks", clocks}};
    all["monitor"] = to_json(health, monitor.log());
    std::cout << all.dump(2) << '\n';
    return;
  }
  std::cout << fmt::format("{}: a monitor, ready after {} clocks; {} slots at {:#010x}\n", program.uri(), clocks,
                           monitor.slots(), monitor.base())
            << to_text(health, monitor.log());
}

void print_end(CoreProgram& program, const CoreProgram::End& end, const std::string& how, bool json) {
  const std::uint32_t pc = program.get(c::pc), reason = program.get(c::reset_reason);
  nlohmann::ordered_json boxes = nlohmann::ordered_json::array();
  std::string text;
  for (std::uint32_t i = 0; i < c::mailbox_count; ++i) {
    boxes.push_back(mailbox(program, i));
    if (mailbox(program, i) != 0) text += fmt::format("  MAILBOX {:<2} {:#010x}\n", i, mailbox(program, i));
  }
  if (json) {
    const nlohmann::ordered_json all{
        {"device", program.uri()},     {"end", how},      {"clocks", end.passed},
        {"instructions", end.retired}, {"pc", pc},        {"watchdog_resets", reason >> c::reset_reason_count_lsb},
        {"tohost", end.tohost},        {"mailbox", boxes}};
    std::cout << all.dump(2) << '\n';
    return;
  }
  std::cout << fmt::format("{}: {}; {} instructions, pc {:#010x}, {} watchdog resets\n", program.uri(), how,
                           end.retired, pc, reason >> c::reset_reason_count_lsb)
            << text;
}

ExitCode run(const Arguments& arguments) {
  std::string path, uri = "model:full";
  std::uint64_t most = 10'000'000;
  bool json = false;
  Options options("run FIRMWARE.elf",
                  "Loads a firmware into the tile's controller and lets it run until it ends, and tells how it ended.");
  options.add()("firmware", po::value(&path)->required()->value_name("FIRMWARE.elf"), "executable for the controller")(
      "device,d", po::value(&uri)->value_name("URI")->default_value(uri), device_help().c_str())(
      "max-cycles", po::value(&most)->value_name("N")->default_value(most),
      "how long it may run: clocks, on model: instructions")("json", po::bool_switch(&json), "as JSON");
  options.positional("firmware", 1);
  options.note(
      "It ends by storing to its symbol tohost (1 passed, 2 n + 1 failure n), by locking up in its own trap handler, "
      "or\n"
      "by being a monitor (firmware/README.md) that is ready: then its health and its log are printed. A firmware\n"
      "without tohost that still runs after --max-cycles is no failure: where it is and its mailbox words are "
      "printed.\n"
      "Exit code: 1 if it reports failure, locks up, or has a tohost and did not store to it.\n"
      "'hilbert cpu run' is for test programs: it also writes traces and signatures.");
  options.example("hilbert run build/release/firmware/monitor.elf --device sim:full",
                  "the monitor on the verilated chip: health and log");
  options.example("hilbert run blink.elf --max-cycles 50000", "a firmware of your own, for so many instructions");
  if (!options.parse(arguments)) return ExitCode::good;

  CoreProgram program(uri, path);
  for (std::uint32_t i = 0; i < c::mailbox_count; ++i) program.set(c::mailbox + 4 * i, 0);
  bool monitor = false;
  const CoreProgram::End end = program.run(
      c::ctrl_run_mask, most, [&] { return program.advance_freely(); },
      [&] { return monitor = mailbox(program, MONITOR_BOX_MAGIC) == MONITOR_MAGIC; });
  if (monitor) {
    print_monitor(program, end.passed, json);
    return ExitCode::good;
  }
  const bool failed = end.tohost > 1 || end.locked_up || (end.tohost == 0 && program.symbol("tohost"));
  const std::string how = end.tohost == 1   ? std::string("passed")
                          : end.tohost != 0 ? fmt::format("reports failure {}", end.tohost >> 1)
                          : end.locked_up   ? std::string("locked up in its trap handler")
                                            : fmt::format("still running after {} clocks", end.passed);
  print_end(program, end, how, json);
  return failed ? ExitCode::check_failed : ExitCode::good;
}

const Registration registration({"run", "run a firmware on the tile's controller", run});

}  // namespace
}  // namespace hilbert::cli::run_command
