// SPDX-License-Identifier: Apache-2.0
// Words into symbols, side by side on the lanes in use or one after the other.
`default_nettype none

module hb_link_stripe #(
  parameter int unsigned Lanes = 4
) (
  input  logic                clk_i,
  input  logic                start_i,    // the next symbol begins a word; wins over next_i
  input  logic                next_i,     // symbols_o is taken
  output logic                take_o,     // word_i is taken in this clock: with next_i, at the first of its symbols
  input  logic [63:0]         word_i,
  input  logic [Lanes-1:0]    lanes_i,    // in use: all four, two or one; held while symbols are taken
  output logic [Lanes*16-1:0] symbols_o   // zero on lanes that are not in use
);

  logic [1:0]  part_q;                    // symbols of the word that have left a lane
  logic [47:0] rest_q;                    // and what is still to come
  logic        first;
  logic [63:0] now;
  logic        four, two;

  assign first  = part_q == '0;
  assign take_o = next_i && first;
  assign now    = first ? word_i : {16'd0, rest_q};

  if (Lanes == 4) begin : gen_four
    assign four = &lanes_i;
  end else begin : gen_not_four
    assign four = 1'b0;
  end
  if (Lanes == 1) begin : gen_one
    logic unused_lane;
    assign unused_lane = lanes_i[0];
    assign two         = 1'b0;
    assign symbols_o   = now[15:0];
  end else begin : gen_lanes
    logic [Lanes-1:0] lowest;
    assign lowest = lanes_i & (~lanes_i + 1'b1);
    assign two    = !four && lanes_i != lowest;
    always_comb begin
      symbols_o = '0;
      for (int l = 0; l < Lanes; l++) begin
        if (four)            symbols_o[16*l +: 16] = now[16*l +: 16];
        else if (lowest[l])  symbols_o[16*l +: 16] = now[15:0];
        else if (lanes_i[l]) symbols_o[16*l +: 16] = now[31:16];
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (start_i) begin
      part_q <= '0;
    end else if (next_i) begin
      part_q <= four ? 2'd0 : two ? part_q + 2'd2 : part_q + 2'd1;
      rest_q <= two ? {16'd0, now[63:32]} : now[63:16];
    end
  end

endmodule

`default_nettype wire
