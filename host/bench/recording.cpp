// SPDX-License-Identifier: Apache-2.0
// Recording and replay.
#include "bench/recording.hpp"

#include <cstring>

namespace hilbert::bench {

Recording::Mark Recording::mark() {
  new_stretch_ = true;
  return stretches_.size();
}

std::uint32_t Recording::number_of(std::span<const std::byte> beat) {
  const std::string bytes(reinterpret_cast<const char*>(beat.data()), beat.size());
  const auto [at, fresh] = numbers_.try_emplace(bytes, static_cast<std::uint32_t>(numbers_.size()));
  if (fresh) beats_.insert(beats_.end(), beat.begin(), beat.end());
  return at->second;
}

void Recording::add(const tb::HostPins& pins, std::uint64_t clocks) {
  // Data without valid mean nothing: whatever they are, the stretch goes on.
  const std::uint32_t beat = pins.req_valid != 0 ? number_of(pins.req_data) : 0;
  const Stretch now{pins.req_valid, pins.req_last, pins.rsp_ready, beat, clocks};
  if (!new_stretch_) {
    Stretch& last = stretches_.back();
    if (last.req_valid == now.req_valid && last.req_last == now.req_last && last.rsp_ready == now.rsp_ready &&
        last.beat == now.beat) {
      last.clocks += clocks;
      return;
    }
  }
  new_stretch_ = false;
  stretches_.push_back(now);
}

void Recording::drive(const tb::HostPins& pins, const Stretch& stretch) const {
  pins.req_valid = stretch.req_valid;
  pins.req_last = stretch.req_last;
  pins.rsp_ready = stretch.rsp_ready;
  const std::size_t word = pins.req_data.size();
  if (stretch.req_valid != 0) std::memcpy(pins.req_data.data(), beats_.data() + stretch.beat * word, word);
}

std::uint64_t Recording::replay(tb::Chip& chip, Mark from, Mark to) const {
  const tb::HostPins pins = chip.host();
  std::uint64_t clocks = 0;
  for (Mark i = from; i < to; ++i) {
    drive(pins, stretches_[i]);
    chip.run(stretches_[i].clocks);
    clocks += stretches_[i].clocks;
  }
  return clocks;
}

std::uint64_t Recording::replay_watching(tb::Chip& chip, Mark from, Mark to) const {
  const tb::HostPins pins = chip.host();
  ResponseWatch watch;
  for (Mark i = from; i < to; ++i) {
    drive(pins, stretches_[i]);
    for (std::uint64_t clock = 0; clock < stretches_[i].clocks; ++clock) {
      chip.settle();
      watch.look(pins);
      chip.edge();
    }
  }
  return watch.value();
}

void ResponseWatch::look(const tb::HostPins& pins) {
  ++clock_;
  if (pins.rsp_valid == 0 || pins.rsp_ready == 0) return;
  const auto mix = [&](std::uint64_t byte) { value_ = (value_ ^ byte) * 0x100'0000'01B3; };
  mix(clock_);
  mix(pins.rsp_last);
  for (const std::byte b : pins.rsp_data) mix(std::to_integer<std::uint64_t>(b));
}

}  // namespace hilbert::bench
