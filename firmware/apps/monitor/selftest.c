// SPDX-License-Identifier: Apache-2.0
// Which tests run, in which order, and the report of what they found.
#include "selftest.h"

#include <ecc.h>
#include <mmio.h>
#include <queue.h>

#define PATIENCE 100000u  // looks at the queue for one of the small jobs of a test

static struct {
  struct selftest_place at;
  uint32_t left;     // tests not yet done
  uint32_t running;  // bit of the test under way
  uint32_t tag;
  uint32_t report[MONITOR_REPORT_WORDS];
} s;

typedef bool (*test_slice)(const struct selftest_place* at);
static const test_slice tests[] = {test_registers, test_timer, test_march, test_ecc, test_matrix};
#define TESTS (sizeof tests / sizeof tests[0])

static void list_memory(void) {
  const struct tile_geometry* g = s.at.g;
  const uint32_t queue_bytes = 2u * g->queue_slots * 4u * QUEUE_WORDS;
  const struct region below = {0, s.at.guarded.base}, above = {s.at.guarded.end, g->data_bytes};
  const struct region queue = {JOB_QUEUE_BASE, JOB_QUEUE_BASE + queue_bytes};
  struct spare spare[SPARE_REGIONS];
  spare_memory(spare);
  s.at.memory[0] = below;
  s.at.memory[1] = above;
  s.at.memory[2] = queue;
  for (uint32_t i = 0; i < SPARE_REGIONS; ++i) {
    s.at.memory[3u + i].base = spare[i].base;
    s.at.memory[3u + i].end = spare[i].end;
  }
}

void selftest_begin(const struct tile_geometry* g, struct region guarded, uint32_t mask) {
  s.at.g = g;
  s.at.guarded = guarded;
  s.at.step = 0;
  list_memory();
  s.left = mask & MONITOR_TEST_ALL;
  s.running = 0;
  __builtin_memset(s.report, 0, sizeof s.report);
  s.report[MONITOR_REP_MAGIC] = MONITOR_MAGIC;
  s.report[MONITOR_REP_RUN] = s.left;
  scrub_set_interval(0);  // what it repairs would hide what the tests look for
}

bool selftest_slice(uint32_t scrub_interval) {
  for (uint32_t i = 0; i < TESTS; ++i) {
    const uint32_t bit = 1u << i;
    if ((s.left & bit) == 0) continue;
    s.running = bit;
    if (tests[i](&s.at)) {
      ++s.at.step;
    } else {
      s.left &= ~bit;
      s.at.step = 0;
    }
    return true;
  }
  scrub_set_interval(scrub_interval);
  return false;
}

const uint32_t* selftest_report(void) { return s.report; }

void selftest_fail(uint32_t step, uint32_t address, uint32_t expected, uint32_t found) {
  s.report[MONITOR_REP_FAILED] |= s.running;
  if (s.report[MONITOR_REP_FAILURES]++ != 0) return;
  s.report[MONITOR_REP_TEST] = s.running;
  s.report[MONITOR_REP_STEP] = step;
  s.report[MONITOR_REP_ADDRESS] = address;
  s.report[MONITOR_REP_EXPECTED] = expected;
  s.report[MONITOR_REP_FOUND] = found;
}

bool selftest_run(uint32_t descriptor[16], uint32_t completion[16]) {
  struct queue_completion c;
  descriptor[1] = ++s.tag;
  if (!queue_submit(descriptor)) return false;
  for (uint32_t looks = 0; looks < PATIENCE; ++looks) {
    const enum queue_event event = queue_take(&c);
    if (event == QUEUE_NOTHING) continue;
    __builtin_memcpy(completion, c.words, sizeof c.words);
    return event == QUEUE_COMPLETED;
  }
  return false;
}

bool selftest_clear(uint32_t address, uint32_t words) {
  uint32_t completion[16];
  uint32_t fill[16] = {MONITOR_FILL, 0, 0, 1u | words << 16, 0, 0, 0, 0, address, 0, 0, 0, 0, 0, 0, 0};
  return selftest_run(fill, completion) && (completion[1] & 0xFFu) == MONITOR_OK;
}
