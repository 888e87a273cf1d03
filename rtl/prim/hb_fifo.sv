// SPDX-License-Identifier: Apache-2.0
// First-in first-out queue of any depth, first-word fall-through, no combinational path through it.
`default_nettype none

module hb_fifo #(
  parameter  int unsigned Width      = 32,
  parameter  int unsigned Depth      = 4,  // words held; 1 halves the throughput, any more sustains a word a clock
  localparam int unsigned LevelWidth = $clog2(Depth + 1)
) (
  input  logic                  clk_i,
  input  logic                  rst_ni,   // empties the queue; the words themselves are not cleared

  input  logic                  valid_i,  // a word is taken on each clock with valid_i && ready_o
  output logic                  ready_o,  // high iff level_o < Depth: a function of the state alone
  input  logic [Width-1:0]      data_i,

  output logic                  valid_o,  // high iff level_o > 0; a word taken can leave on the next clock
  input  logic                  ready_i,  // a word leaves on each clock with valid_o && ready_i
  output logic [Width-1:0]      data_o,   // the oldest word, held while valid_o && !ready_i; unknown when !valid_o

  output logic [LevelWidth-1:0] level_o   // words held, 0 to Depth
);

  if (Width < 1 || Depth < 1) begin : gen_bad_parameters
    $error("hb_fifo: Width and Depth must be at least 1");
  end

  localparam int unsigned PtrWidth = (Depth > 1) ? $clog2(Depth) : 1;
  localparam int unsigned SumWidth = $clog2(2 * Depth);

  // The state is the slot of the oldest word and the number of words. A write pointer beside them would be redundant,
  // and an upset in one of three redundant registers would put words out of order for good; here it is over once drained.
  logic [Width-1:0]      mem_q [Depth];
  logic [PtrWidth-1:0]   rptr_q;
  logic [LevelWidth-1:0] level_q;

  logic                  push, pop;
  logic [SumWidth-1:0]   wsum;
  logic [PtrWidth-1:0]   wptr;

  assign ready_o = level_q < LevelWidth'(Depth);
  assign valid_o = level_q != '0;
  assign data_o  = mem_q[rptr_q];
  assign level_o = level_q;

  assign push = valid_i && ready_o;
  assign pop  = valid_o && ready_i;

  assign wsum = SumWidth'(rptr_q) + SumWidth'(level_q);
  assign wptr = (wsum >= SumWidth'(Depth)) ? PtrWidth'(wsum - SumWidth'(Depth)) : PtrWidth'(wsum);

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      rptr_q  <= '0;
      level_q <= '0;
    end else begin
      if (pop) rptr_q <= (SumWidth'(rptr_q) + 1'b1 >= SumWidth'(Depth)) ? '0 : rptr_q + 1'b1;
      if (push && !pop) level_q <= level_q + 1'b1;
      if (pop && !push) level_q <= level_q - 1'b1;
    end
  end

  always_ff @(posedge clk_i) begin
    if (push) mem_q[wptr] <= data_i;
  end

`ifndef SYNTHESIS
  // Promises of the ports, checked in simulation (rtl/README.md)
  hb_held #(.Width(Width)) hb_fifo_out_held (
    .clk_i, .rst_ni, .valid_i(valid_o), .ready_i(ready_i), .data_i(data_o)
  );
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      hb_fifo_level_within_depth: assert (32'(level_q) <= Depth);
    end
  end
`endif

endmodule

`default_nettype wire
