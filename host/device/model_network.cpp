// SPDX-License-Identifier: Apache-2.0
// Transfers of a chip, flit by flit, and the registers of rtl/regs/net.toml.
#include "model_network.hpp"

#include <algorithm>
#include <cstring>

namespace hilbert::device {

namespace {

namespace n = regs::net;

constexpr std::uint32_t network_offset = n::base - regs::link::base, link_bytes = regs::link::spacing;
constexpr unsigned port_up_x = 0, port_down_x = 1, port_up_y = 2, port_down_y = 3, port_tile = 4;
constexpr unsigned most_hops = 1024;  // a way is at most 30 long; wrong coordinates may lead in a circle
constexpr std::uint32_t header_words = 1, read_words = 2;

}  // namespace

ModelNetwork::ModelNetwork(model::Tile& tile, ModelChip& chip, const LinkShape& shape)
    : tile_(tile),
      chip_(chip),
      links_{ModelLink(*this, 0, shape), ModelLink(*this, 1, shape), ModelLink(*this, 2, shape),
             ModelLink(*this, 3, shape)} {
  const model::Geometry& g = tile.geometry();
  flit_bytes_ = std::min(regs::job::flit_bytes, (g.link_max_words - 1) * 8 / g.word_bytes() * g.word_bytes());
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
  for (ModelLink& link : links_) link.power_on();
}

void ModelNetwork::pass(std::uint32_t clocks) {
  for (ModelLink& link : links_) link.pass(clocks);
}

bool ModelNetwork::interrupt() const {
  return (values_[n::irq_status / 4] & values_[n::irq_enable / 4]) != 0 ||
         std::ranges::any_of(links_, &ModelLink::interrupt);
}

std::uint32_t ModelNetwork::read(std::uint32_t offset) const {
  if (offset < network_offset) return links_[offset / link_bytes].read(offset % link_bytes);
  return values_[(offset - network_offset) / 4];
}

void ModelNetwork::write(std::uint32_t offset, std::uint32_t written) {
  if (offset < network_offset) return links_[offset / link_bytes].write(offset % link_bytes, written);
  offset -= network_offset;
  const auto entry =
      std::find_if(std::begin(n::registers), std::end(n::registers), [&](const auto& r) { return r.offset == offset; });
  if (entry->access == regs::Access::w1c) {
    value(offset) &= ~(written & entry->writable);
  } else {
    value(offset) = written & entry->writable;
  }
}

/// First along x, then along y.
unsigned ModelNetwork::way(std::uint32_t to) const {
  const unsigned x = to & 0xF, y = to >> 4, here_x = place() & 0xF, here_y = place() >> 4;
  if (x != here_x) return x > here_x ? port_up_x : port_down_x;
  if (y != here_y) return y > here_y ? port_up_y : port_down_y;
  return port_tile;
}

/// A way that PORTS has, and that neither turns from y to x nor goes back.
bool ModelNetwork::open(unsigned from, unsigned to) const {
  if (to == port_tile) return true;
  const bool from_y = from == port_up_y || from == port_down_y;
  return from != to && !(from_y && to <= port_down_x) && (values_[n::ports / 4] >> to & 1U) != 0;
}

/// The network where a flit of this chip's tile comes out; nullptr where it was thrown away, and counted.
ModelNetwork* ModelNetwork::carry(const Flit& flit) {
  const unsigned channel = flit.op == Op::data ? 1 : 0;
  value(n::words_out + 4 * channel) += flit.words;
  ModelNetwork* at = this;
  unsigned from = port_tile;
  for (unsigned hop = 0; hop < most_hops; ++hop) {
    const unsigned to = at->way(flit.to);
    if (!at->open(from, to)) break;
    if (to == port_tile) {
      at->value(n::words_in + 4 * channel) += flit.words;
      return at;
    }
    const ModelLink* const end = at->links_[to].carry(channel, flit.words);
    if (end == nullptr) return nullptr;
    at = &end->network();
    from = end->port();
  }
  at->lose();
  return nullptr;
}

void ModelNetwork::lose() {
  ++value(n::no_routes);
  value(n::irq_status) |= n::irq_status_no_route_mask;
}

/// Whether what a flit is to hold is good.
bool ModelNetwork::may_read(std::uint32_t address, std::uint32_t bytes) {
  const auto bad = chip_.network_reads(address, bytes);
  if (!bad) return true;
  if ((value(n::irq_status) & n::irq_status_poison_mask) == 0) value(n::poison_addr) = *bad;
  value(n::irq_status) |= n::irq_status_poison_mask;
  ++value(n::poisoned);
  return false;
}

void ModelNetwork::store(const ModelNetwork& source, std::uint32_t to, std::uint32_t from, std::uint32_t bytes) {
  std::memmove(&tile_.memory()[to], &source.tile_.memory()[from], bytes);
  chip_.network_wrote(to, bytes);
}

bool ModelNetwork::send(unsigned x, unsigned y, std::uint32_t to, std::uint32_t from, std::uint32_t bytes) {
  for (std::uint32_t done = 0; done < bytes;) {
    const std::uint32_t size = std::min(flit_bytes_, bytes - done);
    if (!may_read(from + done, size)) return false;
    ModelNetwork* const target = carry({Op::write, x | y << 4, header_words + size / 8});
    if (target != nullptr) target->store(*this, to + done, from + done, size);
    done += size;
  }
  return true;
}

bool ModelNetwork::get(unsigned x, unsigned y, std::uint32_t from, std::uint32_t to, std::uint32_t bytes) {
  for (std::uint32_t done = 0; done < bytes;) {
    const std::uint32_t size = std::min(flit_bytes_, bytes - done);
    ModelNetwork* const source = carry({Op::read, x | y << 4, read_words});
    if (source == nullptr) return give_up_get(), false;
    const bool good = source->may_read(from + done, size);
    ModelNetwork* const back = source->carry({Op::data, place(), header_words + (good ? size / 8 : 0)});
    if (back != nullptr && back != this) {  // two chips with this one's coordinates
      back->value(n::irq_status) |= n::irq_status_bad_flit_mask;
      ++back->value(n::bad_flits);
    }
    if (!good || back != this) return give_up_get(), false;
    store(*source, to + done, from + done, size);
    done += size;
  }
  return true;
}

void ModelNetwork::give_up_get() {
  ++value(n::gets_lost);
  value(n::irq_status) |= n::irq_status_get_lost_mask;
}

void ModelNetwork::signal(unsigned x, unsigned y, unsigned semaphore, unsigned count) {
  ModelNetwork* const target = carry({Op::signal, x | y << 4, header_words});
  if (target == nullptr) return;
  target->tile_.signal(semaphore, count);
  target->chip_.network_signalled();
}

}  // namespace hilbert::device
