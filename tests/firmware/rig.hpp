// SPDX-License-Identifier: Apache-2.0
// A device whose controller runs the monitor natively, and what the tests do with it.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <hilbert/device.hpp>
#include <hilbert/model/gemm.hpp>
#include <hilbert/model/layout.hpp>
#include <hilbert/monitor.hpp>
#include <hilbert/number.hpp>
#include <hilbert/regs/tile.hpp>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>
#include <support/native/controller.hpp>
#include <utility>
#include <vector>

#include "support/random.hpp"

namespace hilbert::firmware {

using Bytes = std::vector<std::byte>;

/// Makes the word at `address` uncorrectable (two bits) or wrong in one bit, by the tile's own injection.
inline void inject(Device& device, std::uint32_t address, unsigned bit0, unsigned bit1) {
  namespace r = regs::tile;
  device.write_register(r::base + r::inject_addr, address);
  device.write_register(r::base + r::inject_bits, bit0 << r::inject_bits_bit0_lsb | bit1 << r::inject_bits_bit1_lsb);
  device.write_register(r::base + r::inject_go, r::inject_go_go_mask);
  while ((device.read_register(r::base + r::inject_go) & r::inject_go_go_mask) != 0) device.idle(1);
}

/// The devices that these tests run on, of those in this build.
inline std::vector<std::string> rig_devices() {
  std::vector<std::string> uris{"model:full", "model:small"};
  for (const std::string& uri : available_devices()) {
    if (uri == "sim:small") uris.push_back(uri);
  }
  return uris;
}
inline std::string rig_name(const testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  for (char& c : name) c = c == ':' ? '_' : c;
  return name;
}

/// A device, the controller around it, and its geometry; the monitor is started by start().
class Rig {
 public:
  explicit Rig(std::string_view uri) : Rig(open_device(uri)) {}
  explicit Rig(std::unique_ptr<Device> device)
      : inner_(std::move(device)), controller_(*inner_), g_(inner_->capabilities().geometry), random_(run_seed()) {}

  /// Starts the firmware (without self-test unless asked for) and attaches.
  Monitor& start(const MonitorStart& how = {.tests = 0, .watchdog_clocks = 1'000'000}) {
    start_monitor(controller_, how);
    monitor_ = std::make_unique<Monitor>(controller_, MonitorOptions{.hang_seconds = 5.0});
    return *monitor_;
  }

  Device& inner() { return *inner_; }
  NativeController& controller() { return controller_; }
  Monitor& monitor() { return *monitor_; }
  const model::Geometry& geometry() const { return g_; }
  std::uint32_t word() const { return g_.word_bytes(); }
  std::uint32_t register_at(std::uint32_t offset) { return inner_->read_register(regs::tile::base + offset); }

  Random& random() { return random_; }
  Bytes read(std::uint32_t address, std::size_t size) {
    Bytes bytes(size);
    read_bytes(*inner_, address, bytes);
    return bytes;
  }

  model::PanelLayout layout(std::uint32_t rows, std::uint32_t cols, std::uint32_t panel_rows, model::Format f) const {
    return {rows, cols, panel_rows, g_.depth, static_cast<std::uint32_t>(model::element_bytes(f)), word()};
  }
  /// Dense codes into tile memory in panel order, and back.
  void put(const model::PanelLayout& l, model::Region at, const Bytes& dense,
           model::Order order = model::Order::row_major) {
    Bytes image(l.extent(at.stride));
    model::pack_panels(l, dense, image, at.stride, order);
    inner_->write_words(at.base, image);
  }
  Bytes get(const model::PanelLayout& l, model::Region at) {
    const Bytes image = read(at.base, l.extent(at.stride));
    Bytes dense(std::size_t{l.rows} * l.cols * l.element_bytes);
    model::unpack_panels(l, image, dense, at.stride);
    return dense;
  }

 private:
  std::unique_ptr<Device> inner_;
  NativeController controller_;
  model::Geometry g_;
  Random random_;
  std::unique_ptr<Monitor> monitor_;
};

class FirmwareTest : public testing::TestWithParam<std::string> {};

}  // namespace hilbert::firmware
