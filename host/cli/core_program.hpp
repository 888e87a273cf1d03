// SPDX-License-Identifier: Apache-2.0
// A program from an ELF file on a device's controller, seen through the debug registers: for `hilbert cpu` and
// `hilbert run`.
#pragma once

#include <cstdint>
#include <functional>
#include <hilbert/device.hpp>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace hilbert::cli {

/// A device, the program loaded into it, and the core held in reset until control() lets it run.
class CoreProgram {
 public:
  /// Error (exit code 2) for a device without a controller and for a program that does not fit it.
  CoreProgram(const std::string& uri, const std::string& path);

  Device& device() { return *device_; }
  [[nodiscard]] std::string uri() const { return device_->capabilities().uri; }
  /// A register of the controller, by its offset.
  std::uint32_t get(std::uint32_t offset) { return device_->read_register(cpu_register_base + offset); }
  void set(std::uint32_t offset, std::uint32_t value) { device_->write_register(cpu_register_base + offset, value); }
  std::uint32_t word(std::uint32_t address);
  std::uint32_t gpr(std::uint32_t index);
  [[nodiscard]] bool locked_up();
  /// Bits of CTRL; with HALT it waits until the core stands.
  void control(std::uint32_t bits);

  [[nodiscard]] std::optional<std::uint32_t> symbol(const std::string& name) const;
  /// Error (exit code 2) that says `hint` if there is no such symbol.
  [[nodiscard]] std::uint32_t need_symbol(const std::string& name, const char* hint) const;

  /// How a run ended.
  struct End {
    std::uint32_t tohost = 0;  ///< what the program stored there: 1 passed, 2 n + 1 failure n; 0 nothing
    bool locked_up = false;    ///< it traps in its trap handler
    std::uint64_t passed = 0;  ///< sum of what `advance` said
    std::uint32_t retired = 0;
  };
  /// Starts the core with these bits of CTRL and calls `advance`, which lets it go on and says for how long, until the
  /// program stores to its symbol tohost, if it has one, locks up, `over` says so, or `most` has passed; then halts it.
  End run(
      std::uint32_t start, std::uint64_t most, const std::function<std::uint64_t()>& advance,
      const std::function<bool()>& over = [] { return false; });
  /// For run(): so many clocks at a time (instructions on the reference model).
  std::uint64_t advance_freely();

 private:
  std::unique_ptr<Device> device_;
  std::string path_;
  std::map<std::string, std::uint32_t> symbols_;
};

}  // namespace hilbert::cli
