// SPDX-License-Identifier: Apache-2.0
// First fit over a map of free ranges, bank by bank.
#include "hilbert/memory.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <hilbert/error.hpp>
#include <utility>

namespace hilbert {

/// Free ranges: address to bytes, never touching each other.
struct Buffer::Map {
  std::map<std::uint32_t, std::uint32_t> free;

  void take(std::uint32_t address, std::uint32_t bytes) {
    const auto range = std::prev(free.upper_bound(address));
    const auto [first, length] = *range;
    free.erase(range);
    if (first < address) free[first] = address - first;
    if (address + bytes < first + length) free[address + bytes] = first + length - address - bytes;
  }

  void give_back(std::uint32_t address, std::uint32_t bytes) {
    auto next = free.lower_bound(address);
    if (next != free.end() && next->first == address + bytes) {
      bytes += next->second;
      next = free.erase(next);
    }
    if (next != free.begin()) {
      const auto before = std::prev(next);
      if (before->first + before->second == address) {
        before->second += bytes;
        return;
      }
    }
    free[address] = bytes;
  }

  /// Longest or first sufficient range inside [begin, end): (address, bytes).
  std::pair<std::uint32_t, std::uint32_t> find(std::uint32_t begin, std::uint32_t end, std::uint32_t wanted) const {
    std::pair<std::uint32_t, std::uint32_t> best{begin, 0};
    for (const auto& [address, bytes] : free) {
      const std::uint32_t from = std::max(address, begin), to = std::min(address + bytes, end);
      if (from >= to || to - from <= best.second) continue;
      best = {from, to - from};
      if (best.second >= wanted) break;
    }
    return best;
  }
};

Buffer::Buffer(Buffer&& other) noexcept
    : map_(std::move(other.map_)), address_(std::exchange(other.address_, 0)), bytes_(std::exchange(other.bytes_, 0)) {}

Buffer& Buffer::operator=(Buffer&& other) noexcept {
  std::swap(map_, other.map_);
  std::swap(address_, other.address_);
  std::swap(bytes_, other.bytes_);
  return *this;
}

Buffer::~Buffer() {
  if (map_) map_->give_back(address_, bytes_);
}

DeviceMemory::DeviceMemory(const model::Geometry& geometry, std::uint32_t end)
    : geometry_(geometry), map_(std::make_shared<Buffer::Map>()) {
  map_->free[0] = end;
}

Buffer DeviceMemory::allocate(std::uint64_t bytes, std::optional<std::uint32_t> bank) {
  const std::uint64_t word = geometry_.word_bytes();
  const std::uint64_t rounded = std::max((bytes + word - 1) / word, std::uint64_t{1}) * word;
  if (bank && *bank >= geometry_.banks) {
    throw Error(ExitCode::bad_input, fmt::format("there is no bank {}", *bank), "device memory",
                fmt::format("banks 0..{}", geometry_.banks - 1));
  }
  if (rounded <= geometry_.data_bytes()) {
    const auto wanted = static_cast<std::uint32_t>(rounded);
    const auto take = [&](std::uint32_t begin, std::uint32_t end) {
      Buffer buffer;
      if (const auto [address, length] = map_->find(begin, end, wanted); length >= wanted) {
        map_->take(address, wanted);
        buffer.map_ = map_;
        buffer.address_ = address;
        buffer.bytes_ = wanted;
      }
      return buffer;
    };
    const std::uint32_t size = geometry_.bank_bytes;
    if (bank) {
      if (Buffer buffer = take(*bank * size, (*bank + 1) * size); buffer.bytes() != 0) return buffer;
    }
    for (std::uint32_t i = 0; i < geometry_.banks; ++i) {
      if (Buffer buffer = take(i * size, (i + 1) * size); buffer.bytes() != 0) return buffer;
    }
    if (Buffer buffer = take(0, geometry_.data_bytes()); buffer.bytes() != 0) return buffer;
  }
  throw TooSmallError(
      fmt::format("{} bytes do not fit: {} of {} are free, {} in one piece", rounded, free_bytes(),
                  geometry_.data_bytes(), map_->find(0, geometry_.data_bytes(), geometry_.data_bytes()).second),
      "device memory", "release buffers or work in smaller pieces");
}

std::uint32_t DeviceMemory::free_bytes() const {
  std::uint32_t sum = 0;
  for (const auto& range : map_->free) sum += range.second;
  return sum;
}

std::uint32_t DeviceMemory::largest_free(std::uint32_t bank) const {
  const std::uint32_t size = geometry_.bank_bytes;
  return map_->find(bank * size, (bank + 1) * size, size).second;
}

}  // namespace hilbert
