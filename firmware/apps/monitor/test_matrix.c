// SPDX-License-Identifier: Apache-2.0
// The array's known answers: 2 x 2 products in every format, worked out by hand.
#include <mmio.h>

#include "check.h"
#include "selftest.h"

// [1 2; 3 4] * [5 6; 7 8] = [19 22; 43 50]. e4m3 has steps of 2 from 16 and of 4 from 32: 19 is a tie between 18 and 20
// and goes to 20, whose code is even; 50 between 48 and 52 to 48. e5m2 has steps of 4 and 8: 22 is a tie to 24.
#define BF16 1u
#define INT8 6u
#define INEXACT 0x10u

struct known {
  uint32_t format, bias;
  uint16_t one_to_eight[8];
  uint16_t result[4];
  uint32_t flags;
};
static const struct known known[] = {
    {BF16, 0, {0x3F80, 0x4000, 0x4040, 0x4080, 0x40A0, 0x40C0, 0x40E0, 0x4100}, {0x4198, 0x41B0, 0x422C, 0x4248}, 0},
    {2, 7, {0x38, 0x40, 0x44, 0x48, 0x4A, 0x4C, 0x4E, 0x50}, {0x5A, 0x5B, 0x63, 0x64}, INEXACT},   // cf8_143:7
    {3, 15, {0x3C, 0x40, 0x42, 0x44, 0x45, 0x46, 0x47, 0x48}, {0x4D, 0x4E, 0x51, 0x52}, INEXACT},  // cf8_152:15
    {4, 0, {0x38, 0x40, 0x44, 0x48, 0x4A, 0x4C, 0x4E, 0x50}, {0x5A, 0x5B, 0x63, 0x64}, INEXACT},   // e4m3
    {5, 0, {0x3C, 0x40, 0x42, 0x44, 0x45, 0x46, 0x47, 0x48}, {0x4D, 0x4E, 0x51, 0x52}, INEXACT},   // e5m2
    {INT8, 0, {1, 2, 3, 4, 5, 6, 7, 8}, {19, 22, 43, 50}, 0},
};
#define KNOWN (sizeof known / sizeof known[0])
static const uint32_t result_fp32[4] = {0x41980000, 0x41B00000, 0x422C0000, 0x42480000};

#define ROOM (MONITOR_TEST_MATRIX_BYTES / 4u)  // of a matrix: two panels of 16 x 4 fp32
#define ROOM_WORDS (ROOM / 4u)

// A 2 x 2 matrix in panel order, in a buffer of ROOM bytes.
struct tiny {
  uint32_t words[ROOM_WORDS];
  uint32_t panel_rows, depth, bytes, stride;
};

static void tiny_shape(struct tiny* t, const struct tile_geometry* g, uint32_t panel_rows, uint32_t bytes) {
  const uint32_t groups = g->depth == 1 ? 2 : 1;
  const uint32_t panel = groups * panel_rows * g->depth * bytes;
  t->panel_rows = panel_rows;
  t->depth = g->depth;
  t->bytes = bytes;
  t->stride = (panel + g->word_bytes - 1u) & ~(g->word_bytes - 1u);
  __builtin_memset(t->words, 0, sizeof t->words);
}
static uint32_t tiny_offset(const struct tiny* t, uint32_t i, uint32_t j) {
  const uint32_t index = (j / t->depth * t->panel_rows + i % t->panel_rows) * t->depth + j % t->depth;
  return i / t->panel_rows * t->stride + index * t->bytes;
}
static void tiny_put(struct tiny* t, uint32_t i, uint32_t j, uint32_t code) {
  const uint32_t at = tiny_offset(t, i, j);
  t->words[at / 4u] |= code << 8u * (at % 4u);
}
static uint32_t tiny_get(const struct tiny* t, uint32_t i, uint32_t j) {
  const uint32_t at = tiny_offset(t, i, j);
  return t->words[at / 4u] >> 8u * (at % 4u) & (t->bytes == 4 ? 0xFFFFFFFFu : (1u << 8u * t->bytes) - 1u);
}

struct product {
  uint32_t format, bias, d_format, d_bias, options;
  uint16_t a[4], b[4];  // row by row
  uint32_t c, d[4];     // c: of all four
  uint32_t flags;
};

static uint32_t bytes_of(uint32_t format) { return format == 0 ? 4u : format == BF16 ? 2u : 1u; }

static bool send(const struct tiny* t, uint32_t address, const struct tile_geometry* g) {
  return selftest_clear(address, ROOM / g->word_bytes) && mmio_store(address, t->words, ROOM_WORDS);
}

static void try_product(const struct selftest_place* at, const struct product* p) {
  static struct tiny t;
  const struct tile_geometry* g = at->g;
  const uint32_t base = at->guarded.base >= 4u * ROOM ? 0 : at->guarded.end;
  uint32_t job[16] = {MONITOR_GEMM | p->options}, done[16];
  job[2] = p->format | p->bias << 4 | p->format << 10 | p->bias << 14 | p->d_format << 20 | p->d_bias << 24;
  job[3] = 2u | 2u << 16;
  job[4] = 2;

  tiny_shape(&t, g, g->rows, bytes_of(p->format));
  for (uint32_t i = 0; i < 4; ++i) tiny_put(&t, i / 2u, i % 2u, p->a[i]);
  job[5] = base, job[9] = t.stride;
  bool sent = send(&t, base, g);
  tiny_shape(&t, g, g->cols, bytes_of(p->format));
  for (uint32_t i = 0; i < 4; ++i) tiny_put(&t, i % 2u, i / 2u, p->b[i]);  // B transposed
  job[6] = base + ROOM, job[10] = t.stride;
  sent = send(&t, base + ROOM, g) && sent;
  if ((p->options & CHECK_ACCUMULATE) != 0) {
    tiny_shape(&t, g, g->rows, 4);
    for (uint32_t i = 0; i < 4; ++i) tiny_put(&t, i / 2u, i % 2u, p->c);
    job[7] = base + 2u * ROOM, job[11] = t.stride;
    sent = send(&t, base + 2u * ROOM, g) && sent;
  }
  tiny_shape(&t, g, g->rows, bytes_of(p->d_format));
  job[8] = base + 3u * ROOM, job[12] = t.stride;
  const bool ran = sent && selftest_run(job, done);
  if (!ran || (done[1] & 0x00FFFFFFu) != p->flags << 16) {
    selftest_fail(at->step, job[8], p->flags << 16, ran ? done[1] : 0xFFFFFFFFu);
    return;
  }
  const uint32_t used = (g->rows == 1 ? 2u : 1u) * t.stride / 4u;
  if (!mmio_load(job[8], t.words, used)) selftest_fail(at->step, job[8], p->d[0], 0);
  for (uint32_t i = 0; i < 4; ++i) {
    const uint32_t found = tiny_get(&t, i / 2u, i % 2u);
    if (found != p->d[i]) selftest_fail(at->step, job[8] + tiny_offset(&t, i / 2u, i % 2u), p->d[i], found);
  }
}

// Steps 0 to 5: the formats in the order of their codes, result in fp32; 6 to 11: result in the operands' format;
// 12: bf16 [1 2; 3 4] * [-5 6; 7 -8] + 1 = [10 -9; 14 -13], with ReLU.
bool test_matrix(const struct selftest_place* at) {
  static const struct product mixed = {BF16,
                                       0,
                                       0,
                                       0,
                                       CHECK_ACCUMULATE | CHECK_RELU,
                                       {0x3F80, 0x4000, 0x4040, 0x4080},
                                       {0xC0A0, 0x40C0, 0x40E0, 0xC100},
                                       0x3F800000,
                                       {0x41200000, 0, 0x41600000, 0},
                                       0};
  if (at->step > 2u * KNOWN) return false;
  if (at->step == 2u * KNOWN) {
    try_product(at, &mixed);
    return true;
  }
  const struct known* k = &known[at->step % KNOWN];
  const bool narrow = at->step >= KNOWN;
  struct product p = {k->format, k->bias, narrow ? k->format : 0, narrow ? k->bias : 0, 0, {0}, {0}, 0, {0}, 0};
  for (uint32_t i = 0; i < 4; ++i) {
    p.a[i] = k->one_to_eight[i];
    p.b[i] = k->one_to_eight[4u + i];
    p.d[i] = narrow ? k->result[i] : result_fp32[i];
  }
  p.flags = narrow ? k->flags : 0;
  try_product(at, &p);
  return true;
}
