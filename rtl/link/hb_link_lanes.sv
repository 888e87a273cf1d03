// SPDX-License-Identifier: Apache-2.0
// The lower half of the link: 64-bit words over one to four lanes, trained and trained again (README.md, "Lanes").
`default_nettype none

module hb_link_lanes #(
  parameter int unsigned Lanes       = 4,     // 1, 2 or 4
  parameter int unsigned MaxWords    = 129,   // told to the partner, who must have the same
  parameter int unsigned BufferWords = 512    // told to the partner; a power of two
) (
  input  logic                clk_i,
  input  logic                rst_ni,

  // Software
  input  logic [1:0]          mode_i,             // hb_link_lane_pkg::Mode*
  input  logic                open_i,             // pulse: new session; the way out of down
  input  logic                reopen_i,           // open one when the partner was reset
  input  logic [Lanes-1:0]    lane_enable_i,      // lanes that may be used, from the next training on
  input  logic [15:0]         node_i,
  input  logic [7:0]          retrains_max_i,
  input  logic [31:0]         train_timeout_i,    // clocks; 0: for ever
  input  logic [Lanes-1:0]    inject_i,           // pulse: invert one bit that the lane sends
  output logic [2:0]          state_o,            // hb_link_lane_pkg::St*
  output logic                up_o,               // data mode in both directions
  output logic                down_o,             // until open_i, whatever the mode
  output logic [3:0]          reason_o,           // hb_link_lane_pkg::Reason*, of the last time
  output logic [Lanes-1:0]    tx_lanes_o,         // none while not up; likewise below
  output logic [Lanes-1:0]    rx_lanes_o,
  output logic [Lanes-1:0]    heard_o,
  output logic [Lanes-1:0]    crossed_o,
  output logic [3:0]          partner_heard_o,    // this and what follows: of its last good training set
  output logic [15:0]         partner_node_o,
  output logic [19:0]         partner_settings_o, // 19:16 version, 15:12 lanes, 11:8 log2 BufferWords, 7:0 MaxWords
  output logic                retrained_o,        // pulse: data mode ends, to train again
  output logic [Lanes-1:0]    bad_set_o,          // pulses
  output logic [Lanes-1:0]    bert_locked_o,
  output logic [Lanes-1:0]    bert_symbol_o,      // pulse: 16 bits compared
  output logic [5*Lanes-1:0]  bert_errors_o,      // with it: 0 to 16 of them wrong; else zero

  // Words
  output logic                session_o,          // pulse: a new session begins, forget everything
  input  logic                bound_i,            // in this session a flit was received or acknowledged
  input  logic                progress_i,         // pulse: something new came through
  input  logic                retrain_i,          // pulse: the bounds ask for a new training
  input  logic                hunting_i,          // no framing
  input  logic [7:0]          expected_i,         // sequence number expected next, for those who look at the wires
  output logic [9:0]          partner_buffer_o,   // words of its receive buffer
  output logic                tx_data_o,          // data mode; rises at least one clock before the first tx_take_o
  output logic                tx_take_o,          // tx_word_i is taken on this clock
  input  logic [63:0]         tx_word_i,          // valid in data mode
  output logic                rx_data_o,          // data mode; rises at least one clock before the first rx_give_o
  output logic                rx_give_o,          // rx_word_o is new
  output logic [63:0]         rx_word_o,

  // Lanes, 16 bits each, bit 0 first
  output logic [Lanes*16-1:0] phy_tx_o,           // from flip-flops
  input  logic                phy_tx_take_i,      // phy_tx_o is taken on this clock, all lanes at once
  input  logic [Lanes*16-1:0] phy_rx_i,
  input  logic                phy_rx_give_i       // phy_rx_i is new, all lanes at once
);

  if (Lanes != 1 && Lanes != 2 && Lanes != 4) begin : gen_bad_lanes
    $error("hb_link_lanes: Lanes must be 1, 2 or 4");
  end
  if (MaxWords < 1 || MaxWords > 255) begin : gen_bad_words
    $error("hb_link_lanes: MaxWords must be 1 to 255");
  end
  if (BufferWords < 1 || BufferWords > 512 || BufferWords != (1 << $clog2(BufferWords))) begin : gen_bad_buffer
    $error("hb_link_lanes: BufferWords must be a power of two, at most 512");
  end

  logic [Lanes-1:0]    heard, crossed, trains, data, wanted, rx_lanes, push, set_valid, good;
  logic [Lanes*16-1:0] symbols, raw, straight;
  logic [Lanes*3-1:0]  index;
  logic                bert, restart, tick, done, overflow, straight_valid;
  logic [1:0]          phase;
  logic                fresh;
  logic [3:0]          want, send;
  logic                known, partner_fresh, fits;
  logic [1:0]          partner_phase;
  logic [3:0]          partner_want, partner_send;

  assign bert = mode_i == hb_link_regs_pkg::ModeBert;

  hb_link_train #(.Lanes(Lanes)) u_train (
    .clk_i, .rst_ni, .mode_i, .open_i, .reopen_i, .lane_enable_i, .retrains_max_i, .train_timeout_i,
    .retrain_i, .progress_i, .bound_i, .hunting_i, .session_o,
    .heard_i(heard), .crossed_i(crossed), .trains_i(trains), .data_i(data), .overflow_i(overflow),
    .restart_o(restart), .wanted_o(wanted),
    .known_i(known), .phase_i(partner_phase), .fresh_i(partner_fresh), .partner_heard_i(partner_heard_o),
    .partner_want_i(partner_want), .partner_send_i(partner_send), .fits_i(fits),
    .tick_i(tick), .done_i(done), .phase_o(phase), .fresh_o(fresh), .want_o(want), .send_o(send),
    .state_o, .active_o(tx_data_o), .down_o, .rx_lanes_o(rx_lanes), .rx_data_o, .up_o, .reason_o, .retrained_o
  );

  hb_link_lanes_tx #(.Lanes(Lanes), .MaxWords(MaxWords), .BufferWords(BufferWords)) u_tx (
    .clk_i, .rst_ni,
    .quiet_i(state_o == hb_link_regs_pkg::StateOff), .bert_i(bert), .active_i(tx_data_o), .lane_enable_i, .inject_i,
    .tick_o(tick), .done_o(done), .phase_i(phase), .fresh_i(fresh), .heard_i(4'(heard)), .want_i(want), .send_i(send),
    .expected_i, .node_i, .take_o(tx_take_o), .word_i(tx_word_i), .phy_tx_o, .phy_tx_take_i
  );

  for (genvar l = 0; l < Lanes; l++) begin : gen_lane
    logic heard_raw, crossed_raw, trains_raw;
    hb_link_lane_rx #(.Lane(l)) u_rx (
      .clk_i, .rst_ni, .restart_i(restart),
      .give_i(phy_rx_give_i), .phy_rx_i(phy_rx_i[16*l +: 16]), .look_i(!rx_data_o || hunting_i), .wanted_i(wanted[l]),
      .heard_o(heard_raw), .crossed_o(crossed_raw), .trains_o(trains_raw), .bad_set_o(bad_set_o[l]),
      .data_o(data[l]), .push_o(push[l]), .symbol_o(symbols[16*l +: 16]),
      .set_valid_o(set_valid[l]), .index_o(index[3*l +: 3]), .raw_o(raw[16*l +: 16]), .good_o(good[l])
    );
    assign heard[l]   = heard_raw && lane_enable_i[l];
    assign crossed[l] = crossed_raw && lane_enable_i[l];
    assign trains[l]  = trains_raw && lane_enable_i[l];

    hb_prbs31_check u_bert (
      .clk_i, .rst_ni(rst_ni && bert && lane_enable_i[l]), .valid_i(phy_rx_give_i), .symbol_i(phy_rx_i[16*l +: 16]),
      .locked_o(bert_locked_o[l]), .compared_o(bert_symbol_o[l]), .errors_o(bert_errors_o[5*l +: 5])
    );
  end

  hb_link_deskew #(.Lanes(Lanes)) u_deskew (
    .clk_i, .start_i(!rx_data_o), .lanes_i(rx_lanes), .push_i(push), .symbols_i(symbols),
    .valid_o(straight_valid), .symbols_o(straight), .overflow_o(overflow)
  );

  hb_link_unstripe #(.Lanes(Lanes)) u_unstripe (
    .clk_i, .start_i(!rx_data_o), .valid_i(straight_valid), .symbols_i(straight), .lanes_i(rx_lanes),
    .give_o(rx_give_o), .word_o(rx_word_o)
  );

  // The partner speaks on the lowest lane that is to carry data, or may be.
  logic [Lanes-1:0] source, source_q;
  logic [2:0]       said_index;
  logic [15:0]      said;
  always_comb begin
    source     = (rx_lanes != '0) ? rx_lanes : heard;
    source     = source & (~source + 1'b1);
    said_index = '0;
    said       = '0;
    for (int l = 0; l < Lanes; l++) begin
      if (source[l]) begin
        said_index = said_index | index[3*l +: 3];
        said       = said | raw[16*l +: 16];
      end
    end
  end
  always_ff @(posedge clk_i) source_q <= source;

  hb_link_partner #(.Lanes(Lanes), .MaxWords(MaxWords)) u_partner (
    .clk_i, .rst_ni, .forget_i(restart), .valid_i((set_valid & source) != '0), .source_i(source != source_q),
    .index_i(said_index), .symbol_i(said), .good_i((good & source & heard) != '0),
    .known_o(known), .phase_o(partner_phase), .fresh_o(partner_fresh), .heard_o(partner_heard_o),
    .want_o(partner_want), .send_o(partner_send), .fits_o(fits), .settings_o(partner_settings_o),
    .node_o(partner_node_o)
  );

  assign partner_buffer_o = 10'(16'd1 << partner_settings_o[11:8]);
  assign heard_o          = heard;
  assign crossed_o        = crossed;
  assign tx_lanes_o       = up_o ? send[Lanes-1:0] : '0;
  assign rx_lanes_o       = up_o ? rx_lanes : '0;

`ifndef SYNTHESIS
  // Promises of the ports, checked in simulation (rtl/README.md)
  logic tx_before_q, rx_before_q;  // data mode on the clock before
  always_ff @(posedge clk_i) begin
    tx_before_q <= tx_data_o;
    rx_before_q <= rx_data_o;
    if (rst_ni) begin
      hb_link_lanes_takes_only_in_data: assert (!tx_take_o || (tx_data_o && tx_before_q));
      hb_link_lanes_gives_only_in_data: assert (!rx_give_o || (rx_data_o && rx_before_q));
    end
  end
`endif

endmodule

`default_nettype wire
