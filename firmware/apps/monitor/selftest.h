// SPDX-License-Identifier: Apache-2.0
// The self-test, in slices. It has the tile to itself: no job of a command is in flight.
#pragma once

#include <hilbert/monitor_abi.h>
#include <spare.h>
#include <stdbool.h>
#include <stdint.h>
#include <tile.h>

#include "command.h"

// Begins the tests of the mask; `guarded` is left alone.
void selftest_begin(const struct tile_geometry* g, struct region guarded, uint32_t tests);
// One slice. False when all is done; the scrubber then runs at `scrub_interval` again.
bool selftest_slice(uint32_t scrub_interval);
// monitor_abi.h, enum monitor_report_word.
const uint32_t* selftest_report(void);

// For the tests themselves, of which each does one slice and says whether it has more.
#define SELFTEST_REGIONS (3u + SPARE_REGIONS)
struct selftest_place {
  const struct tile_geometry* g;
  struct region guarded;
  struct region memory[SELFTEST_REGIONS];  // all that may be overwritten; some are empty
  uint32_t step;                           // counts slices of the test, from 0
};
void selftest_fail(uint32_t step, uint32_t address, uint32_t expected, uint32_t found);
// Runs one descriptor and waits for it, for at most so many looks at the queue; false if it does not complete.
bool selftest_run(uint32_t descriptor[16], uint32_t completion[16]);
// Zeros to `words` memory words of data memory, by the tile.
bool selftest_clear(uint32_t address, uint32_t words);

bool test_registers(const struct selftest_place* at);
bool test_timer(const struct selftest_place* at);
bool test_march(const struct selftest_place* at);
bool test_ecc(const struct selftest_place* at);
bool test_matrix(const struct selftest_place* at);
