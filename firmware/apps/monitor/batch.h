// SPDX-License-Identifier: Apache-2.0
// Descriptors that the host made: read from its room in controller memory, and what the tile's own checks cannot know.
#pragma once

#include <hilbert/monitor_abi.h>
#include <stdbool.h>
#include <stdint.h>
#include <tile.h>

#include "command.h"

// What batches are checked against; once a start.
struct batch_limits {
  uint32_t slot_mask, slot_shift;  // of a sequence number; log2 of a slot's bytes of the room
  uint32_t room, share;            // first descriptor of slot 0, and descriptors of a slot
  struct region guarded;           // must not be written
  uint32_t rows_shift;             // log2 of Rows
  uint32_t depth_mask, word_mask, word_shift;
};

struct batch_limits batch_limits(const struct tile_geometry* g, struct region guarded, uint32_t slots);
// A BATCH command, by its first words.
struct plan_verdict batch_check(const struct batch_limits* limits, const uint32_t* command);
// Address of the first descriptor of a command.
static inline uint32_t batch_address(const struct batch_limits* l, uint32_t sequence) {
  return l->room + ((sequence & l->slot_mask) << l->slot_shift);
}
// Whether the tile may have a descriptor: it refuses by itself what is wrong in it, but does not know the shared area.
struct plan_verdict batch_check_descriptor(const struct batch_limits* limits,
                                           const uint32_t descriptor[MONITOR_DESCRIPTOR_WORDS]);
