// SPDX-License-Identifier: Apache-2.0
// Takes in the answers to this chip's READs. It waits for memory alone, so that answers always drain.
`default_nettype none

module hb_net_responses #(
  parameter  int unsigned WordBytes = 64,
  parameter  int unsigned DataBytes = 131072,
  parameter  int unsigned FlitWords = 16,
  localparam int unsigned W         = WordBytes * 8,
  localparam int unsigned IndexW    = $clog2(DataBytes / WordBytes),
  localparam int unsigned CountW    = $clog2(FlitWords + 1)
) (
  input  logic              clk_i,
  input  logic              rst_ni,

  // Flits (hb_router)
  input  logic              valid_i,
  output logic              ready_o,
  input  logic [63:0]       data_i,
  input  logic              last_i,
  input  logic [7:0]        len_i,

  output logic              req_o,         // memory writes
  input  logic              gnt_i,
  output logic [IndexW-1:0] addr_o,
  output logic [W-1:0]      wdata_o,

  // The transfer that waits for them (hb_net_get)
  input  logic              open_i,        // there is one,
  input  logic [7:0]        tag_i,         // and its number: any other answer is thrown away
  output logic              done_o,        // pulse: an answer of it is in memory
  output logic              poison_o,      // pulse: an answer of it says that there is none

  output logic              bad_o,         // pulse: a flit is thrown away;
  output logic [63:0]       bad_header_o   // its header
);

  localparam int unsigned PieceLog = $clog2(WordBytes / 8);
  localparam logic [11:0] PieceMsk = 12'(WordBytes / 8 - 1);

  typedef enum logic [1:0] {Head, Store, Drop} state_e;

  state_e            state_q;
  logic [7:0]        header_tag_q, tag_q;  // of the answer that comes in; of the one whose last word is to be written
  logic [11:0]       pieces;
  logic              ours, none, in_range, ok, begins, store_ready, unused_idle, stored;
  logic [IndexW-1:0] index;
  logic [CountW-1:0] unused_words;

  assign pieces = 12'(len_i) - 12'd1;
  assign ours   = data_i[3:0] == hb_job_pkg::FlitData && data_i[31:28] == '0 && open_i && data_i[27:20] == tag_i;
  assign none   = ours && pieces == '0;
  assign ok     = none || (ours && (pieces & PieceMsk) == '0 && in_range);
  assign begins = state_q == Head && valid_i;

  hb_net_range #(.WordBytes(WordBytes), .DataBytes(DataBytes), .FlitWords(FlitWords)) u_range (
    .addr_i(data_i[63:32]), .words_i(pieces >> PieceLog), .ok_o(in_range), .index_o(index), .words_o(unused_words)
  );

  hb_net_store #(.WordBytes(WordBytes), .IndexW(IndexW)) u_store (
    .clk_i, .rst_ni,
    .start_i(begins && ok && !none), .addr_i(index),
    .valid_i(state_q == Store && valid_i), .ready_o(store_ready), .data_i(data_i), .last_i(last_i),
    .req_o, .gnt_i, .addr_o, .wdata_o,
    .idle_o(unused_idle), .end_o(stored)
  );

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      state_q <= Head;
    end else begin
      unique case (state_q)
        Head: begin
          if (valid_i && !ok && !last_i) state_q <= Drop;
          else if (valid_i && ok && !none) state_q <= Store;
        end
        Store:   if (valid_i && store_ready && last_i) state_q <= Head;
        Drop:    if (valid_i && last_i) state_q <= Head;
        default: state_q <= Head;
      endcase
    end
    if (begins) header_tag_q <= data_i[27:20];
    if (state_q == Store && valid_i && store_ready && last_i) tag_q <= header_tag_q;
  end

  assign ready_o = state_q != Store || store_ready;

  assign done_o       = stored && open_i && tag_q == tag_i;
  assign poison_o     = begins && none;
  assign bad_o        = begins && !ok;
  assign bad_header_o = data_i;

`ifndef SYNTHESIS
  // Promises of the ports, checked in simulation (rtl/README.md)
  hb_held #(.Width(IndexW + W)) hb_net_responses_req_held (
    .clk_i, .rst_ni, .valid_i(req_o), .ready_i(gnt_i), .data_i({addr_o, wdata_o})
  );
`endif

endmodule

`default_nettype wire
