// SPDX-License-Identifier: Apache-2.0
// March C- over data memory (van de Goor's notation): any(w0) up(r0,w1) up(r1,w0) down(r0,w1) down(r1,w0) any(r0).
// A cell is a memory word. Data that reads right after a correction is a failure too: the ECC counts must stand still.
#include <ecc.h>
#include <mmio.h>

#include "selftest.h"

#define SLICE_WORDS 32u  // memory words
#define MOST_WORD 16u    // 32-bit words in a memory word
#define FILL_WORDS 65535u

struct element {
  bool down, writes;
  uint32_t reads;  // expected
};
static const struct element elements[] = {
    {false, true, 0}, {false, true, 0xFFFFFFFFu}, {true, true, 0}, {true, true, 0xFFFFFFFFu}, {false, false, 0}};
#define ELEMENTS (sizeof elements / sizeof elements[0])

static bool guarded(const struct selftest_place* at, uint32_t address) {
  return address >= at->guarded.base && address < at->guarded.end;
}

// any(w0), by the tile: the only way to write a word that is uncorrectable when the test begins.
static void clear(const struct selftest_place* at) {
  const struct tile_geometry* g = at->g;
  uint32_t address = 0;
  while (address < g->data_bytes) {
    if (guarded(at, address)) {
      address = at->guarded.end;
      continue;
    }
    const uint32_t end = address < at->guarded.base ? at->guarded.base : g->data_bytes;
    uint32_t words = (end - address) / g->word_bytes;
    if (words > FILL_WORDS) words = FILL_WORDS;
    if (!selftest_fill(g, address, words, 0)) selftest_fail(0, address, 0, 0);
    address += words * g->word_bytes;
  }
}

static void visit(const struct selftest_place* at, const struct element* e, uint32_t number, uint32_t address) {
  const uint32_t count = at->g->word_bytes / 4u;
  uint32_t found[MOST_WORD], next[MOST_WORD];
  if (!mmio_load(address, found, count)) {
    selftest_fail(number, address, e->reads, 0);
    (void)selftest_fill(at->g, address, 1, e->reads);
  } else {
    for (uint32_t i = 0; i < count; ++i) {
      if (found[i] != e->reads) selftest_fail(number, address + 4u * i, e->reads, found[i]);
    }
  }
  if (!e->writes) return;
  for (uint32_t i = 0; i < count; ++i) next[i] = ~e->reads;
  if (!mmio_store(address, next, count)) selftest_fail(number, address, ~e->reads, 0);
}

// Steps: the number of the element, 0 to 5; 16 + it: a word of the slice that begins at the address needed correction.
bool test_march(const struct selftest_place* at) {
  static struct ecc_counts before;
  if (at->step == 0) {
    clear(at);
    before = ecc_read_counts();
    return true;
  }
  const uint32_t words = at->g->data_bytes / at->g->word_bytes;
  const uint32_t slices = (words + SLICE_WORDS - 1u) / SLICE_WORDS;
  const uint32_t number = (at->step - 1u) / slices, slice = (at->step - 1u) % slices;
  if (number == ELEMENTS) return false;
  const struct element* e = &elements[number];
  uint32_t first = 0;
  for (uint32_t i = 0; i < SLICE_WORDS; ++i) {
    const uint32_t index = slice * SLICE_WORDS + i;
    if (index >= words) break;
    const uint32_t address = (e->down ? words - 1u - index : index) * at->g->word_bytes;
    if (i == 0) first = address;
    if (!guarded(at, address)) visit(at, e, number + 1u, address);
  }
  const struct ecc_counts now = ecc_read_counts();
  if (now.corrected != before.corrected) selftest_fail(number + 17u, first, before.corrected, now.corrected);
  before = now;
  return true;
}
