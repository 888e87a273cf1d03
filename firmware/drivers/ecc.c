// SPDX-License-Identifier: Apache-2.0
// Memory errors (rtl/README.md, "Memory").
#include "ecc.h"

#include <hilbert/regs/tile.h>
#include <mmio.h>

#define INJECT_TRIES 1000u
#define HEAL_TRIES 1000u
#define STORE_TRIES 3u
#define LEAST_WORD 8u  // bytes of the smallest memory word

void scrub_set_interval(uint32_t clocks) { mmio_write(TILE_BASE + TILE_SCRUB_INTERVAL, clocks); }
uint32_t scrub_passes(void) { return mmio_read(TILE_BASE + TILE_SCRUB_PASSES); }

struct ecc_counts ecc_read_counts(void) {
  struct ecc_counts counts;
  counts.corrected = mmio_read(TILE_BASE + TILE_ECC_CORRECTED);
  counts.scrubbed = mmio_read(TILE_BASE + TILE_ECC_SCRUBBED);
  counts.uncorrectable = mmio_read(TILE_BASE + TILE_ECC_UNCORRECTABLE);
  return counts;
}

bool ecc_take_poison(struct ecc_poison* poison) {
  poison->status = mmio_read(TILE_BASE + TILE_POISON_STATUS);
  if ((poison->status & TILE_POISON_STATUS_VALID_MASK) == 0) return false;
  poison->address = mmio_read(TILE_BASE + TILE_POISON_ADDR);
  mmio_write(TILE_BASE + TILE_POISON_STATUS, TILE_POISON_STATUS_VALID_MASK | TILE_POISON_STATUS_MORE_MASK);
  return true;
}

void ecc_heal(uint32_t address, uint32_t bytes) {
  for (uint32_t at = 0; at < bytes; at += LEAST_WORD) {
    mmio_write(TILE_BASE + TILE_HEAL, address + at);
    for (uint32_t tries = 0; tries < HEAL_TRIES; ++tries) {
      if ((mmio_read(TILE_BASE + TILE_HEAL) & TILE_HEAL_BUSY_MASK) == 0) break;
    }
  }
}

enum ecc_stored ecc_store(uint32_t address, const uint32_t* words, uint32_t count) {
  if (mmio_store(address, words, count)) return ECC_STORED;
  for (uint32_t tries = 0; tries < STORE_TRIES; ++tries) {
    ecc_heal(address, 4u * count);
    if (mmio_store(address, words, count)) return ECC_HEALED;
  }
  return ECC_NOT_STORED;
}

bool ecc_inject(uint32_t address, uint32_t lane, uint32_t bit0, uint32_t bit1) {
  mmio_write(TILE_BASE + TILE_INJECT_ADDR, address);
  mmio_write(TILE_BASE + TILE_INJECT_BITS,
             bit0 << TILE_INJECT_BITS_BIT0_LSB | bit1 << TILE_INJECT_BITS_BIT1_LSB | lane << TILE_INJECT_BITS_LANE_LSB);
  mmio_write(TILE_BASE + TILE_INJECT_GO, TILE_INJECT_GO_GO_MASK);
  for (uint32_t tries = 0; tries < INJECT_TRIES; ++tries) {
    const uint32_t state = mmio_read(TILE_BASE + TILE_INJECT_GO);
    if ((state & TILE_INJECT_GO_GO_MASK) == 0) return (state & TILE_INJECT_GO_ERROR_MASK) == 0;
  }
  return false;
}
