// SPDX-License-Identifier: Apache-2.0
// The self-test, in slices. It has the tile to itself: no job of a command is in flight.
#pragma once

#include <monitor_abi.h>
#include <stdbool.h>
#include <stdint.h>
#include <tile.h>

#include "plan.h"

// The tests of this image.
extern const uint32_t selftest_tests;
// Begins the tests of the mask; `guarded` is left alone.
void selftest_begin(const struct tile_geometry* g, struct region guarded, uint32_t tests);
// One slice. False when all is done; the scrubber then runs at `scrub_interval` again.
bool selftest_slice(uint32_t scrub_interval);
// monitor_abi.h, enum monitor_report_word.
const uint32_t* selftest_report(void);

// For the tests themselves, of which each does one slice and says whether it has more.
struct selftest_place {
  const struct tile_geometry* g;
  struct region guarded;
  uint32_t step;  // counts slices of the test, from 0
};
void selftest_fail(uint32_t step, uint32_t address, uint32_t expected, uint32_t found);
// Runs one descriptor and waits for it, for at most so many looks at the queue; false if it does not complete.
bool selftest_run(uint32_t descriptor[16], uint32_t completion[16]);
// Zeros or ones to `words` memory words, by the tile: that heals them.
bool selftest_fill(const struct tile_geometry* g, uint32_t address, uint32_t words, uint32_t pattern);

bool test_registers(const struct selftest_place* at);
bool test_timer(const struct selftest_place* at);
bool test_march(const struct selftest_place* at);
bool test_ecc(const struct selftest_place* at);
bool test_matrix(const struct selftest_place* at);
