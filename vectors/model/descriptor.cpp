// SPDX-License-Identifier: Apache-2.0
// Descriptor words, both ways, and the table of checks.
#include "hilbert/model/descriptor.hpp"

#include <iterator>

#include "hilbert/model/layout.hpp"

namespace hilbert::model {
namespace {

namespace job = regs::job;
namespace field = regs::job::field;
using regs::Field;
using u32 = std::uint32_t;
using u64 = std::uint64_t;

using Uses = u32;  ///< use_*_mask: what of a descriptor an opcode and its options use (rtl/regs/job.toml)

/// A format and its bias.
struct FormatField {
  Field format, bias;

  FormatSpec get(const Words& w) const {
    return {static_cast<Format>(format.get(w)), static_cast<std::uint8_t>(bias.get(w))};
  }
  void set(Words& w, FormatSpec f) const {
    format.set(w, static_cast<u32>(f.format));
    bias.set(w, f.bias);
  }
};
constexpr FormatField format_a{field::format_a, field::bias_a};
constexpr FormatField format_b{field::format_b, field::bias_b};
constexpr FormatField format_d{field::format_d, field::bias_d};

struct OptionBit {
  u32 mask;
  bool Descriptor::*set;
};
constexpr OptionBit options[] = {
    {job::option_accumulate_mask, &Descriptor::accumulate}, {job::option_relu_mask, &Descriptor::relu},
    {job::option_saturate_mask, &Descriptor::saturate},     {job::option_stochastic_mask, &Descriptor::stochastic},
    {job::option_literal_mask, &Descriptor::literal},       {job::option_irq_mask, &Descriptor::irq}};

struct RegionFields {
  Field base, stride;
  Region Descriptor::*at;
};
constexpr RegionFields regions[] = {{field::base_a, field::stride_a, &Descriptor::a_at},
                                    {field::base_b, field::stride_b, &Descriptor::b_at},
                                    {field::base_c, field::stride_c, &Descriptor::c_at},
                                    {field::base_d, field::stride_d, &Descriptor::d_at}};

/// Whether a word has bits that neither a field in use nor an option covers.
bool surplus(const Words& w, unsigned word, Uses uses) {
  u32 allowed = word == field::opcode.word ? job::options_of(static_cast<Opcode>(field::opcode.get(w))) : 0;
  for (const Field& f : field::all) {
    if (f.word == word && (f.use == 0 || (f.use & uses) != 0)) allowed |= f.mask();
  }
  return (w[word] & ~allowed) != 0;
}

/// A format that an opcode can use.
bool format_ok(FormatSpec f, bool may_be_result) {
  return static_cast<u32>(f.format) < formats.size() && (may_be_result || !info(f.format).result_only) &&
         (has_tensor_bias(f.format) || f.bias == 0);
}

CheckResult fail(Status status, unsigned field) { return {status, static_cast<std::uint8_t>(field)}; }

CheckResult check_ranges(const Extents& extents, const Geometry& g) {
  for (unsigned i = 0; i < extents.size(); ++i) {
    if (!extents[i]) continue;
    const Extent& r = *extents[i];
    if (r.at.base > g.data_bytes()) return fail(Status::out_of_range, regions[i].base.word);
    if (r.at.stride > g.data_bytes()) return fail(Status::out_of_range, regions[i].stride.word);
    if (r.end() > g.data_bytes()) return fail(Status::out_of_range, regions[i].base.word);
  }
  return {};
}

CheckResult check_overlap(const Extents& extents, Format d_format) {
  const auto& [a, b, c, d] = extents;
  if (!d) return {};
  if (d->count > 1 && d->at.stride < d->bytes) return fail(Status::overlap, field::stride_d.word);
  const bool in_place = c && c->at == d->at && d_format == Format::fp32;
  const bool meets = (a && d->meets(*a)) || (b && d->meets(*b)) || (c && !in_place && d->meets(*c));
  return meets ? fail(Status::overlap, field::base_d.word) : CheckResult{};
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
  field::opcode.set(w, static_cast<u32>(opcode));
  for (const OptionBit& option : options) w[field::opcode.word] |= this->*option.set ? option.mask : 0;
  field::tag.set(w, tag);
  format_a.set(w, a);
  format_b.set(w, b);
  format_d.set(w, d);
  field::m.set(w, m);
  field::n.set(w, n);
  field::k.set(w, k);
  for (const RegionFields& region : regions) {
    region.base.set(w, (this->*region.at).base);
    region.stride.set(w, (this->*region.at).stride);
  }
  field::seed.set(w, seed);
  field::row0.set(w, row0);
  field::col0.set(w, col0);
  field::wait_sem.set(w, wait_semaphore);
  field::wait_count.set(w, wait_count);
  field::signal_sem.set(w, signal_semaphore);
  field::signal_count.set(w, signal_count);
  return w;
}

Descriptor Descriptor::unpack(const Words& w) {
  const auto half = [&](const Field& f) { return static_cast<std::uint16_t>(f.get(w)); };
  const auto byte = [&](const Field& f) { return static_cast<std::uint8_t>(f.get(w)); };
  Descriptor job;
  job.opcode = static_cast<Opcode>(byte(field::opcode));
  for (const OptionBit& option : options) job.*option.set = (w[field::opcode.word] & option.mask) != 0;
  job.tag = field::tag.get(w);
  job.a = format_a.get(w);
  job.b = format_b.get(w);
  job.d = format_d.get(w);
  job.m = half(field::m);
  job.n = half(field::n);
  job.k = half(field::k);
  for (const RegionFields& region : regions) job.*region.at = {region.base.get(w), region.stride.get(w)};
  job.seed = field::seed.get(w);
  job.row0 = half(field::row0);
  job.col0 = half(field::col0);
  job.wait_semaphore = byte(field::wait_sem);
  job.wait_count = byte(field::wait_count);
  job.signal_semaphore = byte(field::signal_sem);
  job.signal_count = byte(field::signal_count);
  return job;
}

std::uint32_t Descriptor::uses() const {
  return job::uses_of(opcode,
                      (accumulate ? job::option_accumulate_mask : 0) | (stochastic ? job::option_stochastic_mask : 0));
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

Extents extents_of(const Descriptor& job, const Geometry& g) {
  const Uses uses = job.uses();
  const bool numbers = (uses & job::use_format_d_mask) != 0, product = (uses & job::use_format_b_mask) != 0;
  const auto matrix = [&](Region at, u32 rows, u32 cols, u32 panel_rows, Format f) -> Extent {
    if (!numbers) return {at, job.m, u64{job.n} * g.word_bytes()};
    const PanelLayout layout{rows, cols, panel_rows, g.depth, static_cast<u32>(element_bytes(f)), g.word_bytes()};
    return {at, layout.panels(), layout.panel_bytes()};
  };
  Extents e;
  if ((uses & job::use_a_mask) != 0) e[0] = matrix(job.a_at, job.m, product ? job.k : job.n, g.rows, job.a.format);
  if ((uses & job::use_b_mask) != 0) e[1] = matrix(job.b_at, job.n, job.k, g.cols, job.b.format);
  if ((uses & job::use_c_mask) != 0) e[2] = matrix(job.c_at, job.m, job.n, g.rows, Format::fp32);
  if ((uses & job::use_d_mask) != 0) e[3] = matrix(job.d_at, job.m, job.n, g.rows, job.d.format);
  return e;
}

CheckResult check(const Words& w, const Geometry& g) {
  const auto op = static_cast<Opcode>(field::opcode.get(w));
  if (job::options_of(op) == 0 || (job::needs_links(op) && g.links == 0)) {
    return fail(Status::bad_opcode, field::opcode.word);
  }
  const Uses uses = job::uses_of(op, w[field::opcode.word]);
  const auto used = [&](u32 use) { return (uses & use) != 0; };
  if (surplus(w, field::opcode.word, uses)) return fail(Status::bad_option, field::opcode.word);
  const bool product = used(job::use_format_b_mask);  // A and B are operands
  if (surplus(w, field::format_a.word, uses) ||
      (used(job::use_format_a_mask) && !format_ok(format_a.get(w), !product)) ||
      (product && !format_ok(format_b.get(w), false)) ||
      (used(job::use_format_d_mask) && !format_ok(format_d.get(w), true))) {
    return fail(Status::bad_format, field::format_a.word);
  }
  for (const Field& size : {field::m, field::n, field::k}) {
    if (surplus(w, size.word, uses) || (used(size.use) && size.get(w) == 0)) return fail(Status::bad_size, size.word);
  }
  for (const bool unused : {false, true}) {
    for (unsigned word = field::base_a.word; word <= field::stride_d.word; ++word) {
      if (unused && surplus(w, word, uses)) return fail(Status::unused, word);
      const RegionFields& region = regions[(word - field::base_a.word) % std::size(regions)];
      if (!unused && used(region.base.use) && w[word] % g.word_bytes() != 0) return fail(Status::misaligned, word);
    }
  }
  for (const Field& last : {field::seed, field::row0}) {
    if (surplus(w, last.word, uses)) return fail(Status::unused, last.word);
  }
  if (surplus(w, field::wait_sem.word, uses)) return fail(Status::bad_semaphore, field::wait_sem.word);
  const Descriptor job = Descriptor::unpack(w);
  const Extents extents = extents_of(job, g);
  if (const CheckResult r = check_ranges(extents, g); r.status != Status::ok) return r;
  if (used(job::use_place_mask)) return {};  // the regions lie in two memories
  return check_overlap(extents, job.d.format);
}

}  // namespace hilbert::model
