// SPDX-License-Identifier: Apache-2.0
// The array with the result path behind it, as in the tile; the bench plays the operand fetchers and the packer.

module hb_mxu_path #(
  parameter  int unsigned Rows  = 2,
  parameter  int unsigned Cols  = 2,
  parameter  int unsigned Depth = 2,
  localparam int unsigned Lanes = ((Rows > Cols) ? Rows : Cols) * Depth / 2
) (
  input  logic                     clk_i,
  input  logic                     rst_ni,
  input  logic                     clear_i,

  input  logic [3:0]               fmt_a_i,
  input  logic [5:0]               bias_a_i,
  input  logic [3:0]               fmt_b_i,
  input  logic [5:0]               bias_b_i,
  input  logic [3:0]               fmt_d_i,
  input  logic [5:0]               bias_d_i,
  input  logic                     literal_i,
  input  logic                     accumulate_i,
  input  logic                     relu_i,
  input  logic                     saturate_i,
  input  logic                     stochastic_i,
  input  logic [31:0]              seed_i,

  input  logic                     step_valid_i,
  output logic                     step_ready_o,
  input  logic                     step_last_i,
  input  logic [Rows*Depth*16-1:0] step_a_i,
  input  logic [Cols*Depth*16-1:0] step_b_i,
  input  logic [Rows-1:0]          step_row_valid_i,
  input  logic [Cols-1:0]          step_col_valid_i,
  input  logic [Depth-1:0]         step_k_valid_i,

  input  logic                     load_valid_i,
  output logic                     load_ready_o,
  input  logic [Lanes*32-1:0]      load_data_i,
  input  logic [Lanes-1:0]         load_keep_i,

  output logic                     drain_fire_o,   // the chunk described by the next three inputs leaves the array
  input  logic [Lanes-1:0]         drain_keep_i,
  input  logic [15:0]              drain_row_i,
  input  logic [15:0]              drain_col_i,

  output logic                     out_valid_o,
  input  logic                     out_ready_i,
  output logic [Lanes*32-1:0]      out_data_o,

  output logic                     idle_o,
  output logic                     step_done_o,
  output logic                     stall_result_o,
  output logic                     stall_load_o,
  output logic [5:0]               array_flags_o,
  output logic [5:0]               result_flags_o
);

  logic                drain_valid, drain_ready;
  logic [Lanes*32-1:0] drain_data;
  assign drain_fire_o = drain_valid && drain_ready;

  hb_array #(
    .Rows (Rows),
    .Cols (Cols),
    .Depth(Depth)
  ) u_array (
    .clk_i           (clk_i),
    .rst_ni          (rst_ni),
    .clear_i         (clear_i),
    .fmt_a_i         (fmt_a_i),
    .bias_a_i        (bias_a_i),
    .fmt_b_i         (fmt_b_i),
    .bias_b_i        (bias_b_i),
    .literal_i       (literal_i),
    .accumulate_i    (accumulate_i),
    .step_valid_i    (step_valid_i),
    .step_ready_o    (step_ready_o),
    .step_last_i     (step_last_i),
    .step_a_i        (step_a_i),
    .step_b_i        (step_b_i),
    .step_row_valid_i(step_row_valid_i),
    .step_col_valid_i(step_col_valid_i),
    .step_k_valid_i  (step_k_valid_i),
    .load_valid_i    (load_valid_i),
    .load_ready_o    (load_ready_o),
    .load_data_i     (load_data_i),
    .load_keep_i     (load_keep_i),
    .drain_valid_o   (drain_valid),
    .drain_ready_i   (drain_ready),
    .drain_data_o    (drain_data),
    .idle_o          (idle_o),
    .step_done_o     (step_done_o),
    .stall_result_o  (stall_result_o),
    .stall_load_o    (stall_load_o),
    .flags_o         (array_flags_o)
  );

  hb_result #(
    .Rows (Rows),
    .Depth(Depth),
    .Lanes(Lanes)
  ) u_result (
    .clk_i       (clk_i),
    .rst_ni      (rst_ni),
    .clear_i     (clear_i),
    .fmt_i       (fmt_d_i),
    .bias_i      (bias_d_i),
    .literal_i   (literal_i),
    .relu_i      (relu_i),
    .saturate_i  (saturate_i),
    .stochastic_i(stochastic_i),
    .seed_i      (seed_i),
    .in_valid_i  (drain_valid),
    .in_ready_o  (drain_ready),
    .in_data_i   (drain_data),
    .in_keep_i   (drain_keep_i),
    .in_row_i    (drain_row_i),
    .in_col_i    (drain_col_i),
    .out_valid_o (out_valid_o),
    .out_ready_i (out_ready_i),
    .out_data_o  (out_data_o),
    .flags_o     (result_flags_o)
  );

endmodule
