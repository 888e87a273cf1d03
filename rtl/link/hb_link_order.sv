// SPDX-License-Identifier: Apache-2.0
// The receiver's order: every sequence number is accepted once, in turn; what came before is told from what comes too early.
`default_nettype none

module hb_link_order #(
  parameter int unsigned SeqWidth = hb_link_pkg::SeqWidth
) (
  input  logic                clk_i,
  input  logic                rst_ni,
  input  logic                session_i,   // a new session begins: 0 is expected

  input  logic                accept_i,    // the flit expected has been received
  output logic [SeqWidth-1:0] expected_o,

  // A number, judged as if accept_i had been on the clock before
  input  logic [SeqWidth-1:0] seq_i,
  output logic                due_o,       // it is the one expected
  output logic                old_o        // at most half of the circle behind it; neither: ahead of it
);

  logic [SeqWidth-1:0] expected_q, expected_d;
  logic [SeqWidth-1:0] distance;

  assign expected_o = expected_q;
  assign expected_d = expected_q + SeqWidth'(accept_i);
  assign distance   = seq_i - expected_d;
  assign due_o      = distance == '0;
  assign old_o      = distance[SeqWidth-1];

  always_ff @(posedge clk_i) begin
    if (!rst_ni || session_i) expected_q <= '0;
    else                      expected_q <= expected_d;
  end

endmodule

`default_nettype wire
