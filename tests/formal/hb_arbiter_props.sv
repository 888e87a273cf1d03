// SPDX-License-Identifier: Apache-2.0
// What hb_arbiter promises, as properties over any sequence of requests, grants taken and resets.

module hb_arbiter_props #(
  parameter int unsigned NumReq     = 5,  // at most 8
  parameter bit          Invariants = 1   // 0: judge the ports alone
) (
  input logic              clk_i,
  input logic              rst_ni,
  input logic [NumReq-1:0] req_i,
  input logic              ready_i,
  input logic [2:0]        who_i  // the requester whose wait is counted
);

  logic [NumReq-1:0] gnt;

  hb_arbiter #(.NumReq(NumReq)) u_dut (.clk_i(clk_i), .rst_ni(rst_ni), .req_i(req_i), .gnt_o(gnt), .ready_i(ready_i));

  // The first clock is a reset; later ones may come at any time.
  logic started_q;
  initial started_q = 1'b0;
  always_ff @(posedge clk_i) started_q <= 1'b1;
  always_comb assume (started_q || !rst_ni);

  // Any one requester, the same for the whole run.
  logic [2:0] who_q;
  always_ff @(posedge clk_i) who_q <= who_i;
  always_comb assume (who_i < NumReq && (!started_q || who_i == who_q));

  // The model: the grant last shown if it was not taken, and the grants others took while `who` held its request.
  logic [NumReq-1:0] shown_q;
  logic [3:0]        waited_q;
  always_ff @(posedge clk_i) begin
    shown_q <= (rst_ni && !ready_i) ? gnt : '0;
    if (!rst_ni || !req_i[who_i]) waited_q <= 4'd0;
    else if (ready_i) waited_q <= gnt[who_i] ? 4'd0 : waited_q + 4'd1;
  end

  always_comb begin
    // 1. One grant at most, only to a requester, and one whenever anyone asks.
    assert ((gnt & (gnt - 1'b1)) == '0);
    assert ((gnt & ~req_i) == '0);
    assert ((gnt != '0) == (req_i != '0));
    if (started_q) begin
      // 2. A grant shown and not taken stands as long as its request does.
      assert ((shown_q & req_i) == '0 || gnt == shown_q);
      // 3. A request held is served within NumReq grants taken, its own the last of them.
      assert (waited_q < NumReq);
      assert (!(req_i[who_i] && waited_q == NumReq - 1) || gnt[who_i]);
    end
  end

  // Invariants, true of the state inside, that make 2 and 3 inductive: from_q is a thermometer (all zeros stands for all
  // ones), the grant shown is where it begins, and the distance left to `who` plus the grants waited for is below NumReq.
  (* hierconn *) wire [NumReq-1:0] \u_dut.from_q ;
  logic [NumReq-1:0] below;
  logic [3:0]        pointer, distance;

  assign below = ~ \u_dut.from_q ;
  always_comb begin
    pointer = 4'd0;
    for (int i = 0; i < NumReq; i++) pointer = pointer + 4'(below[i]);
    if (pointer == NumReq) pointer = 4'd0;
  end
  assign distance = (4'(who_i) >= pointer) ? 4'(who_i) - pointer : 4'(who_i) + 4'(NumReq) - pointer;

  if (Invariants) begin : gen_invariants
    always_comb begin
      if (started_q) begin
        assert ((below & (below + 1'b1)) == '0);
        assert (shown_q == '0 || shown_q == (NumReq'(1) << pointer));
        assert (waited_q + distance < NumReq);
      end
    end
  end

endmodule
