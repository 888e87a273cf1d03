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

  localparam int unsigned NumSemaphores = 8;

  // Where memories and registers begin in the byte address space; data memory at 0.
  localparam logic [31:0] QueueBase = 32'h4000_0000;
  localparam logic [31:0] CpuBase   = 32'h6000_0000;
  localparam logic [31:0] RegBase   = 32'h8000_0000;

endpackage : hb_tile_pkg
/* verilator lint_on UNUSEDPARAM */
