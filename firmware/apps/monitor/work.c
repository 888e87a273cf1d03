// SPDX-License-Identifier: Apache-2.0
// Commands under way. Jobs run in order, so that commands which touch each other's memory wait for each other here, and
// a POISONED block of one can be run again without the next having used it.
#include "work.h"

#include <log.h>
#include <queue.h>
#include <stddef.h>

#define RETRIES 2u     // of blocks, in a command
#define MOST_JOBS 16u  // in flight; a power of two

enum state { RUNNING, DRAINING, FINISHED };

struct work {
  enum state state;  // DRAINING: waits for what is in flight, then goes back to `restart`
  bool all_submitted;
  uint32_t in_flight;
  struct plan_position next, restart;
  struct plan plan;
  uint32_t answer[MONITOR_ANSWER_WORDS];
};

struct job {
  uint32_t work;
  struct plan_position at;
};

static struct {
  const struct tile_geometry* g;
  struct work window[WORK_WINDOW];  // a ring: `oldest`, `count`
  uint32_t oldest, count;
  struct job jobs[MOST_JOBS];  // a ring, in the order of submission
  uint32_t first_job, jobs_count;
  uint32_t tag;
} w;

static struct work* nth(uint32_t i) { return &w.window[(w.oldest + i) % WORK_WINDOW]; }

bool work_reset(const struct tile_geometry* g) {
  w.g = g;
  w.oldest = w.count = w.first_job = w.jobs_count = 0;
  for (uint32_t i = 0; i < WORK_WINDOW; ++i) w.window[i].plan.reusable = false;
  return queue_reset(g->queue_slots);
}

bool work_has_room(void) { return w.count < WORK_WINDOW; }
bool work_empty(void) { return w.count == 0; }
struct plan* work_next_plan(void) {
  return &nth(w.count)->plan;
}
uint32_t work_oldest(void) { return nth(0)->answer[MONITOR_ANS_SEQUENCE]; }

static struct work* append(const uint32_t* command, uint32_t sequence) {
  struct work* x = nth(w.count++);
  uint32_t* const answer = x->answer;
  answer[MONITOR_ANS_SEQUENCE] = sequence;
  answer[MONITOR_ANS_TAG] = command[MONITOR_CMD_TAG];
  answer[MONITOR_ANS_STATUS] = command[MONITOR_CMD_OPCODE] << 24;
  answer[MONITOR_ANS_DETAIL] = answer[MONITOR_ANS_JOBS] = answer[MONITOR_ANS_RETRIES] = 0;
  answer[MONITOR_ANS_CORRECTED] = answer[MONITOR_ANS_CYCLES] = answer[MONITOR_ANS_STEPS] = 0;
  for (uint32_t i = 0; i < MONITOR_RESULT_WORDS; ++i) answer[MONITOR_ANS_RESULT + i] = 0;
  answer[MONITOR_ANS_CHECK] = ~sequence;
  x->in_flight = 0;
  return x;
}

static void finish(struct work* x, uint32_t status, uint32_t field) {
  x->answer[MONITOR_ANS_STATUS] |= status | field << 8;
  x->state = FINISHED;
}

void work_answered(const uint32_t command[MONITOR_COMMAND_WORDS], uint32_t sequence, struct plan_verdict verdict,
                   const uint32_t result[MONITOR_RESULT_WORDS]) {
  struct work* x = append(command, sequence);
  __builtin_memcpy(&x->answer[MONITOR_ANS_RESULT], result, 4u * MONITOR_RESULT_WORDS);
  finish(x, verdict.status, verdict.field);
}

bool work_may_begin(void) {
  for (uint32_t i = 0; i < w.count; ++i) {
    if (nth(i)->state != FINISHED && !plan_independent(&nth(i)->plan, work_next_plan())) return false;
  }
  return true;
}

void work_begin(uint32_t sequence) {
  struct work* x = append(work_next_plan()->command, sequence);
  const struct plan_position start = {0, 0, 0};
  x->state = RUNNING;
  x->all_submitted = false;
  x->next = start;
}

static bool submit(const uint32_t* descriptor, struct job job) {
  const bool submitted = w.jobs_count < MOST_JOBS && queue_submit(descriptor);
  const uint32_t bad = queue_take_bad_slot();
  if (bad != 0) log_write(MONITOR_LOG_BAD_SLOT, bad, 0);
  if (submitted) w.jobs[(w.first_job + w.jobs_count++) % MOST_JOBS] = job;
  return submitted;
}

// Descriptors of the commands in their order, while there are slots.
static bool feed(void) {
  bool any = false;
  for (uint32_t i = 0; i < w.count; ++i) {
    struct work* x = nth(i);
    while (x->state == RUNNING && !x->all_submitted) {
      uint32_t descriptor[QUEUE_WORDS];
      const struct job job = {(w.oldest + i) % WORK_WINDOW, x->next};
      plan_descriptor(w.g, &x->plan, &x->next, ++w.tag, descriptor);
      if (!submit(descriptor, job)) return any;
      ++x->in_flight;
      x->all_submitted = !plan_advance(&x->plan, &x->next);
      any = true;
    }
  }
  return any;
}

// One completion of a command's job.
static void account(struct work* x, const struct plan_position* at, const struct queue_completion* c) {
  --x->in_flight;
  ++x->answer[MONITOR_ANS_JOBS];
  x->answer[MONITOR_ANS_CORRECTED] += queue_corrected(c);
  x->answer[MONITOR_ANS_CYCLES] += queue_cycles(c);
  x->answer[MONITOR_ANS_STEPS] += queue_steps(c);
  const uint32_t status = queue_status(c);
  const bool failed = (x->answer[MONITOR_ANS_STATUS] & 0xFFu) != 0;
  if (x->state == RUNNING && !failed && status == MONITOR_OK) {
    x->answer[MONITOR_ANS_STATUS] |= queue_flags(c) << 16;
  } else if (x->state == RUNNING && !failed) {
    x->answer[MONITOR_ANS_DETAIL] = status == MONITOR_POISONED ? queue_poison(c) : c->words[1];
    if (status == MONITOR_POISONED && x->plan.repeatable && x->answer[MONITOR_ANS_RETRIES] < RETRIES) {
      ++x->answer[MONITOR_ANS_RETRIES];
      x->state = DRAINING;
      x->restart = *at;
      x->restart.k = 0;  // the sums of the block too
      log_write(MONITOR_LOG_RETRY, x->answer[MONITOR_ANS_SEQUENCE], queue_poison(c));
    } else {
      const bool known = status == MONITOR_POISONED || status == MONITOR_ABORTED;
      x->answer[MONITOR_ANS_STATUS] |= known ? status : MONITOR_JOB_ERROR;
      x->all_submitted = true;
    }
  }
  if (x->in_flight != 0) return;
  if (x->state == DRAINING) {
    x->state = RUNNING;
    x->next = x->restart;
    x->all_submitted = false;
    x->answer[MONITOR_ANS_DETAIL] = 0;
  } else if (x->state == RUNNING && x->all_submitted) {
    x->state = FINISHED;
  }
}

enum work_event work_turn(void) {
  bool any = false;
  for (;;) {
    struct queue_completion c;
    const enum queue_event event = queue_take(&c);
    if (event == QUEUE_NOTHING) break;
    if (event == QUEUE_LOST || w.jobs_count == 0) return WORK_LOST;
    const struct job* job = &w.jobs[w.first_job];
    w.first_job = (w.first_job + 1u) % MOST_JOBS;
    --w.jobs_count;
    account(&w.window[job->work], &job->at, &c);
    any = true;
  }
  return feed() || any ? WORK_PROGRESS : WORK_NOTHING;
}

const uint32_t* work_oldest_answer(void) { return w.count != 0 && nth(0)->state == FINISHED ? nth(0)->answer : NULL; }

void work_retire(void) {
  w.oldest = (w.oldest + 1u) % WORK_WINDOW;
  --w.count;
}

void work_end_all(uint32_t status) {
  w.first_job = w.jobs_count = 0;
  for (uint32_t i = 0; i < w.count; ++i) {
    if (nth(i)->state == FINISHED) continue;
    nth(i)->answer[MONITOR_ANS_STATUS] &= ~0xFFu;  // it may have failed before, with jobs in flight
    finish(nth(i), status, 0);
  }
}
