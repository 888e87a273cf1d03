// SPDX-License-Identifier: Apache-2.0
// Broadcast, all-gather and all-reduce as jobs that wait for each other over the network.
#include "distributed/collectives.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <hilbert/error.hpp>
#include <hilbert/model/layout.hpp>
#include <hilbert/regs/net.hpp>

#include "distributed/ring.hpp"

namespace hilbert::distributed {
namespace {

using model::Descriptor;
using model::Format;
using model::Opcode;

constexpr std::uint8_t arrived = 0;    // semaphore: pieces that have come from the chip before
constexpr std::uint32_t most = 65535;  // rows or words of a job

void wait_for(Descriptor& job, std::uint8_t count) {
  job.wait_semaphore = arrived;
  job.wait_count = count;
}

void wait_for_all(ChipProgram& program, std::size_t pieces) {
  for (std::size_t left = pieces; left > 0;) {
    const auto now = static_cast<std::uint8_t>(std::min<std::size_t>(left, 255));
    Descriptor sync;
    wait_for(sync, now);
    (void)program.job(sync);
    left -= now;
  }
}

}  // namespace

/// How sums are seen by the array: a matrix of as many columns as make a panel whole words in both formats.
struct Collectives::View {
  std::uint32_t columns, rows;                    ///< of a panel
  std::uint32_t x_bytes, partial_bytes, d_bytes;  ///< of a panel

  View(const model::Geometry& g, const Sum& sum) {
    const auto x = static_cast<std::uint32_t>(model::element_bytes(sum.x.format));
    const auto d = static_cast<std::uint32_t>(model::element_bytes(sum.d.format));
    rows = g.rows;
    columns = g.word_bytes() / (rows * std::min(x, d));
    x_bytes = rows * columns * x;
    partial_bytes = rows * columns * 4;
    d_bytes = rows * columns * d;
  }
  [[nodiscard]] model::PanelLayout identity(const model::Geometry& g) const {
    return {columns,       columns, g.cols, g.depth, static_cast<std::uint32_t>(model::element_bytes(Format::bf16)),
            g.word_bytes()};
  }
};

Collectives::Collectives(BoardRunner& runner)
    : runner_(runner),
      board_(runner.board()),
      geometry_(board_.device(0).capabilities().geometry),
      ring_(ring_of(board_.file())),
      link_bytes_(link_bytes(board_)) {
  const std::uint32_t cfg = board_.device(0).read_register(net_register_base + regs::net::cfg);
  flit_bytes_ = ((cfg & regs::net::cfg_flit_words_mask) >> regs::net::cfg_flit_words_lsb) * geometry_.word_bytes();
}

std::uint32_t Collectives::position(std::size_t chip) const {
  return static_cast<std::uint32_t>(std::ranges::find(ring_, chip) - ring_.begin());
}

void Collectives::require(std::uint32_t address, std::uint64_t bytes, std::string_view what) const {
  const std::uint32_t word = geometry_.word_bytes();
  if (address % word == 0 && bytes % word == 0 && address + bytes <= geometry_.data_bytes()) return;
  throw Error(ExitCode::bad_input, fmt::format("{} at {:#x}, {} bytes", what, address, bytes), board_.uri(),
              fmt::format("whole words of {} bytes in a memory of {}", word, geometry_.data_bytes()));
}

/// To the same place of the next chip of the ring, which learns of it.
Descriptor Collectives::send_to_next(std::size_t at, std::uint32_t address, std::uint32_t bytes) const {
  const Place next = board_.file().chips[ring_[(at + 1) % ring_.size()]];
  Descriptor send;
  send.opcode = Opcode::send;
  send.m = 1;
  send.n = static_cast<std::uint16_t>(bytes / geometry_.word_bytes());
  send.a_at.base = send.d_at.base = address;
  send.set_place(next.x, next.y);
  send.set_there(arrived, 1);
  return send;
}

/// In pieces of whole flits, none longer than a job may be. `whole` is in units of `unit_bytes`.
std::vector<Stretch> Collectives::cut(Stretch whole, std::uint32_t hops, std::uint32_t unit_bytes,
                                      std::uint32_t most_units) const {
  const std::uint32_t pieces = pieces_for(std::uint64_t{whole.words} * unit_bytes, hops, link_bytes_);
  const std::uint32_t flit = std::max(flit_bytes_ / unit_bytes, 1U);
  const std::uint32_t longest = std::min((whole.words / pieces + flit) / flit * flit, most_units);
  std::vector<Stretch> all;
  for (std::uint32_t done = 0; done < whole.words; done += longest) {
    all.push_back({whole.first + done, std::min(longest, whole.words - done)});
  }
  return all;
}

BoardRun Collectives::broadcast(std::size_t root, std::uint32_t address, std::uint32_t bytes) {
  require(address, bytes, "broadcast of data");
  const std::size_t chips = ring_.size();
  if (root >= chips) throw Error(ExitCode::bad_input, fmt::format("no chip {}", root), board_.uri());
  const std::uint32_t word = geometry_.word_bytes();
  const auto pieces = cut({address / word, bytes / word}, static_cast<std::uint32_t>(chips), word, most);
  Programs programs(chips);
  for (std::size_t step = 0; step < chips && chips > 1; ++step) {
    const std::size_t at = (position(root) + step) % chips;
    ChipProgram& program = programs[ring_[at]];
    if (step == chips - 1) {
      wait_for_all(program, pieces.size());
      continue;
    }
    for (const Stretch& piece : pieces) {
      Descriptor send = send_to_next(at, piece.first * word, piece.words * word);
      if (step > 0) wait_for(send, 1);
      (void)program.job(send);
    }
  }
  return run(programs);
}

/// In step s every chip passes on the block of the chip s before it. `blocks`: by place in the ring of who has it.
void Collectives::gather(Programs& programs, const std::vector<std::vector<Stretch>>& blocks) const {
  const std::size_t chips = ring_.size();
  const std::uint32_t word = geometry_.word_bytes();
  for (std::size_t at = 0; at < chips && chips > 1; ++at) {
    ChipProgram& program = programs[ring_[at]];
    for (std::size_t step = 0; step + 1 < chips; ++step) {
      for (const Stretch& piece : blocks[(at + chips - step) % chips]) {
        Descriptor send = send_to_next(at, piece.first * word, piece.words * word);
        if (step > 0) wait_for(send, 1);
        (void)program.job(send);
      }
    }
    wait_for_all(program, blocks[(at + 1) % chips].size());
  }
}

BoardRun Collectives::all_gather(std::uint32_t address, std::uint32_t bytes) {
  require(address, std::uint64_t{bytes} * ring_.size(), "all-gather of data");
  const std::uint32_t word = geometry_.word_bytes();
  if (bytes % word != 0) require(address, bytes, "a chip's part of an all-gather");
  Programs programs(ring_.size());
  std::vector<std::vector<Stretch>> blocks;
  for (const std::size_t chip : ring_) {
    const auto first = static_cast<std::uint32_t>((address + chip * bytes) / word);
    blocks.push_back(cut({first, bytes / word}, block_hops, word, most));
  }
  gather(programs, blocks);
  return run(programs);
}

std::uint32_t Collectives::granule(const Sum& sum) const {
  const View view(geometry_, sum);
  return view.rows * view.columns;
}

std::uint32_t Collectives::scratch_bytes(const Sum& sum) const {
  const model::PanelLayout layout = View(geometry_, sum).identity(geometry_);
  return static_cast<std::uint32_t>(layout.extent(layout.panel_bytes()));
}

std::pair<std::uint32_t, std::uint32_t> Collectives::block(const Sum& sum, std::size_t b) const {
  const Stretch part = split({0, sum.elements}, static_cast<std::uint32_t>(ring_.size()), granule(sum))[b];
  return {part.first, part.words};
}

void Collectives::check(const Sum& sum) const {
  const auto refuse = [&](const std::string& what, const std::string& next) {
    throw Error(ExitCode::bad_input, what, board_.uri(), next);
  };
  if (sum.x.format == Format::fp32)
    refuse("an all-reduce of fp32", "summands are operands: " + model::format_names(true));
  if (sum.elements % granule(sum) != 0) {
    refuse(fmt::format("an all-reduce of {} elements", sum.elements),
           fmt::format("whole panels of {} elements", granule(sum)));
  }
  struct Range {
    std::string_view what;
    std::uint64_t first, bytes;
  };
  const bool converts = sum.d.format != Format::fp32;
  const std::array ranges{
      Range{"summands", sum.x_at, sum.elements * model::element_bytes(sum.x.format)},
      Range{"partial sums", sum.partial_at, std::uint64_t{sum.elements} * 4},
      Range{"the scratch of a sum", sum.scratch, scratch_bytes(sum)},
      Range{"sums", converts ? sum.d_at : 0, converts ? sum.elements * model::element_bytes(sum.d.format) : 0}};
  for (const Range& range : ranges) require(static_cast<std::uint32_t>(range.first), range.bytes, range.what);
  for (const Range& one : ranges) {
    for (const Range& other : ranges) {
      if (&one >= &other || one.first + one.bytes <= other.first || other.first + other.bytes <= one.first) continue;
      if (one.bytes != 0 && other.bytes != 0) {
        refuse(fmt::format("{} overlap {}", one.what, other.what), "each has a place of its own");
      }
    }
  }
}

BoardRun Collectives::all_reduce(const Sum& sum) {
  check(sum);
  const std::size_t chips = ring_.size();
  const std::uint32_t word = geometry_.word_bytes();
  const View view(geometry_, sum);
  const bool converts = sum.d.format != Format::fp32;

  const model::PanelLayout layout = view.identity(geometry_);
  std::vector<std::byte> ones(std::size_t{view.columns} * view.columns * 2), identity(scratch_bytes(sum));
  for (std::size_t i = 0; i < view.columns; ++i) {
    ones[2 * i * (view.columns + 1)] = std::byte{0x80};  // 1.0 in bf16 is 0x3F80
    ones[2 * i * (view.columns + 1) + 1] = std::byte{0x3F};
  }
  model::pack_panels(layout, ones, identity, layout.panel_bytes());

  // Blocks in panels, cut alike on every chip.
  std::vector<std::vector<Stretch>> blocks, results;
  const std::uint32_t panels = sum.elements / granule(sum);
  const std::uint32_t longest = std::min(most / view.rows, most / (view.partial_bytes / word));
  for (const Stretch& block : split({0, panels}, static_cast<std::uint32_t>(chips), 1)) {
    blocks.push_back(cut(block, block_hops, view.partial_bytes, longest));
    auto& result = results.emplace_back();
    for (const Stretch& piece : blocks.back()) {
      const std::uint32_t bytes = converts ? view.d_bytes : view.partial_bytes;
      const std::uint32_t base = converts ? sum.d_at : sum.partial_at;
      result.push_back({(base + piece.first * bytes) / word, piece.words * bytes / word});
    }
  }

  Programs programs(chips);
  for (std::size_t at = 0; at < chips; ++at) {
    ChipProgram& program = programs[ring_[at]];
    program.write(sum.scratch, identity);
    for (std::size_t step = 0; step < chips; ++step) {
      const bool last = step + 1 == chips;
      for (const Stretch& piece : blocks[(at + 2 * chips - 1 - step) % chips]) {
        const std::uint32_t partial = sum.partial_at + piece.first * view.partial_bytes;
        Descriptor add;
        add.opcode = Opcode::gemm;
        add.a = sum.x;
        add.b = {Format::bf16, 0};
        add.m = static_cast<std::uint16_t>(piece.words * view.rows);
        add.n = add.k = static_cast<std::uint16_t>(view.columns);
        add.a_at = {sum.x_at + piece.first * view.x_bytes, view.x_bytes};
        add.b_at = {sum.scratch, static_cast<std::uint32_t>(layout.panel_bytes())};
        add.d_at = {partial, view.partial_bytes};
        if (step > 0) {
          add.accumulate = true;
          add.c_at = add.d_at;
          wait_for(add, 1);
        }
        if (last && converts) {
          add.d = sum.d;
          add.saturate = sum.saturate;
          add.d_at = {sum.d_at + piece.first * view.d_bytes, view.d_bytes};
        }
        (void)program.job(add);
        if (!last) (void)program.job(send_to_next(at, partial, piece.words * view.partial_bytes));
      }
    }
  }
  gather(programs, results);
  return run(programs);
}

BoardRun Collectives::run(const Programs& programs) {
  BoardRun result = runner_.run(programs);
  if (result.poisoned.empty()) return result;
  throw Error(ExitCode::machine, result.poisoned, board_.uri(), "write the data of all chips again");
}

}  // namespace hilbert::distributed
