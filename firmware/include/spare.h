// SPDX-License-Identifier: Apache-2.0
// Controller memory that is no image, variable or stack: who runs the program knows where it lies.
#pragma once

#include <stdint.h>

#define SPARE_REGIONS 2u

// Whole memory words from base to end; empty if they are equal.
struct spare {
  uint32_t base, end;
};

// Base of MONITOR_ROOM_DESCRIPTORS descriptors that the host writes; a start leaves them as they are.
uint32_t spare_room(void);
// What nobody uses.
void spare_memory(struct spare spare[SPARE_REGIONS]);
