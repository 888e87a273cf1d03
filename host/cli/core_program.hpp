// SPDX-License-Identifier: Apache-2.0
// A program from an ELF file on a device's controller, seen through the debug registers: for hilbert
// firmware.
#pragma once

#include <cstdint>
#include <functional>
#include <hilbert/device.hpp>
#include <hilbert/elf.hpp>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace hilbert::cli {

/// How a program ends that says so: what it stored to its symbol tohost.
struct Verdict {
  std::uint32_t tohost = 0;  ///< 1 passed, 2 n + 1 failure n, other even numbers a request to a simulator; 0 nothing

  [[nodiscard]] bool passed() const { return tohost == 1; }
  /// "passed", "reports failure 7", "asks a simulator's host for a service (tohost = 0x100)".
  [[nodiscard]] std::string text() const;
};

/// Instructions from the start to the store to tohost, that one counted; `least` < `most` where a program that runs
/// again does not repeat itself, and the store lies somewhere between two looks at it.
struct InstructionCount {
  std::uint64_t least = 0, most = 0;

  /// "3 instructions", "2817 to 3840 instructions".
  [[nodiscard]] std::string text() const;
};

/// A device, the program loaded into it, and the core held in reset until control() lets it run.
class CoreProgram {
 public:
  /// Error (exit code 2) for a device without a controller, for a program that does not fit it, and for a tohost that
  /// is no word of its memory. tohost is zero at the start, whatever the file has there.
  CoreProgram(const std::string& uri, const std::string& path);

  Device& device() { return *device_; }
  [[nodiscard]] std::string uri() const { return device_->capabilities().uri; }
  /// A register of the controller, by its offset.
  std::uint32_t get(std::uint32_t offset) { return device_->read_register(controller_register_base + offset); }
  void set(std::uint32_t offset, std::uint32_t value) {
    device_->write_register(controller_register_base + offset, value);
  }
  std::uint32_t word(std::uint32_t address);
  std::uint32_t gpr(std::uint32_t index);
  [[nodiscard]] bool locked_up();
  /// Bits of CTRL; with HALT it waits until the core stands.
  void control(std::uint32_t bits);

  [[nodiscard]] std::optional<std::uint32_t> symbol(const std::string& name) const;
  /// Error (exit code 2) that says `hint` if there is no such symbol.
  [[nodiscard]] std::uint32_t need_symbol(const std::string& name, const char* hint) const;
  /// Error (exit code 2) that names the symbols if they are not words of one memory, the first before the second.
  void need_words(const std::string& begin, const std::string& end) const;
  /// Of what the file says about itself: there may be 16-bit instructions in it, each of which traps.
  [[nodiscard]] bool compressed() const { return firmware_.compressed; }

  /// How a run ended.
  struct End {
    Verdict verdict;
    bool locked_up = false;    ///< it traps in its trap handler
    std::uint64_t passed = 0;  ///< clocks it was given, instructions on the reference model and in single steps
    InstructionCount retired;  ///< until the core was halted; `least`: until the last look before the end
    std::uint64_t slices = 0;  ///< of free running
  };
  /// Lets the core run until the program stores to its symbol tohost, if it has one, locks up, `over` says so, or
  /// `most` clocks (instructions on the reference model) have passed; then halts it.
  End run(
      std::uint64_t most, const std::function<bool()>& over = [] { return false; });
  /// The same in single steps, for `most` of them; `step` takes each, by step().
  End run_steps(std::uint64_t most, const std::function<void()>& step);
  void step();

  /// How many instructions the program of such an end took to store to tohost. The core cannot be halted by a store, so
  /// the device is reset and the program runs again to shortly before it, then step by step: everything else that the
  /// run has left must have been read before.
  InstructionCount count_to_tohost(const End& end);

 private:
  void load();
  [[nodiscard]] bool in_memory(std::uint32_t address, std::uint64_t bytes) const;
  std::uint64_t retired();
  End run_until(std::uint32_t start, std::uint64_t most, const std::function<std::uint64_t(std::uint64_t)>& advance,
                const std::function<bool()>& over);

  std::unique_ptr<Device> device_;
  std::string path_;
  Firmware firmware_;
  std::map<std::string, std::uint32_t> symbols_;
};

}  // namespace hilbert::cli
