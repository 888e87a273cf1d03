// SPDX-License-Identifier: Apache-2.0
// Loading and watching a program on the controller.
#include "core_program.hpp"

#include <fmt/format.h>

#include <cpu_regs.hpp>
#include <hilbert/elf.hpp>
#include <hilbert/elf_symbols.hpp>
#include <hilbert/error.hpp>
#include <hilbert/file.hpp>
#include <hilbert/monitor.hpp>
#include <span>

namespace hilbert::cli {

namespace c = regs::cpu;

CoreProgram::CoreProgram(const std::string& uri, const std::string& path) : device_(open_device(uri)), path_(path) {
  const Capabilities& known = device_->capabilities();
  if (known.cpu_bytes == 0) {
    throw Error(ExitCode::bad_input, "this device has no controller", known.uri, "choose one with controller memory");
  }
  const AddressRange memory[] = {{0, known.geometry.data_bytes()}, {cpu_memory_base, known.cpu_bytes}};
  const auto file = read_file(path);
  const Firmware firmware = parse_elf(file, path, memory);
  symbols_ = elf_symbols(file, path);
  for (const FirmwareSegment& segment : firmware.segments) write_bytes(*device_, segment.address, segment.bytes);
  set(c::start, firmware.entry);
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

CoreProgram::End CoreProgram::run(std::uint32_t start, std::uint64_t most,
                                  const std::function<std::uint64_t()>& advance, const std::function<bool()>& over) {
  const std::optional<std::uint32_t> tohost = symbol("tohost");
  const std::uint32_t before = get(c::instret);
  control(start);
  End end;
  const auto ended = [&] {
    if (tohost) end.tohost = word(*tohost);
    end.locked_up = locked_up();
    return end.tohost != 0 || end.locked_up || over();
  };
  while (!ended() && end.passed < most) end.passed += advance();
  control(c::ctrl_run_mask | c::ctrl_halt_mask);
  end.retired = get(c::instret) - before;
  return end;
}

std::uint64_t CoreProgram::advance_freely() {
  constexpr std::uint32_t slice = 1024;
  device_->idle(slice);
  return slice;
}

}  // namespace hilbert::cli
