// SPDX-License-Identifier: Apache-2.0
// The monitor's commands: whatever way it cuts a job, memory ends as the reference model says.
#include <algorithm>
#include <array>
#include <hilbert/model/encode.hpp>
#include <hilbert/model/operand.hpp>
#include <hilbert/model/stochastic.hpp>
#include <span>

#include "rig.hpp"

namespace hilbert::firmware {
namespace {

using model::Format;
using model::FormatSpec;
using model::Opcode;

class Commands : public FirmwareTest {
 protected:
  Rig rig{GetParam()};
};
INSTANTIATE_TEST_SUITE_P(Firmware, Commands, testing::ValuesIn(rig_devices()), rig_name);

TEST_P(Commands, PingAndVersion) {
  Monitor& monitor = rig.start();
  EXPECT_EQ(monitor.ping(0xC0FFEE), 0xC0FFEEu);
  EXPECT_EQ(monitor.slots(), MONITOR_DEFAULT_SLOTS);
  EXPECT_EQ(monitor.base(), rig.geometry().data_bytes() - 2048);
  const MonitorHealth health = monitor_health(rig.controller());
  EXPECT_EQ(health.phase, MONITOR_READY);
  EXPECT_EQ(health.watchdog_resets, 0u);
}

TEST_P(Commands, AnswersComeInOrderPastEveryWrap) {
  Monitor& monitor = rig.start();
  const std::uint32_t count = 5 * MONITOR_DEFAULT_SLOTS + 3;
  const MonitorTicket first = monitor.submitted();
  for (std::uint32_t i = 0; i < count; ++i) {
    MonitorWords w{};
    w[MONITOR_CMD_OPCODE] = MONITOR_PING;
    w[MONITOR_CMD_TAG] = 7 * i;
    w[MONITOR_CMD_ARGUMENT] = ~i;
    EXPECT_EQ(monitor.submit(w), first + i);
  }
  monitor.drain();
  for (std::uint32_t i = 0; i < count; ++i) {
    const MonitorAnswer& a = monitor.wait(first + i);
    EXPECT_EQ(a.tag, 7 * i);
    EXPECT_EQ(a.result[0], ~i);
    EXPECT_EQ(a.sequence, monitor.wait(first).sequence + i);
  }
}

/// A GEMM with operands placed one after the other.
struct Placed {
  MonitorJob job;
  model::PanelLayout a, b, c, d;
  Bytes dense_a, dense_b, dense_c;
};

Placed place(Rig& rig, FormatSpec a, FormatSpec b, FormatSpec d, std::uint32_t m, std::uint32_t n, std::uint32_t k,
             bool accumulate, bool sums) {
  const model::Geometry& g = rig.geometry();
  Placed p;
  p.job.a = a, p.job.b = b, p.job.d = d;
  p.job.m = m, p.job.n = n, p.job.k = k;
  p.a = rig.layout(m, k, g.rows, a.format);
  p.b = rig.layout(n, k, g.cols, b.format);
  p.c = rig.layout(m, n, g.rows, Format::fp32);
  p.d = rig.layout(m, n, g.rows, d.format);
  std::uint32_t free = 0;
  const auto take = [&](const model::PanelLayout& l) {
    const auto stride = static_cast<std::uint32_t>(l.panel_bytes()) + rig.random().below(2) * rig.word();
    const model::Region at{free, stride};
    free += static_cast<std::uint32_t>(l.extent(stride));
    return at;
  };
  p.job.a_at = take(p.a);
  p.job.b_at = take(p.b);
  p.dense_a = rig.random().bytes(std::size_t{m} * k * model::element_bytes(a.format));
  p.dense_b = rig.random().bytes(std::size_t{k} * n * model::element_bytes(b.format));
  rig.put(p.a, p.job.a_at, p.dense_a);
  rig.put(p.b, p.job.b_at, p.dense_b, model::Order::transposed);
  if (accumulate) {
    p.job.accumulate = true;
    p.job.c_at = take(p.c);
    p.dense_c = rig.random().bytes(std::size_t{m} * n * 4);
    rig.put(p.c, p.job.c_at, p.dense_c);
  }
  p.job.d_at = take(p.d);
  if (sums) p.job.sums = take(p.c);
  EXPECT_LE(free, rig.geometry().data_bytes() - 2048) << "the test's matrices do not fit";
  return p;
}

model::GemmResult expected(const Rig& rig, const Placed& p) {
  model::Gemm gemm;
  gemm.m = p.job.m, gemm.n = p.job.n, gemm.k = p.job.k;
  gemm.a = p.job.a, gemm.b = p.job.b, gemm.d = p.job.d;
  gemm.accumulate = p.job.accumulate, gemm.relu = p.job.relu, gemm.saturate = p.job.saturate;
  gemm.stochastic = p.job.stochastic, gemm.literal = p.job.literal;
  gemm.seed = p.job.seed, gemm.row0 = p.job.row0, gemm.col0 = p.job.col0;
  gemm.depth = rig.geometry().depth;
  return model::gemm(gemm, p.dense_a, p.dense_b, p.dense_c);
}

/// Everything but *denormal*, which a carried sum may raise where an uncut job does not (firmware/README.md).
std::uint8_t comparable(model::Flags flags) { return flags.bits & 0xFDu; }

TEST_P(Commands, GemmInManyBlocksEqualsTheModel) {
  Monitor& monitor = rig.start();
  const model::Geometry& g = rig.geometry();
  const std::array<FormatSpec, 6> formats{{{Format::bf16, 0},
                                           {Format::cf8_143, 7},
                                           {Format::cf8_152, 15},
                                           {Format::e4m3, 0},
                                           {Format::e5m2, 0},
                                           {Format::int8, 0}}};
  for (std::uint32_t round = 0; round < 36; ++round) {
    const FormatSpec a = formats[round % 6], b = formats[round / 6 % 6];
    const FormatSpec d = round % 3 == 0 ? FormatSpec{} : formats[(round * 5 + 1) % 6];
    const bool sums = d.format != Format::fp32 && round % 2 == 0;
    Placed p = place(rig, a, b, d, 1 + rig.random().below(4 * g.rows), 1 + rig.random().below(4 * g.cols),
                     1 + rig.random().below(8 * g.depth), rig.random().below(2) != 0, sums);
    p.job.relu = rig.random().below(2) != 0;
    p.job.saturate = rig.random().below(2) != 0;
    p.job.literal = rig.random().below(2) != 0;
    if (rig.random().below(2) != 0) {
      p.job.stochastic = true;
      p.job.seed = rig.random().below(0xFFFFFFFF);
      p.job.row0 = static_cast<std::uint16_t>(0xFFFF - rig.random().below(8));
      p.job.col0 = static_cast<std::uint16_t>(rig.random().below(65536));
    }
    p.job.block_m = rig.random().below(3) * g.rows;
    p.job.block_n = rig.random().below(3) * g.cols;
    if (sums || d.format == Format::fp32) p.job.block_k = rig.random().below(3) * g.depth;
    SCOPED_TRACE(testing::Message() << "round " << round << ": " << p.job.m << 'x' << p.job.n << 'x' << p.job.k);

    const MonitorAnswer answer = monitor.wait(monitor.submit(p.job));
    ASSERT_EQ(describe(answer), "OK");
    const model::GemmResult right = expected(rig, p);
    ASSERT_EQ(rig.get(p.d, p.job.d_at), right.d);
    EXPECT_EQ(comparable(answer.flags), comparable(right.flags));
    if (p.job.block_k == 0) {
      EXPECT_EQ(answer.flags, right.flags);
    }
  }
}

TEST_P(Commands, BlocksAreAsLargeAsTheHostAllows) {
  Monitor& monitor = rig.start();
  const model::Geometry& g = rig.geometry();
  Placed p = place(rig, {Format::bf16, 0}, {Format::bf16, 0}, {}, 4 * g.rows, 4 * g.cols, 4 * g.depth, false, false);
  EXPECT_EQ(monitor.run(p.job).jobs, 1u) << "a small job needs no cut";
  p.job.block_m = 1;  // rounded up to a panel
  EXPECT_EQ(monitor.run(p.job).jobs, 4u);
  p.job.block_n = g.cols;
  EXPECT_EQ(monitor.run(p.job).jobs, 16u);
  p.job.block_k = 2 * g.depth;
  EXPECT_EQ(monitor.run(p.job).jobs, 32u);
  EXPECT_EQ(rig.get(p.d, p.job.d_at), expected(rig, p).d);
}

TEST_P(Commands, InPlaceAccumulation) {
  Monitor& monitor = rig.start();
  const model::Geometry& g = rig.geometry();
  Placed p = place(rig, {Format::int8, 0}, {Format::int8, 0}, {}, 2 * g.rows, 2 * g.cols, 4 * g.depth, true, false);
  p.job.d_at = p.job.c_at;
  p.job.block_m = g.rows, p.job.block_n = g.cols, p.job.block_k = 2 * g.depth;
  monitor.run(p.job);
  EXPECT_EQ(rig.get(p.d, p.job.d_at), expected(rig, p).d);
}

TEST_P(Commands, ConvertCopyFillInBlocks) {
  Monitor& monitor = rig.start();
  const model::Geometry& g = rig.geometry();
  const std::uint32_t m = 5 * g.rows - 1, n = 5 * g.cols - 1;
  const model::PanelLayout from = rig.layout(m, n, g.rows, Format::bf16), to = rig.layout(m, n, g.rows, Format::e4m3);
  MonitorJob convert;
  convert.opcode = Opcode::convert;
  convert.a = {Format::bf16, 0}, convert.d = {Format::e4m3, 0};
  convert.m = m, convert.n = n;
  convert.a_at = {0, static_cast<std::uint32_t>(from.panel_bytes())};
  convert.d_at = {g.bank_bytes, static_cast<std::uint32_t>(to.panel_bytes())};
  convert.stochastic = true, convert.seed = 99, convert.row0 = 3, convert.col0 = 4;
  const Bytes codes = rig.random().bytes(std::size_t{m} * n * 2);
  rig.put(from, convert.a_at, codes);
  monitor.run(convert);
  const Bytes whole = rig.get(to, convert.d_at);
  convert.d_at.base += static_cast<std::uint32_t>(to.extent(convert.d_at.stride));
  convert.block_m = g.rows;
  convert.block_n = 1;
  EXPECT_GE(monitor.run(convert).jobs, 5u);
  EXPECT_EQ(rig.get(to, convert.d_at), whole);
  for (std::uint32_t i = 0; i < m; i += 3) {
    const std::uint32_t code =
        static_cast<std::uint32_t>(codes[(i * n) * 2]) | static_cast<std::uint32_t>(codes[(i * n) * 2 + 1]) << 8;
    model::Flags flags;
    const std::uint32_t value = model::to_fp32({Format::bf16, 0}, code, false, flags);
    const std::uint16_t random = model::random16(99, static_cast<std::uint16_t>(3 + i), 4);
    EXPECT_EQ(static_cast<std::uint32_t>(whole[i * n]),
              model::encode(value, {Format::e4m3, 0}, model::Rounding::stochastic, false, false, random, flags))
        << i;
  }

  MonitorJob fill;
  fill.opcode = Opcode::fill;
  fill.m = 3, fill.n = 4;
  fill.seed = 0x12345678;
  fill.d_at = {0, 5 * rig.word()};
  fill.block_m = 1, fill.block_n = 3;
  rig.inner().write_words(0, Bytes(16 * rig.word()));
  EXPECT_EQ(monitor.run(fill).jobs, 6u);
  MonitorJob copy;
  copy.opcode = Opcode::copy;
  copy.m = 3, copy.n = 4;
  copy.a_at = fill.d_at;
  copy.d_at = {g.bank_bytes, 4 * rig.word()};
  copy.block_n = 1;
  EXPECT_EQ(monitor.run(copy).jobs, 4u) << "columns are cut, rows are not";
  Bytes pattern(12 * rig.word());
  for (std::size_t i = 0; i < pattern.size(); ++i) pattern[i] = static_cast<std::byte>(0x12345678u >> 8 * (i % 4));
  EXPECT_EQ(rig.read(g.bank_bytes, pattern.size()), pattern);
  EXPECT_EQ(rig.read(4 * rig.word(), rig.word()), Bytes(rig.word())) << "between the rows of the FILL";
}

TEST_P(Commands, AChainOfDependentCommandsInFlight) {
  // Each command reads what the one before wrote; all are given at once, between commands that touch nothing of theirs.
  Monitor& monitor = rig.start();
  const std::uint32_t word = rig.word(), words = 4;
  rig.inner().write_words(0, rig.random().bytes(words * word));
  const Bytes original = rig.read(0, words * word);
  MonitorJob copy;
  copy.opcode = Opcode::copy;
  copy.m = 1, copy.n = words, copy.block_n = 1;
  for (std::uint32_t i = 0; i < 6; ++i) {
    copy.a_at = {i * words * word, 0};
    copy.d_at = {(i + 1) * words * word, 0};
    monitor.submit(copy);
    MonitorJob other;
    other.opcode = Opcode::fill;
    other.m = 1, other.n = 1, other.seed = i;
    other.d_at = {(32 + i) * word, 0};
    monitor.submit(other);
  }
  monitor.drain();
  EXPECT_EQ(rig.read(6 * words * word, words * word), original);
}

TEST_P(Commands, RefusalsNameTheWord) {
  Monitor& monitor = rig.start();
  const model::Geometry& g = rig.geometry();
  const Placed good = place(rig, {Format::bf16, 0}, {Format::bf16, 0}, {Format::bf16, 0}, 2, 2, 2, false, true);
  struct Case {
    std::uint32_t word, value;
    monitor_status status;
    std::uint32_t field;
  };
  const Case cases[] = {
      {MONITOR_CMD_OPCODE, 0, MONITOR_BAD_OPCODE, MONITOR_CMD_OPCODE},
      {MONITOR_CMD_OPCODE, 5, MONITOR_BAD_OPCODE, MONITOR_CMD_OPCODE},
      {MONITOR_CMD_OPCODE, MONITOR_GEMM | 0x2000, MONITOR_BAD_OPTION, MONITOR_CMD_OPCODE},
      {MONITOR_CMD_OPCODE, MONITOR_PING | 0x100, MONITOR_BAD_OPTION, MONITOR_CMD_OPCODE},
      {MONITOR_CMD_OPCODE, MONITOR_PING, MONITOR_UNUSED, MONITOR_CMD_FORMATS},
      {MONITOR_CMD_FORMATS, 0x7, MONITOR_BAD_FORMAT, MONITOR_CMD_FORMATS},
      {MONITOR_CMD_M, 0, MONITOR_BAD_SIZE, MONITOR_CMD_M},
      {MONITOR_CMD_N, 0, MONITOR_BAD_SIZE, MONITOR_CMD_N},
      {MONITOR_CMD_K, 0, MONITOR_BAD_SIZE, MONITOR_CMD_K},
      {MONITOR_CMD_M, 0xFFFFFFFF, MONITOR_OUT_OF_RANGE, MONITOR_CMD_A},
      {MONITOR_CMD_N, 0xFFFFFFFF, MONITOR_OUT_OF_RANGE, MONITOR_CMD_B},
      {MONITOR_CMD_K, 0xFFFFFFFF, MONITOR_OUT_OF_RANGE, MONITOR_CMD_A},
      {MONITOR_CMD_A, 4, MONITOR_MISALIGNED, MONITOR_CMD_A},
      {MONITOR_CMD_B, 0xFFFFFFC0, MONITOR_OUT_OF_RANGE, MONITOR_CMD_B},
      {MONITOR_CMD_B_STRIDE, 0xFFFFFFC0, MONITOR_OUT_OF_RANGE, MONITOR_CMD_B_STRIDE},
      {MONITOR_CMD_C, g.word_bytes(), MONITOR_UNUSED, MONITOR_CMD_C},
      {MONITOR_CMD_D, good.job.a_at.base, MONITOR_OVERLAP, MONITOR_CMD_D},
      {MONITOR_CMD_D, monitor.base(), MONITOR_PROTECTED, MONITOR_CMD_D},
      {MONITOR_CMD_D, g.data_bytes() - g.word_bytes(), MONITOR_PROTECTED, MONITOR_CMD_D},
      {MONITOR_CMD_SUMS, monitor.base(), MONITOR_PROTECTED, MONITOR_CMD_SUMS},
      {MONITOR_CMD_SUMS, good.job.b_at.base, MONITOR_OVERLAP, MONITOR_CMD_SUMS},
      {MONITOR_CMD_SUMS, 1, MONITOR_MISALIGNED, MONITOR_CMD_SUMS},
      {MONITOR_CMD_SEED, 1, MONITOR_UNUSED, MONITOR_CMD_SEED},
      {MONITOR_CMD_ORIGIN, 1, MONITOR_UNUSED, MONITOR_CMD_ORIGIN},
      {MONITOR_CMD_ARGUMENT, 1, MONITOR_UNUSED, MONITOR_CMD_ARGUMENT},
      {30, 1, MONITOR_UNUSED, 30},
  };
  const Bytes before = rig.read(0, monitor.base());
  for (const Case& c : cases) {
    MonitorWords words = good.job.pack();
    words[c.word] = c.value;
    const MonitorAnswer answer = monitor.wait(monitor.submit(words));
    EXPECT_EQ(answer.status, c.status) << "word " << c.word << ": " << describe(answer);
    EXPECT_EQ(answer.field, c.field) << "word " << c.word << ": " << describe(answer);
  }
  EXPECT_EQ(rig.read(0, monitor.base()), before) << "a refused command writes nothing";
  // The same behind commands of the same shape, whose plan the monitor still has.
  MonitorJob known = good.job;
  known.sums.reset();
  for (const Case& c : cases) {
    if (c.word == MONITOR_CMD_SUMS) continue;
    for (unsigned i = 0; i < 4; ++i) monitor.run(known);
    MonitorWords words = known.pack();
    words[c.word] = c.value;
    const MonitorAnswer answer = monitor.wait(monitor.submit(words));
    EXPECT_EQ(answer.status, c.status) << "known, word " << c.word << ": " << describe(answer);
    EXPECT_EQ(answer.field, c.field) << "known, word " << c.word << ": " << describe(answer);
  }
  monitor.run(good.job);
  EXPECT_EQ(rig.register_at(regs::tile::perf_errors), 0u) << "the tile never had to refuse anything";
}

TEST_P(Commands, AStaleOrTornRecordIsNotRun) {
  Monitor& monitor = rig.start();
  for (const std::uint32_t word : {MONITOR_CMD_SEQUENCE, MONITOR_CMD_CHECK}) {
    const MonitorTicket ticket = monitor.submit(MonitorWords{});  // right; then disturbed before the monitor looks
    const std::uint32_t wrong[] = {0xBAD};
    const auto slot = static_cast<std::uint32_t>(ticket % monitor.slots());
    write_bytes(rig.inner(), monitor.base() + MONITOR_COMMAND_AT(slot) + 4 * word, std::as_bytes(std::span(wrong)));
    const MonitorAnswer& answer = monitor.wait(ticket);
    EXPECT_EQ(answer.status, MONITOR_BAD_SEQUENCE);
    EXPECT_EQ(answer.field, word);
  }
}
TEST_P(Commands, AnotherAreaAndImpossibleOnes) {
  const std::uint32_t word = std::max(64u, rig.word());
  Monitor& monitor = rig.start({.tests = 0, .base = 4 * word, .slots = 2});
  EXPECT_EQ(monitor.base(), 4 * word);
  EXPECT_EQ(monitor.slots(), 2u);
  for (std::uint32_t i = 0; i < 9; ++i) EXPECT_EQ(monitor.ping(i), i);
  for (const auto& [base, slots] :
       {std::pair{0u, 3u}, {32u, 8u}, {rig.geometry().data_bytes() - 64, 8u}, {0u, 1024u}, {0xFFFFFFC0u, 8u}}) {
    start_monitor(rig.controller(), {.tests = 0, .base = base, .slots = slots});
    EXPECT_EQ(monitor_health(rig.controller()).phase, MONITOR_BAD_AREA) << base << ' ' << slots;
    EXPECT_THROW(Monitor{rig.controller()}, Error);
  }
}

TEST_P(Commands, NonsenseInTheCountsStopsItWithAMessage) {
  Monitor& monitor = rig.start();
  monitor.ping(1);
  rig.controller().write_register(0x80001080 + 4 * MONITOR_BOX_SUBMITTED, 0x12345678);
  try {
    monitor.wait(monitor.submit(MonitorWords{}));
    // The host has overwritten the nonsense before the monitor saw it: still alive.
    rig.controller().write_register(0x80001080 + 4 * MONITOR_BOX_SUBMITTED, 0x12345678);
    rig.controller().idle(64);
  } catch (const Error&) {
  }
  EXPECT_EQ(monitor_health(rig.controller()).phase, MONITOR_RING_LOST);
  EXPECT_THROW((void)monitor.wait(monitor.submit(MonitorWords{})), Error);
  EXPECT_EQ(rig.start().ping(5), 5u) << "a new start helps";
}

}  // namespace
}  // namespace hilbert::firmware
