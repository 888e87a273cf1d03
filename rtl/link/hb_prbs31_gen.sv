// SPDX-License-Identifier: Apache-2.0
// PRBS-31 of ITU-T O.150, 16 bits a symbol, inverted, first bit in bit 0.
`default_nettype none

module hb_prbs31_gen #(
  parameter int unsigned Lane = 0    // chooses where in the sequence it starts
) (
  input  logic        clk_i,
  input  logic        rst_ni,        // back to the start
  input  logic        next_i,        // symbol_o is taken
  output logic [15:0] symbol_o
);

  logic [30:0] last_q;               // the last 31 bits sent, not inverted
  logic [15:0] next;

  assign next     = hb_link_lane_pkg::prbs31_next(last_q[18:0]);
  assign symbol_o = ~next;

  always_ff @(posedge clk_i) begin
    if (!rst_ni)     last_q <= hb_link_lane_pkg::prbs31_seed(Lane);
    else if (next_i) last_q <= {next, last_q[30:16]};
  end

endmodule

`default_nettype wire
