// SPDX-License-Identifier: Apache-2.0
// One step of a dot-product cell: acc + a[0]*b[0] + ... + a[Depth-1]*b[Depth-1], rounded once (vectors/README.md section 2).
`default_nettype none

module hb_dot_cell #(
  parameter int unsigned Depth = 4
) (
  input  logic                            en_i,         // 0: result_o is acc_i and no flag is raised
  input  logic                            int_mode_i,   // both operand formats are int8: watch int_range

  // Decoded operands, element i in slice i (hb_operand_dec).
  input  logic [Depth-1:0]                a_sign_i,
  input  logic [Depth*8-1:0]              a_x_i,
  input  logic [Depth*8-1:0]              a_sig_i,
  input  logic [Depth-1:0]                a_nonzero_i,
  input  logic [Depth-1:0]                a_inf_i,
  input  logic [Depth-1:0]                a_nan_i,
  input  logic [Depth-1:0]                b_sign_i,
  input  logic [Depth*8-1:0]              b_x_i,
  input  logic [Depth*8-1:0]              b_sig_i,
  input  logic [Depth-1:0]                b_nonzero_i,
  input  logic [Depth-1:0]                b_inf_i,
  input  logic [Depth-1:0]                b_nan_i,

  input  logic [31:0]                     acc_i,        // fp32
  output logic [31:0]                     result_o,     // fp32
  output logic [hb_job_pkg::NumFlag-1:0] flags_o
);

  /* verilator no_inline_module */  // one function an instance: a quarter of the code to compile, 3 % slower

  if (Depth != 1 && Depth != 2 && Depth != 4) begin : gen_bad_parameters
    $error("hb_dot_cell: Depth must be 1, 2 or 4");
  end

  localparam int unsigned Guard = hb_job_pkg::Window - 24;  // bits below an FP32 significand in the window
  localparam int unsigned Lift  = hb_job_pkg::Window - 16;  // bits below a product in the window

  logic [7:0]       c_exp;                        // max(exponent field, 1)
  logic [Depth-1:0] prod_inf, prod_sign;
  logic             any_special, nan_in, nan_made, pos_inf, neg_inf;

  logic [8:0]       anchor, q, shift, limit, exp_top;  // at most 508
  logic [15:0]      prod;
  logic [31:0]      term, sum, mag, norm, packed_mag;
  logic             negative, round_up;
  logic [4:0]       lead, amount;

  // Everything hangs below en_i and any_special, so that a simulator skips what is not needed; in hardware both are
  // selects at the very end. All words are 32 bits at most: that is what makes the simulated cell fast.
  always_comb begin
    c_exp       = (acc_i[30:23] == 8'd0) ? 8'd1 : acc_i[30:23];
    prod_sign   = a_sign_i ^ b_sign_i;
    any_special = ((a_inf_i | a_nan_i | b_inf_i | b_nan_i) != '0) || (acc_i[30:23] == 8'd255);

    {prod_inf, nan_in, nan_made, pos_inf, neg_inf} = '0;
    {anchor, q, shift, limit, exp_top}             = '0;
    {term, sum, mag, norm, packed_mag}             = '0;
    {prod, negative, round_up, lead, amount}       = '0;

    result_o = acc_i;
    flags_o  = '0;

    if (en_i && any_special) begin
      prod_inf = a_inf_i | b_inf_i;
      pos_inf  = ((prod_inf & ~prod_sign) != '0) || (acc_i == 32'h7F80_0000);
      neg_inf  = ((prod_inf &  prod_sign) != '0) || (acc_i == 32'hFF80_0000);
      nan_in   = ((a_nan_i | b_nan_i) != '0) || (acc_i[30:0] > 31'h7F80_0000);
      nan_made = ((a_inf_i & ~b_nonzero_i) != '0) || ((b_inf_i & ~a_nonzero_i) != '0) || (pos_inf && neg_inf);
      flags_o[hb_job_pkg::FlagInvalid] = nan_made && !nan_in;
      result_o = (nan_in || nan_made) ? hb_job_pkg::CanonicalNan : {neg_inf, 31'h7F80_0000};

    end else if (en_i) begin
      // Anchor: the largest exponent of the accumulator (zero or not) and the products that are not zero.
      anchor = {1'b0, c_exp} + 9'd126;
      for (int unsigned i = 0; i < Depth; i++) begin
        q = {1'b0, a_x_i[i*8 +: 8]} + {1'b0, b_x_i[i*8 +: 8]};
        if (a_nonzero_i[i] && b_nonzero_i[i] && q > anchor) anchor = q;
      end

      // Align, cut toward zero, sum. A shift of 31 empties the window; where a product is zero its shift is arbitrary.
      shift = anchor - {1'b0, c_exp} - 9'd126;
      term  = {{(32-24-Guard){1'b0}}, acc_i[30:23] != 8'd0, acc_i[22:0], {Guard{1'b0}}};
      term  = term >> ((shift[8:5] != 4'd0) ? 5'd31 : shift[4:0]);
      sum   = (term ^ {32{acc_i[31]}}) + {31'd0, acc_i[31]};
      for (int unsigned i = 0; i < Depth; i++) begin
        q     = {1'b0, a_x_i[i*8 +: 8]} + {1'b0, b_x_i[i*8 +: 8]};
        shift = anchor - q;
        prod  = {8'd0, a_sig_i[i*8 +: 8]} * {8'd0, b_sig_i[i*8 +: 8]};
        term  = {{(32-16-Lift){1'b0}}, prod, {Lift{1'b0}}} >> ((shift[8:5] != 4'd0) ? 5'd31 : shift[4:0]);
        sum   = sum + ((term ^ {32{prod_sign[i]}}) + {31'd0, prod_sign[i]});
      end
      negative = sum[31];
      mag      = (sum ^ {32{negative}}) + {31'd0, negative};

      // Leading zeros of the 31-bit magnitude.
      norm = mag;
      lead = 5'd0;
      if (norm[30:15] == 16'd0) begin lead[4] = 1'b1; norm = norm << 16; end
      if (norm[30:23] ==  8'd0) begin lead[3] = 1'b1; norm = norm << 8;  end
      if (norm[30:27] ==  4'd0) begin lead[2] = 1'b1; norm = norm << 4;  end
      if (norm[30:29] ==  2'd0) begin lead[1] = 1'b1; norm = norm << 2;  end
      if (norm[30]    ==  1'b0) begin lead[0] = 1'b1; end

      // Normalise, but no further than FP32's smallest exponent, and round. exp_top is the exponent field that belongs to
      // bit 30; packed_mag may hold an exponent of up to 9 bits, and a carry out of the significand steps it by itself.
      limit      = anchor - 9'd124;
      amount     = (limit < {4'd0, lead}) ? limit[4:0] : lead;
      norm       = mag << amount;
      exp_top    = anchor - 9'd123 - {4'd0, amount};
      round_up   = norm[6] && (norm[7] || norm[5:0] != 6'd0);
      packed_mag = {exp_top - 9'd1, 23'd0} + {8'd0, norm[30:7]} + {31'd0, round_up};

      if (mag == 32'd0) begin
        result_o = 32'd0;
      end else if (packed_mag[31:23] >= 9'd255) begin
        result_o = {negative, 31'h7F80_0000};
        flags_o[hb_job_pkg::FlagOverflow] = 1'b1;
      end else begin
        result_o = {negative, packed_mag[30:0]};
        flags_o[hb_job_pkg::FlagUnderflow] = packed_mag[30:23] == 8'd0;
        flags_o[hb_job_pkg::FlagIntRange]  = int_mode_i && packed_mag[30:23] >= 8'd151;
      end
    end
  end

endmodule

`default_nettype wire
