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
// Flips stored bits bit0 and bit1 (0..71, 64 and above are check bits; equal: one bit) of a 64-bit lane of the memory
// word at `address`. False if the tile refuses or does not finish.
bool ecc_inject(uint32_t address, uint32_t lane, uint32_t bit0, uint32_t bit1);
