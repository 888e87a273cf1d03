// SPDX-License-Identifier: Apache-2.0
// Random and near-valid descriptors on a device, against the reference model.
#include "fuzz.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <hilbert/model/layout.hpp>
#include <hilbert/random.hpp>
#include <hilbert/regs/net.hpp>
#include <hilbert/regs/tile.hpp>
#include <random>

#include "support/descriptors.hpp"
#include "support/random.hpp"

namespace hilbert::test {

namespace {

namespace r = regs::tile;
namespace n = regs::net;
using model::Completion;
using model::Descriptor;
using model::Opcode;
using model::PanelLayout;
using model::Status;
using model::Words;
using Bytes = std::vector<std::byte>;

constexpr std::uint32_t slice_clocks = 32;         ///< between two looks at the queue
constexpr std::uint32_t get_timeout_clocks = 300;  ///< of a GET that nobody answers
constexpr std::uint32_t arrival_clocks = 64;       ///< from a transfer's end here to its last word's in memory
constexpr std::uint32_t most_moved = 4096;         ///< words of a transfer

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
  } else if (model::is_transfer(d.opcode)) {
    work = get_timeout_clocks + 2ull * d.m * d.n * (1 + g.word_bytes() / 8);
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
  if (status == Status::ok && d.opcode != Opcode::sync && d.opcode != Opcode::signal) {
    const bool linear = d.opcode == Opcode::copy || d.opcode == Opcode::fill || model::is_transfer(d.opcode);
    const PanelLayout layout{
        d.m, d.n, g.rows, g.depth, static_cast<std::uint32_t>(model::element_bytes(d.d.format)), g.word_bytes()};
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
    const PanelLayout layout{
        rows, cols, panel_rows, g.depth, static_cast<std::uint32_t>(model::element_bytes(f)), g.word_bytes()};
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
  const Extent& other = all[maker.random().below(static_cast<std::uint32_t>(all.size()) - 1)];
  const auto& [first, second] = maker.random().below(2) ? std::pair(d, other) : std::pair(other, d);
  const std::uint64_t end = words[first.word] + first.bytes;
  words[second.word] = static_cast<std::uint32_t>(end) - g.word_bytes() * maker.random().below(2);
}

/// Nonsense where a transfer says who and what is meant, and now and then sense: itself. `words` has a transfer's
/// opcode.
void address_transfer(Words& words, std::uint8_t place, Maker& maker, Random& random) {
  if (maker.random().below(4) != 0) words[13] = (words[13] & ~0xFFu) | place;
  if (maker.random().below(8) == 0) words[13 + maker.random().below(2)] ^= 1U << maker.random().below(32);
  if (maker.random().below(16) == 0) words[13 + maker.random().below(2)] = static_cast<std::uint32_t>(random());
}

/// Rows of a legal transfer are cut off that would take long: the same row may be meant again and again.
void shorten(Words& words) {
  const Descriptor d = Descriptor::unpack(words);
  const std::uint32_t rows = std::max(1U, most_moved / std::max<std::uint32_t>(d.n, 1));
  if (d.m > rows) words[3] = rows | std::uint32_t{d.n} << 16;
}

std::string verdict(const Completion& c) {
  return fmt::format("{} field {} flags {:#04x}", model::to_string(c.status), c.field, c.pack()[1] >> 16 & 0xFF);
}

}  // namespace

Batch make_batch(const model::Geometry& geometry, std::uint64_t seed, std::uint64_t index) {
  Random random(Rng::mix(seed) + index);
  Maker maker(geometry, random);
  Batch batch;
  batch.image.resize(geometry.data_bytes());
  for (std::size_t i = 0; i < batch.image.size(); i += 8) {
    const std::uint64_t value = random();
    std::memcpy(&batch.image[i], &value, 8);
  }
  for (std::uint16_t& s : batch.semaphores) {
    s = static_cast<std::uint16_t>(maker.random().below(2) ? 40000 + maker.random().below(25536)
                                                           : maker.random().below(300));
  }
  if (geometry.links != 0 && maker.random().below(2))
    batch.place = static_cast<std::uint8_t>(maker.random().below(256));
  for (std::uint32_t i = 0; i < batch_jobs; ++i) {
    Words words = maker.make();
    const std::uint32_t kind = maker.random().below(100);
    if (kind < 5) {  // random bits, some of them with an opcode
      for (std::uint32_t& w : words) w = static_cast<std::uint32_t>(random());
      if (kind < 3) words[0] = (words[0] & ~0xFFu) | maker.random().below(geometry.links != 0 ? 10 : 7);
    } else if (kind < 15) {
      touch(words, geometry, maker);
    } else if (kind < 60) {  // one defect, more rarely two or three
      for (std::uint32_t m = kind < 50 ? 1 : 2 + maker.random().below(2); m > 0; --m) maker.mutate(words);
    }
    const auto opcode = static_cast<Opcode>(words[0] & 0xFF);
    if (geometry.links != 0 && model::is_transfer(opcode)) {
      address_transfer(words, batch.place, maker, random);
      if (opcode != Opcode::signal) shorten(words);
    }
    batch.jobs.push_back(words);
  }
  // What follows a transfer must not depend on how far it is.
  for (std::uint32_t next = 0; next < batch_jobs; next += batch.bursts.back()) {
    const std::uint32_t most = std::min(batch_jobs - next, 1 + maker.random().below(geometry.queue_slots));
    std::uint32_t size = 1;
    while (size < most && !model::is_transfer(Descriptor::unpack(batch.jobs[next + size - 1]).opcode)) ++size;
    batch.bursts.push_back(size);
  }
  return batch;
}

Fuzz::Fuzz(Device& device)
    : device_(device),
      geometry_(device.capabilities().geometry),
      tile_(geometry_),
      network_(tile_),
      timeless_(!device.capabilities().can.time) {
  power_on();
}

void Fuzz::restart() {
  device_.reset();
  tile_ = model::Tile(geometry_);
  completed_ = 0;
  counts_ = {};
  power_on();
}

void Fuzz::power_on() {
  write(r::ctrl, r::ctrl_enable_mask);
  tile_.join(&network_);
  if (geometry_.links != 0) write_net(n::get_timeout, get_timeout_clocks);
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
  for (std::uint32_t s = 0; s < model::semaphore_count; ++s) write(r::sem + 4 * s, batch.semaphores[s]);
  if (geometry_.links != 0) {
    network_.set_place(batch.place);
    write_net(n::place, batch.place);
    write_net(n::irq_status, ~0U);
    causes_ = 0;
  }

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
      if (auto what = compare_network()) return Failure{next - 1, *what};
    }
  }

  if (auto what = compare_memory()) return Failure{std::nullopt, *what};
  if (auto what = compare_network()) return Failure{std::nullopt, *what};
  for (std::uint32_t s = 0; s < model::semaphore_count; ++s) {
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
  if (spent > got.clocks) {
    return fmt::format("its counters add up to {} clocks of {}", spent, got.clocks);
  }
  got.clocks = got.busy = got.wait_operands = got.wait_result = got.wait_c = got.wait_semaphore = 0;
  expected->sequence = completed_++;
  if (got.pack() != expected->pack()) {
    return fmt::format("completion differs\n  got      {} ({})\n  expected {} ({})", print(got.pack()), verdict(got),
                       print(expected->pack()), verdict(*expected));
  }
  const Descriptor job = Descriptor::unpack(words);
  if (expected->status != Status::ok || !model::is_transfer(job.opcode)) return std::nullopt;
  return follow_transfer(job, before, patience);
}

/// A transfer goes on after its job: to its end, and to what it does not promise.
std::optional<std::string> Fuzz::follow_transfer(const Descriptor& job, std::span<const std::byte> before,
                                                 std::uint64_t patience) {
  for (std::uint64_t waited = 0; read_net(n::status) != 0; waited += slice_clocks) {
    if (waited > patience) return fmt::format("its transfer does not end within {} clocks", patience);
    device_.idle(slice_clocks);
  }
  device_.idle(arrival_clocks);

  const NetworkCounts c = network_.counts_of(job, timeless_);
  counts_.transfers += c.transfers, counts_.no_routes += c.no_routes, counts_.gets_lost += c.gets_lost;
  for (unsigned v = 0; v < 2; ++v) {
    counts_.words_out[v] += c.words_out[v];
    counts_.words_in[v] += c.words_in[v];
  }
  if (c.no_routes != 0) causes_ |= n::irq_status_no_route_mask;
  if (c.gets_lost != 0) causes_ |= n::irq_status_get_lost_mask;
  if (!network_.reaches_itself(job)) ++nowhere_;
  if (network_.reaches_itself(job) && feeds_itself(job, geometry_)) return adopt(job, before);
  return std::nullopt;
}

/// A transfer that reads what it writes: memory is what the device says, if that can be.
std::optional<std::string> Fuzz::adopt(const Descriptor& job, std::span<const std::byte> before) {
  ++entangled_;
  const std::uint32_t size = geometry_.word_bytes();
  const auto word = [&](std::span<const std::byte> memory, std::uint32_t index) {
    return std::vector<std::byte>(memory.begin() + index * size, memory.begin() + (index + 1) * size);
  };
  std::set<std::vector<std::byte>> sources;
  for (const std::uint32_t index : words_of(job.a_at, job.m, job.n, geometry_)) sources.insert(word(before, index));
  Bytes got(geometry_.data_bytes());
  device_.read_words(0, got);
  Bytes possible(before.begin(), before.end());
  for (const std::uint32_t index : words_of(job.d_at, job.m, job.n, geometry_)) {
    const auto now = word(got, index);
    if (!sources.contains(now)) return fmt::format("word {} of D comes from no word of A", index);
    std::copy(now.begin(), now.end(), possible.begin() + index * size);
  }
  std::copy(possible.begin(), possible.end(), tile_.memory().begin());
  return compare_memory();  // beside D nothing has changed
}

std::optional<std::string> Fuzz::compare_network() {
  if (geometry_.links == 0) return std::nullopt;
  const std::pair<std::uint32_t, std::uint32_t> expected[] = {{n::irq_status, causes_},
                                                              {n::bad_flits, 0},
                                                              {n::poisoned, 0},
                                                              {n::transfers, counts_.transfers},
                                                              {n::no_routes, counts_.no_routes},
                                                              {n::gets_lost, counts_.gets_lost},
                                                              {n::words_out, counts_.words_out[0]},
                                                              {n::words_out + 4, counts_.words_out[1]},
                                                              {n::words_in, counts_.words_in[0]},
                                                              {n::words_in + 4, counts_.words_in[1]}};
  for (const auto& [offset, value] : expected) {
    const std::uint32_t got = read_net(offset);
    if (got != value) return fmt::format("register {:#x} of the network is {}, expected {}", offset, got, value);
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
