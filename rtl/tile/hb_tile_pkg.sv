// SPDX-License-Identifier: Apache-2.0
// What the units of a tile tell each other: opcodes, statuses, and a checked job (rtl/README.md, "Descriptor").

// No unit uses all of it.
/* verilator lint_off UNUSEDPARAM */
package hb_tile_pkg;

  typedef enum logic [7:0] {
    OpGemm    = 8'd1,
    OpConvert = 8'd2,
    OpCopy    = 8'd3,
    OpFill    = 8'd4,
    OpSync    = 8'd5,
    OpSend    = 8'd6,  // this and those below: in chips with a network
    OpGet     = 8'd7,
    OpSignal  = 8'd8
  } opcode_e;

  typedef enum logic [7:0] {
    StOk           = 8'd0,
    StBadOpcode    = 8'd1,
    StBadOption    = 8'd2,
    StBadFormat    = 8'd3,
    StBadSize      = 8'd4,
    StMisaligned   = 8'd5,
    StUnused       = 8'd6,
    StBadSemaphore = 8'd7,
    StOutOfRange   = 8'd8,
    StOverlap      = 8'd9,
    StPoisoned     = 8'd10,
    StAborted      = 8'd11
  } status_e;

  // Field number of a completion whose descriptor itself was poisoned.
  localparam logic [7:0] FieldDescriptor = 8'd255;

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
    logic [3:0]  state;          // 3: the next descriptor is being fetched, checked or is ready;
                                 // 2:0: 0 idle, 1 semaphore, 2 start, 3 run, 4 completion, 5 retire,
                                 // 6 the network takes it over
    logic [7:0]  opcode;         // of the job in hand; 0 without one
    logic        retire;         // a job ends in this clock, its completion written; with:
    logic [7:0]  retire_status;  // status_e
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

  localparam int unsigned NumSemaphores = 8;

  // Where memories and registers begin in the byte address space; data memory at 0.
  localparam logic [31:0] QueueBase = 32'h4000_0000;
  localparam logic [31:0] CpuBase   = 32'h6000_0000;
  localparam logic [31:0] RegBase   = 32'h8000_0000;

endpackage : hb_tile_pkg
/* verilator lint_on UNUSEDPARAM */
