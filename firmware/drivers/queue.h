// SPDX-License-Identifier: Apache-2.0
// The tile's descriptor queue: submit, and take completions in order.
#pragma once

#include <hilbert/regs/job.h>
#include <stdbool.h>
#include <stdint.h>

#define QUEUE_WORDS JOB_DESCRIPTOR_WORDS

// Words of a completion.
enum { QUEUE_TAG, QUEUE_STATUS, QUEUE_POISON = 3, QUEUE_CLOCKS, QUEUE_STEPS, QUEUE_CORRECTED = 10 };

struct queue_completion {
  uint32_t words[QUEUE_WORDS];
};

enum queue_event {
  QUEUE_NOTHING,    // no job has completed
  QUEUE_COMPLETED,  // one has
  QUEUE_LOST,       // QUEUE_HEAD, QUEUE_TAIL or a tag is impossible: somebody else used or reset the queue
};

// Ends whatever the tile was doing and starts the queue at 0. False if a job does not end by ABORT.
bool queue_reset(uint32_t slots);
bool queue_idle(void);
bool queue_has_room(void);
// Hands over a descriptor. False, with nothing submitted, while no slot is free. A slot that is uncorrectable is
// healed.
bool queue_submit(const uint32_t descriptor[QUEUE_WORDS]);
// Address of a slot that had to be healed since the last call; 0: none.
uint32_t queue_take_bad_slot(void);
// The oldest completion not yet taken, as far as the words above go. One that cannot be read counts as POISONED.
enum queue_event queue_take(struct queue_completion* completion);
// Whether there is another one, without a look at the tile.
bool queue_knows_more(void);
// Ends the running job with ABORTED.
void queue_abort(void);
uint32_t queue_head(void);
// Clears the causes of the queue's interrupt.
void queue_acknowledge(void);

static inline uint32_t queue_tag(const struct queue_completion* c) { return c->words[QUEUE_TAG]; }
static inline uint32_t queue_status(const struct queue_completion* c) { return c->words[QUEUE_STATUS] & 0xFFu; }
static inline uint32_t queue_field(const struct queue_completion* c) { return c->words[QUEUE_STATUS] >> 8 & 0xFFu; }
static inline uint32_t queue_flags(const struct queue_completion* c) { return c->words[QUEUE_STATUS] >> 16 & 0xFFu; }
static inline uint32_t queue_poison(const struct queue_completion* c) { return c->words[QUEUE_POISON]; }
static inline uint32_t queue_clocks(const struct queue_completion* c) { return c->words[QUEUE_CLOCKS]; }
static inline uint32_t queue_steps(const struct queue_completion* c) { return c->words[QUEUE_STEPS]; }
static inline uint32_t queue_corrected(const struct queue_completion* c) { return c->words[QUEUE_CORRECTED]; }
