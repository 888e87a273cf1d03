// SPDX-License-Identifier: Apache-2.0
// Key stream of one lane: XORed with what is sent, and again with what is received.
`default_nettype none

module hb_link_scramble #(
  parameter int unsigned Lane = 0    // chooses the seed
) (
  input  logic        clk_i,
  input  logic        start_i,       // key_o is the first key from the next clock on; wins over next_i
  input  logic        next_i,        // key_o was used
  output logic [15:0] key_o          // from flip-flops
);

  localparam logic [22:0] Seed = hb_link_lane_pkg::scramble_seed(Lane);

  logic [22:0] state_q;              // the next 23 bits of the stream

  assign key_o = state_q[15:0];

  always_ff @(posedge clk_i) begin
    if (start_i)     state_q <= Seed;
    else if (next_i) state_q <= hb_link_lane_pkg::scramble_next(state_q);
  end

endmodule

`default_nettype wire
