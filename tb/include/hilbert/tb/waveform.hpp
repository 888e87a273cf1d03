// SPDX-License-Identifier: Apache-2.0
// An FST waveform, written signal by signal: for what no verilated model traces by itself.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace hilbert::tb {

/// First all signals, then their values in time. Throws Error(machine) if the file cannot be written.
class Waveform {
 public:
  explicit Waveform(const std::filesystem::path& path);
  ~Waveform();
  Waveform(const Waveform&) = delete;
  Waveform& operator=(const Waveform&) = delete;

  /// `name` with its scopes: "upset.u_tile.u_seq.state_q". Returns its number.
  std::uint32_t add(std::string_view name, std::uint32_t width);
  /// Nothing can be added any more.
  void start();
  /// Values from now on are of this time, in ns; not before an earlier one.
  void time(std::uint64_t ns);
  /// `data`: bit 0 is the lowest of the first byte. Written only if it differs from the last.
  void value(std::uint32_t signal, const std::byte* data);
  /// The whole file; Error if some of it could not be written.
  void close();

 private:
  struct Signal {
    std::string name;
    std::uint32_t width = 0;
    std::uint32_t handle = 0;
    std::string last;
  };
  void* writer_ = nullptr;
  std::filesystem::path path_;
  std::vector<Signal> signals_;
};

}  // namespace hilbert::tb
