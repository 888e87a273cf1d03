// SPDX-License-Identifier: Apache-2.0
// Counters of a link: TX_FLITS to BERT_ERRORS of rtl/regs/link.toml.
`default_nettype none

module hb_link_counters #(
  parameter int unsigned Lanes       = 4,
  parameter int unsigned CounterBits = 32    // 8 to 32: each counts modulo 2^CounterBits
) (
  input  logic               clk_i,
  input  logic               rst_ni,         // zero
  input  logic               clear_i,        // zero

  // What happened in this clock
  input  hb_link_pkg::event_t event_i,       // of the word side
  input  logic [1:0]         tx_flit_i,      // taken from the client to be sent: the last word of a flit, a bit a channel
  input  logic [1:0]         tx_word_i,      // and any word
  input  logic [1:0]         rx_word_i,      // given to the client
  input  logic               raw_tx_word_i,
  input  logic               raw_rx_word_i,
  input  logic               retrain_i,
  input  logic [Lanes-1:0]   bad_set_i,
  input  logic [Lanes-1:0]   bert_symbol_i,
  input  logic [Lanes*5-1:0] bert_errors_i,  // 0 to 16 a lane

  input  logic [9:0]         addr_i,         // byte offset in the block
  output logic               known_o,        // there is a counter
  output logic [31:0]        value_o         // its value; zero if there is none, and for a lane that the link does not have
);

  localparam logic [31:0] First        = hb_link_regs_pkg::TxFlits;
  localparam logic [31:0] FirstOfLanes = hb_link_regs_pkg::BadSets;
  localparam int unsigned Counters     = 32'(hb_link_regs_pkg::BertErrors + 4 * hb_link_regs_pkg::BertErrorsCount - First) / 4;
  localparam int unsigned IncBits      = 8;

  if (CounterBits < 8 || CounterBits > 32) begin : gen_bad_parameters
    $error("hb_link_counters: CounterBits must be 8 to 32");
  end

  // What each counter adds, in the order of the addresses: 8 bits for the 4 bytes of a register
  logic [Counters*IncBits-1:0] inc;
  always_comb begin
    inc = '0;
    for (int unsigned v = 0; v < 2; v++) begin
      inc[2 * (hb_link_regs_pkg::TxFlits        - First) + IncBits * v +: IncBits] = IncBits'(tx_flit_i[v]);
      inc[2 * (hb_link_regs_pkg::RxFlits        - First) + IncBits * v +: IncBits] = IncBits'(event_i.flit_rx[v]);
      inc[2 * (hb_link_regs_pkg::TxWords        - First) + IncBits * v +: IncBits] = IncBits'(tx_word_i[v]);
      inc[2 * (hb_link_regs_pkg::RxWords        - First) + IncBits * v +: IncBits] = IncBits'(rx_word_i[v]);
      inc[2 * (hb_link_regs_pkg::SentFlits      - First) + IncBits * v +: IncBits] = IncBits'(event_i.flit_tx[v]);
      inc[2 * (hb_link_regs_pkg::StallsCredit   - First) + IncBits * v +: IncBits] = IncBits'(event_i.stall_credit[v]);
    end
    inc[2 * (hb_link_regs_pkg::RawTxWords     - First) +: IncBits] = IncBits'(raw_tx_word_i);
    inc[2 * (hb_link_regs_pkg::RawRxWords     - First) +: IncBits] = IncBits'(raw_rx_word_i);
    inc[2 * (hb_link_regs_pkg::SentWords      - First) +: IncBits] = IncBits'(event_i.word_tx);
    inc[2 * (hb_link_regs_pkg::GotWords       - First) +: IncBits] = IncBits'(event_i.word_rx);
    inc[2 * (hb_link_regs_pkg::Replays        - First) +: IncBits] = IncBits'(event_i.replay);
    inc[2 * (hb_link_regs_pkg::Timeouts       - First) +: IncBits] = IncBits'(event_i.timeout);
    inc[2 * (hb_link_regs_pkg::NacksSent      - First) +: IncBits] = IncBits'(event_i.nack_tx);
    inc[2 * (hb_link_regs_pkg::NacksReceived  - First) +: IncBits] = IncBits'(event_i.nack_rx);
    inc[2 * (hb_link_regs_pkg::CrcErrors      - First) +: IncBits] = IncBits'(event_i.crc_error);
    inc[2 * (hb_link_regs_pkg::Hunts          - First) +: IncBits] = IncBits'(event_i.hunt);
    inc[2 * (hb_link_regs_pkg::Duplicates     - First) +: IncBits] = IncBits'(event_i.duplicate);
    inc[2 * (hb_link_regs_pkg::ProtocolErrors - First) +: IncBits] = IncBits'(event_i.protocol_error);
    inc[2 * (hb_link_regs_pkg::Retrainings    - First) +: IncBits] = IncBits'(retrain_i);
    inc[2 * (hb_link_regs_pkg::StallsWindow   - First) +: IncBits] = IncBits'(event_i.stall_window);
    inc[2 * (hb_link_regs_pkg::Discarded      - First) +: IncBits] = IncBits'(event_i.discard[0]) + IncBits'(event_i.discard[1]);
    inc[2 * (hb_link_regs_pkg::Drops          - First) +: IncBits] = IncBits'(event_i.overflow);
    for (int unsigned l = 0; l < Lanes; l++) begin
      inc[2 * (hb_link_regs_pkg::BadSets     - First) + IncBits * l +: IncBits] = IncBits'(bad_set_i[l]);
      inc[2 * (hb_link_regs_pkg::BertSymbols - First) + IncBits * l +: IncBits] = IncBits'(bert_symbol_i[l]);
      inc[2 * (hb_link_regs_pkg::BertErrors  - First) + IncBits * l +: IncBits] = IncBits'(bert_errors_i[5*l +: 5]);
    end
  end

  logic [Counters*CounterBits-1:0] count;
  for (genvar i = 0; i < Counters; i++) begin : gen_counter
    if (i >= (FirstOfLanes - First) / 4 && i % 4 >= Lanes) begin : gen_no_lane
      assign count[i*CounterBits +: CounterBits] = CounterBits'(inc[i*IncBits +: IncBits]);  // which is zero
    end else begin : gen_count
      logic [CounterBits-1:0] count_q;
      always_ff @(posedge clk_i) begin
        if (!rst_ni || clear_i) count_q <= '0;
        else                    count_q <= count_q + CounterBits'(inc[i*IncBits +: IncBits]);
      end
      assign count[i*CounterBits +: CounterBits] = count_q;
    end
  end

  always_comb begin
    known_o = 1'b0;
    value_o = '0;
    for (int unsigned i = 0; i < Counters; i++) begin
      if (32'(addr_i) == First + 4 * i) begin
        known_o = 1'b1;
        value_o = 32'(count[i*CounterBits +: CounterBits]);
      end
    end
  end

endmodule

`default_nettype wire
