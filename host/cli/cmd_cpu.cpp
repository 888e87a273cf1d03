// SPDX-License-Identifier: Apache-2.0
// hilbert cpu: programs on the tile's controller, from an ELF file, watched through its debug registers.
#include <fmt/format.h>

#include <cpu_regs.hpp>
#include <iostream>
#include <optional>
#include <string>

#include "command.hpp"
#include "core_program.hpp"
#include "limits.hpp"
#include "outputs.hpp"

namespace hilbert::cli::cpu_command {
namespace {

namespace c = regs::cpu;

struct Request {
  std::string action, program, device = "model:full", trace, signature;
  std::uint64_t max_clocks = 10'000'000;
  std::uint32_t steps = 10;
};

/// One step and what it did: address, instruction, the register it names as rd.
std::string step_text(CoreProgram& session) {
  const std::uint32_t pc = session.get(c::pc);
  std::optional<std::uint32_t> insn;
  try {
    insn = session.word(pc);
  } catch (const Error&) {  // nothing to fetch there, or poisoned: the step will be a trap
  }
  session.step();
  std::string text = fmt::format("{:08x} {}", pc, insn ? fmt::format("{:08x}", *insn) : "--------");
  const std::uint32_t rd = insn ? *insn >> 7 & 31 : 0, opcode = insn ? *insn & 0x7F : 0;
  const bool writes = opcode != 0x23 && opcode != 0x63 && opcode != 0x0F && rd != 0;  // not stores, branches, fences
  if (writes) text += fmt::format(" x{}={:08x}", rd, session.gpr(rd));
  return text + '\n';
}

void print_registers(CoreProgram& session) {
  const std::uint32_t status = session.get(c::status);
  std::cout << fmt::format(
      "pc  {:08x}  {}{}{}\n", session.get(c::pc), (status & c::status_halted_mask) != 0 ? "halted" : "running",
      (status & c::status_wfi_mask) != 0 ? ", asleep" : "", (status & c::status_lockup_mask) != 0 ? ", locked up" : "");
  for (std::uint32_t i = 0; i < 32; ++i) {
    std::cout << fmt::format("x{:<2} {:08x}{}", i, session.gpr(i), i % 4 == 3 ? "\n" : "   ");
  }
}

constexpr const char *begin_signature = "begin_signature", *end_signature = "end_signature";

/// The signature as riscv-arch-test compares it: its words, one a line, eight hexadecimal digits.
std::string signature_text(CoreProgram& session) {
  const std::uint32_t end = session.symbol(end_signature).value();
  std::string text;
  for (std::uint32_t address = session.symbol(begin_signature).value(); address != end; address += 4)
    text += fmt::format("{:08x}\n", session.word(address));
  return text;
}

/// Why a program that did not store to tohost did not.
Error no_end(CoreProgram& session, const Request& request, const CoreProgram::End& end) {
  const std::uint32_t pc = session.get(c::pc);
  const std::string next = "--trace FILE shows every instruction";
  if (!end.locked_up) {
    return {ExitCode::check_failed,
            fmt::format("nothing was stored to tohost within {} {}; pc {:#010x}, {} instructions retired",
                        request.max_clocks, request.trace.empty() ? "clocks" : "steps", pc, end.retired.most),
            session.uri(), next + "; --max-cycles gives it more time"};
  }
  return {ExitCode::check_failed,
          fmt::format("the core is locked up (it traps in its trap handler), pc {:#010x}, {} instructions retired", pc,
                      end.retired.most),
          session.uri(),
          session.compressed() ? next +
                                     "; the file says that it was compiled with 16-bit instructions (RVC), which "
                                     "the core has not: -march=rv32i_zicsr_zifencei"
                               : next};
}

ExitCode run_program(const Request& request) {
  CoreProgram session(request.device, request.program);
  (void)session.need_symbol("tohost", "a program ends by storing 1 (pass) or 2 * n + 1 (failure n) to it");
  if (!request.signature.empty()) session.need_words(begin_signature, end_signature);
  const bool trace = !request.trace.empty();
  std::string signature;
  Outputs outputs("hilbert cpu");
  outputs.reads("PROGRAM.elf", request.program);
  outputs.open("--trace", request.trace);
  outputs.open("--signature", request.signature, [&](AtomicFile& file) { file.write(signature); });

  const CoreProgram::End end =
      trace ? session.run_steps(request.max_clocks, [&] { outputs.append("--trace", step_text(session)); })
            : session.run(request.max_clocks);
  if (end.verdict.tohost == 0) {
    outputs.drop("--signature");
    return outputs.finish(no_end(session, request, end));
  }
  if (!request.signature.empty()) signature = signature_text(session);
  const std::string instructions = session.count_to_tohost(end).text();
  if (end.verdict.passed()) {
    std::cout << fmt::format("{}: passed after {}\n", session.uri(), instructions);
    return outputs.finish(ExitCode::good);
  }
  return outputs.finish(Error(
      ExitCode::check_failed,
      fmt::format("the program {} after {} (tohost = {:#x})", end.verdict.text(), instructions, end.verdict.tohost),
      session.uri(), "--trace FILE shows every instruction"));
}

ExitCode run(const Arguments& arguments) {
  Request q;
  Options options(
      "cpu ACTION PROGRAM.elf",
      "Runs a program on the tile's controller (RV32I) until it stores to its symbol tohost; or starts it halted and\n"
      "executes the first instructions one by one (step), or shows the registers after them (regs).");
  options.argument("ACTION", q.action, "run, step or regs");
  options.argument("PROGRAM.elf", q.program, "executable for the controller");
  options.text("device,d", q.device, "URI", device_help());
  options.output("trace", q.trace, "FILE", "run: write every instruction (single steps: slow on a chip)");
  options.output("signature", q.signature, "FILE",
                 "run: write begin_signature .. end_signature as riscv-arch-test compares it");
  options.number("max-cycles", q.max_clocks, {1, most_clocks, "clocks"},
                 "run: give up after N clocks (model: and --trace: instructions)");
  options.number("steps,n", q.steps, {0, 1'000'000'000, "instructions"}, "step, regs: how many instructions");
  options.note(
      "Link the program to controller memory (0x6000_0000) or data memory (0x0), with -march=rv32i_zicsr_zifencei\n"
      "-mabi=ilp32 -static -Wl,-n; 0x8000_0000, where programs for simulators usually start, holds registers here.\n"
      "tests/system/cpu/env has such a linker script, start.S for C programs, riscv_test.h for tests in the shape of\n"
      "riscv-tests, model_test.h for riscv-arch-test; rtl/cpu/README.md shows the commands. A program ends by storing\n"
      "1 (pass) or 2 n + 1 (failure n) to its symbol tohost; --signature needs begin_signature, end_signature too.\n"
      "Exit code: 0 pass, 1 the program failed or did not end.");
  options.example("hilbert cpu run test.elf --device sim:small", "on the verilated chip");
  options.example("hilbert cpu run test.elf --signature test.sig",
                  "on the instruction-set simulator, for riscv-arch-test");
  options.example("hilbert cpu step firmware.elf -n 20", "its first 20 instructions and what they write");
  if (!options.parse(arguments)) return ExitCode::good;

  require_known("action", q.action, {"run", "step", "regs"}, "hilbert cpu");
  options.only({"trace", "signature", "max-cycles"}, q.action == "run", "with the action run");
  options.only({"steps"}, q.action != "run", "with the actions step and regs");
  if (q.action == "run") return run_program(q);
  CoreProgram session(q.device, q.program);
  session.control(c::ctrl_run_mask | c::ctrl_halt_mask);
  for (std::uint32_t i = 0; i < q.steps && !session.locked_up(); ++i) {
    const std::string text = step_text(session);
    if (q.action == "step") std::cout << text;
  }
  if (q.action == "regs") print_registers(session);
  return ExitCode::good;
}

const Registration registration({"cpu", "run a program on the tile's controller", run});

}  // namespace
}  // namespace hilbert::cli::cpu_command
