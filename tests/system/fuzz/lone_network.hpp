// SPDX-License-Identifier: Apache-2.0
// What rtl/net/README.md says of the transfers of a chip without neighbours: to itself they arrive, all others have no
// way.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <hilbert/model/tile.hpp>
#include <set>
#include <vector>

namespace hilbert::test {

/// Counters of rtl/regs/net.toml, since reset.
struct NetworkCounts {
  std::uint32_t transfers = 0, no_routes = 0, gets_lost = 0;
  std::array<std::uint32_t, 2> words_out{}, words_in{};  ///< by channel

  bool operator==(const NetworkCounts&) const = default;
};

class LoneNetwork final : public model::Network {
 public:
  explicit LoneNetwork(model::Tile& tile) : tile_(tile), geometry_(tile.geometry()) {}

  /// PLACE: x in bits 3:0, y in 7:4.
  void set_place(std::uint8_t place) { place_ = place; }
  [[nodiscard]] bool reaches_itself(const model::Descriptor& job) const { return (job.seed & 0xFF) == place_; }

  /// What a legal transfer adds. A GET that gets no answer has sent as many READs as may wait for one, or, of a device
  /// without time, the first of them.
  [[nodiscard]] NetworkCounts counts_of(const model::Descriptor& job, bool timeless) const;

  bool send(unsigned x, unsigned y, std::uint32_t to, std::uint32_t from, std::uint32_t bytes) override;
  bool get(unsigned x, unsigned y, std::uint32_t from, std::uint32_t to, std::uint32_t bytes) override;
  void signal(unsigned x, unsigned y, unsigned semaphore, unsigned count) override;

 private:
  [[nodiscard]] bool here(unsigned x, unsigned y) const { return (x | y << 4) == place_; }

  model::Tile& tile_;
  model::Geometry geometry_;
  std::uint8_t place_ = 0;
};

inline NetworkCounts LoneNetwork::counts_of(const model::Descriptor& job, bool timeless) const {
  using model::Opcode;
  const std::uint32_t word = geometry_.word_bytes();
  const std::uint32_t flit = std::min(1024 / word, (geometry_.link_max_words - 1) * 8 / word);  // memory words
  const std::uint32_t window = flit * word < 256 ? 16 : 4;  // READs without an answer
  const bool moves = job.opcode != Opcode::signal, arrives = reaches_itself(job);
  const std::uint32_t flits = moves ? job.m * ((job.n + flit - 1) / flit) : 0;
  const std::uint32_t words = moves ? job.m * job.n * (word / 8) : 0;

  NetworkCounts c;
  if (job.opcode == Opcode::get) {
    const std::uint32_t reads = arrives ? flits : timeless ? 1 : std::min(flits, window);
    c.words_out[0] = 2 * reads;
    (arrives ? c.words_in[0] : c.no_routes) = arrives ? 2 * reads : reads;
    if (arrives) c.words_out[1] = c.words_in[1] = flits + words;
    (arrives ? c.transfers : c.gets_lost) = 1;
    return c;
  }
  const std::uint32_t signals = job.there_count() != 0 ? 1 : 0;
  c.words_out[0] = flits + words + signals;
  if (arrives) {
    c.words_in[0] = c.words_out[0];
  } else {
    c.no_routes = flits + signals;
  }
  c.transfers = 1;
  return c;
}

inline bool LoneNetwork::send(unsigned x, unsigned y, std::uint32_t to, std::uint32_t from, std::uint32_t bytes) {
  if (here(x, y)) std::memmove(&tile_.memory()[to], &tile_.memory()[from], bytes);
  return true;
}

inline bool LoneNetwork::get(unsigned x, unsigned y, std::uint32_t from, std::uint32_t to, std::uint32_t bytes) {
  return here(x, y) && send(x, y, to, from, bytes);
}

inline void LoneNetwork::signal(unsigned x, unsigned y, unsigned semaphore, unsigned count) {
  if (here(x, y)) tile_.signal(semaphore, count);
}

/// The words of a region of `rows` rows of `words` words, as indices in memory, each as often as it is met.
inline std::vector<std::uint32_t> words_of(const model::Region& region, std::uint32_t rows, std::uint32_t words,
                                           const model::Geometry& geometry) {
  std::vector<std::uint32_t> all;
  for (std::uint32_t i = 0; i < rows; ++i) {
    for (std::uint32_t j = 0; j < words; ++j) {
      all.push_back((region.base + i * region.stride) / geometry.word_bytes() + j);
    }
  }
  return all;
}

/// Of a transfer that reaches the chip itself: whether it may read what it has written. Then the order of reads and
/// writes, which is nobody's promise, shows: what is certain is that every word of D comes from one of A.
inline bool feeds_itself(const model::Descriptor& job, const model::Geometry& geometry) {
  if (job.opcode == model::Opcode::signal) return false;
  const auto read = words_of(job.a_at, job.m, job.n, geometry), written = words_of(job.d_at, job.m, job.n, geometry);
  const std::set<std::uint32_t> both(read.begin(), read.end());
  return std::ranges::any_of(written, [&](std::uint32_t word) { return both.contains(word); });
}

}  // namespace hilbert::test
