// SPDX-License-Identifier: Apache-2.0
// Memory errors: scrubber, counts, the poisoned-word report, injection.
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct ecc_counts {
  uint32_t corrected, scrubbed, uncorrectable;  // saturate
};

struct ecc_poison {
  uint32_t address;
  uint32_t status;  // POISON_STATUS
};

// Clocks from one scrubbed word to the next; 0 stops the scrubber.
void scrub_set_interval(uint32_t clocks);
uint32_t scrub_passes(void);

struct ecc_counts ecc_read_counts(void);
// True if there is a report; takes it, making room for the next.
bool ecc_take_poison(struct ecc_poison* poison);
// Makes uncorrectable memory words from `address` on good zeros; leaves the others as they are.
void ecc_heal(uint32_t address, uint32_t bytes);

enum ecc_stored { ECC_STORED, ECC_HEALED, ECC_NOT_STORED };
// As mmio_store, but heals uncorrectable words on the way, which are zero where they are not written. ECC_NOT_STORED if
// that does not help: a word of the range is uncorrectable.
enum ecc_stored ecc_store(uint32_t address, const uint32_t* words, uint32_t count);

// Flips stored bits bit0 and bit1 (0..71, 64 and above are check bits; equal: one bit) of a 64-bit lane of the memory
// word at `address`. False if the tile refuses or does not finish.
bool ecc_inject(uint32_t address, uint32_t lane, uint32_t bit0, uint32_t bit1);
