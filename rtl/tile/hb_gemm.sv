// SPDX-License-Identifier: Apache-2.0
// Walks a GEMM block by block and step by step (vectors/README.md section 6): row blocks, in them column blocks, in them k.
`default_nettype none

module hb_gemm #(
  parameter  int unsigned Rows     = 8,
  parameter  int unsigned Cols     = 8,
  parameter  int unsigned Depth    = 4,
  localparam int unsigned Side     = (Rows > Cols) ? Rows : Cols,
  localparam int unsigned WordBits = Side * Depth * 16,
  localparam int unsigned Lanes    = Side * Depth / 2,
  localparam int unsigned MacsW    = $clog2(Rows * Cols * Depth + 1)
) (
  input  logic                clk_i,
  input  logic                rst_ni,
  input  logic                run_i,        // low: forgets everything. High: one GEMM; the job is stable from the clock before
  input  logic [15:0]         m_i,
  input  logic [15:0]         n_i,
  input  logic [15:0]         k_i,
  input  logic [3:0]          fmt_a_i,
  input  logic [5:0]          bias_a_i,
  input  logic [3:0]          fmt_b_i,
  input  logic [5:0]          bias_b_i,
  input  logic                literal_i,
  input  logic                accumulate_i,
  input  logic [15:0]         row_blocks_i, // of the job, as hb_shape gives them
  input  logic [15:0]         col_blocks_i,
  input  logic [15:0]         steps_i,

  // Words of A and B, for every block the whole panel. C chunk by chunk as hb_array wants it.
  input  logic                a_valid_i,
  output logic                a_ready_o,
  input  logic [WordBits-1:0] a_data_i,
  input  logic                b_valid_i,
  output logic                b_ready_o,
  input  logic [WordBits-1:0] b_data_i,
  input  logic                c_valid_i,
  output logic                c_ready_o,
  input  logic [WordBits-1:0] c_data_i,
  input  logic [Lanes-1:0]    c_keep_i,

  output logic                drain_valid_o,  // results in fp32: all chunks of every block
  input  logic                drain_ready_i,
  output logic [WordBits-1:0] drain_data_o,

  output logic                step_o,         // as hb_engine promises
  output logic [MacsW-1:0]    macs_o,
  output logic                stall_operand_o,
  output logic                stall_result_o,
  output logic                stall_c_o,
  output logic [5:0]          flags_o         // sticky; complete when the last result has left
);

  localparam int unsigned LogA   = $clog2(2 * Side / Rows);  // log2 of the 8-bit steps in a word
  localparam int unsigned LogB   = $clog2(2 * Side / Cols);
  localparam int unsigned SliceW = (LogA > LogB) ? LogA : LogB;

  // Where the next step lies, counted down; the slice counts up.
  logic [15:0]       k_q, cols_q, rows_q;
  logic [SliceW-1:0] slice_q;
  logic              all_q;  // every step was given to the array
  logic              k_last, cols_last, rows_last, accept, step_valid, step_ready;

  assign k_last     = k_q == 16'd1;
  assign cols_last  = cols_q == 16'd1;
  assign rows_last  = rows_q == 16'd1;
  assign step_valid = run_i && !all_q && a_valid_i && b_valid_i;
  assign accept     = step_valid && step_ready;

  always_ff @(posedge clk_i) begin
    if (!rst_ni || !run_i) begin
      k_q     <= steps_i;
      cols_q  <= col_blocks_i;
      rows_q  <= row_blocks_i;
      slice_q <= '0;
      all_q   <= 1'b0;
    end else if (accept) begin
      k_q     <= k_last ? steps_i : k_q - 1'b1;
      slice_q <= k_last ? '0 : slice_q + 1'b1;
      if (k_last) begin
        cols_q <= cols_last ? col_blocks_i : cols_q - 1'b1;
        if (cols_last) rows_q <= rows_q - 1'b1;
        all_q  <= cols_last && rows_last;
      end
    end
  end

  // A word leaves with the last step that lies in it.
  logic                     a_narrow, b_narrow, a_word_end, b_word_end;
  logic [Rows*Depth*16-1:0] a_codes;
  logic [Cols*Depth*16-1:0] b_codes;

  assign a_narrow = hb_job_pkg::bytes_log(fmt_a_i) == 2'd0;
  assign b_narrow = hb_job_pkg::bytes_log(fmt_b_i) == 2'd0;
  assign a_ready_o = accept && (k_last || a_word_end);
  assign b_ready_o = accept && (k_last || b_word_end);

  hb_slice #(.WordBits(WordBits), .Codes(Rows * Depth)) u_slice_a (
    .narrow_i(a_narrow), .index_i(slice_q[LogA-1:0]), .word_i(a_data_i), .codes_o(a_codes), .last_o(a_word_end)
  );
  hb_slice #(.WordBits(WordBits), .Codes(Cols * Depth)) u_slice_b (
    .narrow_i(b_narrow), .index_i(slice_q[LogB-1:0]), .word_i(b_data_i), .codes_o(b_codes), .last_o(b_word_end)
  );

  // Sizes of the last row block, column block and k group, and from them the masks and the work of a step.
  logic [15:0]      rows_rest, cols_rest, k_rest;
  logic [Rows-1:0]  row_valid;
  logic [Cols-1:0]  col_valid;
  logic [Depth-1:0] k_valid;
  logic [MacsW-1:0] macs_q;

  assign rows_rest = (rows_last && m_i % 16'(Rows) != '0) ? m_i % 16'(Rows) : 16'(Rows);
  assign cols_rest = (cols_last && n_i % 16'(Cols) != '0) ? n_i % 16'(Cols) : 16'(Cols);
  assign k_rest    = (k_last && k_i % 16'(Depth) != '0) ? k_i % 16'(Depth) : 16'(Depth);

  for (genvar r = 0; r < Rows; r++) begin : gen_row
    assign row_valid[r] = rows_rest > 16'(r);
  end
  for (genvar c = 0; c < Cols; c++) begin : gen_col
    assign col_valid[c] = cols_rest > 16'(c);
  end
  for (genvar d = 0; d < Depth; d++) begin : gen_k
    assign k_valid[d] = k_rest > 16'(d);
  end

  always_ff @(posedge clk_i) begin
    if (accept) macs_q <= MacsW'(rows_rest) * MacsW'(cols_rest) * MacsW'(k_rest);
  end

  // While steps remain, the array takes one, or says why not, or has none to take.
  logic unused_idle, step_done, stall_result, stall_load;

  assign step_o          = run_i && step_done;
  assign stall_result_o  = run_i && stall_result;
  assign stall_c_o       = run_i && stall_load;
  assign macs_o          = step_o ? macs_q : '0;
  assign stall_operand_o = run_i && !all_q && !step_o && !stall_result_o && !stall_c_o;

  hb_array #(.Rows(Rows), .Cols(Cols), .Depth(Depth)) u_array (
    .clk_i, .rst_ni,
    .clear_i         (!run_i),
    .fmt_a_i         (fmt_a_i),
    .bias_a_i        (bias_a_i),
    .fmt_b_i         (fmt_b_i),
    .bias_b_i        (bias_b_i),
    .literal_i       (literal_i),
    .accumulate_i    (accumulate_i),
    .step_valid_i    (step_valid),
    .step_ready_o    (step_ready),
    .step_last_i     (k_last),
    .step_a_i        (a_codes),
    .step_b_i        (b_codes),
    .step_row_valid_i(row_valid),
    .step_col_valid_i(col_valid),
    .step_k_valid_i  (k_valid),
    .load_valid_i    (c_valid_i),
    .load_ready_o    (c_ready_o),
    .load_data_i     (c_data_i),
    .load_keep_i     (c_keep_i),
    .drain_valid_o,
    .drain_ready_i,
    .drain_data_o,
    .idle_o          (unused_idle),
    .step_done_o     (step_done),
    .stall_result_o  (stall_result),
    .stall_load_o    (stall_load),
    .flags_o
  );

endmodule

`default_nettype wire
