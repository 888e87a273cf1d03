// SPDX-License-Identifier: Apache-2.0
// The registers of `model:`: what reading and writing them does (rtl/regs/tile.toml).
#include <fmt/format.h>

#include <algorithm>

#include "model_device.hpp"
#include "register_table.hpp"

namespace hilbert::device {

namespace {

namespace r = regs::tile;

constexpr bool is_semaphore(std::uint32_t offset) { return offset >= r::sem && offset < r::sem + 4 * r::sem_count; }
constexpr std::uint32_t index_of_semaphore(std::uint32_t offset) { return (offset - r::sem) / 4; }

}  // namespace

void ModelDevice::power_on() {
  values_ = {};
  for (const Register& entry : r::registers) {
    for (std::uint32_t i = 0; i < entry.count; ++i) value(entry.offset + 4 * i) = entry.reset;
  }
  const model::Geometry& g = geometry_;
  value(r::id) = r::id_value;
  value(r::version) = r::version_value;
  value(r::map_hash) = r::hash_value;
  value(r::cfg_array) = g.rows << r::cfg_array_rows_lsb | g.cols << r::cfg_array_cols_lsb |
                        g.depth << r::cfg_array_depth_lsb | regs::job::window << r::cfg_array_window_lsb;
  value(r::cfg_mem) = g.banks << r::cfg_mem_banks_lsb | g.word_bytes() << r::cfg_mem_word_bytes_lsb |
                      g.queue_slots << r::cfg_mem_queue_slots_lsb | r::sem_count << r::cfg_mem_semaphores_lsb;
  value(r::cfg_bank_bytes) = g.bank_bytes;
  value(r::cfg_features) = r::cfg_features_ecc_mask | r::cfg_features_scrub_mask;
  if (controller_bytes() != 0) value(r::cfg_features) |= r::cfg_features_controller_mask;
  if (g.links != 0) value(r::cfg_features) |= r::cfg_features_network_mask;
  tile_.semaphores() = {};
  controller_.power_on();
  network_.power_on();
  faults_ = {};
  running_ = waiting_ = false;
  sequence_ = 0;
  scrub_clocks_ = 0;
}

std::uint32_t ModelDevice::fetch_register(std::uint32_t address) {
  ++value(r::perf_host_beats);
  if (address >= link_register_base) return network_.read(address - link_register_base);
  if (address >= controller_register_base) {
    return controller_.read(address - controller_register_base, ModelController::Reader::host);
  }
  return read_tile_register(address - register_base);
}

void ModelDevice::store_register(std::uint32_t address, std::uint32_t written) {
  ++value(r::perf_host_beats);
  if (address >= link_register_base) {
    network_.write(address - link_register_base, written);
  } else if (address >= controller_register_base) {
    controller_.write(address - controller_register_base, written);
  } else {
    write_tile_register(address - register_base, written);
  }
}

std::optional<std::uint32_t> ModelDevice::core_read_register(std::uint32_t address) {
  if (find_register(address - register_base) == nullptr) return std::nullopt;
  if (address >= link_register_base) {
    if (geometry_.links == 0) return std::nullopt;
    return network_.read(address - link_register_base);
  }
  return read_tile_register(address - register_base);
}

bool ModelDevice::core_write_register(std::uint32_t address, std::uint32_t written) {
  const Register* entry = find_register(address - register_base);
  if (entry == nullptr || entry->access == Access::constant || entry->access == Access::ro) return false;
  if (address >= link_register_base) {
    if (geometry_.links == 0) return false;
    network_.write(address - link_register_base, written);
    return true;
  }
  write_tile_register(address - register_base, written);
  return true;
}

std::uint32_t ModelDevice::core_interrupts() {
  namespace c = regs::cpu;
  const bool queue = (value(r::irq_status) & (r::irq_status_done_mask | r::irq_status_error_mask)) != 0;
  const bool poison = (value(r::poison_status) & r::poison_status_valid_mask) != 0;
  return (queue ? c::irq_pending_queue_mask : 0) | (poison ? c::irq_pending_poison_mask : 0);
}

std::uint32_t ModelDevice::read_tile_register(std::uint32_t offset) {
  if (is_semaphore(offset)) return tile_.semaphores()[index_of_semaphore(offset)];
  if (offset == r::status && waiting_) {
    model::Words words;
    const auto slot = bytes_at(descriptor_address(geometry_, value(r::queue_head)), slot_bytes);
    std::copy(slot.begin(), slot.end(), std::as_writable_bytes(std::span(words)).begin());
    constexpr std::uint32_t stall_semaphore = 8u << r::status_stall_lsb;
    return value(r::status) | r::status_busy_mask | r::status_waiting_mask | stall_semaphore |
           (words[0] & 0xFF) << r::status_opcode_lsb;
  }
  return value(offset);
}

void ModelDevice::write_tile_register(std::uint32_t offset, std::uint32_t written) {
  const Register& entry = *find_register(offset);
  const bool was_enabled = (value(r::ctrl) & r::ctrl_enable_mask) != 0;
  if (entry.access == Access::w1c) value(offset) &= ~(written & entry.writable);

  if (offset == r::queue_tail) {
    // It moves forward only: what was submitted may have been fetched.
    const std::uint32_t tail = written & entry.writable;
    const std::uint32_t queued = (value(offset) - value(r::queue_head)) & 0xFFFF;
    const std::uint32_t added = (tail - value(offset)) & 0xFFFF;
    if (queued + added > geometry_.queue_slots) {
      value(r::status) |= r::status_queue_error_mask;
      value(r::irq_status) |= r::irq_status_error_mask;
      return;
    }
    value(offset) = tail;
  } else if (is_semaphore(offset)) {
    tile_.semaphores()[index_of_semaphore(offset)] = static_cast<std::uint16_t>(written & entry.writable);
  } else if (entry.access == Access::rw) {
    value(offset) = written & entry.writable;
  }

  switch (offset) {
    case r::ctrl:
      if ((written & r::ctrl_abort_mask) != 0) abort();
      if ((written & r::ctrl_perf_clear_mask) != 0) {
        for (const Register& counter : r::registers) {
          const bool ecc = counter.offset == r::ecc_corrected || counter.offset == r::ecc_scrubbed ||
                           counter.offset == r::ecc_uncorrectable;
          if (!ecc && counter.offset < r::perf_cycles) continue;
          for (std::uint32_t i = 0; i < counter.count; ++i) value(counter.offset + 4 * i) = 0;
        }
      }
      if ((written & r::ctrl_queue_reset_mask) != 0 && !was_enabled && (written & r::ctrl_enable_mask) == 0 &&
          !waiting_) {
        value(r::queue_tail) = value(r::queue_head) = 0;
        value(r::status) = 0;
      }
      break;
    case r::sem_post: {
      std::uint16_t& semaphore = tile_.semaphores()[(written & r::sem_post_index_mask) >> r::sem_post_index_lsb];
      const std::uint32_t sum = semaphore + ((written & r::sem_post_count_mask) >> r::sem_post_count_lsb);
      semaphore = static_cast<std::uint16_t>(std::min(sum, 0xFFFFu));
      break;
    }
    case r::heal:
      heal(written);
      break;
    case r::inject_go:
      if ((written & r::inject_go_go_mask) != 0) inject();
      break;
    default:
      break;
  }
  advance();
}

void ModelDevice::inject() {
  const std::uint32_t address = value(r::inject_addr);
  const std::uint32_t bits = value(r::inject_bits);
  const std::uint32_t bit0 = (bits & r::inject_bits_bit0_mask) >> r::inject_bits_bit0_lsb;
  const std::uint32_t bit1 = (bits & r::inject_bits_bit1_mask) >> r::inject_bits_bit1_lsb;
  const std::uint32_t lane = (bits & r::inject_bits_lane_mask) >> r::inject_bits_lane_lsb;
  const std::uint32_t word_bytes = geometry_.word_bytes();
  if (!is_memory(address) || bit0 > 71 || bit1 > 71 || lane >= word_bytes / 8) {
    value(r::inject_go) = r::inject_go_error_mask;
    return;
  }
  const std::uint32_t word = address - address % word_bytes;
  faults_.flip(word, lane, bit0);
  if (bit1 != bit0) faults_.flip(word, lane, bit1);
  value(r::inject_go) = 0;
  ++value(r::inject_count);
}

void ModelDevice::heal(std::uint32_t address) {
  value(r::heal) = is_memory(address) ? 0 : r::heal_error_mask;
  if (!is_memory(address)) return;
  const std::uint32_t word = address - address % geometry_.word_bytes();
  if (faults_.state(word) != WordState::uncorrectable) return;
  std::ranges::fill(bytes_at(word, geometry_.word_bytes()), std::byte{0});
  faults_.heal(word, geometry_.word_bytes());
  ++value(r::heal_count);
}

void ModelDevice::idle(std::uint32_t clocks) {
  if (board_ != nullptr) return board_->idle(*this, clocks);
  pass(clocks);
}

void ModelDevice::pass(std::uint32_t clocks) {
  controller_.run(clocks);
  network_.pass(clocks);
  const std::uint32_t interval = value(r::scrub_interval);
  if (interval == 0) return;
  constexpr std::uint32_t shortest = 16;
  scrub_clocks_ += clocks;
  const std::uint64_t words = scrub_clocks_ / std::max(interval, shortest);
  scrub_clocks_ %= std::max(interval, shortest);
  scrub(words);
}

void ModelDevice::scrub(std::uint64_t words) {
  const std::uint32_t word_bytes = geometry_.word_bytes();
  const std::uint32_t data_words = geometry_.data_bytes() / word_bytes;
  const std::uint32_t controller_first = data_words + queue_bytes(geometry_) / word_bytes;
  const std::uint32_t all_words = controller_first + controller_bytes() / word_bytes;
  std::uint32_t& address = value(r::scrub_addr);
  std::uint64_t position = address < queue_base ? address / word_bytes
                           : address < controller_memory_base
                               ? data_words + (address - queue_base) / word_bytes
                               : controller_first + (address - controller_memory_base) / word_bytes;
  const auto address_of = [&](std::uint64_t index) {
    return static_cast<std::uint32_t>(index < data_words ? index * word_bytes
                                      : index < controller_first
                                          ? queue_base + (index - data_words) * word_bytes
                                          : controller_memory_base + (index - controller_first) * word_bytes);
  };
  for (; words > 0 && !faults_.empty(); --words) {
    const std::uint32_t word = address_of(position);
    const WordState state = faults_.state(word);
    Ecc ecc;
    meet(word, word_bytes, Reader::scrubber, ecc);
    if (state == WordState::corrected) {
      ++value(r::ecc_scrubbed);
      faults_.heal(word, word_bytes);
    }
    if (++position == all_words) {
      position = 0;
      ++value(r::scrub_passes);
    }
  }
  value(r::scrub_passes) += static_cast<std::uint32_t>((position + words) / all_words);
  address = address_of((position + words) % all_words);
}

bool ModelDevice::interrupt() {
  return (value(r::irq_status) & value(r::irq_enable)) != 0 || controller_.interrupt() || network_.interrupt();
}

}  // namespace hilbert::device
