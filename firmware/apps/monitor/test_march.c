// SPDX-License-Identifier: Apache-2.0
// March C- over all memories (van de Goor's notation): any(w0) up(r0,w1) up(r1,w0) down(r0,w1) down(r1,w0) any(r0).
// A cell is a memory word. Data that reads right after a correction is a failure too: the ECC counts must stand still.
#include <ecc.h>
#include <mmio.h>

#include "selftest.h"

#define SLICE_WORDS 32u  // memory words
#define MOST_WORD 16u    // 32-bit words in a memory word

struct element {
  bool down, reads, writes;
  uint32_t before;  // what is read, or would be
};
#define ONES 0xFFFFFFFFu
static const struct element elements[] = {{false, false, true, ONES}, {false, true, true, 0},
                                          {false, true, true, ONES},  {true, true, true, 0},
                                          {true, true, true, ONES},   {false, true, false, 0}};
#define ELEMENTS (sizeof elements / sizeof elements[0])

static void visit(const struct selftest_place* at, const struct element* e, uint32_t number, uint32_t address) {
  const uint32_t count = at->g->word_bytes / 4u;
  uint32_t words[MOST_WORD];
  if (e->reads && !mmio_load(address, words, count)) {
    selftest_fail(number, address, e->before, 0);
  } else if (e->reads) {
    for (uint32_t i = 0; i < count; ++i) {
      if (words[i] != e->before) selftest_fail(number, address + 4u * i, e->before, words[i]);
    }
  }
  if (!e->writes) return;
  for (uint32_t i = 0; i < count; ++i) words[i] = ~e->before;
  // Before the first element a word may be uncorrectable.
  const enum ecc_stored stored = ecc_store(address, words, count);
  if (stored == ECC_NOT_STORED || (stored == ECC_HEALED && e->reads)) selftest_fail(number, address, ~e->before, 0);
}

// Words of slice `slice` of an element; false if there is no such slice.
static bool find(const struct selftest_place* at, bool down, uint32_t slice, struct region* words) {
  const uint32_t bytes = SLICE_WORDS * at->g->word_bytes;
  for (uint32_t i = 0; i < SELFTEST_REGIONS; ++i) {
    const struct region* r = &at->memory[down ? SELFTEST_REGIONS - 1u - i : i];
    const uint32_t slices = (r->end - r->base + bytes - 1u) / bytes;
    if (slice >= slices) {
      slice -= slices;
      continue;
    }
    words->base = r->base + (down ? slices - 1u - slice : slice) * bytes;
    words->end = r->end - words->base < bytes ? r->end : words->base + bytes;
    return true;
  }
  return false;
}

// Steps: the number of the element, 0 to 5; 16 + it: a word of the slice that begins at the address needed correction.
bool test_march(const struct selftest_place* at) {
  static uint32_t number, first;  // element; its first step
  if (at->step == 0) number = first = 0;
  const struct element* e = &elements[number];
  struct region words;
  if (!find(at, e->down, at->step - first, &words)) {
    first = at->step + 1u;
    return ++number != ELEMENTS;
  }
  const uint32_t size = at->g->word_bytes, corrected = ecc_read_counts().corrected;
  for (uint32_t i = 0; i < words.end - words.base; i += size) {
    visit(at, e, number, e->down ? words.end - size - i : words.base + i);
  }
  const uint32_t after = ecc_read_counts().corrected;
  if (after != corrected && e->reads) selftest_fail(number + 16u, words.base, corrected, after);
  return true;
}
