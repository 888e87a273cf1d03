// SPDX-License-Identifier: Apache-2.0
// The M extension a bit a clock: shift and add, shift and subtract, 33 clocks whatever the operands.
`default_nettype none

module hb_cpu_muldiv (
  input  logic        clk_i,
  input  logic        rst_ni,
  input  logic        start_i,   // begins with f3_i, a_i, b_i, which then stay until done_o
  input  logic [2:0]  f3_i,
  input  logic [31:0] a_i,
  input  logic [31:0] b_i,
  output logic        done_o,    // one clock, with the result
  output logic [31:0] result_o   // zero otherwise
);

  logic        busy_q;
  logic [4:0]  count_q;
  logic [32:0] high_q;  // sum of partial products, remainder
  logic [31:0] low_q;   // multiplier going out and product coming in, dividend going out and quotient coming in
  logic        done_q;

  logic divide, a_negative, b_negative, a_signed, b_signed;
  assign divide     = f3_i[2];
  assign a_signed   = divide ? !f3_i[0] : f3_i[1:0] != 2'd3;
  assign b_signed   = divide ? !f3_i[0] : !f3_i[1];
  assign a_negative = a_signed && a_i[31];
  assign b_negative = b_signed && b_i[31];

  // Multiplication is signed: the multiplier's top bit, if a sign, subtracts. Division is of magnitudes.
  logic [32:0] term, operand;
  logic [33:0] left, total;
  logic        subtract, apply;
  assign operand  = divide ? {1'b0, b_negative ? -b_i : b_i} : {a_negative, a_i};
  assign subtract = divide || (b_signed && count_q == 5'd31);
  assign apply    = divide || low_q[0];
  assign term     = apply ? operand : '0;
  assign left     = divide ? {1'b0, high_q[31:0], low_q[31]} : {high_q[32], high_q};
  assign total    = subtract ? left - {term[32], term} : left + {term[32], term};

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      busy_q <= 1'b0;
      done_q <= 1'b0;
    end else begin
      done_q <= busy_q && count_q == 5'd31;
      if (start_i) busy_q <= 1'b1;
      else if (count_q == 5'd31) busy_q <= 1'b0;
    end
    if (start_i) begin
      count_q <= '0;
      high_q  <= '0;
      low_q   <= !divide ? b_i : a_negative ? -a_i : a_i;
    end else if (busy_q) begin
      count_q <= count_q + 5'd1;
      if (divide) begin
        high_q <= total[33] ? left[32:0] : total[32:0];
        low_q  <= {low_q[30:0], !total[33]};
      end else begin
        high_q <= total[33:1];
        low_q  <= {total[0], low_q[31:1]};
      end
    end
  end

  logic [31:0] quotient, remainder;
  assign quotient  = ((a_negative ^ b_negative) && b_i != '0) ? -low_q : low_q;
  assign remainder = a_negative ? -high_q[31:0] : high_q[31:0];

  always_comb begin
    if (!done_q) result_o = '0;
    else if (divide) result_o = f3_i[1] ? remainder : quotient;
    else result_o = (f3_i[1:0] == 2'd0) ? low_q : high_q[31:0];
  end

  assign done_o = done_q;

endmodule

`default_nettype wire
