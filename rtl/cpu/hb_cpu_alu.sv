// SPDX-License-Identifier: Apache-2.0
// One adder for sums, differences, comparisons and addresses; one right shifter for all shifts; the bitwise operations.
`default_nettype none

module hb_cpu_alu (
  input  logic [31:0] a_i,
  input  logic [31:0] b_i,
  input  logic        sub_i,     // the adder subtracts (needed for comparisons); not for shifts and bitwise operations
  input  logic        en_i,      // otherwise the result is zero
  input  logic        op_i,      // result by f3_i and alt_i; otherwise the sum
  input  logic [2:0]  f3_i,
  input  logic        alt_i,     // shift arithmetically
  output logic [31:0] sum_o,
  output logic [31:0] result_o,
  output logic        equal_o,   // with sub_i, as:
  output logic        less_o,    // signed
  output logic        below_o    // unsigned
);

  // Inverted for all: then it shares a 4-input table with what chooses the operand.
  logic        carry;
  logic [31:0] b;
  assign b = b_i ^ {32{sub_i}};
  assign {carry, sum_o} = {1'b0, a_i} + {1'b0, b} + 33'(sub_i);
  assign below_o = !carry;
  assign less_o  = (a_i[31] ^ b[31]) ? below_o : a_i[31];

  assign equal_o = sum_o == '0;

  // Zero unless it is a shift, as `bitwise` is for a shift: the two need no multiplexer.
  logic        left, shift;
  logic [31:0] reversed, shifted, shifted_reversed, bitwise;
  logic [32:0] wide;
  assign left  = !f3_i[2];
  assign shift = f3_i[1:0] == 2'b01;

  always_comb begin
    for (int i = 0; i < 32; i++) reversed[i] = a_i[31 - i];
    wide    = {alt_i && a_i[31], left ? reversed : a_i};
    wide    = $signed(wide) >>> b[4:0];
    shifted = shift ? wide[31:0] : '0;
    for (int i = 0; i < 32; i++) shifted_reversed[i] = shifted[31 - i];
    unique case (f3_i[1:0])
      2'b00:   bitwise = a_i ^ b;
      2'b01:   bitwise = '0;
      2'b10:   bitwise = a_i | b;
      default: bitwise = a_i & b;
    endcase
  end

  always_comb begin
    if (!en_i || (op_i && f3_i[2:1] == 2'b01)) result_o = '0;
    else if (!op_i || f3_i == 3'b000) result_o = sum_o;
    else result_o = bitwise | (left ? shifted_reversed : shifted);
    if (en_i && op_i && f3_i[2:1] == 2'b01) result_o[0] = f3_i[0] ? below_o : less_o;
  end

  logic unused;
  assign unused = wide[32];

endmodule

`default_nettype wire
