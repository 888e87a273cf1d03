// SPDX-License-Identifier: Apache-2.0
// Instruction fetch: the PC, a window of consecutive lines in block RAM, and the requests that keep its end ahead of the PC.
`default_nettype none

module hb_cpu_fetch #(
  parameter int unsigned LineBytes   = 8,
  parameter int unsigned WindowBytes = 256  // loops up to about so long run from the window
) (
  input  logic                   clk_i,
  input  logic                   rst_ni,

  output logic [31:0]            pc_o,       // of the instruction offered next
  output logic                   valid_o,
  output logic [31:0]            insn_o,
  output logic                   err_o,      // with valid_o: its line is uncorrectable, or there is no such line
  input  logic                   take_i,     // with valid_o: go on to the one behind it
  input  logic                   branch_i,   // insn_o is a branch
  input  logic [31:1]            offset_i,   // by as much
  output logic                   guess_o,    // with take_i: go on where it leads to, not to the one behind it
  input  logic                   set_i,      // go on at set_pc_i; wins over take_i
  input  logic [31:0]            set_pc_i,
  input  logic                   flush_i,    // forget every line

  output logic                   i_req_o,
  input  logic                   i_gnt_i,
  output logic [31:0]            i_addr_o,
  input  logic [LineBytes*8-1:0] i_rdata_i,
  input  logic                   i_err_i
);

  localparam int unsigned Lines   = WindowBytes / LineBytes;
  localparam int unsigned OffsetW = $clog2(LineBytes);
  localparam int unsigned WordW   = OffsetW - 2;      // of a word in a line
  localparam int unsigned LineW   = 32 - OffsetW;     // of a line's number
  localparam int unsigned SlotW   = $clog2(Lines);    // its low bits: where the line is
  // A line is asked for this many instructions before its first: granted at once, it is there when wanted.
  localparam int unsigned AheadW  = 2;

  logic [31:2] pc_q, pc_d;

  // Loops: a branch that leads back by less than 2 KiB, and to no lower multiple of them, is taken to be taken. What it says
  // is known a clock later.
  localparam int unsigned NearW = 9;
  logic [NearW-1:0] near;
  logic             in_page;
  assign {in_page, near} = {1'b0, pc_q[2+:NearW]} + {1'b0, offset_i[2+:NearW]};
  assign guess_o = branch_i && in_page && (&offset_i[31:2+NearW]) && !offset_i[1];

  // set_i is an addend, where it does not matter, so that sum and choice fit one 4-input table a bit.
  logic [31:2] step;
  assign step = set_i ? set_pc_i[31:2] : pc_q + {30{set_i}} + 30'(take_i && !guess_o);
  assign pc_d = {step[31:2+NearW], guess_o && take_i && !set_i ? near : step[2+:NearW]};
  always_ff @(posedge clk_i) pc_q <= pc_d;

  // The window: the last held_q lines before next_q, the line to ask for next. `behind` counts the words in it behind the one
  // at the PC; outside it is huge.
  logic [LineW-1:0]       next_q, line;
  logic [SlotW:0]         held_q;
  logic [29:0]            behind;
  logic [LineW-1:0]       newer;     // lines in it behind the PC's
  logic             in_window, miss;
  assign behind = {next_q, {WordW{1'b0}}} + ~pc_q;
  assign newer  = behind[29:WordW];
  assign in_window = newer[LineW-1:SlotW] == '0 && {1'b0, newer[SlotW-1:0]} < held_q;

  // Reads under way: granted a clock ago, answered now, answered a clock ago (its line cannot be read before the next one).
  logic [2:0] flight_q;
  logic [1:0] absent;                // newest lines that are not there yet
  assign absent = 2'(flight_q[0]) + 2'(flight_q[1]) + 2'(flight_q[2]);

  // A line that failed ends the window, whatever came behind it.
  logic       bad_q;
  logic [1:0] bad_newer_q;           // lines asked for behind it
  logic       at_bad;
  assign at_bad = bad_q && newer[SlotW-1:0] == SlotW'(bad_newer_q);
  assign miss   = !in_window || (bad_q && newer[SlotW-1:0] < SlotW'(bad_newer_q));

  // A request stays as it is until granted, wherever the PC goes meanwhile: then next_q holds its line.
  logic waiting_q, restart, grant;
  assign restart  = miss && !waiting_q;
  assign i_req_o  = rst_ni && (waiting_q || miss || (behind[29:AheadW] == '0 && !bad_q));
  assign line     = restart ? pc_q[31:OffsetW] : next_q;
  assign i_addr_o = {line, {OffsetW{1'b0}}};
  assign grant    = i_req_o && i_gnt_i;

  always_ff @(posedge clk_i) begin
    if (!rst_ni || flush_i) begin
      held_q   <= '0;
      flight_q <= '0;
      bad_q    <= 1'b0;
    end else if (restart) begin
      held_q   <= {{SlotW{1'b0}}, grant};
      flight_q <= {2'b00, grant};
      bad_q    <= 1'b0;
    end else begin
      if (grant && !held_q[SlotW]) held_q <= held_q + 1'b1;
      flight_q <= {flight_q[1:0], grant};
      if (flight_q[1] && i_err_i && !bad_q) bad_q <= 1'b1;
    end
    waiting_q <= rst_ni && i_req_o && !i_gnt_i;
    if (i_req_o) next_q <= line + LineW'(i_gnt_i);
    bad_newer_q <= (bad_q ? bad_newer_q : 2'(flight_q[0])) + 2'(grant);
  end

  logic [SlotW-1:0] slot1_q, slot2_q;
  always_ff @(posedge clk_i) begin
    slot1_q <= line[SlotW-1:0];
    slot2_q <= slot1_q;
  end

  logic [LineBytes*8-1:0] line_q [Lines];
  logic [LineBytes*8-1:0] read_q;
  always_ff @(posedge clk_i) begin
    if (flight_q[1]) line_q[slot2_q] <= i_rdata_i;
    read_q <= line_q[pc_d[OffsetW+:SlotW]];
    if (flight_q[1] && slot2_q == pc_d[OffsetW+:SlotW]) read_q <= 'x;  // absent: no need for the RAM to know
  end

  assign pc_o    = {pc_q, 2'b00};
  assign err_o   = at_bad;
  assign valid_o = !miss && (at_bad || newer[SlotW-1:0] >= SlotW'(absent));
  assign insn_o  = read_q[{pc_q[2+:WordW], 5'd0}+:32];

  logic unused;
  assign unused = ^{set_pc_i[1:0], behind[AheadW-1:0]};

endmodule

`default_nettype wire
