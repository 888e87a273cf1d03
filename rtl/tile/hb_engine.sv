// SPDX-License-Identifier: Apache-2.0
// Executes one checked job: reads its operands, runs the array or the mover, writes its result (rtl/README.md).

module hb_engine #(
  parameter  int unsigned Rows      = 8,
  parameter  int unsigned Cols      = 8,
  parameter  int unsigned Depth     = 4,
  parameter  int unsigned Banks     = 4,
  parameter  int unsigned BankBytes = 32768,
  localparam int unsigned WordBytes = ((Rows > Cols) ? Rows : Cols) * Depth * 2,
  localparam int unsigned WordBits  = WordBytes * 8,
  localparam int unsigned AddrW     = $clog2(Banks * BankBytes / WordBytes) + 1,
  localparam int unsigned MacsW     = $clog2(Rows * Cols * Depth + 1)
) (
  input  logic                clk_i,
  input  logic                rst_ni,

  // One job at a time. Job, bases and strides (in words) are stable from start_i to done_o.
  input  logic                start_i,     // pulse, not while a job runs
  input  logic                abort_i,     // while a job runs: no write is granted from the next clock on, then done_o
  input  hb_tile_pkg::job_t   job_i,       // checked; any opcode but SYNC
  input  logic [AddrW-2:0]    a_base_i,    // A, or the source of CONVERT and COPY
  input  logic [AddrW-2:0]    b_base_i,
  input  logic [AddrW-2:0]    c_base_i,
  input  logic [AddrW-2:0]    d_base_i,
  input  logic [AddrW-1:0]    a_stride_i,
  input  logic [AddrW-1:0]    b_stride_i,
  input  logic [AddrW-1:0]    c_stride_i,
  input  logic [AddrW-1:0]    d_stride_i,
  output logic                done_o,      // pulse after the last write's grant; with it and until the next start_i:
  output logic [5:0]          job_flags_o,   // sticky flags, in the order of vectors/README.md section 5
  output logic                poison_o,      // a word read was uncorrectable
  output logic [AddrW-1:0]    poison_addr_o, // the first such word

  // What the job does in this clock, for the counters.
  output logic                active_o,        // from the first read's request up to and including the last write's grant
  output logic                step_o,          // the array took a step,
  output logic [MacsW-1:0]    macs_o,          // of this many multiply-accumulates inside M x N x K (0 without step_o)
  output logic                stall_operand_o, // the array stood for want of A or B,
  output logic                stall_result_o,  // because the results before have not drained,
  output logic                stall_c_o,       // or for want of C; at most one of the three, and only while steps remain

  // Memory ports: a request holds until granted (an abort may drop it); read data comes two clocks after the grant.
  output logic                a_req_o,
  input  logic                a_gnt_i,
  output logic [AddrW-1:0]    a_addr_o,
  input  logic                a_rvalid_i,
  input  logic [WordBits-1:0] a_rdata_i,
  input  logic                a_ue_i,

  output logic                b_req_o,
  input  logic                b_gnt_i,
  output logic [AddrW-1:0]    b_addr_o,
  input  logic                b_rvalid_i,
  input  logic [WordBits-1:0] b_rdata_i,
  input  logic                b_ue_i,

  output logic                s_req_o,
  input  logic                s_gnt_i,
  output logic [AddrW-1:0]    s_addr_o,
  input  logic                s_rvalid_i,
  input  logic [WordBits-1:0] s_rdata_i,
  input  logic                s_ue_i,

  output logic                d_req_o,
  input  logic                d_gnt_i,
  output logic [AddrW-1:0]    d_addr_o,
  output logic [WordBits-1:0] d_wdata_o
);

endmodule
