// SPDX-License-Identifier: Apache-2.0
// Decodes one operand code to the form all cells share: value = (-1)^sign * sig * 2^(x - 134) (vectors/README.md section 1).
`default_nettype none

module hb_operand_dec (
  input  logic        valid_i,    // 0: padding; a zero that raises no flag, whatever the code is
  input  logic [3:0]  fmt_i,      // a format code other than fp32
  input  logic [5:0]  bias_i,     // CFloat8: the tensor's bias; ignored for other formats
  input  logic        literal_i,  // CFloat8: a subnormal is 0.m * 2^(-bias)
  input  logic [15:0] code_i,     // 8-bit formats use bits 7:0, the rest is ignored

  output logic        sign_o,
  output logic [7:0]  x_o,        // of no meaning where sig_o is zero or the operand is not finite
  output logic [7:0]  sig_o,
  output logic        nonzero_o,  // sig_o != 0; an infinity is not zero
  output logic        inf_o,
  output logic        nan_o,
  output logic        denormal_o  // a subnormal was decoded
);

  /* verilator no_inline_module */  // one function an instance: a quarter of the code to compile, 3 % slower

  logic       layout_143, cfloat;
  logic [6:0] bias;               // the bias in force
  logic [4:0] exp8;               // exponent and mantissa of an 8-bit float; the mantissa has its top bit in bit 2
  logic [2:0] man8;
  logic       hidden;

  always_comb begin
    layout_143 = (fmt_i == hb_job_pkg::FmtCf8143) || (fmt_i == hb_job_pkg::FmtE4m3);
    cfloat     = (fmt_i == hb_job_pkg::FmtCf8143) || (fmt_i == hb_job_pkg::FmtCf8152);
    bias       = cfloat ? {1'b0, bias_i} : layout_143 ? 7'd7 : 7'd15;
    exp8       = layout_143 ? {1'b0, code_i[6:3]} : code_i[6:2];
    man8       = layout_143 ? code_i[2:0] : {code_i[1:0], 1'b0};
    hidden     = 1'b0;
    sign_o     = 1'b0;
    x_o        = 8'd0;
    sig_o      = 8'd0;
    inf_o      = 1'b0;
    nan_o      = 1'b0;
    denormal_o = 1'b0;
    if (valid_i) begin
      if (fmt_i == hb_job_pkg::FmtBf16) begin
        hidden     = code_i[14:7] != 8'd0;
        sign_o     = code_i[15];
        x_o        = hidden ? code_i[14:7] : 8'd1;
        sig_o      = {hidden, code_i[6:0]};
        inf_o      = (code_i[14:7] == 8'd255) && (code_i[6:0] == 7'd0);
        nan_o      = (code_i[14:7] == 8'd255) && (code_i[6:0] != 7'd0);
        denormal_o = !hidden && (code_i[6:0] != 7'd0);
      end else if (fmt_i == hb_job_pkg::FmtInt8) begin
        sign_o = code_i[7];
        x_o    = 8'd134;
        sig_o  = code_i[7] ? -code_i[7:0] : code_i[7:0];
      end else begin
        hidden     = exp8 != 5'd0;
        sign_o     = code_i[7];
        x_o        = 8'd127 - {1'b0, bias} + {3'd0, exp8} + {7'd0, !hidden && !(cfloat && literal_i)};
        sig_o      = {hidden, man8, 4'd0};
        inf_o      = (fmt_i == hb_job_pkg::FmtE5m2) && (code_i[6:0] == 7'h7C);
        nan_o      = ((fmt_i == hb_job_pkg::FmtE5m2) && (code_i[6:0] > 7'h7C)) ||
                     ((fmt_i == hb_job_pkg::FmtE4m3) && (code_i[6:0] == 7'h7F));
        denormal_o = !hidden && (man8 != 3'd0);
      end
    end
  end

  assign nonzero_o = sig_o != 8'd0;

endmodule

`default_nettype wire
