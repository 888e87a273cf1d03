// SPDX-License-Identifier: Apache-2.0
// The words of the link: what a framing word holds, and what one end counts (README.md, "Flits and words").
`default_nettype none

package hb_link_pkg;

  localparam int unsigned LenWidth   = 8;    // words of a flit
  localparam int unsigned SeqWidth   = 8;    // sequence numbers of flits
  localparam int unsigned CountWidth = 10;   // words that left a receive buffer, modulo 2^CountWidth
  localparam int unsigned TimeWidth  = 20;   // timers, in clocks or words
  localparam int unsigned LimitMaxWords    = 129;
  localparam int unsigned LimitBufferWords = 512;  // half of 2^CountWidth
  localparam int unsigned LimitWindow      = 64;   // a quarter of 2^SeqWidth; a proof in tests/formal needs a half
  localparam int unsigned ControlGap = 64;   // words between two control words while flits wait

  // Kinds of framing words
  localparam logic [1:0] KindControl = 2'd0;
  localparam logic [1:0] KindData    = 2'd1;
  localparam logic [1:0] KindResync  = 2'd2;

  // Content of a framing word, its bits 31:0, by kind
  typedef struct packed {
    logic [12:0] zero;
    logic [7:0]  seq;   // number of the flit
    logic [7:0]  len;   // words that follow
    logic        vc;
    logic [1:0]  kind;
  } data_t;

  typedef struct packed {
    logic [9:0]  left1;  // words of channel 1 that left the receive buffer
    logic [9:0]  left0;  // and of channel 0
    logic [7:0]  ack;    // number of the flit expected next
    logic        hunt;   // differs from the one before: a new loss of framing
    logic        nack;   // the receiver hunts
    logic [1:0]  kind;
  } control_t;

  // What happened in a clock, for counters: each bit is high for one clock an event.
  typedef struct packed {
    logic [1:0] flit_tx;         // a flit of the channel begins, replays included
    logic [1:0] flit_rx;         // a flit of the channel has been accepted
    logic       word_tx;         // a word of a flit, replays included
    logic       word_rx;         // a word of a flit that is expected and has room; accepted or not
    logic       replay;          // went back to the oldest flit not acknowledged
    logic       timeout;         // ... because its acknowledgement did not come
    logic       nack_tx;         // a resync that asks for a replay
    logic       nack_rx;         // such a resync came
    logic       crc_error;       // a framing word failed its check where one was due
    logic       hunt;            // framing was lost, for whatever reason
    logic       duplicate;       // a flit came that had been accepted before
    logic       protocol_error;  // checked, but nothing a partner may say: kind, length, room, acknowledgement or credit
    logic [1:0] stall_credit;    // the client offers a flit of the channel that waits for credit
    logic       stall_window;    // a flit with credit waits for a place in the window or the replay buffer
    logic [1:0] discard;         // a word of the channel was taken from the client and thrown away
    logic       overflow;        // a word came that had no room: never, unless hardware fails
  } event_t;

endpackage

`default_nettype wire
