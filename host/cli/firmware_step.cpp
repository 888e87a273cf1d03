// SPDX-License-Identifier: Apache-2.0
// hilbert firmware step and regs: the first instructions of a program, seen through the core's debug registers.
#include <fmt/format.h>

#include <hilbert/regs/cpu.hpp>
#include <iostream>
#include <string>

#include "firmware_actions.hpp"

namespace hilbert::cli {
namespace {

namespace c = regs::cpu;

/// A device with a program whose core is halted before its first instruction; nothing if only the help was asked for.
std::optional<CoreProgram> halted(Options& options, const Arguments& arguments, std::uint32_t& steps) {
  std::string path, device = "model:full";
  options.argument("PROGRAM.elf", path, "executable for the controller");
  options.text("device,d", device, "URI", device_help());
  options.number("steps,n", steps, {0, 1'000'000'000, "instructions"}, "how many instructions");
  if (!options.parse(arguments)) return std::nullopt;
  std::optional<CoreProgram> program(std::in_place, device, path);
  program->control(c::ctrl_run_mask | c::ctrl_halt_mask);
  return program;
}

}  // namespace

std::string step_text(CoreProgram& program) {
  const std::uint32_t pc = program.get(c::pc);
  std::optional<std::uint32_t> insn;
  try {
    insn = program.word(pc);
  } catch (const Error&) {  // nothing to fetch there, or poisoned: the step will be a trap
  }
  program.step();
  std::string text = fmt::format("{:08x} {}", pc, insn ? fmt::format("{:08x}", *insn) : "--------");
  const std::uint32_t rd = insn ? *insn >> 7 & 31 : 0, opcode = insn ? *insn & 0x7F : 0;
  const bool writes = opcode != 0x23 && opcode != 0x63 && opcode != 0x0F && rd != 0;  // not stores, branches, fences
  if (writes) text += fmt::format(" x{}={:08x}", rd, program.gpr(rd));
  return text + '\n';
}

ExitCode firmware_step(const Arguments& arguments) {
  std::uint32_t steps = 10;
  Options options("firmware step PROGRAM.elf",
                  "Starts a program halted on the tile's controller, executes its first instructions one by one and\n"
                  "shows of each its address, its code and the register it writes.");
  options.example("hilbert firmware step firmware.elf -n 20", "its first 20 instructions and what they write");
  auto program = halted(options, arguments, steps);
  for (std::uint32_t i = 0; program && i < steps && !program->locked_up(); ++i) std::cout << step_text(*program);
  return ExitCode::good;
}

ExitCode firmware_regs(const Arguments& arguments) {
  std::uint32_t steps = 10;
  Options options("firmware regs PROGRAM.elf",
                  "Starts a program halted on the tile's controller, executes its first instructions and shows the\n"
                  "core's registers.");
  options.example("hilbert firmware regs firmware.elf -n 0 --device sim:small", "the registers before it begins");
  auto program = halted(options, arguments, steps);
  if (!program) return ExitCode::good;
  for (std::uint32_t i = 0; i < steps && !program->locked_up(); ++i) program->step();
  const std::uint32_t status = program->get(c::status);
  std::cout << fmt::format(
      "pc  {:08x}  {}{}{}\n", program->get(c::pc), (status & c::status_halted_mask) != 0 ? "halted" : "running",
      (status & c::status_wfi_mask) != 0 ? ", asleep" : "", (status & c::status_lockup_mask) != 0 ? ", locked up" : "");
  for (std::uint32_t i = 0; i < 32; ++i) {
    std::cout << fmt::format("x{:<2} {:08x}{}", i, program->gpr(i), i % 4 == 3 ? "\n" : "   ");
  }
  return ExitCode::good;
}

}  // namespace hilbert::cli
