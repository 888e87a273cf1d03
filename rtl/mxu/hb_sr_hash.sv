// SPDX-License-Identifier: Apache-2.0
// The random numbers of stochastic rounding: one draw for two neighbouring columns of a row (vectors/README.md section 4).
`default_nettype none

module hb_sr_hash (
  input  logic        en_i,        // 0: the numbers are zero
  input  logic [31:0] seed_i,
  input  logic [15:0] row_i,
  input  logic [14:0] col_pair_i,  // column >> 1
  output logic [15:0] even_o,      // of the even column of the pair
  output logic [15:0] odd_o        // of the odd column
);

  /* verilator no_inline_module */  // one function an instance: a quarter of the code to compile, 3 % slower

  localparam int unsigned Rounds = 8;

  logic [15:0] x, y, key;

  always_comb begin
    x   = 16'd0;
    y   = 16'd0;
    key = 16'd0;
    if (en_i) begin
      x = row_i;
      y = {1'b0, col_pair_i};
      for (int unsigned i = 0; i < Rounds; i++) begin
        key = ((i % 2 == 0) ? seed_i[15:0] : seed_i[31:16]) ^ (i[15:0] * 16'h9E37);
        x   = ({x[6:0], x[15:7]} + y) ^ key;
        y   = {y[13:0], y[15:14]} ^ x;
      end
    end
  end

  assign even_o = y;
  assign odd_o  = x;

endmodule

`default_nettype wire
