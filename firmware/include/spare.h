// SPDX-License-Identifier: Apache-2.0
// Controller memory that the program does not use: who runs it knows.
#pragma once

#include <stdint.h>

#define SPARE_REGIONS 2u

// Whole memory words from base to end; empty if they are equal.
struct spare {
  uint32_t base, end;
};

void spare_memory(struct spare spare[SPARE_REGIONS]);
