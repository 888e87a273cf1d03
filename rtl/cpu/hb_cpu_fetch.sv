// SPDX-License-Identifier: Apache-2.0
// Instruction fetch: the PC, a window of consecutive lines around it, and the requests that keep the window ahead of it.

module hb_cpu_fetch #(
  parameter int unsigned LineBytes = 8,
  parameter int unsigned Lines     = 4   // in the window
) (
  input  logic                   clk_i,
  input  logic                   rst_ni,

  output logic [31:0]            pc_o,       // of the instruction offered next
  output logic                   valid_o,
  output logic [31:0]            insn_o,
  output logic                   err_o,      // its line is uncorrectable, or there is no such line
  input  logic                   take_i,     // with valid_o: go on to the one behind it
  input  logic                   set_i,      // go on at set_pc_i; wins over take_i
  input  logic [31:0]            set_pc_i,
  input  logic                   flush_i,    // forget every line

  output logic                   i_req_o,
  input  logic                   i_gnt_i,
  output logic [31:0]            i_addr_o,
  input  logic [LineBytes*8-1:0] i_rdata_i,
  input  logic                   i_err_i
);

  localparam int unsigned LineBits  = LineBytes * 8;
  localparam int unsigned OffsetW   = $clog2(LineBytes);
  localparam int unsigned LineW     = 32 - OffsetW;  // of a line's number
  localparam int unsigned SlotW     = $clog2(Lines);
  localparam int unsigned LineWords = LineBytes / 4;
  // A line is asked for 4 instructions before its first: one clock to be granted, two to be answered, one to be stored.
  localparam int unsigned Ahead     = 4;

  // The window is the Lines lines before next_q, which is the line to ask for next. A line's slot are its low bits.
  logic [31:2]               pc_q;
  logic [LineW-1:0]          next_q;
  logic [Lines-1:0]          asked_q, valid_q, err_q;
  logic [Lines*LineBits-1:0] line_q;

  logic [LineW-1:0] pc_line;
  logic [SlotW-1:0] pc_slot;
  assign pc_line = pc_q[31:OffsetW];
  assign pc_slot = pc_q[OffsetW+:SlotW];

  // Words in the window behind the one at the PC; a PC outside makes it huge. So does one at the end: next_q - pc - 1.
  logic [29:0] behind;
  logic        miss;
  assign behind = {next_q, {(OffsetW - 2) {1'b0}}} + ~pc_q;
  assign miss   = behind[29:$clog2(Lines*LineWords)] != '0 || !asked_q[pc_slot];

  // A request stays as it is until granted, wherever the PC goes meanwhile: then next_q holds its line.
  logic             waiting_q, restart, grant;
  logic [LineW-1:0] line;
  assign restart  = miss && !waiting_q;
  assign i_req_o  = rst_ni && (waiting_q || miss || behind[29:$clog2(Ahead)] == '0);
  assign line     = restart ? pc_line : next_q;
  assign i_addr_o = {line, {OffsetW{1'b0}}};
  assign grant    = i_req_o && i_gnt_i;

  // Reads under way
  logic             flight1_q, flight2_q;
  logic [SlotW-1:0] slot1_q, slot2_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      waiting_q <= 1'b0;
      asked_q   <= '0;
      valid_q   <= '0;
      flight1_q <= 1'b0;
      flight2_q <= 1'b0;
    end else begin
      waiting_q <= i_req_o && !i_gnt_i;
      flight1_q <= grant;
      flight2_q <= flight1_q;
      if (flight2_q) valid_q[slot2_q] <= 1'b1;
      if (grant) begin
        asked_q[line[SlotW-1:0]] <= 1'b1;
        valid_q[line[SlotW-1:0]] <= 1'b0;
      end
      // A new window begins, or none: what is there and what comes is forgotten.
      if (restart || flush_i) begin
        flight2_q <= 1'b0;
        asked_q   <= '0;
        valid_q   <= '0;
        if (flush_i) flight1_q <= 1'b0;
        else if (grant) asked_q[line[SlotW-1:0]] <= 1'b1;
      end
    end
    if (i_req_o) next_q <= line + LineW'(i_gnt_i);
    slot1_q <= line[SlotW-1:0];
    slot2_q <= slot1_q;
  end

  for (genvar i = 0; i < Lines; i++) begin : gen_line
    always_ff @(posedge clk_i) begin
      if (flight2_q && slot2_q == SlotW'(i)) begin
        line_q[i*LineBits+:LineBits] <= i_rdata_i;
        err_q[i]                     <= i_err_i;
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (set_i) pc_q <= set_pc_i[31:2];
    else if (take_i) pc_q <= pc_q + 1'b1;
  end

  assign pc_o    = {pc_q, 2'b00};
  assign valid_o = !miss && valid_q[pc_slot];
  assign err_o   = err_q[pc_slot];
  assign insn_o  = line_q[{pc_q[2+:OffsetW-2+SlotW], 5'd0}+:32];

  logic unused;
  assign unused = ^{set_pc_i[1:0], behind[$clog2(Ahead)-1:0]};

endmodule
