// SPDX-License-Identifier: Apache-2.0
// Descriptor queue (rtl/README.md, "Queue").
#include "queue.h"

#include <hilbert/regs/tile.h>
#include <mmio.h>

#include "ecc.h"

#define MOST_SLOTS 16u      // that this driver uses; more descriptors would only wait
#define RESET_TRIES 10000u  // looks at STATUS.BUSY after ABORT

static struct {
  uint32_t slots, use;        // in the tile, a power of two; of them in use
  uint32_t submitted, taken;  // free running
  uint32_t seen;              // completions that the last look at QUEUE_HEAD has found, and that were not taken
  uint32_t tags[MOST_SLOTS];
  uint32_t bad_slot;
} q;

static uint32_t slot_address(uint32_t slot) { return JOB_QUEUE_BASE + 4u * QUEUE_WORDS * slot; }

bool queue_reset(uint32_t slots) {
  q.slots = slots;
  q.use = slots < MOST_SLOTS ? slots : MOST_SLOTS;
  q.submitted = 0;
  q.taken = q.seen = 0;
  q.bad_slot = 0;
  mmio_write(TILE_BASE + TILE_CTRL, TILE_CTRL_ABORT_MASK);
  for (uint32_t tries = 0; (mmio_read(TILE_BASE + TILE_STATUS) & TILE_STATUS_BUSY_MASK) != 0; ++tries) {
    if (tries == RESET_TRIES) return false;
    mmio_write(TILE_BASE + TILE_CTRL, TILE_CTRL_ABORT_MASK);
  }
  mmio_write(TILE_BASE + TILE_CTRL, TILE_CTRL_QUEUE_RESET_MASK);
  queue_acknowledge();
  mmio_write(TILE_BASE + TILE_CTRL, TILE_CTRL_ENABLE_MASK);
  return true;
}

static uint32_t in_flight(void) { return q.submitted - q.taken; }
bool queue_idle(void) { return in_flight() == 0; }
uint32_t queue_head(void) { return mmio_read(TILE_BASE + TILE_QUEUE_HEAD); }

bool queue_has_room(void) { return in_flight() != q.use; }

bool queue_submit(const uint32_t descriptor[QUEUE_WORDS]) {
  if (!queue_has_room()) return false;
  const uint32_t address = slot_address(q.submitted & (q.slots - 1u));
  // If even healing does not help, the tile finds the slot uncorrectable too, and says so.
  if (ecc_store(address, descriptor, QUEUE_WORDS) != ECC_STORED) q.bad_slot = address;
  q.tags[q.submitted % MOST_SLOTS] = descriptor[1];
  ++q.submitted;
  mmio_write(TILE_BASE + TILE_QUEUE_TAIL, q.submitted & 0xFFFFu);
  return true;
}

uint32_t queue_take_bad_slot(void) {
  const uint32_t address = q.bad_slot;
  q.bad_slot = 0;
  return address;
}

// Reads of the completion of the oldest job what queue.h knows. One that cannot be read tells nothing: the meaning of
// POISONED.
static void read_completion(uint32_t entry, struct queue_completion* completion) {
  const uint32_t address = slot_address(q.slots + (q.taken & (q.slots - 1u)));
  if (!mmio_load(address, completion->words, QUEUE_STEPS + 1u) ||
      !mmio_load(address + 4u * QUEUE_CORRECTED, &completion->words[QUEUE_CORRECTED], 1)) {
    for (uint32_t i = 0; i < QUEUE_WORDS; ++i) completion->words[i] = 0;
    completion->words[1] = JOB_ST_POISONED | JOB_FIELD_DESCRIPTOR << 8;
    completion->words[3] = address;
  }
  // A tile that could not read the descriptor does not know its tag.
  if (queue_status(completion) == JOB_ST_POISONED && queue_field(completion) == JOB_FIELD_DESCRIPTOR) {
    completion->words[0] = q.tags[entry];
  }
}

bool queue_knows_more(void) { return q.seen != 0; }

enum queue_event queue_take(struct queue_completion* completion) {
  if (q.seen == 0) {
    const uint32_t fresh = (queue_head() - q.taken) & 0xFFFFu;
    if (fresh > in_flight()) return QUEUE_LOST;
    if (fresh < in_flight() && mmio_read(TILE_BASE + TILE_QUEUE_TAIL) != (q.submitted & 0xFFFFu)) return QUEUE_LOST;
    if (fresh == 0) return QUEUE_NOTHING;
    q.seen = fresh;
  }
  const uint32_t entry = q.taken % MOST_SLOTS;
  read_completion(entry, completion);
  --q.seen;
  ++q.taken;
  return queue_tag(completion) == q.tags[entry] ? QUEUE_COMPLETED : QUEUE_LOST;
}

void queue_abort(void) { mmio_write(TILE_BASE + TILE_CTRL, TILE_CTRL_ENABLE_MASK | TILE_CTRL_ABORT_MASK); }

void queue_acknowledge(void) {
  mmio_write(TILE_BASE + TILE_IRQ_STATUS, TILE_IRQ_STATUS_DONE_MASK | TILE_IRQ_STATUS_ERROR_MASK);
}
