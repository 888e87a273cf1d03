// SPDX-License-Identifier: Apache-2.0
// What hb_link_credit promises: the partner's buffer never overflows and no credit is ever lost, whatever words are lost.

module hb_link_credit_props #(
  parameter  int unsigned CountWidth = 4,
  parameter  int unsigned LenWidth   = 3,
  parameter  bit          Invariants = 1,              // 0: judge the ports alone
  localparam int unsigned W          = CountWidth + 2  // wide enough never to wrap unnoticed
) (
  input logic                  clk_i,
  input logic                  rst_ni,
  input logic                  session_i,
  input logic                  honest_i,   // the partner tells the truth; otherwise it says anything
  input logic [CountWidth-1:0] size_i,
  input logic [LenWidth-1:0]   len_i,
  input logic                  take_i,
  input logic                  arrive_i,   // a word enters the partner's buffer
  input logic                  leave_i,    // a word leaves it
  input logic                  tell_i,     // the partner sends a control word ...
  input logic                  hear_i,     // ... the oldest under way arrives ...
  input logic                  lose_i,     // ... or is lost
  input logic [CountWidth-1:0] lie_i
);

  logic ok, take, update, bad;
  logic [CountWidth-1:0] left;

  hb_link_credit #(.CountWidth(CountWidth), .LenWidth(LenWidth)) u_dut (
    .clk_i(clk_i), .rst_ni(rst_ni), .session_i(session_i), .size_i(size_i), .len_i(len_i), .ok_o(ok), .take_i(take),
    .update_i(update), .left_i(left), .bad_o(bad)
  );

  // The first clock is a reset; later ones, and sessions, begin at both ends at once and leave nothing under way.
  logic started_q;
  initial started_q = 1'b0;
  always_ff @(posedge clk_i) started_q <= 1'b1;
  always_comb assume (started_q || !rst_ni);

  logic                  honest_q;
  logic [CountWidth-1:0] size_q;
  always_ff @(posedge clk_i) {honest_q, size_q} <= {honest_i, size_i};
  always_comb assume (size_i <= 2 ** (CountWidth - 1) && (!started_q || (honest_i == honest_q && size_i == size_q)));

  // The model: words sent, words that arrived, words that left since the session began (less those that were in then), what
  // the sender has heard of the latter, and up to two control words under way, each with the count when it was sent.
  logic [W-1:0] sent_q, arrived_q, left_q, heard_q, first_q, second_q;
  logic [1:0]   telling_q;
  logic         known_q;

  logic gone, leave, arrive, tell;
  assign take   = take_i && ok;
  assign update = hear_i && (honest_i ? telling_q != 2'd0 : 1'b1);
  assign left   = honest_i ? first_q[CountWidth-1:0] : lie_i;
  assign gone   = (hear_i || lose_i) && telling_q != 2'd0;
  assign tell   = tell_i && telling_q != 2'd2;
  assign arrive = arrive_i && arrived_q != sent_q;
  assign leave  = leave_i && left_q != arrived_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      {sent_q, arrived_q, left_q, heard_q} <= '0;
      telling_q <= '0;
      known_q   <= 1'b0;
    end else if (session_i) begin
      {sent_q, arrived_q, heard_q} <= '0;
      left_q    <= left_q - arrived_q;  // minus what is still inside
      telling_q <= '0;
      known_q   <= 1'b0;
    end else begin
      if (take) sent_q <= sent_q + W'(len_i);
      arrived_q <= arrived_q + W'(arrive);
      left_q    <= left_q + W'(leave);
      telling_q <= telling_q + 2'(tell) - 2'(gone);
      if (gone) first_q <= second_q;
      if (tell && telling_q == 2'(gone)) first_q <= left_q;
      else if (tell) second_q <= left_q;
      if (update) begin
        heard_q <= first_q;
        known_q <= 1'b1;
      end
    end
  end

  always_comb begin
    if (started_q) begin
      // 1. What is under way and what is in the partner's buffer have room there together: it never overflows.
      if (honest_i) assert (W'(sent_q - left_q) <= size_i);
      // 2. A flit is allowed exactly if it fits with all that is not known to have left: no credit is lost, none is invented.
      if (honest_i) assert (ok == (known_q && W'(sent_q - heard_q) + W'(len_i) <= W'(size_i)));
      // 3. The truth is never refused.
      if (honest_i) assert (!bad);
    end
  end

  // The state inside. 4. Whatever the partner says, the words charged to it are 0 to size_i.
  (* hierconn *) wire [CountWidth-1:0] \u_dut.sent_q , \u_dut.left_q ;
  (* hierconn *) wire \u_dut.known_q ;
  logic [CountWidth-1:0] charged;
  assign charged = \u_dut.sent_q - \u_dut.left_q ;

  always_comb begin
    if (started_q) assert (charged <= size_i);
    if (started_q) assert ( \u_dut.known_q || charged == '0);
  end

  if (Invariants) begin : gen_invariants
    always_comb begin
      if (started_q && honest_i) begin
        assert ( \u_dut.sent_q == sent_q[CountWidth-1:0] && \u_dut.known_q == known_q);
        assert (!known_q || \u_dut.left_q == heard_q[CountWidth-1:0]);
        assert (known_q || (sent_q == '0 && arrived_q == '0));
        // heard <= first <= second <= left <= arrived <= sent, as distances from the latest
        assert (W'(sent_q - arrived_q) <= W'(sent_q - left_q));
        assert (!known_q || W'(sent_q - left_q) <= W'(sent_q - heard_q));
        assert (!known_q || W'(sent_q - heard_q) <= size_i);
        assert (telling_q <= 2'd2);
        assert (telling_q == 2'd0 || W'(sent_q - left_q) <= W'(sent_q - first_q));
        assert (telling_q == 2'd0 || (known_q ? W'(sent_q - first_q) <= W'(sent_q - heard_q) : W'(sent_q - first_q) <= size_i));
        assert (telling_q != 2'd2 || (W'(sent_q - left_q) <= W'(sent_q - second_q) && W'(sent_q - second_q) <= W'(sent_q - first_q)));
      end
    end
  end

endmodule
