// SPDX-License-Identifier: Apache-2.0
// Credit of one virtual channel: whether the partner's receive buffer has room for a flit, whatever control words are lost.
`default_nettype none

module hb_link_credit #(
  parameter int unsigned CountWidth = hb_link_pkg::CountWidth,
  parameter int unsigned LenWidth   = hb_link_pkg::LenWidth    // at most CountWidth
) (
  input  logic                  clk_i,
  input  logic                  rst_ni,
  input  logic                  session_i,  // a new session begins: nothing sent, nothing known of the partner

  input  logic [CountWidth-1:0] size_i,     // words of the partner's buffer, at most 2^(CountWidth-1); constant in a session
  input  logic [LenWidth-1:0]   len_i,
  output logic                  ok_o,       // there is room for len_i words more; never before the first update of a session
  input  logic                  take_i,     // they are under way; only with ok_o

  input  logic                  update_i,   // the partner says ...
  input  logic [CountWidth-1:0] left_i,     // ... how many words have left its buffer, modulo 2^CountWidth, since the
                                            // session began with minus the words that were in it
  output logic                  bad_o       // that cannot be, and is ignored: more than were in it
);

  logic [CountWidth-1:0] sent_q, left_q;
  logic                  known_q;
  logic [CountWidth-1:0] charged, leaving;
  logic                  plausible;

  // Differences are right modulo 2^CountWidth, because the buffer holds at most half of that.
  assign charged = sent_q - left_q;  // words that are in the partner's buffer or under way to it
  assign leaving = left_i - left_q;

  assign ok_o      = known_q && ({1'b0, charged} + (CountWidth + 1)'(len_i) <= {1'b0, size_i});
  assign plausible = known_q ? leaving <= charged : (sent_q - left_i) <= size_i;
  assign bad_o     = update_i && !plausible;

  always_ff @(posedge clk_i) begin
    if (!rst_ni || session_i) begin
      sent_q  <= '0;
      left_q  <= '0;
      known_q <= 1'b0;
    end else begin
      if (take_i) sent_q <= sent_q + CountWidth'(len_i);
      if (update_i && plausible) begin
        left_q  <= left_i;
        known_q <= 1'b1;
      end
    end
  end

`ifndef SYNTHESIS
  // Promises of the ports, checked in simulation (rtl/README.md)
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      hb_link_credit_never_beyond_limit: assert (!take_i || ok_o);
    end
  end
`endif

endmodule

`default_nettype wire
