// SPDX-License-Identifier: Apache-2.0
// Who owns which bytes of a tile's data memory: a bank-aware first-fit allocator.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>

#include <hilbert/error.hpp>
#include <hilbert/model/descriptor.hpp>
#include <string>
#include <utility>

namespace hilbert {

class DeviceMemory;

/// What was asked for does not fit into data memory, or not into what is free of it; exit code 2.
class TooSmallError : public Error {
 public:
  TooSmallError(std::string what, std::string where, std::string next)
      : Error(ExitCode::bad_input, std::move(what), std::move(where), std::move(next)) {}
};

/// A range of data memory, given back when destroyed. It may outlive its DeviceMemory.
class Buffer {
 public:
  Buffer() = default;
  Buffer(Buffer&& other) noexcept;
  Buffer& operator=(Buffer&& other) noexcept;
  ~Buffer();

  [[nodiscard]] std::uint32_t address() const { return address_; }
  [[nodiscard]] std::uint32_t bytes() const { return bytes_; }

 private:
  friend class DeviceMemory;
  struct Map;

  std::shared_ptr<Map> map_;
  std::uint32_t address_ = 0, bytes_ = 0;
};

/// Bookkeeping alone: touches no device.
class DeviceMemory {
 public:
  explicit DeviceMemory(const model::Geometry& geometry) : DeviceMemory(geometry, geometry.data_bytes()) {}
  /// Of the addresses below `end` alone, a multiple of the word.
  DeviceMemory(const model::Geometry& geometry, std::uint32_t end);

  /// `bytes` (rounded up to words) aligned to a word: in `bank` if given and it has room, else in any one bank, else
  /// across banks. TooSmallError that says how much is free if nothing fits.
  [[nodiscard]] Buffer allocate(std::uint64_t bytes, std::optional<std::uint32_t> bank = std::nullopt);

  [[nodiscard]] std::uint32_t free_bytes() const;
  /// Longest free range inside one bank.
  [[nodiscard]] std::uint32_t largest_free(std::uint32_t bank) const;
  [[nodiscard]] const model::Geometry& geometry() const { return geometry_; }

 private:
  model::Geometry geometry_;
  std::shared_ptr<Buffer::Map> map_;
};

}  // namespace hilbert
