// SPDX-License-Identifier: Apache-2.0
// Brings the lanes in use back into step: each waits in a buffer of 16 symbols until all hold one.
`default_nettype none

module hb_link_deskew #(
  parameter int unsigned Lanes = 4
) (
  input  logic                clk_i,
  input  logic                start_i,     // empties the buffers; wins over push_i
  input  logic [Lanes-1:0]    lanes_i,     // in use, at least one; held from start_i on
  input  logic [Lanes-1:0]    push_i,
  input  logic [Lanes*16-1:0] symbols_i,
  output logic                valid_o,     // pulse: symbols_o holds one symbol of every lane in use, unknown on others
  output logic [Lanes*16-1:0] symbols_o,
  output logic                overflow_o   // pulse: a lane had no room; what follows is out of step
);

  if (Lanes == 1) begin : gen_one
    logic unused;
    assign unused     = ^{clk_i, lanes_i};
    assign valid_o    = push_i[0] && !start_i;
    assign symbols_o  = symbols_i;
    assign overflow_o = 1'b0;
  end else begin : gen_lanes
    logic [4:0]       rptr_q;              // one for all: they are read together
    logic [Lanes-1:0] holds, full;

    assign valid_o    = &(holds | ~lanes_i) && !start_i;
    assign overflow_o = |(push_i & full & lanes_i) && !valid_o && !start_i;

    for (genvar l = 0; l < Lanes; l++) begin : gen_lane
      logic [15:0] buffer_q [16];
      logic [4:0]  wptr_q;

      assign holds[l] = wptr_q != rptr_q;
      assign full[l]  = wptr_q == {!rptr_q[4], rptr_q[3:0]};
      assign symbols_o[16*l +: 16] = buffer_q[rptr_q[3:0]];

      always_ff @(posedge clk_i) begin
        if (start_i)        wptr_q <= '0;
        else if (push_i[l]) wptr_q <= wptr_q + 5'd1;
        if (push_i[l]) buffer_q[wptr_q[3:0]] <= symbols_i[16*l +: 16];
      end
    end

    always_ff @(posedge clk_i) begin
      if (start_i)      rptr_q <= '0;
      else if (valid_o) rptr_q <= rptr_q + 5'd1;
    end
  end

endmodule

`default_nettype wire
