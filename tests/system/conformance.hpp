// SPDX-License-Identifier: Apache-2.0
// The fixture of the conformance suite: one backend, a seed, and the few things every test does with a tile.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <hilbert/device.hpp>
#include <hilbert/model/tile.hpp>
#include <hilbert/regs/tile.hpp>
#include <memory>
#include <ostream>
#include <span>
#include <string>
#include <vector>

#include "support/random.hpp"

namespace hilbert::conformance {

namespace r = regs::tile;
using Bytes = std::vector<std::byte>;

/// A device to test, and how the host end of its port behaves.
struct Backend {
  std::string uri;
  double stall_probability = 0.0;
};
void PrintTo(const Backend& backend, std::ostream* out);  // NOLINT: the name that GoogleTest looks for
std::vector<Backend> backends();
std::string name_of(const testing::TestParamInfo<Backend>& info);

class Conformance : public testing::TestWithParam<Backend> {
 protected:
  Conformance();
  /// Prints the one line that runs a failing case again.
  void TearDown() override;

  const model::Geometry& geometry() const { return device_->capabilities().geometry; }
  std::uint32_t word_bytes() const { return geometry().word_bytes(); }
  bool timed() const { return device_->capabilities().can.time; }

  std::uint32_t read(std::uint32_t offset) { return device_->read_register(register_base + offset); }
  void write(std::uint32_t offset, std::uint32_t value) { device_->write_register(register_base + offset, value); }
  Bytes read_memory(std::uint32_t address, std::size_t size);

  std::uint32_t below(std::uint32_t end) { return random_.below(end); }
  bool flip_coin() { return below(2) == 1; }
  Bytes random_bytes(std::size_t size) { return random_.bytes(size); }

  /// Writes a descriptor into the next slot without ringing; ring() submits all that were put.
  void put(const model::Words& words);
  void ring() { write(r::queue_tail, put_); }
  void enable(bool on = true) { write(r::ctrl, on ? r::ctrl_enable_mask : 0); }
  /// Device time until every submitted job is complete; a failure with the tile's own words if they do not get there.
  void wait_for_all();
  /// Device time until a condition holds, within `clocks`.
  template <class Condition>
  bool wait_until(Condition condition, std::uint64_t clocks);
  model::Completion completion(std::uint32_t index);
  /// put, ring, wait.
  model::Completion run(const model::Words& words);

  /// INJECT_*, waiting until it is done. False if it was refused.
  bool inject(std::uint32_t address, std::uint32_t lane, std::uint32_t bit0, std::uint32_t bit1);

  Random random_;
  std::unique_ptr<Device> device_;
  std::uint16_t put_ = 0;  ///< QUEUE_TAIL that covers every descriptor put
};

/// ExitCode of the Error that `action` throws; fails if it throws none.
template <class Action>
ExitCode error_of(Action action) {
  try {
    action();
  } catch (const Error& error) {
    EXPECT_FALSE(std::string(error.what()).empty());
    return error.code();
  }
  ADD_FAILURE() << "nothing was thrown";
  return ExitCode::good;
}

template <class Condition>
bool Conformance::wait_until(Condition condition, std::uint64_t clocks) {
  constexpr std::uint32_t slice = 64;
  for (std::uint64_t waited = 0; waited <= clocks; waited += slice) {
    if (condition()) return true;
    device_->idle(slice);
  }
  return condition();
}

}  // namespace hilbert::conformance
