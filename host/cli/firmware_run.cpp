// SPDX-License-Identifier: Apache-2.0
// hilbert firmware run: any program on the tile's controller, and what became of it.
#include <fmt/format.h>

#include <hilbert/regs/cpu.hpp>
#include <hilbert/text.hpp>
#include <iostream>
#include <optional>
#include <string>

#include "firmware_actions.hpp"
#include "firmware_text.hpp"
#include "json_report.hpp"
#include "limits.hpp"

namespace hilbert::cli {
namespace {

namespace c = regs::cpu;

struct Request {
  std::string program, device = "model:full", trace, signature;
  std::uint64_t max_clocks = 10'000'000;
};

constexpr const char *begin_signature = "begin_signature", *end_signature = "end_signature";

/// The signature as riscv-arch-test compares it: its words, one a line, eight hexadecimal digits.
std::string signature_text(CoreProgram& program) {
  const std::uint32_t end = program.symbol(end_signature).value();
  std::string text;
  for (std::uint32_t address = program.symbol(begin_signature).value(); address != end; address += 4)
    text += fmt::format("{:08x}\n", program.word(address));
  return text;
}

std::uint32_t mailbox(CoreProgram& program, std::uint32_t index) { return program.get(c::mailbox + 4 * index); }

/// What the core has left, read before anything else is done with the device.
struct Remains {
  std::uint32_t pc = 0, watchdog_resets = 0;
  std::array<std::uint32_t, c::mailbox_count> boxes{};
};
Remains remains(CoreProgram& program) {
  Remains left{program.get(c::pc), program.get(c::reset_reason) >> c::reset_reason_count_lsb, {}};
  for (std::uint32_t i = 0; i < left.boxes.size(); ++i) left.boxes[i] = mailbox(program, i);
  return left;
}

/// Why a program did not end as it should.
Error failure(const CoreProgram& program, const Request& q, const CoreProgram::End& end, const InstructionCount& took,
              const std::string& uri, std::uint32_t pc) {
  const std::string next = "--trace FILE shows every instruction";
  const auto failed = [&](std::string what, std::string then) {
    return Error(ExitCode::check_failed, std::move(what), uri, std::move(then));
  };
  if (end.verdict.tohost != 0) {
    return failed(
        fmt::format("the program {} after {} (tohost = {:#x})", end.verdict.text(), took.text(), end.verdict.tohost),
        next);
  }
  if (!end.locked_up) {
    return failed(fmt::format("nothing was stored to tohost within {}; pc {:#010x}, {} retired",
                              counted(q.max_clocks, q.trace.empty() ? "clock" : "step"), pc,
                              counted(end.retired.most, "instruction")),
                  next + "; --max-clocks gives it more time");
  }
  return failed(fmt::format("the core is locked up (it traps in its trap handler), pc {:#010x}, {} retired", pc,
                            counted(end.retired.most, "instruction")),
                program.compressed() ? next +
                                           "; the file says that it was compiled with 16-bit instructions (RVC), which "
                                           "the core has not: -march=rv32i_zicsr_zifencei"
                                     : next);
}

/// A firmware that is ready: whoever wrote it, it speaks the protocol of firmware/README.md.
void tell_firmware(CoreProgram& program, std::uint64_t clocks, JsonReport& json) {
  program.set(c::ctrl, c::ctrl_run_mask);
  Monitor monitor(program.device());
  const MonitorHealth health = monitor_health(program.device());
  json.value = {{"device", program.uri()}, {"end", "ready"}, {"clocks", clocks}};
  json.value["firmware"] = to_json(health, monitor.log());
  json.print();
  if (!json.with_text()) return;
  std::cout << fmt::format("{}: ready after {} clocks; {} slots at {:#010x}\n", program.uri(), clocks, monitor.slots(),
                           monitor.base())
            << to_text(health, monitor.log());
}

void tell_end(const std::string& uri, const CoreProgram::End& end, const std::string& how, const InstructionCount& took,
              const Remains& left, JsonReport& json) {
  json.value = {{"device", uri},
                {"end", how},
                {"clocks", end.passed},
                {"instructions", took.most},
                {"pc", left.pc},
                {"watchdog_resets", left.watchdog_resets},
                {"tohost", end.verdict.tohost},
                {"mailbox", left.boxes}};
  if (took.least != took.most) json.value["instructions_at_least"] = took.least;
  json.print();
  if (!json.with_text()) return;
  std::cout << fmt::format("{}: {} after {}\npc {:#010x}, {}\n", uri, how, took.text(), left.pc,
                           counted(left.watchdog_resets, "watchdog reset"));
  for (std::size_t i = 0; i < left.boxes.size(); ++i) {
    if (left.boxes[i] != 0) std::cout << fmt::format("  MAILBOX {:<2} {:#010x}\n", i, left.boxes[i]);
  }
}

}  // namespace

ExitCode firmware_run(const Arguments& arguments) {
  Request q;
  JsonReport json;
  Options options("firmware run PROGRAM.elf",
                  "Loads a program into the tile's controller and lets it run until it ends, and tells how it ended.");
  options.argument("PROGRAM.elf", q.program, "executable for the controller");
  options.text("device,d", q.device, "URI", device_help());
  options.number("max-clocks", q.max_clocks, {1, most_clocks, "clocks"},
                 "how long it may run (on model:, and with --trace: instructions)");
  options.output("trace", q.trace, "FILE", "write every instruction (single steps: slow on a chip)");
  options.output("signature", q.signature, "FILE",
                 "write begin_signature .. end_signature as riscv-arch-test compares it");
  json.add_to(options);
  options.note(
      "A program ends by storing to its symbol tohost (1 passed, 2 n + 1 failure n), by locking up in its own trap\n"
      "handler, or, without tohost, by being a firmware of this protocol (firmware/README.md) that is ready: then its\n"
      "health and its log are printed. One without tohost that still runs after --max-clocks is no failure: where it "
      "is\n"
      "and its mailbox words are printed. --trace needs tohost, --signature also begin_signature and end_signature.\n"
      "Link it to controller memory (0x6000_0000) or data memory (0x0), with -march=rv32i_zicsr_zifencei -mabi=ilp32\n"
      "-static -Wl,-n; 0x8000_0000, where programs for simulators usually start, holds registers here.\n"
      "tests/system/cpu/env has such a linker script, start.S for C programs, riscv_test.h for tests in the shape of\n"
      "riscv-tests, model_test.h for riscv-arch-test; rtl/cpu/README.md shows the commands.\n"
      "Exit code: 1 if it reports failure, locks up, or has a tohost and did not store to it.");
  options.example("hilbert firmware run test.elf --device sim:small", "on the verilated chip");
  options.example("hilbert firmware run test.elf --signature test.sig",
                  "on the instruction-set simulator, for riscv-arch-test");
  options.example("hilbert firmware run blink.elf --max-clocks 50000",
                  "one that does not end, for so many instructions");
  if (!options.parse(arguments)) return ExitCode::good;

  CoreProgram program(q.device, q.program);
  const bool trace = !q.trace.empty();
  if (trace || !q.signature.empty())
    (void)program.need_symbol("tohost", "a program ends by storing 1 (pass) or 2 * n + 1 (failure n) to it");
  if (!q.signature.empty()) program.need_words(begin_signature, end_signature);
  std::string signature;
  Outputs outputs("hilbert firmware run");
  outputs.reads("PROGRAM.elf", q.program);
  outputs.open("--trace", q.trace);
  outputs.open("--signature", q.signature, [&](AtomicFile& file) { file.write(signature); });
  json.open(outputs);

  // Looks at the mailbox take clocks of their own: a program that ends by itself is not looked at (count_to_tohost()
  // runs it again, in the same clocks).
  const bool promises_an_end = program.symbol("tohost").has_value();
  bool ready = false;
  const auto over = [&] { return ready = !promises_an_end && mailbox(program, MONITOR_BOX_MAGIC) == MONITOR_MAGIC; };
  const CoreProgram::End end =
      trace ? program.run_steps(q.max_clocks, [&] { outputs.append("--trace", step_text(program)); })
            : program.run(q.max_clocks, over);
  if (ready || end.verdict.tohost == 0) outputs.drop("--signature");
  if (ready) {
    tell_firmware(program, end.passed, json);
    return outputs.finish(ExitCode::good);
  }
  const bool stored = end.verdict.tohost != 0;
  const bool failed = stored ? !end.verdict.passed() : end.locked_up || promises_an_end;
  const std::string how = stored          ? end.verdict.text()
                          : end.locked_up ? std::string("locked up in its trap handler")
                                          : std::string("still running");
  const Remains left = remains(program);
  if (stored && !q.signature.empty()) signature = signature_text(program);
  const InstructionCount took =
      stored ? program.count_to_tohost(end) : InstructionCount{end.retired.most, end.retired.most};
  tell_end(program.uri(), end, how, took, left, json);
  return failed ? outputs.finish(failure(program, q, end, took, program.uri(), left.pc))
                : outputs.finish(ExitCode::good);
}

}  // namespace hilbert::cli
