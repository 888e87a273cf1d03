// SPDX-License-Identifier: Apache-2.0
// The monitor's loop: phases, commands by their turn, answers, restarts, and the memory's health.
#include "monitor.h"

#include <controller.h>
#include <ecc.h>
#include <hilbert/monitor_abi.h>
#include <hilbert/regs/cpu.h>
#include <hilbert/regs/tile.h>
#include <log.h>
#include <mmio.h>
#include <queue.h>
#include <spare.h>
#include <stddef.h>
#include <tile.h>

#include "batch.h"
#include "check.h"
#include "plan.h"
#include "ring.h"
#include "selftest.h"
#include "work.h"

#define SCRUB_NORMAL TILE_SCRUB_INTERVAL_RESET
#define SCRUB_FAST (TILE_SCRUB_INTERVAL_RESET / 8u)
#define SCRUB_FAST_PASSES 2u     // after an error was met
#define JOB_CLOCKS (1u << 24)    // without any completion: the job is aborted
#define MEMORY_LOOK 16u          // slices from one look at the ECC counts to the next
#define BOOT_FAILED 0x80000000u  // in BOX_FAILED: a restart ended the self-test

static struct {
  enum monitor_phase phase;
  struct tile_geometry g;
  struct ring ring;
  uint32_t accepted, answered;  // commands
  uint32_t restarted_until;     // those before it had begun before a restart
  struct batch_limits limits;
  uint32_t head[RING_HEAD_WORDS];  // of command `accepted`
  // What that is while it may not begin: its plan is work_next_plan(); of a batch `head` is all.
  enum waiting { NOTHING, A_JOB, A_BATCH } waiting;
  bool commanded;  // the self-test under way is command `accepted`
  uint32_t test_command[MONITOR_COMMAND_WORDS];
  bool aborted;
  uint32_t progress_at;  // MTIME of the last progress
  uint32_t slices;
  struct ecc_counts seen;
  bool scrub_fast;
  uint32_t scrub_until;  // SCRUB_PASSES
} m;

static void enter(enum monitor_phase phase) {
  m.phase = phase;
  mailbox_write(MONITOR_BOX_PHASE, phase);
  mailbox_write(MONITOR_BOX_MAGIC, phase == MONITOR_STARTING ? 0 : MONITOR_MAGIC);
}

static void enter_for_good(enum monitor_phase phase) {
  watchdog_set_period(0);
  enter(phase);
  doorbell_ring_host(MONITOR_HOST_IRQ);
}

// What a cold start forgets and a restart keeps. Commands get numbers that none had before, so that a record of an
// earlier session is not taken for a command, and its host, if it is still there, sees that the session is over.
static void forget(void) {
  const uint32_t first = (timer_now() + MONITOR_MOST_SLOTS - 1u) & ~(MONITOR_MOST_SLOTS - 1u);
  mailbox_write(MONITOR_BOX_SUBMITTED, first);
  mailbox_write(MONITOR_BOX_ANSWERED, first);
  mailbox_write(MONITOR_BOX_BEGUN, first);
  mailbox_write(MONITOR_BOX_FAILED, 0);
  mailbox_write(MONITOR_BOX_HEARTBEAT, 0);
  mailbox_write(MONITOR_BOX_LOGGED, 0);
  mailbox_write(MONITOR_BOX_RESTARTS, 0);
}

static bool place_ring(void) {
  m.ring.base = mailbox_read(MONITOR_BOX_BASE);
  m.ring.slots = mailbox_read(MONITOR_BOX_SLOTS);
  if (m.ring.slots == 0) m.ring = ring_default(&m.g);
  if (!ring_fits(&m.g, m.ring.base, m.ring.slots)) return false;
  mailbox_write(MONITOR_BOX_BASE, m.ring.base);
  mailbox_write(MONITOR_BOX_SLOTS, m.ring.slots);
  return true;
}

// Where the last run was; false if the counts contradict each other.
static bool resume(void) {
  m.answered = mailbox_read(MONITOR_BOX_ANSWERED);
  const uint32_t begun = mailbox_read(MONITOR_BOX_BEGUN) - m.answered;
  const uint32_t submitted = mailbox_read(MONITOR_BOX_SUBMITTED) - m.answered;
  m.accepted = m.answered;
  m.restarted_until = m.answered + begun;
  return begun <= WORK_WINDOW && begun <= submitted && submitted <= m.ring.slots;
}

void monitor_start(void) {
  const uint32_t reason = reset_read_reason();
  const bool again = reset_by_watchdog(reason);
  const enum monitor_phase last = (enum monitor_phase)mailbox_read(MONITOR_BOX_PHASE);
  m.waiting = NOTHING;
  m.commanded = m.aborted = m.scrub_fast = false;
  m.slices = 0;
  enter(MONITOR_STARTING);
  watchdog_set_period(mailbox_read(MONITOR_BOX_WATCHDOG));
  watchdog_kick();
  if (!again) forget();

  const uint32_t restarts = again ? mailbox_read(MONITOR_BOX_RESTARTS) + 1u : 0;
  mailbox_write(MONITOR_BOX_RESTARTS, restarts);
  if (restarts > MONITOR_RESTART_LIMIT) {
    enter_for_good(MONITOR_DEAD);
    return;
  }
  if (!tile_identify()) {
    enter_for_good(MONITOR_BAD_MAP);
    return;
  }
  m.g = tile_read_geometry();
  if (!place_ring()) {
    enter_for_good(MONITOR_BAD_AREA);
    return;
  }
  const uint32_t tests = again ? 0 : mailbox_read(MONITOR_BOX_TESTS) & MONITOR_TEST_ALL;
  log_open(m.ring.base + MONITOR_LOG_AT(m.ring.slots), mailbox_read(MONITOR_BOX_LOGGED), restarts);
  log_write(MONITOR_LOG_STARTED, reason, tests);
  if (again && last == MONITOR_TESTING) mailbox_write(MONITOR_BOX_FAILED, BOOT_FAILED);
  if (!resume()) {
    enter_for_good(MONITOR_RING_LOST);
    return;
  }
  scrub_set_interval(SCRUB_NORMAL);
  m.limits = batch_limits(&m.g, ring_region(&m.ring), m.ring.slots);
  m.seen = ecc_read_counts();
  m.progress_at = timer_now();
  doorbell_enable_causes(CPU_IRQ_PENDING_DOORBELL_MASK | CPU_IRQ_PENDING_QUEUE_MASK | CPU_IRQ_PENDING_POISON_MASK);
  if (!work_reset(&m.g, &m.limits)) {
    log_write(MONITOR_LOG_STUCK, mmio_read(TILE_BASE + TILE_STATUS), queue_head());
    enter(MONITOR_STUCK);
    return;
  }
  if (tests != 0) {
    selftest_begin(&m.g, ring_region(&m.ring), tests);
    enter(MONITOR_TESTING);
    return;
  }
  enter(MONITOR_READY);
}

// The tile does not answer any more: neither do the jobs.
static void give_up_on_tile(void) {
  log_write(MONITOR_LOG_STUCK, mmio_read(TILE_BASE + TILE_STATUS), queue_head());
  work_end_all(MONITOR_TILE_STUCK);
  enter(MONITOR_STUCK);
}

// Writes the answers that are due.
static bool publish(void) {
  bool any = false;
  for (const uint32_t* answer; (answer = work_oldest_answer()) != NULL; any = true) {
    if (ring_write_answer(&m.ring, answer) != ECC_STORED) {
      log_write(MONITOR_LOG_HEALED, ring_answer_address(&m.ring, answer[MONITOR_ANS_SEQUENCE]), 0);
    }
    const bool done = (answer[MONITOR_ANS_STATUS] & 0xFFu) != MONITOR_RESTARTED;
    work_retire();
    mailbox_write(MONITOR_BOX_ANSWERED, ++m.answered);
    if (done) mailbox_write(MONITOR_BOX_RESTARTS, 0);
    doorbell_ring_host(MONITOR_HOST_IRQ);
  }
  return any;
}

static void begin_selftest(const uint32_t* command) {
  __builtin_memcpy(m.test_command, command, sizeof m.test_command);
  m.commanded = true;
  selftest_begin(&m.g, ring_region(&m.ring), command[MONITOR_CMD_ARGUMENT]);
  enter(MONITOR_TESTING);
}

// PING, VERSION, SELFTEST, and what is no command at all.
static struct plan_verdict serve(const uint32_t* command, uint32_t result[MONITOR_RESULT_WORDS]) {
  const uint32_t word0 = command[MONITOR_CMD_OPCODE], opcode = word0 & 0xFFu;
  const struct plan_verdict no_opcode = {MONITOR_BAD_OPCODE, MONITOR_CMD_OPCODE};
  const struct plan_verdict no_option = {MONITOR_BAD_OPTION, MONITOR_CMD_OPCODE};
  if (opcode < MONITOR_PING || opcode > MONITOR_SELFTEST) return no_opcode;
  if (word0 != opcode) return no_option;
  const bool argument = opcode != MONITOR_GET_VERSION;
  struct plan_verdict v =
      check_unused(command, MONITOR_CMD_FORMATS, argument ? MONITOR_CMD_BLOCK_K : MONITOR_CMD_ARGUMENT);
  if (v.status == MONITOR_OK) v = check_unused(command, MONITOR_CMD_ARGUMENT + 1u, MONITOR_CMD_CHECK - 1u);
  if (v.status != MONITOR_OK) return v;
  if (opcode == MONITOR_PING) result[0] = command[MONITOR_CMD_ARGUMENT];
  if (opcode == MONITOR_GET_VERSION) {
    result[0] = MONITOR_VERSION;
    result[1] = TILE_HASH_VALUE;
    result[2] = CPU_HASH_VALUE;
    result[3] = m.ring.slots;
    result[4] = spare_room();
    result[5] = m.limits.share;
  }
  if (opcode == MONITOR_SELFTEST && (command[MONITOR_CMD_ARGUMENT] & ~MONITOR_TEST_ALL) != 0) {
    v.status = MONITOR_BAD_OPTION;
    v.field = MONITOR_CMD_ARGUMENT;
  }
  return v;
}

// Command `accepted` has begun. What had begun before a restart stays begun, should there be another one.
static void begun(void) {
  ++m.accepted;
  if ((int32_t)(m.accepted - m.restarted_until) > 0) mailbox_write(MONITOR_BOX_BEGUN, m.accepted);
}

// The answer is known: command `accepted` only waits for its turn.
static bool answer(const uint32_t* command, struct plan_verdict verdict, const uint32_t result[MONITOR_RESULT_WORDS]) {
  static const uint32_t nothing[MONITOR_RESULT_WORDS];
  work_answered(command, m.accepted, verdict, result == NULL ? nothing : result);
  begun();
  return true;
}

// A command that is no batch, behind its head. False if it has to wait for others to be answered; otherwise it is
// answered, begun, or in `waiting`.
static bool __attribute__((noinline)) read_command(void) {
  uint32_t command[MONITOR_COMMAND_WORDS];
  if (!ring_read_rest(&m.ring, m.accepted, command)) {
    return answer(m.head, (struct plan_verdict){MONITOR_UNREADABLE, 0}, NULL);
  }
  const uint32_t opcode = command[MONITOR_CMD_OPCODE] & 0xFFu;
  if (opcode >= MONITOR_GEMM && opcode <= MONITOR_FILL) {
    const struct plan_verdict verdict = plan_make(&m.g, command, ring_region(&m.ring), work_next_plan());
    if (verdict.status != MONITOR_OK) return answer(command, verdict, NULL);
    m.waiting = A_JOB;
    return true;
  }
  uint32_t result[MONITOR_RESULT_WORDS] = {0};
  const struct plan_verdict verdict = serve(command, result);
  if (verdict.status != MONITOR_OK || opcode != MONITOR_SELFTEST) return answer(command, verdict, result);
  if (!work_empty()) return false;  // it has the tile to itself
  mailbox_write(MONITOR_BOX_BEGUN, m.accepted + 1u);
  begin_selftest(command);
  return true;
}

// Looks at the next command. As read_command().
static bool look(void) {
  struct plan_verdict verdict = ring_read_head(&m.ring, m.accepted, m.head);
  const uint32_t opcode = m.head[MONITOR_CMD_OPCODE] & 0xFFu;
  if ((int32_t)(m.restarted_until - m.accepted) > 0) {
    verdict = (struct plan_verdict){MONITOR_RESTARTED, 0};
  } else if (verdict.status == MONITOR_OK && m.phase == MONITOR_STUCK && opcode != MONITOR_PING) {
    verdict.status = MONITOR_TILE_STUCK;
  }
  if (verdict.status != MONITOR_OK) return answer(m.head, verdict, NULL);
  if (opcode != MONITOR_BATCH) return read_command();
  verdict = batch_check(&m.limits, m.head);
  if (verdict.status != MONITOR_OK) return answer(m.head, verdict, NULL);
  m.waiting = A_BATCH;
  return true;
}

// Takes the next command if it can begin now. False if there is none, or it has to wait.
static bool accept(void) {
  const uint32_t submitted = mailbox_read(MONITOR_BOX_SUBMITTED) - m.accepted;
  if (submitted == 0 || !work_has_room()) return false;
  if (submitted + (m.accepted - m.answered) > m.ring.slots) {
    enter_for_good(MONITOR_RING_LOST);
    return false;
  }
  if (m.waiting == NOTHING) {
    if (!look()) return false;
    if (m.waiting == NOTHING) return true;
  }
  if (m.waiting == A_BATCH) {
    if (!work_may_begin_batch()) return false;
    work_begin_batch(m.head, m.accepted, batch_address(&m.limits, m.accepted));
  } else {
    if (!work_may_begin()) return false;
    work_begin(m.accepted);
  }
  m.waiting = NOTHING;
  begun();
  return true;
}

// The self-test is over: its report, its answer if it was a command, and the queue as it was.
static void end_selftest(void) {
  const uint32_t* report = selftest_report();
  (void)ecc_store(m.ring.base + MONITOR_REPORT_AT(m.ring.slots), report, MONITOR_REPORT_WORDS);
  mailbox_write(MONITOR_BOX_FAILED, report[MONITOR_REP_FAILED]);
  if (report[MONITOR_REP_FAILED] != 0) {
    log_write(MONITOR_LOG_FAILED, report[MONITOR_REP_TEST], report[MONITOR_REP_ADDRESS]);
  }
  m.seen = ecc_read_counts();
  const bool alive = work_reset(&m.g, &m.limits);
  if (m.commanded) {
    const struct plan_verdict verdict = {report[MONITOR_REP_FAILED] != 0 ? MONITOR_SELFTEST_FAILED : MONITOR_OK, 0};
    work_answered(m.test_command, m.accepted++, verdict, &report[MONITOR_REP_RUN]);
    m.commanded = false;
  }
  m.progress_at = timer_now();
  enter(MONITOR_READY);
  if (!alive) give_up_on_tile();
  doorbell_ring_host(MONITOR_HOST_IRQ);
}

// Since the last look; the counts may have been cleared.
static uint32_t since(uint32_t now, uint32_t before) { return now < before ? now : now - before; }

// Counts and reports of memory errors into the log; after an error the scrubber goes faster for a while.
static void watch_memory(void) {
  struct ecc_poison poison;
  bool met = false;
  if (ecc_take_poison(&poison)) {
    log_write(MONITOR_LOG_POISON, poison.address, poison.status);
    met = true;
  }
  const struct ecc_counts now = ecc_read_counts();
  if (now.corrected != m.seen.corrected || now.scrubbed != m.seen.scrubbed) {
    log_write(MONITOR_LOG_CORRECTED, since(now.corrected, m.seen.corrected), since(now.scrubbed, m.seen.scrubbed));
    met = true;
  }
  m.seen = now;
  const uint32_t passes = scrub_passes();
  if (met) {
    m.scrub_until = passes + SCRUB_FAST_PASSES;
    if (!m.scrub_fast) scrub_set_interval(SCRUB_FAST);
    m.scrub_fast = true;
  } else if (m.scrub_fast && (int32_t)(passes - m.scrub_until) >= 0) {
    scrub_set_interval(SCRUB_NORMAL);
    m.scrub_fast = false;
  }
}

// The queue is not where this program left it: what ran is answered, and the queue begins afresh.
static void restart_queue(void) {
  log_write(MONITOR_LOG_STUCK, mmio_read(TILE_BASE + TILE_STATUS), queue_head());
  work_end_all(MONITOR_RESTARTED);
  m.waiting = NOTHING;
  m.aborted = false;
  if (!queue_reset(m.g.queue_slots)) give_up_on_tile();
}

// A job that does not end is aborted; if that does not end it, the queue begins afresh, or the tile is given up.
static void watch_progress(bool progress) {
  const uint32_t now = timer_now();
  if (progress || queue_idle()) {
    m.progress_at = now;
    m.aborted = false;
  } else if (now - m.progress_at > JOB_CLOCKS) {
    m.progress_at = now;
    if (m.aborted) {
      restart_queue();
      return;
    }
    log_write(MONITOR_LOG_ABORT, work_empty() ? m.answered : work_oldest(), queue_head());
    queue_abort();
    m.aborted = true;
  }
}

static bool turn(void) {
  queue_acknowledge();
  bool progress = false;
  if (m.phase == MONITOR_READY) {
    const enum work_event event = work_turn();
    progress = event == WORK_PROGRESS;
    if (event == WORK_LOST) {
      restart_queue();
      return true;
    }
  }
  bool more = publish();
  more = accept() || more;
  if (m.phase != MONITOR_READY) return more || progress;
  progress = work_feed() || progress;
  watch_progress(progress);
  return progress || more;
}

bool monitor_poll(void) {
  switch (m.phase) {
    case MONITOR_READY:
    case MONITOR_STUCK:
    case MONITOR_TESTING:
      break;
    default:
      return false;
  }
  mailbox_write(MONITOR_BOX_HEARTBEAT, ++m.slices);
  (void)doorbell_take();
  bool busy = true;
  if (m.phase != MONITOR_TESTING) {
    busy = turn();
    if (!busy || m.slices % MEMORY_LOOK == 0) watch_memory();
  } else if (!selftest_slice(SCRUB_NORMAL)) {
    end_selftest();
  }
  watchdog_kick();
  return busy;
}

void monitor_fatal(uint32_t cause, uint32_t pc, uint32_t value) {
  mailbox_write(MONITOR_BOX_CAUSE, cause);
  mailbox_write(MONITOR_BOX_PC, pc);
  mailbox_write(MONITOR_BOX_VALUE, value);
  log_write(MONITOR_LOG_FATAL, cause, pc);
  watchdog_reset_core();
}
