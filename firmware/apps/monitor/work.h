// SPDX-License-Identifier: Apache-2.0
// Commands under way: descriptors into the queue, completions into answers, in the order of the commands.
#pragma once

#include <hilbert/monitor_abi.h>
#include <stdbool.h>
#include <stdint.h>
#include <tile.h>

#include "batch.h"
#include "command.h"

#define WORK_WINDOW 4u  // commands under way at once

// Forgets everything; starts the queue. False if the tile does not end its job. What is pointed to stays.
bool work_reset(const struct tile_geometry* g, const struct batch_limits* limits);
// Room for one more command.
bool work_has_room(void);
bool work_empty(void);
// A command, by its first words, with its answer known: it only waits for its turn.
void work_answered(const uint32_t* command, uint32_t sequence, struct plan_verdict verdict,
                   const uint32_t result[MONITOR_RESULT_WORDS]);
// Where the next job is planned; then work_begin() takes it. Valid while there is room.
struct plan* work_next_plan(void);
// Whether the planned job may begin while those under way go on.
bool work_may_begin(void);
void work_begin(uint32_t sequence);
// The same for a batch that batch_check() has accepted, by the first words of its command and where its descriptors
// lie. It may touch anything, so it waits for commands whose blocks might be run again.
bool work_may_begin_batch(void);
void work_begin_batch(const uint32_t* command, uint32_t sequence, uint32_t address);

// Submits descriptors; whether any command came further.
bool work_feed(void);
enum work_event { WORK_NOTHING, WORK_PROGRESS, WORK_LOST };
// Takes completions.
enum work_event work_turn(void);
// The answer of the oldest command, or NULL if it goes on. work_retire() removes it.
const uint32_t* work_oldest_answer(void);
void work_retire(void);
// Ends every command that is not finished with this status.
void work_end_all(uint32_t status);
// Sequence number of the oldest command; only if not work_empty().
uint32_t work_oldest(void);
