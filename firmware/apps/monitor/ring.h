// SPDX-License-Identifier: Apache-2.0
// The shared area: commands in, answers out.
#pragma once

#include <ecc.h>
#include <hilbert/monitor_abi.h>
#include <stdbool.h>
#include <stdint.h>
#include <tile.h>

#include "command.h"

struct ring {
  uint32_t base, slots;
};

// Whether an area of that many slots can lie there.
bool ring_fits(const struct tile_geometry* g, uint32_t base, uint32_t slots);
// Where it lies if the host does not say.
struct ring ring_default(const struct tile_geometry* g);
struct region ring_region(const struct ring* ring);
#define RING_HEAD_WORDS 4u  // all that a BATCH has

// Reads the first words of a command, and its last: MONITOR_OK, MONITOR_UNREADABLE (words are zero), or
// MONITOR_BAD_SEQUENCE.
struct plan_verdict ring_read_head(const struct ring* ring, uint32_t sequence, uint32_t head[RING_HEAD_WORDS]);
// The whole command behind a good head; false if it is unreadable (words are zero).
bool ring_read_rest(const struct ring* ring, uint32_t sequence, uint32_t command[MONITOR_COMMAND_WORDS]);
uint32_t ring_answer_address(const struct ring* ring, uint32_t sequence);
enum ecc_stored ring_write_answer(const struct ring* ring, const uint32_t answer[MONITOR_ANSWER_WORDS]);
