// SPDX-License-Identifier: Apache-2.0
// The ECC's known answers, by injection: every single bit of a word is corrected and counted, two are reported.
#include <ecc.h>
#include <hilbert/regs/tile.h>
#include <mmio.h>

#include "selftest.h"

#define MOST_WORD 16u
#define LANE_BITS 72u

enum { STEP_INJECT = 1, STEP_DATA, STEP_COUNT, STEP_REPAIR, STEP_DETECT, STEP_REPORT, STEP_HEAL };

static uint32_t pattern(uint32_t i) { return 0x9E3779B9u * (i + 1u); }

static bool load_is_right(const struct selftest_place* at, uint32_t address, uint32_t step) {
  uint32_t found[MOST_WORD];
  const uint32_t count = at->g->word_bytes / 4u;
  if (!mmio_load(address, found, count)) {
    selftest_fail(step, address, pattern(0), 0);
    return false;
  }
  for (uint32_t i = 0; i < count; ++i) {
    if (found[i] == pattern(i)) continue;
    selftest_fail(step, address + 4u * i, pattern(i), found[i]);
    return false;
  }
  return true;
}

static void store_pattern(const struct selftest_place* at, uint32_t address, uint32_t step) {
  uint32_t words[MOST_WORD];
  for (uint32_t i = 0; i < at->g->word_bytes / 4u; ++i) words[i] = pattern(i);
  if (!mmio_store(address, words, at->g->word_bytes / 4u)) selftest_fail(step, address, pattern(0), 0);
}

static void one_bit(const struct selftest_place* at, uint32_t address, uint32_t lane, uint32_t bit) {
  const uint32_t before = ecc_read_counts().corrected;
  if (!ecc_inject(address, lane, bit, bit)) selftest_fail(STEP_INJECT, address, bit, lane);
  if (!load_is_right(at, address, STEP_DATA)) return;
  const uint32_t after = ecc_read_counts().corrected;
  if (after == before) selftest_fail(STEP_COUNT, address, before + 1u, after);
  store_pattern(at, address, STEP_REPAIR);
  const uint32_t repaired = ecc_read_counts().corrected;
  (void)load_is_right(at, address, STEP_REPAIR);
  const uint32_t last = ecc_read_counts().corrected;
  if (last != repaired) selftest_fail(STEP_REPAIR, address, repaired, last);
}

static void two_bits(const struct selftest_place* at, uint32_t address, uint32_t lane, uint32_t bit) {
  uint32_t found[MOST_WORD];
  struct ecc_poison poison;
  while (ecc_take_poison(&poison)) continue;
  const uint32_t before = ecc_read_counts().uncorrectable;
  if (!ecc_inject(address, lane, bit, (bit + 29u) % LANE_BITS)) selftest_fail(STEP_INJECT, address, bit, lane);
  if (mmio_load(address, found, at->g->word_bytes / 4u)) selftest_fail(STEP_DETECT, address, bit, lane);
  const uint32_t after = ecc_read_counts().uncorrectable;
  if (after == before) selftest_fail(STEP_COUNT, address, before + 1u, after);
  if (!ecc_take_poison(&poison)) {
    selftest_fail(STEP_REPORT, TILE_BASE + TILE_POISON_STATUS, address, 0);
  } else if (poison.address != address) {
    selftest_fail(STEP_REPORT, TILE_BASE + TILE_POISON_ADDR, address, poison.address);
  }
  ecc_heal(address, at->g->word_bytes);
  if (!mmio_load(address, found, at->g->word_bytes / 4u)) selftest_fail(STEP_HEAL, address, 0, 1);
  for (uint32_t i = 0; i < at->g->word_bytes / 4u; ++i) {
    if (found[i] != 0) selftest_fail(STEP_HEAL, address + 4u * i, 0, found[i]);
  }
  store_pattern(at, address, STEP_HEAL);
  (void)load_is_right(at, address, STEP_HEAL);
}

// Where the test of a bank is: its first word that may be overwritten; queue and controller memory are banks too.
static bool place_of(const struct selftest_place* at, uint32_t bank, uint32_t* address) {
  if (bank < at->g->banks) {
    *address = bank * at->g->bank_bytes;
    return *address < at->guarded.base || *address >= at->guarded.end;
  }
  const struct region* region = &at->memory[bank - at->g->banks + 2u];
  *address = region->base;
  return region->base < region->end;
}

// A slice is a lane of a word of a bank: all 72 bits in the first bank, where the decoder is the same, every ninth in
// the others. A data bank whose first word is in the shared area is left out.
bool test_ecc(const struct selftest_place* at) {
  const uint32_t lanes = at->g->word_bytes / 8u;
  const uint32_t bank = at->step / lanes, lane = at->step % lanes;
  if (bank == at->g->banks + 2u) return false;
  uint32_t address;
  if (!place_of(at, bank, &address)) return true;
  ecc_heal(address, at->g->word_bytes);
  store_pattern(at, address, STEP_DATA);
  for (uint32_t bit = 0; bit < LANE_BITS; bit += bank == 0 ? 1u : 9u) {
    one_bit(at, address, lane, bit);
    if (bit % 9u == 0) two_bits(at, address, lane, bit);
  }
  return true;
}
