// SPDX-License-Identifier: Apache-2.0
// The combinational units of the matrix engine side by side, each with its own enable, for the unit bench.

module hb_mxu_units (
  input  logic        dec_valid_i,
  input  logic        to_fp32_valid_i,
  input  logic        enc_valid_i,
  input  logic        hash_valid_i,
  input  logic [2:0]  cell_valid_i,   // Depth 1, 2, 4

  input  logic [3:0]  fmt_i,
  input  logic [5:0]  bias_i,
  input  logic        literal_i,
  input  logic        relu_i,
  input  logic        saturate_i,
  input  logic        stochastic_i,
  input  logic [15:0] random_i,
  input  logic [31:0] code_i,         // decoders: the code; encoder: fp32

  output logic        dec_sign_o,
  output logic [7:0]  dec_x_o,
  output logic [7:0]  dec_sig_o,
  output logic        dec_nonzero_o,
  output logic        dec_inf_o,
  output logic        dec_nan_o,
  output logic        dec_denormal_o,
  output logic [31:0] fp32_o,
  output logic        fp32_denormal_o,
  output logic [31:0] enc_code_o,
  output logic [5:0]  enc_flags_o,

  input  logic [31:0] seed_i,
  input  logic [15:0] row_i,
  input  logic [14:0] col_pair_i,
  output logic [15:0] even_o,
  output logic [15:0] odd_o,

  input  logic        int_mode_i,
  input  logic [3:0]  a_sign_i,
  input  logic [31:0] a_x_i,
  input  logic [31:0] a_sig_i,
  input  logic [3:0]  a_nonzero_i,
  input  logic [3:0]  a_inf_i,
  input  logic [3:0]  a_nan_i,
  input  logic [3:0]  b_sign_i,
  input  logic [31:0] b_x_i,
  input  logic [31:0] b_sig_i,
  input  logic [3:0]  b_nonzero_i,
  input  logic [3:0]  b_inf_i,
  input  logic [3:0]  b_nan_i,
  input  logic [31:0] acc_i,
  output logic [95:0] cell_result_o,  // slice k: Depth 2^k
  output logic [17:0] cell_flags_o
);

  hb_operand_dec u_dec (
    .valid_i   (dec_valid_i),
    .fmt_i     (fmt_i),
    .bias_i    (bias_i),
    .literal_i (literal_i),
    .code_i    (code_i[15:0]),
    .sign_o    (dec_sign_o),
    .x_o       (dec_x_o),
    .sig_o     (dec_sig_o),
    .nonzero_o (dec_nonzero_o),
    .inf_o     (dec_inf_o),
    .nan_o     (dec_nan_o),
    .denormal_o(dec_denormal_o)
  );

  hb_to_fp32 u_to_fp32 (
    .valid_i   (to_fp32_valid_i),
    .fmt_i     (fmt_i),
    .bias_i    (bias_i),
    .literal_i (literal_i),
    .code_i    (code_i),
    .value_o   (fp32_o),
    .denormal_o(fp32_denormal_o)
  );

  hb_result_enc u_enc (
    .valid_i     (enc_valid_i),
    .fmt_i       (fmt_i),
    .bias_i      (bias_i),
    .literal_i   (literal_i),
    .relu_i      (relu_i),
    .saturate_i  (saturate_i),
    .stochastic_i(stochastic_i),
    .random_i    (random_i),
    .value_i     (code_i),
    .code_o      (enc_code_o),
    .flags_o     (enc_flags_o)
  );

  hb_sr_hash u_hash (
    .en_i      (hash_valid_i),
    .seed_i    (seed_i),
    .row_i     (row_i),
    .col_pair_i(col_pair_i),
    .even_o    (even_o),
    .odd_o     (odd_o)
  );

  for (genvar k = 0; k < 3; k++) begin : gen_cell
    localparam int unsigned Depth = 1 << k;
    hb_dot_cell #(
      .Depth(Depth)
    ) u_cell (
      .en_i       (cell_valid_i[k]),
      .int_mode_i (int_mode_i),
      .a_sign_i   (a_sign_i[Depth-1:0]),
      .a_x_i      (a_x_i[Depth*8-1:0]),
      .a_sig_i    (a_sig_i[Depth*8-1:0]),
      .a_nonzero_i(a_nonzero_i[Depth-1:0]),
      .a_inf_i    (a_inf_i[Depth-1:0]),
      .a_nan_i    (a_nan_i[Depth-1:0]),
      .b_sign_i   (b_sign_i[Depth-1:0]),
      .b_x_i      (b_x_i[Depth*8-1:0]),
      .b_sig_i    (b_sig_i[Depth*8-1:0]),
      .b_nonzero_i(b_nonzero_i[Depth-1:0]),
      .b_inf_i    (b_inf_i[Depth-1:0]),
      .b_nan_i    (b_nan_i[Depth-1:0]),
      .acc_i      (acc_i),
      .result_o   (cell_result_o[k*32 +: 32]),
      .flags_o    (cell_flags_o[k*6 +: 6])
    );
  end

endmodule
