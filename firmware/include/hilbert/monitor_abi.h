// SPDX-License-Identifier: Apache-2.0
// What host and monitor agree on: the shared area in tile memory, its records word by word, and the mailbox words.
// Included by C and C++; firmware/README.md explains it.
#pragma once

#include <hilbert/regs/job.h>

#define MONITOR_MAGIC 0x4D4F4E31u    // MAILBOX 0 of a monitor that runs: "MON1"
#define MONITOR_VERSION 0x00010001u  // major 31:16 changes when the host must change

// Shared area: commands, answers, report of the self-test, log. Its base is a multiple of 64.
#define MONITOR_COMMAND_WORDS 32u
#define MONITOR_ANSWER_WORDS 16u
#define MONITOR_REPORT_WORDS 16u
#define MONITOR_LOG_WORDS 4u     // of an entry
#define MONITOR_LOG_ENTRIES 28u  // a ring
#define MONITOR_DEFAULT_SLOTS 8u
#define MONITOR_MOST_SLOTS 64u  // a power of two, as every number of slots

// Room for descriptors, in controller memory, where no job can write: slot s has those from s times its share on.
#define MONITOR_ROOM_DESCRIPTORS 32u
#define MONITOR_DESCRIPTOR_WORDS JOB_DESCRIPTOR_WORDS
#define MONITOR_DESCRIPTOR_BYTES JOB_DESCRIPTOR_BYTES
#define MONITOR_MOST_BATCH 16u  // an answer has room for their flags
#define MONITOR_BATCH_SHARE(slots) \
  (MONITOR_ROOM_DESCRIPTORS / (slots) < MONITOR_MOST_BATCH ? MONITOR_ROOM_DESCRIPTORS / (slots) : MONITOR_MOST_BATCH)

#define MONITOR_COMMAND_BYTES (4u * MONITOR_COMMAND_WORDS)
#define MONITOR_ANSWER_BYTES (4u * MONITOR_ANSWER_WORDS)
#define MONITOR_REPORT_BYTES (4u * MONITOR_REPORT_WORDS)
#define MONITOR_LOG_BYTES (4u * MONITOR_LOG_WORDS)

#define MONITOR_COMMAND_AT(slot) ((slot)*MONITOR_COMMAND_BYTES)
#define MONITOR_ANSWER_AT(slots, slot) ((slots)*MONITOR_COMMAND_BYTES + (slot)*MONITOR_ANSWER_BYTES)
#define MONITOR_REPORT_AT(slots) MONITOR_ANSWER_AT(slots, slots)
#define MONITOR_LOG_AT(slots) (MONITOR_REPORT_AT(slots) + MONITOR_REPORT_BYTES)
#define MONITOR_AREA_BYTES(slots) (MONITOR_LOG_AT(slots) + MONITOR_LOG_ENTRIES * MONITOR_LOG_BYTES)

// MAILBOX words. H: the host writes, M: the monitor.
enum monitor_mailbox {
  MONITOR_BOX_MAGIC = 0,      // M  MONITOR_MAGIC from READY on; 0 while it starts
  MONITOR_BOX_BASE = 1,       // H  before RUN: base of the shared area; M writes what it uses
  MONITOR_BOX_SLOTS = 2,      // H  before RUN: slots; 0: the default area at the end of data memory; M as above
  MONITOR_BOX_SUBMITTED = 3,  // H  number of the next command to be written; M gives the first, a multiple of
                              //    MONITOR_MOST_SLOTS that no earlier session of this MTIME used
  MONITOR_BOX_ANSWERED = 4,   // M  number of the next command to be answered
  MONITOR_BOX_BEGUN = 5,      // M  those before it have begun: a restart answers them with RESTARTED
  MONITOR_BOX_PHASE = 6,      // M  enum monitor_phase
  MONITOR_BOX_TESTS = 7,      // H  before RUN: which self-tests to run first (0: none)
  MONITOR_BOX_FAILED = 8,     // M  which of them failed
  MONITOR_BOX_HEARTBEAT = 9,  // M  counts slices of work
  MONITOR_BOX_LOGGED = 10,    // M  log entries written; the newest is entry (LOGGED - 1) mod MONITOR_LOG_ENTRIES
  MONITOR_BOX_WATCHDOG = 11,  // H  before RUN: watchdog period in clocks; 0: off
  MONITOR_BOX_RESTARTS = 12,  // M  restarts in a row in which no command was done
  MONITOR_BOX_CAUSE = 13,     // M  mcause, mepc, mtval of the last fatal trap
  MONITOR_BOX_PC = 14,
  MONITOR_BOX_VALUE = 15,
};

enum monitor_phase {
  MONITOR_STARTING = 0,
  MONITOR_TESTING = 1,
  MONITOR_READY = 2,
  MONITOR_BAD_MAP = 3,    // the registers are not those that the monitor was compiled for
  MONITOR_BAD_AREA = 4,   // base or slots are impossible
  MONITOR_RING_LOST = 5,  // SUBMITTED, BEGUN and ANSWERED contradict each other: start it again
  MONITOR_STUCK = 6,      // the tile does not end a job, not even by ABORT; commands are answered with STUCK
  MONITOR_DEAD = 7,       // MONITOR_RESTART_LIMIT restarts in a row: load the image again
  MONITOR_DAMAGED = 8,    // after a restart the image is not what was loaded: load it again
};
#define MONITOR_RESTART_LIMIT 8u

// DOORBELL bit of the host ("there are commands") and HOST_IRQ bit of the monitor ("there are answers").
#define MONITOR_DOORBELL 0x00000001u
#define MONITOR_HOST_IRQ 0x00000001u

// Command record, by word. GEMM, CONVERT, COPY and FILL: words 3 to 15 mean what they mean in a descriptor
// (rtl/README.md), but M, N and K have 32 bits.
enum monitor_command_word {
  MONITOR_CMD_OPCODE = 0,    // opcode 7:0, options as in word 0 of a descriptor (no irq), MONITOR_HAS_SUMS
  MONITOR_CMD_SEQUENCE = 1,  // number of the command, modulo 2^32: slot is number mod slots
  MONITOR_CMD_TAG = 2,       // returned in the answer
  MONITOR_CMD_FORMATS = 3,
  MONITOR_CMD_COUNT = 3,  // BATCH: descriptors in the slot's share of the room; words 4 to 30 are not read
  MONITOR_CMD_M = 4,
  MONITOR_CMD_N = 5,
  MONITOR_CMD_K = 6,
  MONITOR_CMD_A = 7,  // bases of A, B, C, D
  MONITOR_CMD_B = 8,
  MONITOR_CMD_C = 9,
  MONITOR_CMD_D = 10,
  MONITOR_CMD_A_STRIDE = 11,
  MONITOR_CMD_B_STRIDE = 12,
  MONITOR_CMD_C_STRIDE = 13,
  MONITOR_CMD_D_STRIDE = 14,
  MONITOR_CMD_SEED = 15,
  MONITOR_CMD_ORIGIN = 16,  // row 15:0 and col 31:16
  MONITOR_CMD_SUMS = 17,    // with MONITOR_HAS_SUMS: room for one block's fp32 sums, in panel order
  MONITOR_CMD_SUMS_STRIDE = 18,
  MONITOR_CMD_BLOCK_M = 19,  // largest block that one descriptor may have, rounded up to what the layout can cut;
  MONITOR_CMD_BLOCK_N = 20,  // 0: the monitor's choice
  MONITOR_CMD_BLOCK_K = 21,
  MONITOR_CMD_ARGUMENT = 22,  // PING: returned in RESULT; SELFTEST: which tests
  MONITOR_CMD_CHECK = 31,     // ~sequence; words 23 to 30 are zero
};

enum monitor_opcode {
  MONITOR_GEMM = JOB_OP_GEMM,
  MONITOR_CONVERT = JOB_OP_CONVERT,
  MONITOR_COPY = JOB_OP_COPY,
  MONITOR_FILL = JOB_OP_FILL,
  MONITOR_PING = 16,
  MONITOR_GET_VERSION = 17,  // RESULT: MONITOR_VERSION, TILE hash, CPU hash, slots, base of the room, a slot's share
  MONITOR_SELFTEST = 18,     // RESULT: tests run, tests failed, first failure as in the report
  MONITOR_BATCH = 19,        // RESULT: bytes 0 to 15 the flags of each descriptor; MONITOR_ANS_FAILED
};
#define MONITOR_HAS_SUMS 0x00010000u

// Answer record, by word.
enum monitor_answer_word {
  MONITOR_ANS_SEQUENCE = 0,
  MONITOR_ANS_TAG = 1,
  MONITOR_ANS_STATUS = 2,     // status 7:0, field (a word of the command) 15:8, flags 23:16, opcode 31:24
  MONITOR_ANS_DETAIL = 3,     // POISONED: address; JOB_ERROR: word 1 of the completion
  MONITOR_ANS_JOBS = 4,       // descriptors run, repeated ones included
  MONITOR_ANS_RETRIES = 5,    // blocks that were run again
  MONITOR_ANS_CORRECTED = 6,  // correctable errors corrected during the jobs
  MONITOR_ANS_CLOCKS = 7,     // sum over the jobs, as in their completions
  MONITOR_ANS_STEPS = 8,      // clocks in which the array took a step, likewise
  MONITOR_ANS_RESULT = 9,     // six words
  MONITOR_ANS_FAILED = 13,  // BATCH: the first descriptor that did not end well, counted from 1, 0: none; `field` is a
                            //   word of it, and what comes behind it has no defined result
  MONITOR_ANS_CHECK = 15,   // ~sequence
};
#define MONITOR_RESULT_WORDS 6u

// The first ones as in the completion of a descriptor, but `field` counts words of the command; of a batch, of the
// descriptor.
enum monitor_status {
  MONITOR_OK = JOB_ST_OK,
  MONITOR_BAD_OPCODE = JOB_ST_BAD_OPCODE,
  MONITOR_BAD_OPTION = JOB_ST_BAD_OPTION,
  MONITOR_BAD_FORMAT = JOB_ST_BAD_FORMAT,
  MONITOR_BAD_SIZE = JOB_ST_BAD_SIZE,
  MONITOR_MISALIGNED = JOB_ST_MISALIGNED,
  MONITOR_UNUSED = JOB_ST_UNUSED,
  MONITOR_BAD_SEMAPHORE = JOB_ST_BAD_SEMAPHORE,  // of a batch's descriptor
  MONITOR_OUT_OF_RANGE = JOB_ST_OUT_OF_RANGE,
  MONITOR_OVERLAP = JOB_ST_OVERLAP,
  MONITOR_POISONED = JOB_ST_POISONED,
  MONITOR_ABORTED = JOB_ST_ABORTED,  // a job took longer than MONITOR_JOB_CLOCKS
  MONITOR_PROTECTED = 12,            // the result would lie in the shared area
  MONITOR_BAD_SEQUENCE = 13,         // the record is not the one that was announced: torn, or stale
  MONITOR_UNREADABLE = 14,           // the record, or a batch's descriptor, has an uncorrectable word: write it again
  MONITOR_RESTARTED = 15,            // the monitor restarted after the command had begun; what it wrote so far stays
  MONITOR_JOB_ERROR = 16,            // the tile refused a descriptor that the monitor made
  MONITOR_SELFTEST_FAILED = 17,
  MONITOR_TILE_STUCK = 18,
};

// Self-tests, as bits of a mask.
#define MONITOR_TEST_REGISTERS 0x01u
#define MONITOR_TEST_TIMER 0x02u
#define MONITOR_TEST_MARCH 0x04u   // destroys data memory outside the shared area, and queue memory
#define MONITOR_TEST_ECC 0x08u     // destroys a word of every bank
#define MONITOR_TEST_MATRIX 0x10u  // destroys MONITOR_TEST_MATRIX_BYTES before the shared area, or behind it
#define MONITOR_TEST_ALL 0x1Fu
#define MONITOR_TEST_MATRIX_BYTES 2048u  // fails where there is no such room

// Report of the last self-test, by word.
enum monitor_report_word {
  MONITOR_REP_MAGIC = 0,  // MONITOR_MAGIC once there is one
  MONITOR_REP_RUN = 1,
  MONITOR_REP_FAILED = 2,
  MONITOR_REP_TEST = 3,      // of the first failure, as a bit; 0: none
  MONITOR_REP_STEP = 4,      // within that test (firmware/README.md)
  MONITOR_REP_ADDRESS = 5,   // where
  MONITOR_REP_EXPECTED = 6,  // what should have been
  MONITOR_REP_FOUND = 7,     // what was
  MONITOR_REP_FAILURES = 8,  // how many in all
};

// Log entry: time (low word of MTIME), code 15:0 and restart count 31:16, two values.
enum monitor_log_code {
  MONITOR_LOG_STARTED = 1,    // RESET_REASON, self-tests asked for
  MONITOR_LOG_CORRECTED = 2,  // how many, of which by the scrubber
  MONITOR_LOG_POISON = 3,     // address, POISON_STATUS
  MONITOR_LOG_RETRY = 4,      // sequence, address
  MONITOR_LOG_BAD_SLOT = 5,   // address of a queue slot that was uncorrectable, 0
  MONITOR_LOG_ABORT = 6,      // sequence, QUEUE_HEAD
  MONITOR_LOG_STUCK = 7,      // STATUS, QUEUE_HEAD
  MONITOR_LOG_FAILED = 8,     // test, address
  MONITOR_LOG_FATAL = 9,      // mcause, mepc
  MONITOR_LOG_HEALED = 10,    // address of an answer's slot that was uncorrectable, 0
};
