// SPDX-License-Identifier: Apache-2.0
// Makes flits: a header, and words of memory behind it. A flit is offered when all of it is there.
`default_nettype none

module hb_net_send #(
  parameter  int unsigned WordBytes = 64,
  parameter  int unsigned FlitWords = 16,  // memory words in a flit, at most
  parameter  int unsigned IndexW    = 11,  // of a word in data memory
  parameter  bit          Tell      = 0,   // a flit that met an uncorrectable word is sent: 0 not at all, 1 without words
  localparam int unsigned W         = WordBytes * 8,
  localparam int unsigned CountW    = $clog2(FlitWords + 1)
) (
  input  logic              clk_i,
  input  logic              rst_ni,

  // A flit to be made; taken on a clock with go_i && go_ready_o
  input  logic              go_i,
  output logic              go_ready_o,
  input  logic [63:0]       header_i,
  input  logic              two_i,          // a second word follows the header; then words_i is zero
  input  logic [63:0]       second_i,
  input  logic [IndexW-1:0] addr_i,         // of the first memory word
  input  logic [CountW-1:0] words_i,        // 0 to FlitWords
  output logic              done_o,         // pulse: its words have been read and may change; with:
  output logic              poison_o,       // one was uncorrectable, the first of them
  output logic [IndexW-1:0] poison_addr_o,  // at this address

  // Memory reads: answered two clocks after the grant
  output logic              req_o,
  input  logic              gnt_i,
  output logic [IndexW-1:0] addr_o,
  input  logic              rvalid_i,
  input  logic [W-1:0]      rdata_i,
  input  logic              ue_i,

  // Flits, their words without a gap
  output logic              valid_o,
  input  logic              ready_i,
  output logic [63:0]       data_o,
  output logic              last_o,
  output logic [7:0]        len_o           // words of the flit
);

  localparam int unsigned Pieces   = WordBytes / 8;
  localparam int unsigned PieceW   = (Pieces > 1) ? $clog2(Pieces) : 1;
  localparam int unsigned Room     = FlitWords + 4;  // the next flit is read while one is sent
  localparam int unsigned RoomW    = $clog2(Room + 1);
  localparam int unsigned RecordW  = 64 + 64 + 1 + CountW + 1;

  // Reading: one flit at a time
  logic              busy_q, two_q, bad_q;
  logic [63:0]       header_q, second_q;
  logic [IndexW-1:0] addr_q, addr1_q, addr2_q, bad_addr_q;
  logic [CountW-1:0] words_q, left_q, due_q;  // of the flit; not yet asked for; not yet here
  logic [RoomW-1:0]  used_q;                  // words asked for that have not left the FIFO
  logic              grant, record_ready, pop;

  assign go_ready_o    = !busy_q;
  assign req_o         = busy_q && left_q != '0 && used_q != RoomW'(Room);
  assign addr_o        = addr_q;
  assign grant         = req_o && gnt_i;
  assign done_o        = busy_q && due_q == '0 && record_ready;
  assign poison_o      = bad_q;
  assign poison_addr_o = bad_addr_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      busy_q <= 1'b0;
      used_q <= '0;
    end else begin
      if (go_i && go_ready_o) busy_q <= 1'b1;
      else if (done_o) busy_q <= 1'b0;
      if (grant && !pop) used_q <= used_q + 1'b1;
      if (pop && !grant) used_q <= used_q - 1'b1;
    end
    if (go_i && go_ready_o) begin
      header_q <= header_i;
      second_q <= second_i;
      two_q    <= two_i;
      addr_q   <= addr_i;
      words_q  <= words_i;
      left_q   <= words_i;
      due_q    <= words_i;
      bad_q    <= 1'b0;
    end else begin
      if (grant) begin
        addr_q <= addr_q + 1'b1;
        left_q <= left_q - 1'b1;
      end
      if (rvalid_i) begin
        due_q <= due_q - 1'b1;
        if (ue_i && !bad_q) begin
          bad_q      <= 1'b1;
          bad_addr_q <= addr2_q;
        end
      end
    end
    addr1_q <= addr_q;  // of the word granted in the clock before, and in the one before that
    addr2_q <= addr1_q;
  end

  // Flits that are complete, and their words. The FIFO of words has room for all that were asked for.
  logic               record_valid, finish, two, bad, unused_ready, unused_valid;
  logic [RecordW-1:0] record;
  logic [63:0]        header, second;
  logic [CountW-1:0]  words;
  logic [W-1:0]       word;
  logic [1:0]         unused_records;
  logic [RoomW-1:0]   unused_level;

  hb_fifo #(.Width(RecordW), .Depth(2)) u_records (
    .clk_i, .rst_ni,
    .valid_i(done_o), .ready_o(record_ready), .data_i({bad_q, words_q, two_q, second_q, header_q}),
    .valid_o(record_valid), .ready_i(finish), .data_o(record), .level_o(unused_records)
  );
  hb_fifo #(.Width(W), .Depth(Room)) u_words (
    .clk_i, .rst_ni,
    .valid_i(rvalid_i), .ready_o(unused_ready), .data_i(rdata_i),
    .valid_o(unused_valid), .ready_i(pop), .data_o(word), .level_o(unused_level)
  );
  assign {bad, words, two, second, header} = record;

  // Sending
  typedef enum logic [1:0] {Head, Second, Words, Flush} state_e;
  state_e             state_q;
  logic [CountW-1:0]  word_q;   // words that have left
  logic [PieceW-1:0]  piece_q;
  logic               moves, last_piece, last_word;

  assign last_piece = piece_q == PieceW'(Pieces - 1);
  assign last_word  = word_q == words - 1'b1;
  assign moves      = valid_o && ready_i;
  assign pop        = (state_q == Words && moves && last_piece) || state_q == Flush;

  assign valid_o = record_valid && state_q != Flush && (Tell || !bad);
  assign len_o   = 8'd1 + 8'(two) + (bad ? 8'd0 : 8'(32'(words) * Pieces));

  always_comb begin
    unique case (state_q)
      Second:  data_o = second;
      Words:   data_o = word[piece_q*64 +: 64];
      default: data_o = header;
    endcase
    last_o = 1'b1;
    if (state_q == Head && !bad) last_o = !two && words == '0;
    if (state_q == Words) last_o = last_piece && last_word;
    finish = (moves && last_o && !bad) || (state_q == Flush && last_word);
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      state_q <= Head;
      word_q  <= '0;
      piece_q <= '0;
    end else begin
      unique case (state_q)
        Head: begin
          if (record_valid && bad && (moves || !Tell)) state_q <= Flush;
          else if (moves && two) state_q <= Second;
          else if (moves && words != '0) state_q <= Words;
        end
        Second:  if (moves) state_q <= Head;
        default: if (finish) state_q <= Head;
      endcase
      if (state_q == Words && moves) piece_q <= last_piece ? '0 : piece_q + 1'b1;
      if (finish) word_q <= '0;
      else if (pop) word_q <= word_q + 1'b1;
    end
  end

`ifndef SYNTHESIS
  // Promises of the ports, checked in simulation (rtl/README.md)
  hb_held #(.Width(IndexW)) hb_net_send_req_held (
    .clk_i, .rst_ni, .valid_i(req_o), .ready_i(gnt_i), .data_i(addr_o)
  );
  hb_held #(.Width(73)) hb_net_send_out_held (
    .clk_i, .rst_ni, .valid_i(valid_o), .ready_i(ready_i), .data_i({len_o, last_o, data_o})
  );
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      hb_net_send_room_for_every_word: assert (!rvalid_i || unused_ready);
      hb_net_send_words_are_there:     assert (!pop || unused_valid);
    end
  end
`endif

endmodule

`default_nettype wire
