// SPDX-License-Identifier: Apache-2.0
// The link between its client and its words: every flit arrives once, in order and unchanged, or not at all and the partner knows.
`default_nettype none

module hb_link_core #(
  parameter int unsigned MaxWords    = 129,
  parameter int unsigned BufferWords = 512,
  parameter int unsigned ReplayWords = 512,
  parameter int unsigned Window      = 64,
  parameter int unsigned CheckBits   = 32    // fewer only to measure what a weaker check lets through
) (
  input  logic                              clk_i,
  input  logic                              rst_ni,

  // Every output is a function of the state: no path leads from an input to an output.

  // Words, to and from hb_link_lanes
  input  logic                              tx_active_i,       // data mode; rises a clock or more before the first tx_take_i
  input  logic                              tx_take_i,         // tx_word_o is taken
  output logic [63:0]                       tx_word_o,         // valid from the clock after the rise of tx_active_i
  input  logic                              rx_active_i,       // data mode; falls when the stream of words is interrupted
  input  logic                              rx_give_i,         // rx_word_i is the next word of the partner's data mode
  input  logic [63:0]                       rx_word_i,
  output logic                              hunting_o,         // the receiver is not in step

  // Sessions and bounds, to and from hb_link_train
  input  logic                              session_i,         // pulse: a new session begins; words of a data mode that
                                                               // began before it are neither heard nor meant
  input  logic                              down_i,            // what the client hands in is thrown away
  output logic                              bound_o,           // a partner with a session of its own has been heard in this one
  output logic                              retrain_o,         // pulse: neither replays nor resyncs help
  output logic                              progress_o,        // pulse: a flit was acknowledged, or none waits and all is well
  output logic [7:0]                        rx_expected_o,     // number of the flit expected next
  output logic [7:0]                        unacked_o,         // flits taken and not acknowledged: lost if the session ends

  // Settings, constant while data mode is on
  input  logic [9:0]                        partner_buffer_i,  // words of the partner's receive buffer of a channel
  input  logic [hb_link_pkg::TimeWidth-1:0] nack_interval_i,   // words, at least 1
  input  logic [hb_link_pkg::TimeWidth-1:0] replay_timeout_i,  // clocks; longer than an acknowledgement may take
  input  logic [7:0]                        retrain_after_i,   // replays in a row without progress
  input  logic [hb_link_pkg::TimeWidth-1:0] hunt_timeout_i,    // clocks; 0: for ever

  // Flits of the client; bit or slice v is virtual channel v, and neither ever waits for the other's client.
  // In: valid, len and data are held until taken, and from the first word taken on valid stays until the last one.
  // In return ready stays as long. A flit is taken only if window, replay buffer and credit have room for all of it.
  input  logic [1:0]                        tx_valid_i,
  output logic [1:0]                        tx_ready_o,
  input  logic [127:0]                      tx_data_i,
  input  logic [1:0]                        tx_last_i,         // with word number len, and only with that
  input  logic [15:0]                       tx_len_i,          // words, 1 to MaxWords; any other flit is thrown away
  // Out: whole flits, so that words follow each other as long as they are taken.
  output logic [1:0]                        rx_valid_o,
  input  logic [1:0]                        rx_ready_i,
  output logic [127:0]                      rx_data_o,
  output logic [1:0]                        rx_last_o,
  output logic [15:0]                       rx_len_o,

  output hb_link_pkg::event_t               event_o            // what happened in the clock before
);

  logic                  tx_blocked_q, rx_blocked_q, started_q, bound_q, retrain_q, progress_q;
  logic                  tx_run, rx_run, load, control, news, hunting, lost, hunted, retrain, progress;
  logic [9:0]            left0, left1;
  hb_link_pkg::control_t control_word;
  hb_link_pkg::event_t   tx_event, rx_event, event_q;

  logic [hb_link_pkg::TimeWidth-1:0] hunt_q;  // clocks

  assign tx_run = tx_active_i && !tx_blocked_q && !session_i;
  assign rx_run = rx_active_i && !rx_blocked_q && !session_i;
  assign load   = tx_run && (!started_q || tx_take_i);
  assign hunted = rx_run && hunting && hunt_timeout_i != '0 && hunt_q >= hunt_timeout_i;

  hb_link_tx #(.MaxWords(MaxWords), .ReplayWords(ReplayWords), .Window(Window)) u_tx (
    .clk_i(clk_i), .rst_ni(rst_ni), .session_i(session_i), .down_i(down_i),
    .run_i(tx_run), .load_i(load), .word_o(tx_word_o),
    .valid_i(tx_valid_i), .ready_o(tx_ready_o), .data_i(tx_data_i), .last_i(tx_last_i), .len_i(tx_len_i),
    .control_i(control), .control_word_i(control_word), .ack_i(rx_expected_o), .left0_i(left0), .left1_i(left1),
    .news_i(news), .hunting_i(hunting), .lost_i(lost),
    .partner_buffer_i(partner_buffer_i), .nack_interval_i(nack_interval_i),
    .replay_timeout_i(replay_timeout_i), .retrain_after_i(retrain_after_i),
    .retrain_o(retrain), .progress_o(progress), .unacked_o(unacked_o), .event_o(tx_event)
  );

  hb_link_rx #(.MaxWords(MaxWords), .BufferWords(BufferWords), .CheckBits(CheckBits)) u_rx (
    .clk_i(clk_i), .rst_ni(rst_ni), .session_i(session_i),
    .run_i(rx_run), .give_i(rx_give_i), .word_i(rx_word_i),
    .valid_o(rx_valid_o), .ready_i(rx_ready_i), .data_o(rx_data_o), .len_o(rx_len_o), .last_o(rx_last_o),
    .control_o(control), .control_word_o(control_word), .expected_o(rx_expected_o),
    .left0_o(left0), .left1_o(left1), .news_o(news), .hunting_o(hunting), .lost_o(lost), .event_o(rx_event)
  );

  assign hunting_o  = hunting;
  assign bound_o    = bound_q;
  assign retrain_o  = retrain_q;
  assign progress_o = progress_q;
  assign event_o    = event_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      tx_blocked_q <= 1'b0;
      rx_blocked_q <= 1'b0;
      started_q    <= 1'b0;
      bound_q      <= 1'b0;
      retrain_q    <= 1'b0;
      progress_q   <= 1'b0;
      hunt_q       <= '0;
      event_q      <= '0;
    end else begin
      tx_blocked_q <= tx_active_i && (tx_blocked_q || session_i);
      rx_blocked_q <= rx_active_i && (rx_blocked_q || session_i);
      started_q    <= tx_run;
      bound_q      <= !session_i && (bound_q || control);
      retrain_q    <= retrain || hunted;
      progress_q   <= progress;
      hunt_q       <= (rx_run && hunting && !hunted) ? hunt_q + 1'b1 : '0;
      event_q      <= tx_event | rx_event;
    end
  end

endmodule

`default_nettype wire
