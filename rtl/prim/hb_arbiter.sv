// SPDX-License-Identifier: Apache-2.0
// Round-robin arbiter whose grant, once shown, stands until it is taken.
`default_nettype none

module hb_arbiter #(
  parameter int unsigned NumReq = 4
) (
  input  logic              clk_i,
  input  logic              rst_ni,   // puts requester 0 first

  input  logic [NumReq-1:0] req_i,    // may rise and fall at will; the promises below are to one that is held
  output logic [NumReq-1:0] gnt_o,    // in the same clock: one bit of req_i, or none iff req_i is zero. A grant shown
                                      // but not taken stands on the next clock if its request does, whoever else
                                      // asks. A request held sees at most NumReq - 1 grants taken before its own
  input  logic              ready_i   // takes the grant shown; has no path to gnt_o
);

  if (NumReq < 1) begin : gen_bad_parameters
    $error("hb_arbiter: NumReq must be at least 1");
  end

  // The pointer, as a thermometer: the requesters from it upwards come first, those below it after them. It rests on
  // the grant shown, and steps past it when the grant is taken. Any value, even after an upset, gives one grant: only
  // the turn is disturbed, and only once.
  logic [NumReq-1:0] from_q;
  logic [NumReq-1:0] first, from_gnt;

  assign first = ((req_i & from_q) != '0) ? (req_i & from_q) : req_i;
  assign gnt_o = first & (~first + 1'b1);  // its lowest bit

  assign from_gnt = ~(gnt_o - 1'b1);       // the granted requester and those above it

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      from_q <= '1;
    end else if (req_i != '0) begin
      from_q <= ready_i ? (from_gnt ^ gnt_o) : from_gnt;
    end
  end

`ifndef SYNTHESIS
  // Promises of the ports, checked in simulation (rtl/README.md)
  logic [NumReq-1:0] shown_q;  // a grant shown and not taken
  initial shown_q = '0;

  always_ff @(posedge clk_i) begin
    shown_q <= (rst_ni && !ready_i) ? gnt_o : '0;
    if (rst_ni) begin
      hb_arbiter_grant_is_one_hot:    assert ((gnt_o & (gnt_o - 1'b1)) == '0);
      hb_arbiter_grant_iff_requested: assert ((gnt_o & ~req_i) == '0 && (gnt_o != '0) == (req_i != '0));
      hb_arbiter_grant_stands:        assert ((shown_q & req_i) == '0 || gnt_o == shown_q);
    end
  end
`endif

endmodule

`default_nettype wire
