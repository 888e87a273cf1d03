// SPDX-License-Identifier: Apache-2.0
// Converts one code of any format, fp32 included, to fp32: exact, except that every NaN becomes the canonical one.
`default_nettype none

module hb_to_fp32 (
  input  logic        valid_i,    // 0: +0 and no flag
  input  logic [3:0]  fmt_i,
  input  logic [5:0]  bias_i,     // CFloat8 only
  input  logic        literal_i,  // CFloat8: subnormals are 0.m * 2^(-bias)
  input  logic [31:0] code_i,     // short formats use the low bits
  output logic [31:0] value_o,    // fp32
  output logic        denormal_o  // the code was a subnormal of its format
);

  logic       is_fp32, sign, nonzero, inf, nan, denormal;
  logic [7:0] x, sig, norm;
  logic [2:0] lead;

  assign is_fp32 = fmt_i == hb_job_pkg::FmtFp32;

  hb_operand_dec u_dec (
    .valid_i   (valid_i && !is_fp32),
    .fmt_i     (fmt_i),
    .bias_i    (bias_i),
    .literal_i (literal_i),
    .code_i    (code_i[15:0]),
    .sign_o    (sign),
    .x_o       (x),
    .sig_o     (sig),
    .nonzero_o (nonzero),
    .inf_o     (inf),
    .nan_o     (nan),
    .denormal_o(denormal)
  );

  always_comb begin
    norm       = sig;
    lead       = 3'd0;
    value_o    = 32'd0;
    denormal_o = 1'b0;
    if (valid_i && is_fp32) begin
      value_o    = (code_i[30:0] > 31'h7F80_0000) ? hb_job_pkg::CanonicalNan : code_i;
      denormal_o = code_i[30:23] == 8'd0 && code_i[22:0] != 23'd0;
    end else if (valid_i) begin
      denormal_o = denormal;
      if (nan)                        value_o = hb_job_pkg::CanonicalNan;
      else if (inf)                   value_o = {sign, 31'h7F80_0000};
      else if (!nonzero)              value_o = {sign, 31'd0};
      else if (denormal && x == 8'd1) value_o = {sign, 8'd0, sig[6:0], 16'd0};  // bf16: a subnormal of fp32 as well
      else begin
        if (norm[7:4] == 4'd0) begin lead[2] = 1'b1; norm = norm << 4; end
        if (norm[7:6] == 2'd0) begin lead[1] = 1'b1; norm = norm << 2; end
        if (norm[7]   == 1'b0) begin lead[0] = 1'b1; norm = norm << 1; end
        value_o = {sign, x - {5'd0, lead}, norm[6:0], 16'd0};
      end
    end
  end

endmodule

`default_nettype wire
