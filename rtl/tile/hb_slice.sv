// SPDX-License-Identifier: Apache-2.0
// Cuts one step's operand codes out of a memory word and widens 8-bit codes to 16 bits. Combinational.
`default_nettype none

module hb_slice #(
  parameter  int unsigned WordBits = 512,
  parameter  int unsigned Codes    = 32,                       // of a step
  localparam int unsigned Wide     = WordBits / (Codes * 16),  // steps in a word of 16-bit codes
  localparam int unsigned IndexW   = $clog2(2 * Wide)
) (
  input  logic                narrow_i,  // codes of 8 bits: twice as many steps in a word
  input  logic [IndexW-1:0]   index_i,   // which step, modulo the steps in a word
  input  logic [WordBits-1:0] word_i,
  output logic [Codes*16-1:0] codes_o,
  output logic                last_o     // the word's last step
);

  logic [Codes*8-1:0]  narrow;
  logic [Codes*16-1:0] wide;
  logic                wide_last;

  assign narrow = word_i[index_i*(Codes*8) +: Codes*8];
  assign last_o = narrow_i ? &index_i : wide_last;

  if (Wide == 1) begin : gen_whole
    assign wide      = word_i;
    assign wide_last = 1'b1;
  end else begin : gen_part
    assign wide      = word_i[index_i[IndexW-2:0]*(Codes*16) +: Codes*16];
    assign wide_last = &index_i[IndexW-2:0];
  end

  always_comb begin
    codes_o = wide;
    if (narrow_i) begin
      for (int unsigned c = 0; c < Codes; c++) codes_o[c*16 +: 16] = {8'd0, narrow[c*8 +: 8]};
    end
  end

endmodule

`default_nettype wire
