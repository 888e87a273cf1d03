// SPDX-License-Identifier: Apache-2.0
// Random and near-valid descriptors on a device, against the reference model.
#include "fuzz.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <hilbert/model/layout.hpp>
#include <random>
#include <span>
#include <tile_regs.hpp>

#include "descriptors.hpp"

namespace hilbert::test {

namespace {

namespace r = regs::tile;
using model::Completion;
using model::Descriptor;
using model::Opcode;
using model::PanelLayout;
using model::Status;
using model::Words;
using Bytes = std::vector<std::byte>;

constexpr std::uint32_t slice_clocks = 32;  ///< between two looks at the queue

std::uint32_t panels(std::uint32_t rows, std::uint32_t of) { return (rows + of - 1) / of; }

/// Clocks in which a job must end: what it reads, computes and writes, each eight times over.
std::uint64_t patience_for(const Words& words, const model::Geometry& g) {
  constexpr std::uint64_t overhead = 1000;
  if (model::check(words, g).status != Status::ok) return overhead;
  const Descriptor d = Descriptor::unpack(words);
  std::uint64_t work = 0;
  if (d.opcode == Opcode::gemm) {
    const std::uint64_t blocks = std::uint64_t{panels(d.m, g.rows)} * panels(d.n, g.cols);
    work = blocks * (3 * panels(d.k, g.depth) + 3 * g.rows * g.cols / g.lanes() + 2);
  } else if (d.opcode == Opcode::convert) {
    work = 2ull * panels(d.m, g.rows) * (panels(d.n, g.depth) * g.rows * g.depth / g.lanes() + 2);
  } else if (d.opcode != Opcode::sync) {
    work = 2ull * d.m * d.n;
  }
  return overhead + 8 * work;
}

/// Whether memory changed anywhere but in D's panels. Told from the descriptor alone: the model must keep it too.
bool only_d_changed(const Words& words, Status status, const model::Geometry& g, std::span<const std::byte> before,
                    std::span<const std::byte> after) {
  const Descriptor d = Descriptor::unpack(words);
  std::vector<bool> may(g.data_bytes() / g.word_bytes());
  if (status == Status::ok && d.opcode != Opcode::sync) {
    const bool linear = d.opcode == Opcode::copy || d.opcode == Opcode::fill;
    const PanelLayout layout{d.m,           d.n, g.rows, g.depth, static_cast<std::uint32_t>(element_bytes(d.d.format)),
                             g.word_bytes()};
    const std::uint32_t count = linear ? d.m : layout.panels();
    const std::uint64_t size = linear ? d.n : layout.panel_bytes() / g.word_bytes();
    for (std::uint64_t p = 0; p < count; ++p) {
      const std::uint64_t first = (d.d_at.base + p * d.d_at.stride) / g.word_bytes();
      std::fill_n(may.begin() + static_cast<std::ptrdiff_t>(first), size, true);
    }
  }
  for (std::size_t w = 0; w < may.size(); ++w) {
    const std::size_t at = w * g.word_bytes();
    if (!may[w] && std::memcmp(&before[at], &after[at], g.word_bytes()) != 0) return false;
  }
  return true;
}

struct Extent {
  std::uint32_t word;  ///< of the descriptor: the base
  std::uint64_t bytes;
};

/// The regions that a descriptor uses, D last.
std::vector<Extent> extents(const Descriptor& d, const model::Geometry& g) {
  const auto matrix = [&](std::uint32_t rows, std::uint32_t cols, std::uint32_t panel_rows, model::Format f,
                          std::uint32_t stride) {
    const PanelLayout layout{rows,          cols, panel_rows, g.depth, static_cast<std::uint32_t>(element_bytes(f)),
                             g.word_bytes()};
    return layout.extent(stride);
  };
  const auto lines = [&](std::uint32_t stride) { return (d.m - 1) * std::uint64_t{stride} + d.n * g.word_bytes(); };
  switch (d.opcode) {
    case Opcode::gemm: {
      std::vector<Extent> all{{5, matrix(d.m, d.k, g.rows, d.a.format, d.a_at.stride)},
                              {6, matrix(d.n, d.k, g.cols, d.b.format, d.b_at.stride)}};
      if (d.accumulate) all.push_back({7, matrix(d.m, d.n, g.rows, model::Format::fp32, d.c_at.stride)});
      all.push_back({8, matrix(d.m, d.n, g.rows, d.d.format, d.d_at.stride)});
      return all;
    }
    case Opcode::convert:
      return {{5, matrix(d.m, d.n, g.rows, d.a.format, d.a_at.stride)},
              {8, matrix(d.m, d.n, g.rows, d.d.format, d.d_at.stride)}};
    case Opcode::copy:
      return {{5, lines(d.a_at.stride)}, {8, lines(d.d_at.stride)}};
    default:
      return {};
  }
}

/// Moves a region of a legal descriptor so that it just misses another, or just meets it.
void touch(Words& words, const model::Geometry& g, Maker& maker) {
  const std::vector<Extent> all = extents(Descriptor::unpack(words), g);
  if (all.empty()) return;
  const Extent& d = all.back();
  const Extent& other = all[maker.below(static_cast<std::uint32_t>(all.size()) - 1)];
  const auto& [first, second] = maker.below(2) ? std::pair(d, other) : std::pair(other, d);
  const std::uint64_t end = words[first.word] + first.bytes;
  words[second.word] = static_cast<std::uint32_t>(end) - g.word_bytes() * maker.below(2);
}

std::string verdict(const Completion& c) {
  return fmt::format("{} field {} flags {:#04x}", to_string(c.status), c.field, c.pack()[1] >> 16 & 0xFF);
}

}  // namespace

Batch make_batch(const model::Geometry& geometry, std::uint64_t seed, std::uint64_t index) {
  std::seed_seq mixed{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32),
                      static_cast<std::uint32_t>(index), static_cast<std::uint32_t>(index >> 32)};
  std::mt19937_64 random(mixed);
  Maker maker(geometry, random);
  Batch batch;
  batch.image.resize(geometry.data_bytes());
  for (std::size_t i = 0; i < batch.image.size(); i += 8) {
    const std::uint64_t value = random();
    std::memcpy(&batch.image[i], &value, 8);
  }
  for (std::uint16_t& s : batch.semaphores) {
    s = static_cast<std::uint16_t>(maker.below(2) ? 40000 + maker.below(25536) : maker.below(300));
  }
  for (std::uint32_t i = 0; i < batch_jobs; ++i) {
    Words words = maker.make();
    const std::uint32_t kind = maker.below(100);
    if (kind < 5) {  // random bits, some of them with an opcode
      for (std::uint32_t& w : words) w = static_cast<std::uint32_t>(random());
      if (kind < 3) words[0] = (words[0] & ~0xFFu) | maker.below(7);
    } else if (kind < 15) {
      touch(words, geometry, maker);
    } else if (kind < 60) {  // one defect, more rarely two or three
      for (std::uint32_t m = kind < 50 ? 1 : 2 + maker.below(2); m > 0; --m) maker.mutate(words);
    }
    batch.jobs.push_back(words);
  }
  for (std::uint32_t left = batch_jobs; left > 0; left -= batch.bursts.back()) {
    batch.bursts.push_back(std::min(left, 1 + maker.below(geometry.queue_slots)));
  }
  return batch;
}

Fuzz::Fuzz(Device& device) : device_(device), geometry_(device.capabilities().geometry), tile_(geometry_) {
  write(r::ctrl, r::ctrl_enable_mask);
}

void Fuzz::restart() {
  device_.reset();
  write(r::ctrl, r::ctrl_enable_mask);
  tile_ = model::Tile(geometry_);
  completed_ = 0;
}

std::optional<Failure> Fuzz::run(const Batch& batch) {
  std::optional<Failure> failure = attempt(batch, false);
  if (!failure || failure->job) return failure;
  restart();
  std::optional<Failure> single = attempt(batch, true);
  if (single) return single;
  failure->what += "; job by job it does not happen: it takes jobs that follow each other";
  return failure;
}

std::optional<Failure> Fuzz::attempt(const Batch& batch, bool one_by_one) {
  std::copy(batch.image.begin(), batch.image.end(), tile_.memory().begin());
  device_.write_words(0, batch.image);
  tile_.semaphores() = batch.semaphores;
  for (std::uint32_t s = 0; s < model::kSemaphores; ++s) write(r::sem + 4 * s, batch.semaphores[s]);

  std::uint32_t next = 0;
  for (std::size_t b = 0; next < batch.jobs.size(); ++b) {
    const std::uint32_t burst = one_by_one ? 1 : batch.bursts[b];
    std::uint64_t patience = 0;
    for (std::uint32_t i = 0; i < burst; ++i) {
      const Words& words = batch.jobs[next + i];
      device_.write_words(descriptor_address(geometry_, completed_ + i), std::as_bytes(std::span(words)));
      patience += patience_for(words, geometry_);
    }
    write(r::queue_tail, static_cast<std::uint16_t>(completed_ + burst));
    for (std::uint32_t i = 0; i < burst; ++i, ++next) {
      if (auto what = follow(batch.jobs[next], patience)) return Failure{next, *what};
    }
    if (one_by_one) {
      if (auto what = compare_memory()) return Failure{next - 1, *what};
    }
  }

  if (auto what = compare_memory()) return Failure{std::nullopt, *what};
  for (std::uint32_t s = 0; s < model::kSemaphores; ++s) {
    const std::uint32_t got = read(r::sem + 4 * s);
    if (got != tile_.semaphores()[s]) {
      return Failure{std::nullopt, fmt::format("semaphore {} is {}, expected {}", s, got, tile_.semaphores()[s])};
    }
  }
  return std::nullopt;
}

/// The next job in the model, then on the device; what differs.
std::optional<std::string> Fuzz::follow(const Words& words, std::uint64_t patience) {
  const Bytes before(tile_.memory().begin(), tile_.memory().end());
  std::optional<Completion> expected = tile_.run(words);
  if (!expected) {
    if (auto what = await_wait(patience)) return what;
    ++waits_;
    const Descriptor d = Descriptor::unpack(words);
    std::uint16_t& semaphore = tile_.semaphores()[d.wait_semaphore];
    const std::uint32_t missing = d.wait_count - semaphore;
    write(r::sem_post, d.wait_semaphore | missing << 16);
    semaphore = d.wait_count;
    expected = tile_.run(words);
    if (!expected) return "the model waits for a semaphore that it has";
  }
  ++seen_[{expected->status, expected->opcode}];
  if (!only_d_changed(words, expected->status, geometry_, before, tile_.memory())) {
    return "the model writes outside D";
  }

  const auto number = static_cast<std::uint16_t>(completed_);
  for (std::uint64_t waited = 0; read(r::queue_head) == number; waited += slice_clocks) {
    if (waited > patience) {
      return fmt::format("does not end within {} clocks: {}", patience, describe_activity(device_));
    }
    device_.idle(slice_clocks);
  }
  Words raw;
  device_.read_words(completion_address(geometry_, number), std::as_writable_bytes(std::span(raw)));
  Completion got = Completion::unpack(raw);
  const std::uint64_t spent = std::uint64_t{got.busy} + got.wait_operands + got.wait_result + got.wait_c;
  if (spent > got.cycles) {
    return fmt::format("its counters add up to {} clocks of {}", spent, got.cycles);
  }
  got.cycles = got.busy = got.wait_operands = got.wait_result = got.wait_c = got.wait_semaphore = 0;
  expected->sequence = completed_++;
  if (got.pack() != expected->pack()) {
    return fmt::format("completion differs\n  got      {} ({})\n  expected {} ({})", print(got.pack()), verdict(got),
                       print(expected->pack()), verdict(*expected));
  }
  return std::nullopt;
}

/// The job in front of the queue must come to wait for its semaphore.
std::optional<std::string> Fuzz::await_wait(std::uint64_t patience) {
  const auto number = static_cast<std::uint16_t>(completed_);
  for (std::uint64_t waited = 0; waited <= patience; waited += slice_clocks) {
    if (read(r::queue_head) != number) return "it did not wait for its semaphore";
    if ((read(r::status) & r::status_waiting_mask) != 0) return std::nullopt;
    device_.idle(slice_clocks);
  }
  return fmt::format("it does not come to wait for its semaphore: {}", describe_activity(device_));
}

std::optional<std::string> Fuzz::compare_memory() {
  Bytes got(geometry_.data_bytes());
  device_.read_words(0, got);
  const auto expected = tile_.memory();
  const auto [g, e] = std::mismatch(got.begin(), got.end(), expected.begin());
  if (g == got.end()) return std::nullopt;
  return fmt::format("memory at {:#x} is {:#04x}, expected {:#04x}", g - got.begin(), std::to_integer<unsigned>(*g),
                     std::to_integer<unsigned>(*e));
}

}  // namespace hilbert::test
