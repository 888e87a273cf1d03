// SPDX-License-Identifier: Apache-2.0
// One adder for sums, differences, comparisons and addresses; one right shifter for all shifts; the bitwise operations.

module hb_cpu_alu (
  input  logic [31:0] a_i,
  input  logic [31:0] b_i,
  input  logic        sub_i,     // the adder subtracts (needed for comparisons)
  input  logic        op_i,      // result by f3_i and alt_i; otherwise the sum
  input  logic [2:0]  f3_i,
  input  logic        alt_i,     // shift arithmetically
  output logic [31:0] sum_o,
  output logic [31:0] result_o,
  output logic        equal_o,
  output logic        less_o,    // signed; with sub_i
  output logic        below_o    // unsigned; with sub_i
);

  logic carry;
  assign {carry, sum_o} = {1'b0, a_i} + {1'b0, b_i ^ {32{sub_i}}} + 33'(sub_i);
  assign below_o = !carry;
  assign less_o  = (a_i[31] ^ b_i[31]) ? a_i[31] : below_o;

  logic [31:0] differ;
  assign differ  = a_i ^ b_i;
  assign equal_o = differ == '0;

  logic        left;
  logic [31:0] reversed, shifted, shifted_reversed;
  logic [32:0] wide;
  assign left = !f3_i[2];

  always_comb begin
    for (int i = 0; i < 32; i++) reversed[i] = a_i[31 - i];
    wide    = {alt_i && a_i[31], left ? reversed : a_i};
    wide    = $signed(wide) >>> b_i[4:0];
    shifted = wide[31:0];
    for (int i = 0; i < 32; i++) shifted_reversed[i] = shifted[31 - i];
  end

  always_comb begin
    result_o = sum_o;
    if (op_i) begin
      unique case (f3_i)
        3'b000:  result_o = sum_o;
        3'b001:  result_o = shifted_reversed;
        3'b010:  result_o = 32'(less_o);
        3'b011:  result_o = 32'(below_o);
        3'b100:  result_o = differ;
        3'b101:  result_o = shifted;
        3'b110:  result_o = a_i | b_i;
        default: result_o = a_i & b_i;
      endcase
    end
  end

  logic unused;
  assign unused = wide[32];

endmodule
