// SPDX-License-Identifier: Apache-2.0
// Which lanes to receive on: those that have been heard for a while, without waiting for ever for one that comes and goes.
`default_nettype none

module hb_link_choose (
  input  logic       clk_i,
  input  logic       start_i,      // begin anew
  input  logic       tick_i,       // pulse: a set's time has passed
  input  logic [3:0] heard_i,
  output logic       done_o,       // the same lanes have been heard for StableSets sets
  output logic [3:0] lanes_o       // with done_o: those to use
);

  logic [3:0] heard_q;             // a clock ago
  logic [3:0] unsteady_q;          // lanes that were lost once patience was at its end: no longer waited for
  logic [6:0] stable_q;            // sets
  logic [7:0] patience_q;          // sets since the start, up to all ones
  logic [3:0] steady;

  assign steady  = heard_i & ~unsteady_q;
  assign done_o  = stable_q == 7'(hb_link_lane_pkg::StableSets);
  assign lanes_o = hb_link_lane_pkg::pick(steady);

  always_ff @(posedge clk_i) begin
    heard_q <= heard_i;

    if (start_i)                          patience_q <= '0;
    else if (tick_i && patience_q != '1)  patience_q <= patience_q + 8'd1;

    // If there is nothing else, a lane that came back will do.
    if (start_i || steady == '0)          unsteady_q <= '0;
    else if (patience_q == '1)            unsteady_q <= unsteady_q | (heard_q & ~heard_i);

    if (start_i || steady == '0 || ((heard_i ^ heard_q) & ~unsteady_q) != '0) stable_q <= '0;
    else if (tick_i)                      stable_q <= stable_q + 7'd1;
  end

endmodule

`default_nettype wire
