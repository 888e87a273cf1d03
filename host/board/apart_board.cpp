// SPDX-License-Identifier: Apache-2.0
// Opens the device of each chip and lets hosts drive them side by side.
#include "apart_board.hpp"

#include <algorithm>
#include <exception>
#include <limits>
#include <thread>

namespace hilbert::board {

ApartBoard::ApartBoard(BoardFile file, std::string uri, const BoardOptions& options)
    : file_(std::move(file)), uri_(std::move(uri)) {
  for (const std::string& device : file_.devices) {
    devices_.push_back(open_device(device));
    if (options.progress) options.progress("opening devices", devices_.size(), size());
  }
}

void ApartBoard::run(std::uint64_t clocks) {
  for (const auto& device : devices_) {
    for (std::uint64_t left = clocks; left > 0;) {
      const std::uint64_t now = std::min<std::uint64_t>(left, std::numeric_limits<std::uint32_t>::max());
      device->idle(static_cast<std::uint32_t>(now));
      left -= now;
    }
  }
}

void ApartBoard::together(const std::function<void(std::size_t)>& drive) {
  std::vector<std::exception_ptr> thrown(size());
  {
    std::vector<std::jthread> hosts;
    for (std::size_t i = 0; i < size(); ++i) {
      hosts.emplace_back([&, i] {
        try {
          drive(i);
        } catch (...) {
          thrown[i] = std::current_exception();
        }
      });
    }
  }
  const auto first = std::ranges::find_if(thrown, [](const auto& error) { return error != nullptr; });
  if (first != thrown.end()) std::rethrow_exception(*first);
}

std::uint64_t ApartBoard::clocks() const {
  std::uint64_t furthest = 0;
  for (const auto& device : devices_) furthest = std::max(furthest, device->clocks());
  return furthest;
}

}  // namespace hilbert::board
