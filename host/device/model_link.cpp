// SPDX-License-Identifier: Apache-2.0
// Which of two joined ends are active, on which lanes, and why not (rtl/link/README.md).
#include "model_link.hpp"

#include <algorithm>
#include <bit>
#include <limits>

#include "register_table.hpp"

namespace hilbert::device {

namespace {

namespace r = regs::link;

constexpr std::uint32_t mode_reserved = 3;
constexpr std::uint32_t protocol = 1, counter_bits = 32;
constexpr unsigned most_skew = 15;  // clocks that deskew makes up for

const Register& entry_at(std::uint32_t offset) {
  return *std::ranges::find_if(
      r::registers, [&](const Register& e) { return offset >= e.offset && offset < e.offset + 4 * e.count; });
}

/// Of the lanes that work: all four, else the lowest two, else the one.
constexpr std::uint32_t pick(std::uint32_t working) {
  if (working == 0xF) return working;
  const std::uint32_t lowest = working & (0 - working), rest = working & ~lowest;
  return lowest | (rest & (0 - rest));
}

}  // namespace

ModelLink::ModelLink(ModelNetwork& network, unsigned port, const LinkShape& shape)
    : network_(network), port_(port), shape_(shape) {}

void ModelLink::join(ModelLink& a, ModelLink& b, const ModelWires& wires) {
  a.partner_ = &b;
  b.partner_ = &a;
  a.wires_ = b.wires_ = wires;
}

void ModelLink::power_on() {
  values_ = {};
  for (const Register& entry : r::registers) value(entry.offset) = entry.reset;
  value(r::id) = r::id_value;
  value(r::version) = r::version_value;
  value(r::map_hash) = r::hash_value;
  value(r::cfg) = shape_.lanes << r::cfg_lanes_lsb | protocol << r::cfg_protocol_lsb |
                  shape_.max_words << r::cfg_max_words_lsb | shape_.window << r::cfg_window_lsb |
                  counter_bits << r::cfg_counter_bits_lsb;
  value(r::cfg_buffers) =
      shape_.buffer_words << r::cfg_buffers_buffer_words_lsb | shape_.replay_words << r::cfg_buffers_replay_words_lsb;
  value(r::lane_enable) = (1U << shape_.lanes) - 1;
  state_ = State::off;
  change();
}

std::uint32_t ModelLink::mode() const { return value(r::ctrl) & r::ctrl_mode_mask; }
bool ModelLink::sends() const { return mode() == r::mode_normal; }

/// Lanes on which sets of the partner come.
std::uint32_t ModelLink::heard() const {
  if (partner_ == nullptr || !partner_->sends() || !sends()) return 0;
  return value(r::lane_enable) & partner_->value(r::lane_enable) & ~wires_.dead_lanes;
}

bool ModelLink::skewed() const {
  unsigned least = std::numeric_limits<unsigned>::max(), most = 0;
  for (unsigned lane = 0; lane < shape_.lanes; ++lane) {
    if ((pick(heard()) >> lane & 1U) == 0) continue;
    least = std::min(least, wires_.skew_clocks[lane]);
    most = std::max(most, wires_.skew_clocks[lane]);
  }
  return most > least && most - least > most_skew;
}

/// After anything that concerns one end or the other.
void ModelLink::change() {
  const bool both = partner_ != nullptr && ready() && partner_->ready();
  const bool agreed = both && (state_ == State::active || (heard() != 0 && !skewed()));
  resolve(agreed);
  if (partner_ != nullptr) partner_->resolve(agreed);
}

void ModelLink::resolve(bool agreed) {
  if (!sends()) {
    if (state_ != State::down) state_ = State::off;  // down lasts until a session is opened
    lanes_ = 0;
    return;
  }
  if (state_ == State::off || (state_ == State::active && !agreed)) {
    if (state_ == State::active) {
      ++value(r::retrainings);
      value(r::irq_status) |= r::irq_status_retrain_mask;
    }
    state_ = State::hello;
    lanes_ = waited_ = 0;
  }
  if (state_ != State::hello || !agreed) return;
  state_ = State::active;
  lanes_ = pick(heard());
  const LinkShape& other = partner_->shape_;
  value(r::partner_node) = partner_->value(r::node);
  value(r::partner_settings) =
      other.max_words << r::partner_settings_max_words_lsb |
      static_cast<std::uint32_t>(std::countr_zero(other.buffer_words)) << r::partner_settings_log2_buffer_lsb |
      other.lanes << r::partner_settings_lanes_lsb | protocol << r::partner_settings_protocol_lsb;
  value(r::irq_status) |= r::irq_status_up_mask;
  if (lanes_ != value(r::lane_enable)) value(r::irq_status) |= r::irq_status_degraded_mask;
}

void ModelLink::pass(std::uint32_t clocks) {
  if (state_ != State::hello) return;
  const std::uint32_t limit = value(r::train_timeout);
  waited_ += std::min(clocks, std::numeric_limits<std::uint32_t>::max() - waited_);
  if (limit != 0 && waited_ >= limit) fail();
}

void ModelLink::fail() {
  state_ = State::down;
  value(r::reason) = skewed()                          ? r::reason_deskew
                     : heard() == 0                    ? r::reason_no_partner
                     : partner_->state_ == State::down ? r::reason_partner_down
                                                       : r::reason_timeout;
  value(r::irq_status) |= r::irq_status_down_mask;
}

bool ModelLink::interrupt() const { return (value(r::irq_status) & value(r::irq_enable)) != 0; }

std::uint32_t ModelLink::read(std::uint32_t offset) const {
  if (offset == r::lanes_heard) {
    const std::uint32_t mine = sends() ? heard() : 0;
    return mine << r::lanes_heard_heard_lsb | mine << r::lanes_heard_partner_lsb;
  }
  if (offset != r::status) return value(offset);
  const State shown = mode() == r::mode_bert ? State::bert : sends() ? state_ : State::off;
  const auto width = static_cast<std::uint32_t>(std::popcount(lanes_));
  return static_cast<std::uint32_t>(shown) << r::status_state_lsb |
         (shown == State::active ? r::status_up_mask : r::status_hunting_mask) | width << r::status_tx_width_lsb |
         width << r::status_rx_width_lsb | lanes_ << r::status_tx_lanes_lsb | lanes_ << r::status_rx_lanes_lsb;
}

void ModelLink::write(std::uint32_t offset, std::uint32_t written) {
  const Register& entry = entry_at(offset);
  if (entry.access == Access::w1c) {
    value(offset) &= ~(written & entry.writable);
  } else if (entry.access == Access::rw) {
    value(offset) = written & entry.writable;
  }
  if (offset == r::lane_enable) value(offset) &= (1U << shape_.lanes) - 1;
  if (offset != r::ctrl) return;
  if (mode() == mode_reserved) value(r::ctrl) &= ~r::ctrl_mode_mask;
  if ((written & r::ctrl_clear_mask) != 0) {
    std::fill(values_.begin() + r::tx_flits / 4, values_.end(), 0);
  }
  if ((written & r::ctrl_open_mask) != 0 && state_ == State::down) state_ = State::off;
  change();
}

ModelLink* ModelLink::carry(unsigned channel, std::uint32_t words) {
  if (state_ != State::active) {
    value(r::discarded) += words;
    return nullptr;
  }
  const std::uint32_t of_channel = 4 * channel;
  ++value(r::tx_flits + of_channel);
  ++value(r::sent_flits + of_channel);
  value(r::tx_words + of_channel) += words;
  value(r::sent_words) += words;
  ++partner_->value(r::rx_flits + of_channel);
  partner_->value(r::rx_words + of_channel) += words;
  partner_->value(r::got_words) += words;
  return partner_;
}

}  // namespace hilbert::device
