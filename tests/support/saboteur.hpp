// SPDX-License-Identifier: Apache-2.0
// A device that does what its test tells it to go wrong; otherwise the model.
#pragma once

#include <functional>
#include <hilbert/device.hpp>
#include <hilbert/regs/cpu.hpp>
#include <hilbert/regs/tile.hpp>
#include <memory>
#include <string_view>
#include <utility>

#include "support/poison.hpp"

namespace hilbert {

class Saboteur : public Device {
 public:
  explicit Saboteur(std::string_view uri) : inner_(open_device(uri)) {}

  /// Called when a job is about to be handed over or released: QUEUE_TAIL, the controller's DOORBELL or SEM_POST is
  /// written.
  std::function<void(Device&)> before_doorbell;
  std::function<std::uint32_t(std::uint32_t)> on_head;                  ///< what a read of QUEUE_HEAD gives
  std::function<void(std::uint32_t, std::span<std::byte>)> after_read;  ///< may change what memory gave
  std::function<void(std::uint32_t, std::uint32_t)> on_write_register;  ///< address and value, before the write
  std::uint64_t words_written = 0, words_read = 0, bad_addresses = 0;

  const Capabilities& capabilities() const override { return inner_->capabilities(); }
  void read_words(std::uint32_t address, std::span<std::byte> out) override {
    inner_->read_words(address, out);
    words_read += out.size() / capabilities().geometry.word_bytes();
    if (after_read) after_read(address, out);
  }
  void write_words(std::uint32_t address, std::span<const std::byte> in) override {
    words_written += in.size() / capabilities().geometry.word_bytes();
    inner_->write_words(address, in);
  }
  std::uint32_t read_register(std::uint32_t address) override {
    const std::uint32_t value = inner_->read_register(address);
    return on_head && address == register_base + regs::tile::queue_head ? on_head(value) : value;
  }
  void write_register(std::uint32_t address, std::uint32_t value) override {
    const bool doorbell = address == register_base + regs::tile::queue_tail ||
                          address == register_base + regs::tile::sem_post ||
                          address == controller_register_base + regs::cpu::doorbell;
    if (before_doorbell && doorbell) before_doorbell(*inner_);
    if (on_write_register) on_write_register(address, value);
    inner_->write_register(address, value);
  }
  void idle(std::uint32_t clocks) override { inner_->idle(clocks); }
  std::uint64_t clocks() const override { return inner_->clocks(); }
  bool interrupt() override { return inner_->interrupt(); }
  void reset() override { inner_->reset(); }
  Device& inner() { return *inner_; }

 private:
  std::unique_ptr<Device> inner_;
};

}  // namespace hilbert
