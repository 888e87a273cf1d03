// SPDX-License-Identifier: Apache-2.0
// Puts a flit's words together to memory words and writes them.
`default_nettype none

module hb_net_store #(
  parameter  int unsigned WordBytes = 64,
  parameter  int unsigned IndexW    = 11,
  localparam int unsigned W         = WordBytes * 8
) (
  input  logic              clk_i,
  input  logic              rst_ni,

  input  logic              start_i,  // pulse, with the flit's header: its words follow from the next clock on
  input  logic [IndexW-1:0] addr_i,   // of the first memory word
  input  logic              valid_i,  // a word is taken on each clock with valid_i && ready_o
  output logic              ready_o,
  input  logic [63:0]       data_i,
  input  logic              last_i,   // it completes a memory word

  output logic              req_o,    // memory writes
  input  logic              gnt_i,
  output logic [IndexW-1:0] addr_o,
  output logic [W-1:0]      wdata_o,

  output logic              idle_o,   // everything taken is in memory
  output logic              end_o     // pulse: the last word of a flit is in memory
);

  localparam int unsigned Pieces = WordBytes / 8;
  localparam int unsigned PieceW = (Pieces > 1) ? $clog2(Pieces) : 1;

  logic [W-1:0]      word_q;
  logic [IndexW-1:0] first_q, addr_q;
  logic [PieceW-1:0] piece_q;
  logic              started_q, full_q, end_q, take, complete;

  assign ready_o  = !full_q || gnt_i;
  assign take     = valid_i && ready_o;
  assign complete = take && piece_q == PieceW'(Pieces - 1);

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      piece_q   <= '0;
      full_q    <= 1'b0;
      started_q <= 1'b0;
    end else begin
      if (take) piece_q <= complete ? '0 : piece_q + 1'b1;
      full_q <= complete || (full_q && !gnt_i);
      if (start_i) started_q <= 1'b1;
      else if (complete) started_q <= 1'b0;
    end
    if (take) word_q[piece_q*64 +: 64] <= data_i;
    if (start_i) first_q <= addr_i;  // the flit before may still have a word to write
    if (complete) begin
      addr_q <= started_q ? first_q : addr_q + 1'b1;
      end_q  <= last_i;
    end
  end

  assign req_o   = full_q;
  assign addr_o  = addr_q;
  assign wdata_o = word_q;
  assign idle_o  = !full_q;
  assign end_o   = full_q && gnt_i && end_q;

endmodule

`default_nettype wire
