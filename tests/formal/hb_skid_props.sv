// SPDX-License-Identifier: Apache-2.0
// What hb_skid promises, as properties over any sequence of words, stalls and resets.

module hb_skid_props #(
  parameter int unsigned Width      = 2,
  parameter bit          Invariants = 1   // 0: judge the ports alone
) (
  input logic             clk_i,
  input logic             rst_ni,
  input logic             valid_i,
  input logic [Width-1:0] data_i,
  input logic             ready_i,
  input logic             track_i  // follow the word taken now
);

  logic             ready, valid, push, pop;
  logic [Width-1:0] data;

  hb_skid #(.Width(Width)) u_dut (
    .clk_i(clk_i), .rst_ni(rst_ni), .valid_i(valid_i), .ready_o(ready), .data_i(data_i),
    .valid_o(valid), .ready_i(ready_i), .data_o(data)
  );

  assign push = valid_i && ready;
  assign pop  = valid && ready_i;

  // The first clock is a reset; later ones may come at any time.
  logic started_q;
  initial started_q = 1'b0;
  always_ff @(posedge clk_i) started_q <= 1'b1;
  always_comb assume (started_q || !rst_ni);

  // The model: how many words are inside, and any one of them with the number of words before it.
  logic [1:0]       count_q, ahead_q;
  logic             tracking_q;
  logic [Width-1:0] token_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      count_q    <= 2'd0;
      tracking_q <= 1'b0;
    end else begin
      count_q <= count_q + 2'(push) - 2'(pop);
      if (!tracking_q && push && track_i) begin
        tracking_q <= 1'b1;
        token_q    <= data_i;
        ahead_q    <= count_q - 2'(pop);
      end else if (tracking_q && pop) begin
        tracking_q <= ahead_q != 2'd0;
        ahead_q    <= ahead_q - 2'd1;
      end
    end
  end

  logic             stalled_q, flowing_q;
  logic [Width-1:0] stalled_data_q;
  always_ff @(posedge clk_i) begin
    stalled_q      <= rst_ni && valid && !ready_i;
    flowing_q      <= !(valid && !ready_i);
    stalled_data_q <= data;
  end

  always_comb begin
    if (started_q) begin
      // 1. A word taken is offered from the next clock on: valid_o iff a word is inside, at most two of them.
      assert (count_q <= 2'd2);
      assert (valid == (count_q != 2'd0));
      // 2. A word leaves after those before it, before those after it, unchanged: none is lost or doubled.
      assert (!tracking_q || ahead_q < count_q);
      assert (!(tracking_q && ahead_q == 2'd0) || data == token_q);
      // 3. A word offered and not taken stays.
      assert (!stalled_q || (valid && data == stalled_data_q));
      // 4. Full throughput: it refuses only on the clock after a stall, and only when full.
      assert (!flowing_q || ready);
      assert (ready == (count_q < 2'd2));
    end
  end

  // Invariant, true of the state inside, that makes 1 to 4 inductive.
  (* hierconn *) wire [Width-1:0] \u_dut.skid_data_q ;

  if (Invariants) begin : gen_invariants
    always_comb begin
      if (started_q) assert (!(tracking_q && ahead_q == 2'd1) || \u_dut.skid_data_q == token_q);
    end
  end

endmodule
