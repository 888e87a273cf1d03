// SPDX-License-Identifier: Apache-2.0
// The sender's window of sequence numbers: flits handed in, sent, and acknowledged, oldest first (go-back-N).
`default_nettype none

module hb_link_window #(
  parameter int unsigned SeqWidth = hb_link_pkg::SeqWidth,
  parameter int unsigned Window   = 64,  // flits; at most 2^(SeqWidth-1), so that old and new are told apart
  parameter int unsigned Ahead    = 2    // flits taken at most before the first of them is sent
) (
  input  logic                clk_i,
  input  logic                rst_ni,
  input  logic                session_i,   // a new session begins: empty, and the next number is 0

  output logic                room_o,      // another flit may be taken
  input  logic                take_i,      // one is taken, as number head_o; only with room_o
  output logic [SeqWidth-1:0] head_o,

  output logic                pending_o,   // flit next_o is to be sent next
  input  logic                send_i,      // it begins; only with pending_o
  output logic [SeqWidth-1:0] next_o,
  output logic [SeqWidth-1:0] next_d_o,    // next_o of the next clock
  input  logic                back_i,      // what is sent next is the oldest flit not acknowledged; not with send_i

  input  logic                ack_i,       // the partner says ...
  input  logic [SeqWidth-1:0] ack_seq_i,   // ... that it expects this number
  output logic                advance_o,   // that acknowledges a flit
  output logic                bad_o,       // that number was never sent or is acknowledged: ignored
  output logic [SeqWidth-1:0] tail_o,      // the oldest not acknowledged; head_o if there is none
  output logic [SeqWidth-1:0] tail_d_o,    // tail_o of the next clock
  output logic                flying_o     // a flit has been sent that is not acknowledged
);

  if (2 * Window > 2 ** SeqWidth || Window < 1 || Ahead < 1) begin : gen_bad_parameters
    $error("hb_link_window: Window must be at most half of the sequence numbers");
  end

  // tail <= next <= high <= head <= tail + Window, on a circle of 2^SeqWidth: numbers are compared as distances from tail.
  logic [SeqWidth-1:0] head_q, next_q, high_q, tail_q;  // high: the first never sent
  logic [SeqWidth-1:0] acked, next_n;
  logic                good;

  assign head_o    = head_q;
  assign next_o    = next_q;
  assign tail_o    = tail_q;
  assign room_o    = SeqWidth'(head_q - tail_q) < SeqWidth'(Window) && SeqWidth'(head_q - high_q) < SeqWidth'(Ahead);
  assign pending_o = next_q != head_q;
  assign flying_o  = high_q != tail_q;

  assign acked     = ack_seq_i - tail_q;
  assign good      = ack_i && acked <= SeqWidth'(high_q - tail_q);
  assign bad_o     = ack_i && !good;
  assign advance_o = good && acked != '0;
  assign tail_d_o  = good ? ack_seq_i : tail_q;

  // What is acknowledged is not sent again.
  assign next_n   = back_i ? tail_q : next_q + SeqWidth'(send_i);
  assign next_d_o = (good && SeqWidth'(next_n - tail_q) < acked) ? ack_seq_i : next_n;

  always_ff @(posedge clk_i) begin
    if (!rst_ni || session_i) begin
      head_q <= '0;
      next_q <= '0;
      high_q <= '0;
      tail_q <= '0;
    end else begin
      head_q <= head_q + SeqWidth'(take_i);
      high_q <= high_q + SeqWidth'(send_i && next_q == high_q);
      next_q <= next_d_o;
      tail_q <= tail_d_o;
    end
  end

`ifndef SYNTHESIS
  // Promises of the ports, checked in simulation (rtl/README.md)
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      hb_link_window_take_only_with_room: assert (!take_i || room_o);
      hb_link_window_send_only_pending:   assert (!send_i || (pending_o && !back_i));
      hb_link_window_never_beyond_window: assert (SeqWidth'(head_q - tail_q) <= SeqWidth'(Window));
      hb_link_window_in_order:            assert (SeqWidth'(next_q - tail_q) <= SeqWidth'(high_q - tail_q) &&
                                                  SeqWidth'(high_q - tail_q) <= SeqWidth'(head_q - tail_q));
    end
  end
`endif

endmodule

`default_nettype wire
