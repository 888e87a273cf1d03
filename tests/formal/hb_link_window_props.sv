// SPDX-License-Identifier: Apache-2.0
// What hb_link_window and hb_link_order promise together: over a path that loses flits and acknowledgements at will, every
// flit is accepted once and in turn, and none is forgotten before.

module hb_link_window_props #(
  parameter  int unsigned SeqWidth   = 3,
  parameter  int unsigned Window     = 4,
  parameter  int unsigned Ahead      = 2,
  parameter  bit          Invariants = 1,            // 0: judge the ports alone
  localparam int unsigned W          = SeqWidth + 2  // wide enough to tell what SeqWidth bits cannot
) (
  input logic                clk_i,
  input logic                rst_ni,
  input logic                session_i,
  input logic                honest_i,  // the partner acknowledges what it has; otherwise it says anything
  input logic                take_i,
  input logic                send_i,
  input logic                back_i,
  input logic                hear_i,    // the oldest flit under way arrives ...
  input logic                lose_i,    // ... or is lost
  input logic                tell_i,    // the receiver sends an acknowledgement
  input logic                ack_i,     // the oldest of them arrives ...
  input logic                drop_i,    // ... or is lost
  input logic [SeqWidth-1:0] lie_i
);

  logic                room, pending, advance, bad, flying, take, send, back, ack, due, old, accept;
  logic [SeqWidth-1:0] head, next, tail, expected, ack_seq;

  hb_link_window #(.SeqWidth(SeqWidth), .Window(Window), .Ahead(Ahead)) u_dut (
    .clk_i(clk_i), .rst_ni(rst_ni), .session_i(session_i), .room_o(room), .take_i(take), .head_o(head),
    .pending_o(pending), .send_i(send), .next_o(next), .next_d_o(), .back_i(back),
    .ack_i(ack), .ack_seq_i(ack_seq), .advance_o(advance), .bad_o(bad), .tail_o(tail), .tail_d_o(), .flying_o(flying)
  );

  // The first clock is a reset; later ones, and sessions, begin at both ends at once and leave nothing under way.
  logic started_q, honest_q;
  initial started_q = 1'b0;
  always_ff @(posedge clk_i) {started_q, honest_q} <= {1'b1, honest_i};
  always_comb assume ((started_q || !rst_ni) && (!started_q || honest_i == honest_q));

  // The model counts flits without wrapping: taken, to be sent next, ever sent, known to be accepted, accepted; the flits under
  // way, each with the number of flits ever sent when it was; the acknowledgements under way.
  logic [W-1:0] head_q, next_q, high_q, tail_q, accepted_q;
  logic [W-1:0] flit0_q, flit1_q, sent0_q, sent1_q, ack0_q, ack1_q;
  logic [1:0]   flits_q, acks_q;

  logic [W-1:0] tail_d, next_n;
  logic         arrives, flit_gone, ack_gone, tell;

  assign take      = take_i && room;
  assign send      = send_i && pending && !back_i && flits_q != 2'd2;
  assign back      = back_i;
  assign arrives   = hear_i && flits_q != 2'd0;
  assign flit_gone = arrives || (lose_i && flits_q != 2'd0);
  assign tell      = tell_i && acks_q != 2'd2;
  assign ack       = honest_i ? ack_i && acks_q != 2'd0 : ack_i;
  assign ack_seq   = honest_i ? ack0_q[SeqWidth-1:0] : lie_i;
  assign ack_gone  = (ack_i || drop_i) && acks_q != 2'd0;
  assign accept    = arrives && flit0_q == accepted_q;  // the truth; what hb_link_order says is judged below

  // The framing word that closes a flit comes after it, and begins the next one: so a number is judged in the clock in which
  // the flit before it is accepted.
  logic accept_q;
  always_ff @(posedge clk_i) accept_q <= rst_ni && !session_i && accept;

  hb_link_order #(.SeqWidth(SeqWidth)) u_order (
    .clk_i(clk_i), .rst_ni(rst_ni), .session_i(session_i), .accept_i(accept_q), .expected_o(expected),
    .seq_i(flit0_q[SeqWidth-1:0]), .due_o(due), .old_o(old)
  );

  assign tail_d = (ack && honest_i) ? ack0_q : tail_q;
  assign next_n = back ? tail_q : next_q + W'(send);

  always_ff @(posedge clk_i) begin
    if (!rst_ni || session_i) begin
      {head_q, next_q, high_q, tail_q, accepted_q} <= '0;
      {flits_q, acks_q} <= '0;
    end else begin
      head_q     <= head_q + W'(take);
      high_q     <= high_q + W'(send && next_q == high_q);
      tail_q     <= tail_d;
      next_q     <= (W'(next_n - tail_q) < W'(tail_d - tail_q)) ? tail_d : next_n;
      accepted_q <= accepted_q + W'(accept);

      flits_q <= flits_q + 2'(send) - 2'(flit_gone);
      if (flit_gone) {flit0_q, sent0_q} <= {flit1_q, sent1_q};
      if (send && flits_q == 2'(flit_gone)) {flit0_q, sent0_q} <= {next_q, high_q + W'(next_q == high_q)};
      else if (send) {flit1_q, sent1_q} <= {next_q, high_q + W'(next_q == high_q)};

      acks_q <= acks_q + 2'(tell) - 2'(ack_gone);
      if (ack_gone) ack0_q <= ack1_q;
      if (tell && acks_q == 2'(ack_gone)) ack0_q <= accepted_q;
      else if (tell) ack1_q <= accepted_q;
    end
  end

  logic [W-1:0] ahead;  // of the flit that arrives, as a signed number
  assign ahead = flit0_q - accepted_q;

  always_comb begin
    if (started_q && honest_i) begin
      // 1. A flit that arrives is taken for the one expected, for one that came before or for one too early, rightly.
      if (flits_q != 2'd0) assert (due == (ahead == '0) && old == ahead[W-1]);
      // 2. The sender keeps every flit until it has been accepted, and sends no number it was not given.
      assert (W'(accepted_q - tail_q) <= W'(high_q - tail_q) && W'(high_q - tail_q) <= W'(head_q - tail_q));
      assert (head == head_q[SeqWidth-1:0] && tail == tail_q[SeqWidth-1:0] && next == next_q[SeqWidth-1:0]);
      assert (pending == (next_q != head_q) && flying == (high_q != tail_q));
      assert (W'(next_q - tail_q) <= W'(high_q - tail_q));
      // 3. Up to Window flits are kept, up to Ahead of them not yet sent, and no fewer.
      assert (room == (W'(head_q - tail_q) < Window && W'(head_q - high_q) < Ahead));
      assert (W'(head_q - tail_q) <= Window && W'(head_q - high_q) <= Ahead);
      // 4. The truth is never refused, and progress is what it says.
      assert (!bad && advance == (ack && ack0_q != tail_q));
    end
  end

  // The state inside. 5. Whatever the partner says: oldest <= next <= ever sent <= taken <= oldest + Window.
  (* hierconn *) wire [SeqWidth-1:0] \u_dut.head_q , \u_dut.next_q , \u_dut.high_q , \u_dut.tail_q ;
  logic [SeqWidth-1:0] held, ever, again;
  assign held  = \u_dut.head_q - \u_dut.tail_q ;
  assign ever  = \u_dut.high_q - \u_dut.tail_q ;
  assign again = \u_dut.next_q - \u_dut.tail_q ;
  always_comb begin
    if (started_q) assert (again <= ever && ever <= held && held <= Window);
  end

  if (Invariants) begin : gen_invariants
    always_comb begin
      if (started_q && honest_i) begin
        assert ( \u_dut.high_q == high_q[SeqWidth-1:0]);
        assert (expected == SeqWidth'(accepted_q - W'(accept_q)));
        assert (flits_q <= 2'd2 && acks_q <= 2'd2);
        // oldest <= acknowledgements under way <= accepted
        assert (acks_q == 2'd0 || W'(ack0_q - tail_q) <= W'(accepted_q - tail_q));
        assert (acks_q != 2'd2 || (W'(ack0_q - tail_q) <= W'(ack1_q - tail_q) && W'(ack1_q - tail_q) <= W'(accepted_q - tail_q)));
        // A flit under way: it was within the window when it was sent, and until it arrives nothing sent later is accepted.
        if (flits_q != 2'd0) begin
          assert (W'(sent0_q - flit0_q - W'(1)) < Window);
          assert (W'(sent0_q - accepted_q) <= W'(high_q - accepted_q));
        end
        if (flits_q == 2'd2) begin
          assert (W'(sent1_q - flit1_q - W'(1)) < Window);
          assert (W'(sent0_q - accepted_q) <= W'(sent1_q - accepted_q) && W'(sent1_q - accepted_q) <= W'(high_q - accepted_q));
        end
      end
    end
  end

endmodule
