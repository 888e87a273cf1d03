// SPDX-License-Identifier: Apache-2.0
// Transfers of a chip alone, flit by flit, and the registers of rtl/regs/net.toml.
#include "model_network.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace hilbert::device {

namespace {

namespace n = regs::net;

}  // namespace

ModelNetwork::ModelNetwork(model::Tile& tile, ModelChip& chip) : tile_(tile), chip_(chip) {
  const model::Geometry& g = tile.geometry();
  flit_bytes_ = std::min(1024u, (g.link_max_words - 1) * 8 / g.word_bytes() * g.word_bytes());
}

void ModelNetwork::power_on() {
  values_ = {};
  for (const regs::Register& entry : n::registers) value(entry.offset) = entry.reset;
  const model::Geometry& g = tile_.geometry();
  value(n::id) = n::id_value;
  value(n::version) = n::version_value;
  value(n::map_hash) = n::hash_value;
  value(n::cfg) = g.links << n::cfg_links_lsb | g.link_max_words << n::cfg_max_words_lsb |
                  flit_bytes_ / g.word_bytes() << n::cfg_flit_words_lsb |
                  (flit_bytes_ < 256 ? 16u : 4u) << n::cfg_window_lsb;
}

bool ModelNetwork::interrupt() const { return (values_[n::irq_status / 4] & values_[n::irq_enable / 4]) != 0; }

void ModelNetwork::write(std::uint32_t offset, std::uint32_t written) {
  const auto entry =
      std::find_if(std::begin(n::registers), std::end(n::registers), [&](const auto& r) { return r.offset == offset; });
  if (entry->access == regs::Access::w1c) {
    value(offset) &= ~(written & entry->writable);
  } else {
    value(offset) = written & entry->writable;
  }
}

void ModelNetwork::lose(std::uint32_t flits) {
  value(n::no_routes) += flits;
  value(n::irq_status) |= n::irq_status_no_route_mask;
}

ModelNetwork* ModelNetwork::find(unsigned x, unsigned y) {
  if (value(n::place) == (x | y << 4)) return this;
  return peers_ ? peers_(x, y) : nullptr;
}

/// Flits of a row, from this chip's memory, up to one that meets an uncorrectable word; the bytes moved.
std::uint32_t ModelNetwork::move_to(ModelNetwork& target, std::uint32_t to, std::uint32_t from, std::uint32_t bytes) {
  for (std::uint32_t done = 0; done < bytes;) {
    const std::uint32_t size = std::min(flit_bytes_, bytes - done);
    if (const auto bad = chip_.network_reads(from + done, size)) {
      if ((value(n::irq_status) & n::irq_status_poison_mask) == 0) value(n::poison_addr) = *bad;
      value(n::irq_status) |= n::irq_status_poison_mask;
      ++value(n::poisoned);
      return done;
    }
    std::memmove(&target.tile_.memory()[to + done], &tile_.memory()[from + done], size);
    target.chip_.network_wrote(to + done, size);
    done += size;
  }
  return bytes;
}

bool ModelNetwork::send(unsigned x, unsigned y, std::uint32_t to, std::uint32_t from, std::uint32_t bytes) {
  if (ModelNetwork* target = find(x, y)) return move_to(*target, to, from, bytes) == bytes;
  lose((bytes + flit_bytes_ - 1) / flit_bytes_);
  return true;
}

bool ModelNetwork::get(unsigned x, unsigned y, std::uint32_t from, std::uint32_t to, std::uint32_t bytes) {
  ModelNetwork* source = find(x, y);
  if (source != nullptr && source->move_to(*this, to, from, bytes) == bytes) return true;
  if (source == nullptr) lose(1);
  ++value(n::gets_lost);
  value(n::irq_status) |= n::irq_status_get_lost_mask;
  return false;
}

void ModelNetwork::signal(unsigned x, unsigned y, unsigned semaphore, unsigned count) {
  ModelNetwork* target = find(x, y);
  if (target == nullptr) return lose(1);
  target->tile_.signal(semaphore, count);
  target->chip_.network_signalled();
}

}  // namespace hilbert::device
