// SPDX-License-Identifier: Apache-2.0
// When to go back and send again, and when to give up and train the link again.
`default_nettype none

module hb_link_retry (
  input  logic                              clk_i,
  input  logic                              rst_ni,
  input  logic                              run_i,             // data mode of the sender; without it everything begins anew

  input  logic [hb_link_pkg::TimeWidth-1:0] replay_timeout_i,  // clocks
  input  logic [7:0]                        retrain_after_i,   // replays in a row without progress

  // What the partner says, in a control or resync word
  input  logic                              control_i,
  input  logic                              nack_i,
  input  logic                              hunt_i,
  input  logic                              advance_i,         // it acknowledges a flit

  input  logic                              flying_i,          // a flit has been sent that is not acknowledged
  input  logic                              send_i,            // a flit begins
  output logic                              back_req_o,        // go back, until done
  input  logic                              back_i,            // done: a resync has been put on the way
  output logic                              timeout_o,         // pulse: back_req_o rises because an acknowledgement is late
  output logic                              retrain_o,         // pulse: replays do not help
  output logic                              progress_o         // pulse: something came through
);

  logic [hb_link_pkg::TimeWidth-1:0] wait_q;
  logic [7:0]                        tries_q;
  logic                              served_q, back_q, sent_q;
  logic                              late, wanted, again;

  // One clock measures the age of the oldest flit and of the last replay: it runs from the last replay, the last progress
  // or the first flit after a pause, whichever was latest.
  assign late = wait_q >= replay_timeout_i;

  // A loss of framing is served once, however often the partner repeats it; unless the answer was lost too.
  // Nobody can have missed a flit before one was sent: so even a timeout of nothing lets every replay send one.
  assign wanted = (control_i && nack_i && (hunt_i != served_q || late)) || (flying_i && sent_q && late);

  assign again      = run_i && wanted && !back_q;
  assign timeout_o  = again && !(control_i && nack_i);
  assign retrain_o  = again && tries_q >= retrain_after_i;
  assign back_req_o = back_q;
  assign progress_o = advance_i || (control_i && !nack_i && !flying_i);

  always_ff @(posedge clk_i) begin
    if (!rst_ni || !run_i) begin
      wait_q   <= '0;
      tries_q  <= '0;
      served_q <= 1'b0;
      back_q   <= 1'b0;
      sent_q   <= 1'b0;
    end else begin
      if (back_i || advance_i || (send_i && !flying_i)) wait_q <= '0;
      else if (!late) wait_q <= wait_q + 1'b1;

      if (progress_o || retrain_o) tries_q <= '0;
      else if (again) tries_q <= tries_q + 1'b1;

      if (control_i) served_q <= hunt_i;

      if (back_i) back_q <= 1'b0;
      else if (wanted) back_q <= 1'b1;

      if (back_i) sent_q <= 1'b0;
      else if (send_i) sent_q <= 1'b1;
    end
  end

endmodule

`default_nettype wire
