// SPDX-License-Identifier: Apache-2.0
// One end of a chip-to-chip link: flits of two virtual channels in and out, symbols to and from a PHY, registers (README.md).
`default_nettype none

module hb_link #(
  parameter int unsigned Lanes       = 4,    // 1, 2 or 4
  parameter int unsigned MaxWords    = 129,  // longest flit, at most 129
  parameter int unsigned BufferWords = 512,  // receive buffer of a virtual channel: a power of two, MaxWords to 512
  parameter int unsigned ReplayWords = 512,  // a power of two, more than MaxWords
  parameter int unsigned Window      = 64,   // flits in flight: a power of two, at most 64
  parameter int unsigned CounterBits = 32,   // of every counter, 8 to 32
  parameter int unsigned CheckBits   = 32    // fewer only to measure what a weaker check lets through
) (
  input  logic                clk_i,
  input  logic                rst_ni,         // everything is forgotten; the link is off until CTRL says otherwise

  // Every output but reg_* is a function of the state alone.

  // Registers (rtl/regs/link.toml): a request a clock, answered on the next one
  input  logic                reg_req_i,
  input  logic                reg_write_i,
  input  logic [9:0]          reg_addr_i,     // byte offset in the block
  input  logic [31:0]         reg_wdata_i,
  output logic [31:0]         reg_rdata_o,    // zero unless a register was read
  output logic                reg_err_o,      // no such register, or not writable: nothing was changed
  output logic                irq_o,          // level

  // Flits of the client; bit or slice v is virtual channel v, and neither ever waits for the other's client.
  // Once a flit's first word is taken, valid stays until its last.
  input  logic [1:0]          tx_valid_i,
  output logic [1:0]          tx_ready_o,
  input  logic [127:0]        tx_data_i,
  input  logic [1:0]          tx_last_i,      // with word number len, and only with that
  input  logic [15:0]         tx_len_i,       // words, 1 to MaxWords, held for the whole flit
  // Offered when whole, so the words of a flit follow each other as fast as they are taken.
  output logic [1:0]          rx_valid_o,
  input  logic [1:0]          rx_ready_i,
  output logic [127:0]        rx_data_o,
  output logic [1:0]          rx_last_o,
  output logic [15:0]         rx_len_o,

  // PHY: 16 bits a lane, bit 0 first on the wire
  output logic [Lanes*16-1:0] phy_tx_o,
  input  logic                phy_tx_take_i,  // phy_tx_o is taken, all lanes at once
  input  logic [Lanes*16-1:0] phy_rx_i,
  input  logic                phy_rx_give_i   // phy_rx_i is new, all lanes at once
);

  // What software asks for
  logic [1:0]       mode;
  logic             open, reopen, clear;
  logic [Lanes-1:0] lane_enable, inject;
  logic [15:0]      node, nack_interval;
  logic [7:0]       retrain_after, retrains_max;
  logic [31:0]      train_timeout;
  logic [hb_link_pkg::TimeWidth-1:0] replay_timeout, hunt_timeout;

  // Between the halves
  logic             session, bound, progress, retrain, hunting, up, down;
  logic             tx_data, tx_take, rx_data, rx_give;
  logic [63:0]      tx_word, rx_word;
  logic [7:0]       rx_expected, unacked;
  logic [9:0]       partner_buffer;

  // For the registers
  logic [2:0]         state;
  logic [3:0]         reason, partner_heard;
  logic [Lanes-1:0]   tx_lanes, rx_lanes, heard, crossed, bad_set, bert_locked, bert_symbol;
  logic [5*Lanes-1:0] bert_errors;
  logic [15:0]        partner_node;
  logic [19:0]        partner_settings;
  logic               retrained;
  hb_link_pkg::event_t what;

  hb_link_core #(
    .MaxWords(MaxWords), .BufferWords(BufferWords), .ReplayWords(ReplayWords), .Window(Window), .CheckBits(CheckBits)
  ) u_core (
    .clk_i, .rst_ni,
    .tx_active_i(tx_data), .tx_take_i(tx_take), .tx_word_o(tx_word),
    .rx_active_i(rx_data), .rx_give_i(rx_give), .rx_word_i(rx_word), .hunting_o(hunting),
    .session_i(session), .down_i(down || mode == 2'd0), .bound_o(bound), .retrain_o(retrain),
    .progress_o(progress), .rx_expected_o(rx_expected), .unacked_o(unacked),
    .partner_buffer_i(partner_buffer), .nack_interval_i(hb_link_pkg::TimeWidth'(nack_interval)),
    .replay_timeout_i(replay_timeout), .retrain_after_i(retrain_after), .hunt_timeout_i(hunt_timeout),
    .tx_valid_i, .tx_ready_o, .tx_data_i, .tx_last_i, .tx_len_i,
    .rx_valid_o, .rx_ready_i, .rx_data_o, .rx_last_o, .rx_len_o,
    .event_o(what)
  );

  hb_link_lanes #(.Lanes(Lanes), .MaxWords(MaxWords), .BufferWords(BufferWords)) u_lanes (
    .clk_i, .rst_ni,
    .mode_i(mode), .open_i(open), .reopen_i(reopen), .lane_enable_i(lane_enable), .node_i(node),
    .retrains_max_i(retrains_max), .train_timeout_i(train_timeout), .inject_i(inject),
    .state_o(state), .up_o(up), .down_o(down), .reason_o(reason), .tx_lanes_o(tx_lanes), .rx_lanes_o(rx_lanes),
    .heard_o(heard), .crossed_o(crossed), .partner_heard_o(partner_heard), .partner_node_o(partner_node),
    .partner_settings_o(partner_settings), .retrained_o(retrained), .bad_set_o(bad_set),
    .bert_locked_o(bert_locked), .bert_symbol_o(bert_symbol), .bert_errors_o(bert_errors),
    .session_o(session), .bound_i(bound), .progress_i(progress), .retrain_i(retrain), .hunting_i(hunting),
    .expected_i(rx_expected), .partner_buffer_o(partner_buffer),
    .tx_data_o(tx_data), .tx_take_o(tx_take), .tx_word_i(tx_word),
    .rx_data_o(rx_data), .rx_give_o(rx_give), .rx_word_o(rx_word),
    .phy_tx_o, .phy_tx_take_i, .phy_rx_i, .phy_rx_give_i
  );

  // Interrupt causes, in the order of IRQ_STATUS
  logic       up_q, down_q, degraded, went_down;
  logic [4:0] cause;
  assign went_down = down && !down_q;
  assign degraded  = tx_lanes != lane_enable || rx_lanes != lane_enable;
  assign cause     = {(session && !open) || (went_down && reason == hb_link_regs_pkg::ReasonPartnerReset),
                      up && !up_q && degraded, retrained, up && !up_q, went_down};

  // Words that clients hand over, a clock late as the events of the word side are
  logic [1:0] taken_q, last_q, given_q, tx_word_event;
  assign tx_word_event = taken_q & ~what.discard;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      up_q    <= 1'b0;
      down_q  <= 1'b0;
      taken_q <= '0;
      last_q  <= '0;
      given_q <= '0;
    end else begin
      up_q    <= up;
      down_q  <= down;
      taken_q <= tx_valid_i & tx_ready_o;
      last_q  <= tx_last_i;
      given_q <= rx_valid_o & rx_ready_i;
    end
  end

  logic [9:0]  count_addr;
  logic        count_known;
  logic [31:0] count_value;

  hb_link_csr #(
    .Lanes(Lanes), .MaxWords(MaxWords), .BufferWords(BufferWords), .ReplayWords(ReplayWords), .Window(Window),
    .CounterBits(CounterBits)
  ) u_csr (
    .clk_i, .rst_ni, .reg_req_i, .reg_write_i, .reg_addr_i, .reg_wdata_i, .reg_rdata_o, .reg_err_o, .irq_o,
    .mode_o(mode), .open_o(open), .reopen_o(reopen), .lane_enable_o(lane_enable), .inject_o(inject), .node_o(node),
    .nack_interval_o(nack_interval), .replay_timeout_o(replay_timeout), .retrain_after_o(retrain_after),
    .hunt_timeout_o(hunt_timeout), .retrains_max_o(retrains_max), .train_timeout_o(train_timeout),
    .state_i(state), .up_i(up && !hunting), .hunting_i(hunting), .tx_lanes_i(tx_lanes), .rx_lanes_i(rx_lanes),
    .bert_locked_i(bert_locked), .reason_i(reason), .heard_i(heard), .crossed_i(crossed),
    .partner_heard_i(partner_heard), .partner_node_i(partner_node), .partner_settings_i(partner_settings),
    .session_i(session), .unacked_i(unacked), .irq_i(cause),
    .clear_o(clear), .count_addr_o(count_addr), .count_known_i(count_known), .count_value_i(count_value)
  );

  hb_link_counters #(.Lanes(Lanes), .CounterBits(CounterBits)) u_counters (
    .clk_i, .rst_ni, .clear_i(clear), .event_i(what),
    .tx_flit_i(tx_word_event & last_q), .tx_word_i(tx_word_event), .rx_word_i(given_q),
    .raw_tx_word_i(tx_take), .raw_rx_word_i(rx_give), .retrain_i(retrained),
    .bad_set_i(bad_set), .bert_symbol_i(bert_symbol), .bert_errors_i(bert_errors),
    .addr_i(count_addr), .known_o(count_known), .value_o(count_value)
  );

endmodule

`default_nettype wire
