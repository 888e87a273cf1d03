// SPDX-License-Identifier: Apache-2.0
// Commands under way. Jobs run in order, so that commands which touch each other's memory wait for each other here, and
// a POISONED block of one can be run again without the next having used it. What a batch touches is not known: only its
// last job, with nothing behind it, can be run again.
#include "work.h"

#include <log.h>
#include <mmio.h>
#include <queue.h>
#include <stddef.h>

#include "plan.h"

#define RETRIES 2u     // of blocks, in a command
#define MOST_JOBS 16u  // in flight; a power of two

enum state { RUNNING, DRAINING, FINISHED };

struct work {
  enum state state;  // DRAINING: waits for what is in flight, then goes back to `restart`
  bool all_submitted;
  bool is_batch;
  uint32_t in_flight;
  struct plan_position next, restart;
  struct plan plan;
  struct {
    uint32_t address, count, sent, done;  // descriptors: of the first; how many; submitted; completed
    struct plan_verdict refused;          // of descriptor `sent`, once there is no further one
    uint32_t detail;
  } batch;
  uint32_t answer[MONITOR_ANSWER_WORDS];
};

struct job {
  uint32_t work;
  struct plan_position at;
};

static struct {
  const struct tile_geometry* g;
  const struct batch_limits* limits;
  struct work window[WORK_WINDOW];  // a ring: `oldest`, `count`
  uint32_t oldest, count;
  struct job jobs[MOST_JOBS];  // a ring, in the order of submission
  uint32_t first_job, jobs_count;
  uint32_t tag;
} w;

static struct work* nth(uint32_t i) { return &w.window[(w.oldest + i) % WORK_WINDOW]; }

bool work_reset(const struct tile_geometry* g, const struct batch_limits* limits) {
  w.g = g;
  w.limits = limits;
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
  answer[MONITOR_ANS_CORRECTED] = answer[MONITOR_ANS_CLOCKS] = answer[MONITOR_ANS_STEPS] = 0;
  for (uint32_t i = 0; i < MONITOR_RESULT_WORDS; ++i) answer[MONITOR_ANS_RESULT + i] = 0;
  answer[MONITOR_ANS_CHECK] = ~sequence;
  x->in_flight = 0;
  x->is_batch = false;
  return x;
}

static void finish(struct work* x, uint32_t status, uint32_t field) {
  x->answer[MONITOR_ANS_STATUS] |= status | field << 8;
  x->state = FINISHED;
}

void work_answered(const uint32_t* command, uint32_t sequence, struct plan_verdict verdict,
                   const uint32_t result[MONITOR_RESULT_WORDS]) {
  struct work* x = append(command, sequence);
  __builtin_memcpy(&x->answer[MONITOR_ANS_RESULT], result, 4u * MONITOR_RESULT_WORDS);
  finish(x, verdict.status, verdict.field);
}

bool work_may_begin(void) {
  for (uint32_t i = 0; i < w.count; ++i) {
    const struct work* x = nth(i);
    if (x->state == FINISHED || x->is_batch) continue;  // its jobs are in the queue before any behind it: work_feed()
    if (!plan_independent(&x->plan, work_next_plan())) return false;
  }
  return true;
}

bool work_may_begin_batch(void) {
  for (uint32_t i = 0; i < w.count; ++i) {
    const struct work* x = nth(i);
    if (x->state != FINISHED && !x->is_batch) return false;
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

void work_begin_batch(const uint32_t* command, uint32_t sequence, uint32_t address) {
  struct work* x = append(command, sequence);
  x->state = RUNNING;
  x->all_submitted = false;
  x->is_batch = true;
  x->batch.address = address;
  x->batch.count = command[MONITOR_CMD_COUNT];
  x->batch.sent = x->batch.done = 0;
  x->batch.refused.status = MONITOR_OK;
}

// Into a slot that is free.
static struct job* submit(struct work* x, uint32_t descriptor[QUEUE_WORDS], uint32_t number) {
  descriptor[1] = ++w.tag;
  (void)queue_submit(descriptor);
  const uint32_t bad = queue_take_bad_slot();
  if (bad != 0) log_write(MONITOR_LOG_BAD_SLOT, bad, 0);
  struct job* const job = &w.jobs[(w.first_job + w.jobs_count++) % MOST_JOBS];
  job->work = number;
  ++x->in_flight;
  return job;
}

// A batch of which everything that was submitted has ended.
static void end_batch(struct work* x) {
  if (x->in_flight != 0 || !x->all_submitted) return;
  if ((x->answer[MONITOR_ANS_STATUS] & 0xFFu) == 0 && x->batch.refused.status != MONITOR_OK) {
    x->answer[MONITOR_ANS_DETAIL] = x->batch.detail;
    x->answer[MONITOR_ANS_FAILED] = x->batch.sent + 1u;
    x->answer[MONITOR_ANS_STATUS] |= x->batch.refused.status | x->batch.refused.field << 8;
  }
  x->state = FINISHED;
}

// Descriptors of a batch while there are slots.
static void __attribute__((noinline)) feed_batch(struct work* x, uint32_t number) {
  while (!x->all_submitted) {
    if (w.jobs_count == MOST_JOBS || !queue_has_room()) return;
    uint32_t descriptor[QUEUE_WORDS];
    const uint32_t address = x->batch.address + x->batch.sent * MONITOR_DESCRIPTOR_BYTES;
    struct plan_verdict verdict = {MONITOR_UNREADABLE, 0};
    if (mmio_load(address, descriptor, QUEUE_WORDS)) verdict = batch_check_descriptor(w.limits, descriptor);
    if (verdict.status != MONITOR_OK) {
      x->batch.refused = verdict;
      x->batch.detail = verdict.status == MONITOR_UNREADABLE ? address : 0;
      x->all_submitted = true;
      break;
    }
    descriptor[0] |= JOB_OPTION_IRQ;
    (void)submit(x, descriptor, number);
    x->all_submitted = ++x->batch.sent == x->batch.count;
  }
  end_batch(x);
}

// Descriptors of a plan while there are slots.
static void __attribute__((noinline)) feed_plan(struct work* x, uint32_t number) {
  while (!x->all_submitted) {
    if (w.jobs_count == MOST_JOBS || !queue_has_room()) return;
    uint32_t descriptor[QUEUE_WORDS];
    plan_descriptor(w.g, &x->plan, &x->next, 0, descriptor);
    submit(x, descriptor, number)->at = x->next;
    x->all_submitted = !plan_advance(&x->plan, &x->next);
  }
}

// The commands in their order; a command waits until those before it have no more descriptors.
bool work_feed(void) {
  bool any = false;
  for (uint32_t i = 0; i < w.count; ++i) {
    const uint32_t number = (w.oldest + i) % WORK_WINDOW, before = w.tag;
    struct work* const x = &w.window[number];
    if (x->state != RUNNING || x->all_submitted) continue;
    if (x->is_batch) {
      feed_batch(x, number);
    } else {
      feed_plan(x, number);
    }
    any = any || w.tag != before || x->all_submitted;
    if (!x->all_submitted) break;
  }
  return any;
}

// Whether a job of a batch changes nothing by being run twice, and nobody has used what it did.
static bool may_run_again(const struct work* x, uint32_t index) {
  uint32_t d[QUEUE_WORDS];
  if (w.jobs_count != 0 || x->answer[MONITOR_ANS_RETRIES] == RETRIES) return false;
  if (!mmio_load(x->batch.address + index * MONITOR_DESCRIPTOR_BYTES, d, QUEUE_WORDS)) return false;
  const bool in_place = (d[0] & JOB_OPTION_ACCUMULATE) != 0 && d[JOB_BASE_C_WORD] == d[JOB_BASE_D_WORD];
  return !in_place && d[JOB_WAIT_SEM_WORD] == 0;
}

// One completion of a batch's job. What comes behind the first that failed may have read what that one did not write.
static void account_batch(struct work* x, const struct queue_completion* c) {
  const uint32_t index = x->batch.done++, status = queue_status(c);
  const bool failed = (x->answer[MONITOR_ANS_STATUS] & 0xFFu) != 0;
  if (!failed && status == MONITOR_OK) {
    x->answer[MONITOR_ANS_STATUS] |= queue_flags(c) << 16;
    x->answer[MONITOR_ANS_RESULT + index / 4u] |= queue_flags(c) << index % 4u * 8u;
  } else if (!failed && status == MONITOR_POISONED && may_run_again(x, index)) {
    ++x->answer[MONITOR_ANS_RETRIES];
    x->batch.sent = x->batch.done = index;
    x->batch.refused.status = MONITOR_OK;
    x->all_submitted = false;
    log_write(MONITOR_LOG_RETRY, x->answer[MONITOR_ANS_SEQUENCE], queue_poison(c));
  } else if (!failed) {
    x->answer[MONITOR_ANS_DETAIL] = status == MONITOR_POISONED ? queue_poison(c) : 0;
    x->answer[MONITOR_ANS_FAILED] = index + 1u;
    x->answer[MONITOR_ANS_STATUS] |= status | queue_field(c) << 8;
    x->all_submitted = true;
  }
  end_batch(x);
}

// One completion of a command's job.
static void account(struct work* x, const struct plan_position* at, const struct queue_completion* c) {
  --x->in_flight;
  ++x->answer[MONITOR_ANS_JOBS];
  x->answer[MONITOR_ANS_CORRECTED] += queue_corrected(c);
  x->answer[MONITOR_ANS_CLOCKS] += queue_clocks(c);
  x->answer[MONITOR_ANS_STEPS] += queue_steps(c);
  if (x->is_batch) {
    account_batch(x, c);
    return;
  }
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
  do {
    struct queue_completion c;
    const enum queue_event event = queue_take(&c);
    if (event == QUEUE_NOTHING) break;
    if (event == QUEUE_LOST || w.jobs_count == 0) return WORK_LOST;
    const struct job* job = &w.jobs[w.first_job];
    w.first_job = (w.first_job + 1u) % MOST_JOBS;
    --w.jobs_count;
    account(&w.window[job->work], &job->at, &c);
    any = true;
  } while (queue_knows_more());
  return any ? WORK_PROGRESS : WORK_NOTHING;
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
