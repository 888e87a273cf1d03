// SPDX-License-Identifier: Apache-2.0
// What the units of a tile tell each other: a checked job and its order, reports and activity (rtl/README.md, "Descriptor").
`default_nettype none

package hb_tile_pkg;

  // A job that passed every check, without its addresses (their width depends on the memory).
  typedef struct packed {
    logic [7:0]  opcode;
    logic        accumulate;
    logic        relu;
    logic        saturate;
    logic        stochastic;
    logic        literal;
    logic [3:0]  fmt_a;
    logic [5:0]  bias_a;
    logic [3:0]  fmt_b;
    logic [5:0]  bias_b;
    logic [3:0]  fmt_d;
    logic [5:0]  bias_d;
    logic [15:0] m;
    logic [15:0] n;
    logic [15:0] k;
    logic [31:0] seed;  // FILL: the pattern; SEND, GET, SIGNAL: word 13, and in col0, row0 word 14
    logic [15:0] row0;
    logic [15:0] col0;
  } job_t;

  // What the sequencer itself needs of a descriptor.
  typedef struct packed {
    logic [31:0] tag;
    logic        irq;
    logic [2:0]  wait_sem;
    logic [7:0]  wait_count;    // 0: do not wait
    logic [2:0]  signal_sem;
    logic [7:0]  signal_count;  // 0: do not signal
  } order_t;

  // What the registers tell the sequencer (hb_csr to hb_seq). From flip-flops; the pulses that go with it are ports of their own,
  // as they depend on the report below.
  typedef struct packed {
    logic        enable;
    logic [15:0] tail;           // free running; at most QueueSlots ahead of the head
  } queue_t;

  // What the sequencer reports to the registers (hb_seq).
  typedef struct packed {
    logic [15:0] head;           // free running
    logic        busy;           // a job is pending (while enabled), fetched, checked, waits or runs
    logic        waiting;        // in this clock the job waits for its semaphore
    logic [3:0]  state;          // as STATUS.SEQ_STATE
    logic [7:0]  opcode;         // of the job in hand; 0 without one
    logic        retire;         // a job ends in this clock, its completion written; with:
    logic [7:0]  retire_status;  // hb_job_pkg::status_e
    logic [7:0]  retire_field;
    logic        retire_irq;     // its descriptor asks for an interrupt
  } seq_report_t;

  // What the job does in this clock, for the counters; at most one of the stalls (hb_engine).
  typedef struct packed {
    logic step;
    logic stall_operand;
    logic stall_result;
    logic stall_c;
  } activity_t;

  // An operation of the host on a semaphore (hb_csr to hb_sem).
  typedef struct packed {
    logic        valid;          // carried out in this clock
    logic        sets;           // 1: becomes the value; 0: the value is added
    logic [2:0]  index;
    logic [15:0] value;
  } sem_op_t;

endpackage : hb_tile_pkg

`default_nettype wire
