// SPDX-License-Identifier: Apache-2.0
// Loading and watching a program on the controller.
#include "core_program.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <hilbert/elf_symbols.hpp>
#include <hilbert/error.hpp>
#include <hilbert/monitor.hpp>
#include <hilbert/regs/cpu.hpp>
#include <hilbert/text.hpp>
#include <span>
#include <vector>

namespace hilbert::cli {

namespace c = regs::cpu;

namespace {

constexpr std::uint64_t slice = 1024;  // clocks between two looks at tohost
constexpr std::uint64_t margin = 2;    // slices that are stepped: single steps and looks shift memory's timing a little
constexpr std::uint32_t run_bit = c::ctrl_run_mask, halt_bit = c::ctrl_halt_mask, step_bit = c::ctrl_step_mask;

std::vector<AddressRange> memories(const Capabilities& known) {
  return {{0, known.geometry.data_bytes()}, {controller_memory_base, known.controller_bytes}};
}

}  // namespace

std::string Verdict::text() const {
  if (passed()) return "passed";
  if (tohost % 2 == 1) return fmt::format("reports failure {}", tohost >> 1);
  return fmt::format("asks a simulator's host for a service (tohost = {:#x})", tohost);
}

std::string InstructionCount::text() const {
  return least == most ? counted(most, "instruction") : fmt::format("{} to {} instructions", least, most);
}

CoreProgram::CoreProgram(const std::string& uri, const std::string& path) : device_(open_device(uri)), path_(path) {
  const Capabilities& known = device_->capabilities();
  if (known.controller_bytes == 0) {
    throw Error(ExitCode::bad_input, "this device has no controller", known.uri, "choose one with controller memory");
  }
  const auto file = read_elf_bytes(path);
  firmware_ = parse_elf(file, path, memories(known));
  symbols_ = elf_symbols(file, path);
  if (const auto tohost = symbol("tohost"); tohost && (*tohost % 4 != 0 || !in_memory(*tohost, 4))) {
    throw Error(ExitCode::bad_input, fmt::format("its symbol tohost, {:#010x}, is no word of memory", *tohost), path_,
                "give it 4 bytes of a section that is loaded, at a multiple of 4");
  }
  load();
}

/// Into a device after power-on.
void CoreProgram::load() {
  load_firmware(*device_, firmware_);
  if (const auto tohost = symbol("tohost")) write_bytes(*device_, *tohost, std::vector<std::byte>(4));
  for (std::uint32_t i = 0; i < c::mailbox_count; ++i) set(c::mailbox + 4 * i, 0);
}

bool CoreProgram::in_memory(std::uint32_t address, std::uint64_t bytes) const {
  const auto ranges = memories(device_->capabilities());
  return std::ranges::any_of(ranges, [&](const AddressRange& range) {
    return address >= range.address && address - range.address + bytes <= range.bytes;
  });
}

std::uint32_t CoreProgram::word(std::uint32_t address) {
  std::uint32_t value = 0;
  read_bytes(*device_, address, std::as_writable_bytes(std::span(&value, 1)));
  return value;
}

std::uint32_t CoreProgram::gpr(std::uint32_t index) {
  set(c::gpr_index, index);
  return get(c::gpr_data);
}

bool CoreProgram::locked_up() { return (get(c::status) & c::status_lockup_mask) != 0; }

void CoreProgram::control(std::uint32_t bits) {
  set(c::ctrl, bits);
  for (int i = 0; (bits & c::ctrl_halt_mask) != 0 && (get(c::status) & c::status_halted_mask) == 0; ++i) {
    if (i == 1000) throw Error(ExitCode::machine, "the core does not halt", uri());
    device_->idle(64);
  }
}

std::optional<std::uint32_t> CoreProgram::symbol(const std::string& name) const {
  const auto found = symbols_.find(name);
  return found == symbols_.end() ? std::nullopt : std::optional(found->second);
}

std::uint32_t CoreProgram::need_symbol(const std::string& name, const char* hint) const {
  if (const auto value = symbol(name)) return *value;
  throw Error(ExitCode::bad_input, fmt::format("there is no symbol '{}'", name), path_, hint);
}

void CoreProgram::need_words(const std::string& begin, const std::string& end) const {
  const char* hint = "programs of riscv-arch-test have both; --signature needs them";
  const std::uint32_t first = need_symbol(begin, hint), last = need_symbol(end, hint);
  const auto refuse = [&](const char* what, const char* next) {
    throw Error(ExitCode::bad_input, fmt::format("{} {:#010x} to {} {:#010x}: {}", begin, first, end, last, what),
                path_, next);
  };
  if (first % 4 != 0 || last % 4 != 0) refuse("not whole words", "align both to 4 bytes");
  if (last <= first) refuse("the end is not behind the begin", "put the words of the signature between the two");
  if (!in_memory(first, last - first)) refuse("not in one memory", "put both into data or controller memory");
}

std::uint64_t CoreProgram::retired() {
  const std::uint64_t low = get(c::instret);  // holds the high word
  return low | std::uint64_t{get(c::instret + 4)} << 32;
}

void CoreProgram::step() { control(run_bit | halt_bit | step_bit); }

CoreProgram::End CoreProgram::run_until(std::uint32_t start, std::uint64_t most,
                                        const std::function<std::uint64_t(std::uint64_t)>& advance,
                                        const std::function<bool()>& over) {
  const std::optional<std::uint32_t> tohost = symbol("tohost");
  const std::uint64_t before = retired();
  control(start);
  End end;
  end.retired.least = 1;
  const auto ended = [&] {
    if (tohost) end.verdict.tohost = word(*tohost);
    end.locked_up = locked_up();
    return end.verdict.tohost != 0 || end.locked_up || over();
  };
  while (!ended() && end.passed < most) {
    end.retired.least = retired() - before + 1;
    end.passed += advance(most - end.passed);
    ++end.slices;
  }
  control(run_bit | halt_bit);
  end.retired.most = retired() - before;
  end.retired.least = std::min(end.retired.least, end.retired.most);  // a step that traps retires nothing
  return end;
}

CoreProgram::End CoreProgram::run(std::uint64_t most, const std::function<bool()>& over) {
  return run_until(
      run_bit, most,
      [&](std::uint64_t left) {
        const std::uint64_t clocks = std::min(slice, left);
        device_->idle(static_cast<std::uint32_t>(clocks));
        return clocks;
      },
      over);
}

CoreProgram::End CoreProgram::run_steps(std::uint64_t most, const std::function<void()>& step) {
  return run_until(
      run_bit | halt_bit, most,
      [&](std::uint64_t) {
        step();
        return std::uint64_t{1};
      },
      [] { return false; });
}

InstructionCount CoreProgram::count_to_tohost(const End& end) {
  if (end.verdict.tohost == 0 || end.retired.least == end.retired.most) return end.retired;
  const std::uint32_t tohost = symbol("tohost").value();
  device_->reset();
  load();
  const std::uint64_t before = retired();
  if (end.slices > margin) {
    const End again = run((end.slices - margin) * slice);
    if (again.verdict.tohost != 0 || again.locked_up) return end.retired;
  } else {
    control(run_bit | halt_bit);
  }
  for (std::uint64_t i = 0; i < (margin + 1) * slice && word(tohost) == 0; ++i) step();
  const std::uint64_t count = retired() - before;
  const bool the_same = word(tohost) == end.verdict.tohost && count >= end.retired.least && count <= end.retired.most;
  return the_same ? InstructionCount{count, count} : end.retired;
}

}  // namespace hilbert::cli
