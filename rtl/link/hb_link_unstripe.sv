// SPDX-License-Identifier: Apache-2.0
// Symbols of the lanes in use into words: the reverse of hb_link_stripe.
`default_nettype none

module hb_link_unstripe #(
  parameter int unsigned Lanes = 4
) (
  input  logic                clk_i,
  input  logic                start_i,    // the next symbol begins a word; wins over valid_i
  input  logic                valid_i,    // symbols_i holds one of every lane in use
  input  logic [Lanes*16-1:0] symbols_i,
  input  logic [Lanes-1:0]    lanes_i,    // in use: all four, two or one; held from start_i on
  output logic                give_o,     // pulse: word_o is new, on the clock after its last symbol; not with start_i
  output logic [63:0]         word_o      // unknown otherwise
);

  logic [1:0]  part_q;                    // symbols of the word that a lane has brought
  logic [63:0] word_q, word;
  logic        give_q, last;

  if (Lanes == 1) begin : gen_one
    logic unused_lane;
    assign unused_lane = lanes_i[0];
    assign word = {symbols_i, word_q[63:16]};
    assign last = part_q == 2'd3;
    always_ff @(posedge clk_i) begin
      if (start_i)      part_q <= '0;
      else if (valid_i) part_q <= part_q + 2'd1;
    end
  end else begin : gen_lanes
    logic [Lanes-1:0] lowest;
    logic             four, two;
    logic [15:0]      low, high;
    assign lowest = lanes_i & (~lanes_i + 1'b1);
    if (Lanes == 4) begin : gen_four
      assign four = &lanes_i;
    end else begin : gen_not_four
      assign four = 1'b0;
    end
    assign two = !four && lanes_i != lowest;

    // The lower of two lanes, or the one; and the higher of two
    always_comb begin
      low  = '0;
      high = '0;
      for (int l = 0; l < Lanes; l++) begin
        if (lowest[l])       low  = low  | symbols_i[16*l +: 16];
        else if (lanes_i[l]) high = high | symbols_i[16*l +: 16];
      end
    end

    always_comb begin
      unique case (1'b1)
        four:    {last, word} = {1'b1, 64'(symbols_i)};
        two:     {last, word} = {part_q == 2'd2, high, low, word_q[63:32]};
        default: {last, word} = {part_q == 2'd3, low, word_q[63:16]};
      endcase
    end

    always_ff @(posedge clk_i) begin
      if (start_i)      part_q <= '0;
      else if (valid_i) part_q <= four ? 2'd0 : two ? part_q + 2'd2 : part_q + 2'd1;
    end
  end

  always_ff @(posedge clk_i) begin
    give_q <= valid_i && last;
    if (valid_i) word_q <= word;
  end

  assign give_o = give_q && !start_i;
  assign word_o = word_q;

endmodule

`default_nettype wire
