// SPDX-License-Identifier: Apache-2.0
// Descriptor words, both ways, and the table of checks.
#include "hilbert/model/descriptor.hpp"

#include <optional>

#include "hilbert/model/layout.hpp"

namespace hilbert::model {
namespace {

namespace job = regs::job;
using u32 = std::uint32_t;
using u64 = std::uint64_t;

constexpr u32 bits(u32 word, unsigned high, unsigned low) {
  return static_cast<u32>(word >> low & ((u64{1} << (high - low + 1)) - 1));
}
u32 option(bool set, u32 mask) { return set ? mask : 0; }

FormatSpec format_at(u32 word, unsigned low) {
  return {static_cast<Format>(bits(word, low + 3, low)), static_cast<std::uint8_t>(bits(word, low + 9, low + 4))};
}
u32 format_word(FormatSpec f, unsigned low) { return (static_cast<u32>(f.format) | u32{f.bias} << 4) << low; }

/// What an opcode uses: the columns of the descriptor table.
struct Uses {
  bool a, b, c, d;  ///< regions
  bool fa, fb, fd;  ///< formats
  bool sizes, k;    ///< M and N; K
  bool seed, origin;
  bool place, there;  ///< words 13 and 14 of transfers
};

Uses uses_of(Opcode op, u32 word0) {
  const bool stochastic = (word0 & job::option_stochastic_mask) != 0;
  const bool accumulate = (word0 & job::option_accumulate_mask) != 0;
  switch (op) {
    case Opcode::gemm:
      return {true, true, accumulate, true, true, true, true, true, true, stochastic, stochastic, false, false};
    case Opcode::convert:
      return {true, false, false, true, true, false, true, true, false, stochastic, stochastic, false, false};
    case Opcode::copy:
      return {true, false, false, true, false, false, false, true, false, false, false, false, false};
    case Opcode::fill:
      return {false, false, false, true, false, false, false, true, false, true, false, false, false};
    case Opcode::send:
      return {true, false, false, true, false, false, false, true, false, false, false, true, true};
    case Opcode::get:
      return {true, false, false, true, false, false, false, true, false, false, false, true, false};
    case Opcode::signal:
      return {false, false, false, false, false, false, false, false, false, false, false, true, true};
    case Opcode::sync:
      break;
  }
  return {};
}

/// One format field of word 2.
bool format_ok(u32 word2, unsigned low, bool used, bool result_allowed) {
  if (!used) return bits(word2, low + 9, low) == 0;
  if (bits(word2, low + 3, low) >= formats.size()) return false;
  const FormatSpec f = format_at(word2, low);
  return (result_allowed || !info(f.format).result_only) && (has_tensor_bias(f.format) || f.bias == 0);
}

/// The memory a job touches through one region.
struct Extent {
  u32 base, stride;
  u64 panels, panel_bytes;

  u64 end() const { return base + (panels - 1) * stride + panel_bytes; }
  bool meets(const Extent& other) const { return base < other.end() && other.base < end(); }
};

struct Extents {
  std::optional<Extent> a, b, c, d;
};

Extents extents_of(const Words& w, const Uses& uses, const Geometry& g) {
  const Descriptor job = Descriptor::unpack(w);
  const auto matrix = [&](Region at, u32 rows, u32 cols, u32 panel_rows, Format f) {
    const PanelLayout layout{rows, cols, panel_rows, g.depth, static_cast<u32>(element_bytes(f)), g.word_bytes()};
    return Extent{at.base, at.stride, layout.panels(), layout.panel_bytes()};
  };
  const auto rows_of_words = [&](Region at) { return Extent{at.base, at.stride, job.m, u64{job.n} * g.word_bytes()}; };
  Extents e;
  if (job.opcode == Opcode::gemm) {
    e.a = matrix(job.a_at, job.m, job.k, g.rows, job.a.format);
    e.b = matrix(job.b_at, job.n, job.k, g.cols, job.b.format);
    if (uses.c) e.c = matrix(job.c_at, job.m, job.n, g.rows, Format::fp32);
    e.d = matrix(job.d_at, job.m, job.n, g.rows, job.d.format);
  } else if (job.opcode == Opcode::convert) {
    e.a = matrix(job.a_at, job.m, job.n, g.rows, job.a.format);
    e.d = matrix(job.d_at, job.m, job.n, g.rows, job.d.format);
  } else if (uses.d) {
    if (uses.a) e.a = rows_of_words(job.a_at);
    e.d = rows_of_words(job.d_at);
  }
  return e;
}

CheckResult fail(Status status, unsigned field) { return {status, static_cast<std::uint8_t>(field)}; }

CheckResult check_ranges(const Extents& e, const Geometry& g) {
  const std::optional<Extent>* const regions[4] = {&e.a, &e.b, &e.c, &e.d};
  for (unsigned i = 0; i < 4; ++i) {
    if (!*regions[i]) continue;
    const Extent& r = **regions[i];
    if (r.base > g.data_bytes()) return fail(Status::out_of_range, 5 + i);
    if (r.stride > g.data_bytes()) return fail(Status::out_of_range, 9 + i);
    if (r.end() > g.data_bytes()) return fail(Status::out_of_range, 5 + i);
  }
  return {};
}

CheckResult check_overlap(const Extents& e, Format d_format) {
  if (!e.d) return {};
  if (e.d->panels > 1 && e.d->stride < e.d->panel_bytes) return fail(Status::overlap, 12);
  const bool in_place = e.c && e.c->base == e.d->base && e.c->stride == e.d->stride && d_format == Format::fp32;
  const bool meets = (e.a && e.d->meets(*e.a)) || (e.b && e.d->meets(*e.b)) || (e.c && !in_place && e.d->meets(*e.c));
  return meets ? fail(Status::overlap, 8) : CheckResult{};
}

}  // namespace

std::string_view to_string(Opcode opcode) {
  return regs::entry(regs::job::opcode_values, static_cast<u32>(opcode)).name;
}

std::string_view to_string(Status status) {
  return regs::entry(regs::job::status_values, static_cast<u32>(status)).name;
}

Words Descriptor::pack() const {
  Words w{};
  w[0] = static_cast<u32>(opcode) | option(accumulate, job::option_accumulate_mask) |
         option(relu, job::option_relu_mask) | option(saturate, job::option_saturate_mask) |
         option(stochastic, job::option_stochastic_mask) | option(literal, job::option_literal_mask) |
         option(irq, job::option_irq_mask);
  w[1] = tag;
  w[2] = format_word(a, 0) | format_word(b, 10) | format_word(d, 20);
  w[3] = m | u32{n} << 16;
  w[4] = k;
  const Region regions[4] = {a_at, b_at, c_at, d_at};
  for (unsigned i = 0; i < 4; ++i) {
    w[5 + i] = regions[i].base;
    w[9 + i] = regions[i].stride;
  }
  w[13] = seed;
  w[14] = row0 | u32{col0} << 16;
  w[15] = (wait_semaphore & 7u) | u32{wait_count} << 8 | (signal_semaphore & 7u) << 16 | u32{signal_count} << 24;
  return w;
}

Descriptor Descriptor::unpack(const Words& w) {
  const auto low16 = [](u32 v) { return static_cast<std::uint16_t>(v & 0xFFFFu); };
  const auto byte = [](u32 v) { return static_cast<std::uint8_t>(v & 0xFFu); };
  Descriptor d;
  d.opcode = static_cast<Opcode>(byte(w[0]));
  d.accumulate = (w[0] & job::option_accumulate_mask) != 0;
  d.relu = (w[0] & job::option_relu_mask) != 0;
  d.saturate = (w[0] & job::option_saturate_mask) != 0;
  d.stochastic = (w[0] & job::option_stochastic_mask) != 0;
  d.literal = (w[0] & job::option_literal_mask) != 0;
  d.irq = (w[0] & job::option_irq_mask) != 0;
  d.tag = w[1];
  d.a = format_at(w[2], 0);
  d.b = format_at(w[2], 10);
  d.d = format_at(w[2], 20);
  d.m = low16(w[3]);
  d.n = low16(w[3] >> 16);
  d.k = low16(w[4]);
  Region* const regions[4] = {&d.a_at, &d.b_at, &d.c_at, &d.d_at};
  for (unsigned i = 0; i < 4; ++i) *regions[i] = {w[5 + i], w[9 + i]};
  d.seed = w[13];
  d.row0 = low16(w[14]);
  d.col0 = low16(w[14] >> 16);
  d.wait_semaphore = byte(bits(w[15], 2, 0));
  d.wait_count = byte(w[15] >> 8);
  d.signal_semaphore = byte(bits(w[15], 18, 16));
  d.signal_count = byte(w[15] >> 24);
  return d;
}

Words Completion::pack() const {
  return {tag,           static_cast<u32>(status) | u32{field} << 8 | u32{flags.bits} << 16 | u32{opcode} << 24,
          sequence,      poison_address,
          clocks,        busy,
          wait_operands, wait_result,
          wait_c,        wait_semaphore,
          corrected};
}

Completion Completion::unpack(const Words& w) {
  Completion c;
  c.tag = w[0];
  c.status = static_cast<Status>(w[1] & 0xFFu);
  c.field = static_cast<std::uint8_t>(w[1] >> 8);
  c.flags.bits = static_cast<std::uint8_t>(w[1] >> 16);
  c.opcode = static_cast<std::uint8_t>(w[1] >> 24);
  c.sequence = w[2];
  c.poison_address = w[3];
  c.clocks = w[4];
  c.busy = w[5];
  c.wait_operands = w[6];
  c.wait_result = w[7];
  c.wait_c = w[8];
  c.wait_semaphore = w[9];
  c.corrected = w[10];
  return c;
}

CheckResult check(const Words& w, const Geometry& g) {
  const auto op = static_cast<Opcode>(bits(w[0], 7, 0));
  if (job::options_of(op) == 0 || (job::needs_links(op) && g.links == 0)) return fail(Status::bad_opcode, 0);
  const Uses uses = uses_of(op, w[0]);

  if ((w[0] & ~0xFFu & ~job::options_of(op)) != 0) return fail(Status::bad_option, 0);

  const bool operands = op == Opcode::gemm;  // of a product
  if (!format_ok(w[2], 0, uses.fa, !operands) || !format_ok(w[2], 10, uses.fb, false) ||
      !format_ok(w[2], 20, uses.fd, true) || bits(w[2], 31, 30) != 0) {
    return fail(Status::bad_format, 2);
  }

  const u32 m = bits(w[3], 15, 0), n = bits(w[3], 31, 16), k = bits(w[4], 15, 0);
  if (uses.sizes ? m == 0 || n == 0 : w[3] != 0) return fail(Status::bad_size, 3);
  if ((k != 0) != uses.k || bits(w[4], 31, 16) != 0) return fail(Status::bad_size, 4);

  const bool used[4] = {uses.a, uses.b, uses.c, uses.d};
  for (unsigned i = 5; i <= 12; ++i) {
    if (used[(i - 5) % 4] && w[i] % g.word_bytes() != 0) return fail(Status::misaligned, i);
  }
  for (unsigned i = 5; i <= 12; ++i) {
    if (!used[(i - 5) % 4] && w[i] != 0) return fail(Status::unused, i);
  }
  if (uses.place ? bits(w[13], 31, 8) != 0 : !uses.seed && w[13] != 0) return fail(Status::unused, 13);
  if (uses.there ? bits(w[14], 31, 16) != 0 || bits(w[14], 7, 3) != 0 : !uses.origin && w[14] != 0) {
    return fail(Status::unused, 14);
  }

  if (bits(w[15], 7, 3) != 0 || bits(w[15], 23, 19) != 0) return fail(Status::bad_semaphore, 15);

  const Extents extents = extents_of(w, uses, g);
  if (const CheckResult r = check_ranges(extents, g); r.status != Status::ok) return r;
  if (uses.place) return {};  // the two regions lie in two memories
  return check_overlap(extents, static_cast<Format>(bits(w[2], 23, 20)));
}

}  // namespace hilbert::model
