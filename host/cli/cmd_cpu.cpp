// SPDX-License-Identifier: Apache-2.0
// hilbert cpu: programs on the tile's controller, from an ELF file, watched through its debug registers.
#include <fmt/format.h>

#include <cpu_regs.hpp>
#include <hilbert/file.hpp>
#include <iostream>
#include <optional>
#include <string>

#include "command.hpp"
#include "core_program.hpp"

namespace hilbert::cli::cpu_command {
namespace {

namespace po = boost::program_options;
namespace c = regs::cpu;

constexpr std::uint32_t run_bit = c::ctrl_run_mask, halt_bit = c::ctrl_halt_mask, step_bit = c::ctrl_step_mask;

struct Request {
  std::string action, program, device = "model:full", trace, signature;
  std::uint64_t max_cycles = 10'000'000;
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
  session.control(run_bit | halt_bit | step_bit);
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

/// Words from begin_signature to end_signature as riscv-arch-test compares them: one a line, eight hexadecimal digits.
std::string signature_text(CoreProgram& session) {
  const char* hint = "programs of riscv-arch-test have it; --signature needs it";
  const std::uint32_t begin = session.need_symbol("begin_signature", hint);
  const std::uint32_t end = session.need_symbol("end_signature", hint);
  std::string text;
  for (std::uint32_t address = begin; address < end; address += 4)
    text += fmt::format("{:08x}\n", session.word(address));
  return text;
}

ExitCode run_program(const Request& request) {
  CoreProgram session(request.device, request.program);
  (void)session.need_symbol("tohost", "a program ends by storing 1 (pass) or 2 * n + 1 (failure n) to it");
  const std::string uri = session.uri();
  std::optional<AtomicFile> trace, signature;
  if (!request.trace.empty()) trace.emplace(request.trace);
  if (!request.signature.empty()) signature.emplace(request.signature);

  const std::uint32_t start = trace ? run_bit | halt_bit : run_bit;
  const CoreProgram::End end = session.run(start, request.max_cycles, [&]() -> std::uint64_t {
    if (!trace) return session.advance_freely();
    trace->write(step_text(session));
    return 1;
  });
  if (trace) trace->commit();
  if (end.tohost == 0) {
    throw Error(
        ExitCode::check_failed,
        end.locked_up
            ? fmt::format("the core is locked up (it traps in its trap handler), pc {:#010x}", session.get(c::pc))
            : fmt::format("nothing was stored to tohost within {} {}; pc {:#010x}, {} instructions retired",
                          request.max_cycles, trace ? "steps" : "clocks", session.get(c::pc), end.retired),
        uri, "--trace FILE shows every instruction; --max-cycles gives it more time");
  }
  if (signature) {
    signature->write(signature_text(session));
    signature->commit();
  }
  if (end.tohost == 1) {
    std::cout << fmt::format("{}: passed after {} instructions\n", uri, end.retired);
    return ExitCode::good;
  }
  throw Error(ExitCode::check_failed,
              fmt::format("the program reports failure {} (tohost = {:#x})", end.tohost >> 1, end.tohost), uri,
              "--trace FILE shows every instruction");
}

ExitCode run(const Arguments& arguments) {
  Request q;
  Options options(
      "cpu run|step|regs PROGRAM.elf",
      "Runs a program on the tile's controller (RV32I) until it stores to its symbol tohost; or starts it halted and\n"
      "executes the first instructions one by one (step), or shows the registers after them (regs).");
  options.add()("action", po::value(&q.action)->required()->value_name("ACTION"), "run, step or regs")(
      "program", po::value(&q.program)->required()->value_name("PROGRAM.elf"), "executable for the controller")(
      "device,d", po::value(&q.device)->value_name("URI")->default_value(q.device), device_help().c_str())(
      "trace", po::value(&q.trace)->value_name("FILE"), "run: write every instruction (single steps: slow on a chip)")(
      "signature", po::value(&q.signature)->value_name("FILE"),
      "run: write begin_signature .. end_signature as riscv-arch-test compares it")(
      "max-cycles", po::value(&q.max_cycles)->value_name("N")->default_value(q.max_cycles),
      "run: give up after N clocks (model: and --trace: instructions)")(
      "steps,n", po::value(&q.steps)->value_name("N")->default_value(q.steps), "step, regs: how many instructions");
  options.positional("action", 1);
  options.positional("program", 1);
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

  if (q.action == "run") return run_program(q);
  if (q.action != "step" && q.action != "regs") {
    throw Error(ExitCode::bad_input,
                fmt::format("unknown action '{}'{}", q.action, suggestion(q.action, {"run", "step", "regs"})),
                "hilbert cpu", "actions are run, step and regs");
  }
  CoreProgram session(q.device, q.program);
  session.control(run_bit | halt_bit);
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
