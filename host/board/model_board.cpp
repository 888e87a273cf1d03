// SPDX-License-Identifier: Apache-2.0
// Joins reference models as a board file says, and lets them run in one order.
#include "model_board.hpp"

#include <algorithm>
#include <hilbert/rounds.hpp>

#include "device/geometry.hpp"
#include "start_up.hpp"

namespace hilbert::board {

ModelBoard::ModelBoard(BoardFile file, std::string uri, const BoardOptions& options)
    : file_(std::move(file)), uri_(std::move(uri)) {
  const device::Configuration chip = device::require_configuration(file_.configuration, "device '" + uri_ + '\'');
  for (std::size_t i = 0; i < size(); ++i) {
    devices_.push_back(std::make_unique<device::ModelDevice>(chip, "model:" + file_.configuration));
    devices_.back()->place_on(this);
    if (options.progress) options.progress("powering up chips", i + 1, size());
  }
  join();
  problems_ = start_up(*this, options);
}

void ModelBoard::join() {
  std::vector<BoardEnd> far;
  for (const BoardLink& link : file_.links) far.push_back(link.b);
  for (const auto& [first, second] : file_.swapped) std::swap(far[first], far[second]);
  const auto end = [&](BoardEnd e) -> device::ModelLink& { return devices_[e.chip]->network().link(e.port); };
  for (std::size_t i = 0; i < far.size(); ++i) {
    const BoardLink& link = file_.links[i];
    if (link.unplugged) continue;
    device::ModelLink::join(end(link.a), end(far[i]), {link.wires.dead_lanes, link.wires.skew});
  }
}

void ModelBoard::run(std::uint64_t clocks) {
  constexpr std::uint64_t slice = 64;  // controllers that wait for each other must not wait long
  while (clocks > 0) {
    const std::uint64_t now = std::min(clocks, slice);
    for (const auto& device : devices_) device->pass(static_cast<std::uint32_t>(now));
    clocks -= now;
  }
}

void ModelBoard::wake(device::ModelDevice& chip) {
  if (std::ranges::find(ready_, &chip) == ready_.end()) ready_.push_back(&chip);
  if (working_) return;
  working_ = true;
  while (!ready_.empty()) {
    device::ModelDevice& next = *ready_.front();
    ready_.pop_front();
    next.run_jobs();
  }
  working_ = false;
}

void ModelBoard::idle(device::ModelDevice& chip, std::uint32_t clocks) {
  if (rounds_ == nullptr) return run(clocks);
  const auto index = static_cast<std::size_t>(
      std::ranges::find(devices_, &chip, &std::unique_ptr<device::ModelDevice>::get) - devices_.begin());
  idled_[index] = clocks;
  rounds_->arrive(index);
  rounds_->check();
}

/// All chips have one time: that of the host that idled longest.
void ModelBoard::end_round() {
  run(std::ranges::max(idled_));
  std::ranges::fill(idled_, 0);
}

void ModelBoard::together(const std::function<void(std::size_t)>& drive) {
  idled_.assign(size(), 0);
  Rounds rounds(size(), 1, [this] { end_round(); });
  rounds_ = &rounds;
  try {
    rounds.run(drive);
  } catch (...) {
    rounds_ = nullptr;
    throw;
  }
  rounds_ = nullptr;
}

}  // namespace hilbert::board
