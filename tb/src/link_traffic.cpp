// SPDX-License-Identifier: Apache-2.0
// Clients of a link.
#include "hilbert/tb/link_traffic.hpp"

#include <hilbert/crc32c.hpp>

namespace hilbert::tb {
namespace {

constexpr std::uint64_t factor = 0x9E3779B97F4A7C15;  // odd, so that multiplying can be undone

/// Newton's iteration doubles the bits that are right: 3 to begin with.
constexpr std::uint64_t inverse(std::uint64_t odd) {
  std::uint64_t x = odd;
  for (int i = 0; i < 5; ++i) x *= 2 - odd * x;
  return x;
}
static_assert(factor * inverse(factor) == 1);

constexpr std::uint64_t mix(std::uint64_t x) {
  x *= factor;
  x ^= x >> 32;
  x *= factor;
  return x ^ x >> 29;
}

constexpr std::uint64_t unmix(std::uint64_t x) {
  x ^= x >> 29 ^ x >> 58;
  x *= inverse(factor);
  x ^= x >> 32;
  return x * inverse(factor);
}
static_assert(unmix(mix(0x0123456789ABCDEF)) == 0x0123456789ABCDEF && unmix(mix(~0ULL)) == ~0ULL);

constexpr unsigned length_bits = 8;
constexpr std::uint64_t far = 100'000;                     // flits; no flit is lost or doubled by more
constexpr std::uint64_t payload_key = 0xD1B54A32D192ED03;  // words behind the first one are others than any first one

/// A framing word of any kind with a right check of its content, as a receiver that hunts would like to see it.
std::uint64_t forged(std::uint64_t hash) {
  const auto content = static_cast<std::uint32_t>((hash >> 8 & ~std::uint64_t{3}) | (hash >> 4) % 3);
  return std::uint64_t{~crc32c(~0U, content, 4)} << 32 | content;
}

}  // namespace

std::uint64_t FlitCode::first_word(Head head) const { return mix((head.index << length_bits | head.words) ^ key_); }

std::uint64_t FlitCode::word(std::uint64_t index, unsigned position) const {
  const std::uint64_t hash = mix((index << length_bits | position) ^ key_ ^ payload_key);
  return (hash & 0xF) == 0 ? forged(hash) : hash;
}

FlitCode::Head FlitCode::head_of(std::uint64_t first_word) const {
  const std::uint64_t head = unmix(first_word) ^ key_;
  return {head >> length_bits, static_cast<unsigned>(head & ((1U << length_bits) - 1))};
}

void LinkSender::set_mix(const FlitMix& mix) {
  mix_ = mix;
  stalls_ = Stalls(random_(), mix.stall);
}

void LinkSender::drive(LinkInputs::Vc& pins) {
  if (!offered_) {
    if (held_ || stalls_.next()) {
      pins.tx_valid = false;
      return;
    }
    offered_ = true;
    position_ = 0;
    length_ = mix_.min_words + static_cast<unsigned>(random_() % (mix_.max_words - mix_.min_words + 1));
  }
  pins.tx_valid = true;
  pins.tx_words = static_cast<std::uint8_t>(length_);
  pins.tx_last = position_ + 1 == length_;
  pins.tx_data = position_ == 0 ? code_.first_word({index_, length_}) : code_.word(index_, position_);
}

void LinkSender::sample(const LinkInputs::Vc& pins, const LinkOutputs::Vc& out) {
  if (!pins.tx_valid || !out.tx_ready) return;
  ++words_;
  if (++position_ < length_) return;
  ++index_;
  offered_ = false;
}

void LinkSender::cut() {
  if (offered_ && position_ > 0) ++index_;
  offered_ = false;
}

void LinkReceiver::set_stall(double stall) { stalls_ = Stalls(++seed_, stall); }

void LinkReceiver::refuse(const std::string& what) {
  if (!tolerant_) throw LinkViolation(what);
  bad_ = true;
}

void LinkReceiver::begin(const LinkOutputs::Vc& out) {
  const FlitCode::Head head = code_.head_of(out.rx_data);
  index_ = head.index;
  length_ = out.rx_words;
  bad_ = false;
  sessions_.erase(sessions_.begin(), sessions_.upper_bound(next_));
  if (index_ > next_ && sessions_.count(index_) != 0) {
    skipped_ += index_ - next_;
  } else if (index_ != next_) {
    // A first word that is damaged is far off; one that is not is a flit lost, doubled or out of order.
    const bool near = index_ - next_ + far < 2 * far;
    refuse("flit " + std::to_string(index_) + " where " + std::to_string(next_) + " is next: " +
           (!near            ? "its first word is damaged"
            : index_ < next_ ? "received twice, or out of order"
                             : "lost, or out of order"));
    if (!near) index_ = next_;
  }
  next_ = index_;
  if (length_ != head.words) {
    refuse("flit " + std::to_string(index_) + ": " + std::to_string(length_) + " words, sent were " +
           std::to_string(head.words));
  }
}

void LinkReceiver::sample(const LinkInputs::Vc& pins, const LinkOutputs::Vc& out) {
  if (!out.rx_valid) {
    if (position_ > 0)
      throw LinkViolation("flit " + std::to_string(index_) + ": a gap, though it was offered as whole");
    return;
  }
  if (!pins.rx_ready) return;
  if (position_ == 0) {
    begin(out);
  } else if (out.rx_data != code_.word(index_, position_)) {
    refuse("flit " + std::to_string(index_) + ": word " + std::to_string(position_) + " of " + std::to_string(length_) +
           " is damaged");
  }
  ++words_;
  ++position_;
  if (out.rx_last != (position_ == length_)) {
    throw LinkViolation("flit " + std::to_string(index_) + ": last is wrong at word " + std::to_string(position_) +
                        " of " + std::to_string(length_));
  }
  if (position_ < length_) return;
  position_ = 0;
  next_ = index_ + 1;
  ++flits_;
  damaged_ += bad_;
}

}  // namespace hilbert::tb
