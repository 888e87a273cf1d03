// SPDX-License-Identifier: Apache-2.0
// A promise of every handshake, checked in simulation: what is offered stays, as it is, until it is taken. No logic.
`default_nettype none

module hb_held #(
  parameter int unsigned Width = 1
) (
  input logic             clk_i,
  input logic             rst_ni,   // low: what is offered may be withdrawn or change

  input logic             valid_i,
  input logic             ready_i,
  input logic [Width-1:0] data_i
);

  logic             waits_q;  // offered on the clock before, and not taken
  logic [Width-1:0] data_q;

  initial waits_q = 1'b0;

  always_ff @(posedge clk_i) begin
    waits_q <= rst_ni && valid_i && !ready_i;
    data_q  <= data_i;
    if (rst_ni && waits_q) begin
      valid_stays_until_ready: assert (valid_i);
      payload_is_stable:       assert (data_i == data_q);
    end
  end

endmodule

`default_nettype wire
