// SPDX-License-Identifier: Apache-2.0
// The chip's end of a host port in memory: packets answered as rtl/README.md ("Host port") says, by any Device. Written
// from that text, with nothing of hilbert/port.hpp but the type of a packet.
#pragma once

#include <cstdint>
#include <cstring>
#include <functional>
#include <hilbert/device.hpp>
#include <hilbert/port.hpp>
#include <memory>
#include <utility>
#include <vector>

namespace hilbert {

class PacketModel final : public Port {
 public:
  explicit PacketModel(std::unique_ptr<Device> chip)
      : chip_(std::move(chip)), word_(chip_->capabilities().geometry.word_bytes()) {}

  /// May change what has been answered to `request`, the number of packets included.
  std::function<void(const Packet& request, std::vector<Packet>& responses)> sabotage;
  std::uint64_t idled = 0, restarts = 0;
  Device& chip() { return *chip_; }

  std::size_t word_bytes() const override { return word_; }
  std::vector<Packet> exchange(std::span<const Packet> requests) override {
    std::vector<Packet> responses;
    for (const Packet& request : requests) {
      std::vector<Packet> now{answer(request)};
      if (sabotage) sabotage(request, now);
      for (Packet& packet : now) responses.push_back(std::move(packet));
    }
    return responses;
  }
  void idle(std::uint64_t clocks) override {
    idled += clocks;
    chip_->idle(static_cast<std::uint32_t>(clocks));
  }
  std::uint64_t clocks() const override { return chip_->clocks(); }
  bool irq() override { return chip_->interrupt(); }
  void restart() override {
    ++restarts;
    chip_->reset();
  }

 private:
  static std::uint32_t number(const Packet& p, std::size_t at, std::size_t bytes) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < bytes; ++i) value |= std::to_integer<std::uint32_t>(p[at + i]) << 8 * i;
    return value;
  }

  Packet answer(const Packet& request) {
    const std::uint32_t op = number(request, 0, 1), count = number(request, 2, 2), address = number(request, 4, 4);
    const std::size_t beats = request.size() / word_ - 1;
    Packet response(op == 1 ? count * word_ : 0);
    std::uint32_t status = 0, failed = 0;
    const auto note = [&](std::uint32_t what, std::uint32_t where) {
      if (status == 0) status = what, failed = where;
    };
    if (op != 1 && op != 2) {
      note(1, address);
    } else if (count == 0 || (op == 1 && beats != 0)) {
      note(5, address);
    } else {
      const std::uint32_t step = address >= 0x8000'0000 ? 4 : static_cast<std::uint32_t>(word_);
      for (std::uint32_t i = 0; i < count && (op == 1 || i < beats); ++i) {
        const std::uint32_t here = address + i * step, came_to = beat(op, here, request, response, i);
        if (came_to != 0) note(came_to, here);
        if (came_to != 0 && came_to != 4) break;  // a poisoned beat does not end the burst
      }
    }
    if (op == 2 && beats != count) note(5, address);

    Packet last(word_);
    const std::uint32_t low = op | 0x80 | number(request, 1, 1) << 8 | status << 16;
    for (std::size_t i = 0; i < 4; ++i) last[i] = static_cast<std::byte>(low >> 8 * i);
    for (std::size_t i = 0; i < 4; ++i) last[4 + i] = static_cast<std::byte>(failed >> 8 * i);
    response.insert(response.end(), last.begin(), last.end());
    return response;
  }

  /// Beat i of a burst; returns its status.
  std::uint32_t beat(std::uint32_t op, std::uint32_t address, const Packet& request, Packet& response,
                     std::uint32_t i) {
    const bool is_register = address >= 0x8000'0000;
    if (address % (is_register ? 4 : word_) != 0) return 3;
    try {
      if (is_register && op == 1) {
        const std::uint32_t value = chip_->read_register(address);
        std::memcpy(&response[i * word_], &value, 4);
      } else if (is_register) {
        chip_->write_register(address, number(request, (i + 1) * word_, 4));
      } else if (op == 1) {
        chip_->read_words(address, std::span(response).subspan(i * word_, word_));
      } else {
        chip_->write_words(address, std::span(request).subspan((i + 1) * word_, word_));
      }
    } catch (const UncorrectableError&) {
      return 4;
    } catch (const Error&) {
      return 2;
    }
    return 0;
  }

  std::unique_ptr<Device> chip_;
  std::size_t word_;
};

}  // namespace hilbert
