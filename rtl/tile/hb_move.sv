// SPDX-License-Identifier: Apache-2.0
// What port S reads, chunk by chunk: C of a GEMM, the source of CONVERT as fp32, the words of COPY; and FILL's words.
`default_nettype none

module hb_move #(
  parameter  int unsigned Rows     = 8,
  parameter  int unsigned Cols     = 8,
  parameter  int unsigned Depth    = 4,
  localparam int unsigned Side     = (Rows > Cols) ? Rows : Cols,
  localparam int unsigned WordBits = Side * Depth * 16,
  localparam int unsigned Lanes    = Side * Depth / 2
) (
  input  logic                clk_i,
  input  logic                rst_ni,
  input  logic                run_i,        // low: forgets everything. High: one job, stable from the clock before
  input  logic                load_i,       // GEMM with accumulate
  input  logic                convert_i,
  input  logic                copy_i,
  input  logic                fill_i,
  input  logic [15:0]         m_i,
  input  logic [15:0]         n_i,
  input  logic [3:0]          fmt_i,        // CONVERT: of the source
  input  logic [5:0]          bias_i,
  input  logic                literal_i,
  input  logic [31:0]         pattern_i,    // FILL
  input  logic [17:0]         chunks_i,     // as hb_shape gives them
  input  logic [17:0]         block_chunks_i,
  input  logic [1:0]          size_i,       // of an element read

  input  logic                s_valid_i,
  output logic                s_ready_o,
  input  logic [WordBits-1:0] s_data_i,

  // GEMM with accumulate: C. For a chunk that has no place in C something is given, and nothing read.
  output logic                c_valid_o,
  input  logic                c_ready_i,
  output logic [WordBits-1:0] c_data_o,
  output logic [Lanes-1:0]    c_keep_o,     // the element is in the matrix

  output logic                fp32_valid_o, // CONVERT: elements as fp32, zero outside the matrix
  input  logic                fp32_ready_i,
  output logic [WordBits-1:0] fp32_data_o,

  output logic                word_valid_o, // COPY, FILL: words as they shall be written; FILL gives them without end
  input  logic                word_ready_i,
  output logic [WordBits-1:0] word_data_o,

  output logic                denormal_o    // sticky: CONVERT met a subnormal
);

  localparam int unsigned Quarter = WordBits / 4;

  // Where the chunk lies in its matrix, and in its word: the first quarter that it takes.
  logic        step, has_place, panel_end, word_end;
  logic [1:0]  slot_q;
  logic [15:0] unused_row, unused_col;

  hb_chunk_walk #(.Rows(Rows), .Cols(Cols), .Depth(Depth)) u_walk (
    .clk_i, .run_i,
    .m_i(m_i), .n_i(n_i), .row0_i(16'd0), .col0_i(16'd0), .chunks_i, .total_i(block_chunks_i),
    .step_i(step), .real_o(has_place), .end_o(panel_end), .row_o(unused_row), .col_o(unused_col), .keep_o(c_keep_o)
  );

  always_comb begin
    unique case (size_i)
      2'd0:    word_end = slot_q == 2'd3;
      2'd1:    word_end = slot_q == 2'd2;
      default: word_end = 1'b1;
    endcase
  end

  assign c_valid_o    = run_i && load_i && (s_valid_i || !has_place);
  assign fp32_valid_o = run_i && convert_i && s_valid_i;
  assign word_valid_o = run_i && (fill_i || (copy_i && s_valid_i));
  assign step         = (c_valid_o && c_ready_i) || (fp32_valid_o && fp32_ready_i);

  assign s_ready_o = copy_i ? word_ready_i : step && has_place && (word_end || panel_end);

  always_ff @(posedge clk_i) begin
    if (!rst_ni || !run_i) slot_q <= '0;
    else if (step) slot_q <= (word_end || panel_end) ? '0 : slot_q + ((size_i == 2'd0) ? 2'd1 : 2'd2);
  end

  assign c_data_o    = s_data_i;
  assign word_data_o = copy_i ? s_data_i : {Lanes{pattern_i}};

  // CONVERT: the chunk's codes, one in 32 bits, and their values.
  logic [Quarter-1:0]   quarter;
  logic [2*Quarter-1:0] half;
  logic [WordBits-1:0]  codes;
  logic [Lanes-1:0]     denormal;
  logic                 denormal_q;

  assign quarter = s_data_i[slot_q*Quarter +: Quarter];
  assign half    = s_data_i[slot_q[1]*2*Quarter +: 2*Quarter];

  always_comb begin
    codes = s_data_i;
    if (size_i == 2'd0) begin
      for (int unsigned l = 0; l < Lanes; l++) codes[l*32 +: 32] = {24'd0, quarter[l*8 +: 8]};
    end else if (size_i == 2'd1) begin
      for (int unsigned l = 0; l < Lanes; l++) codes[l*32 +: 32] = {16'd0, half[l*16 +: 16]};
    end
  end

  for (genvar l = 0; l < Lanes; l++) begin : gen_lane
    hb_to_fp32 u_to_fp32 (
      .valid_i   (fp32_valid_o && c_keep_o[l]),
      .fmt_i     (fmt_i),
      .bias_i    (bias_i),
      .literal_i (literal_i),
      .code_i    (codes[l*32 +: 32]),
      .value_o   (fp32_data_o[l*32 +: 32]),
      .denormal_o(denormal[l])
    );
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni || !run_i) denormal_q <= 1'b0;
    else if (fp32_valid_o && denormal != '0) denormal_q <= 1'b1;
  end

  assign denormal_o = denormal_q;

`ifndef SYNTHESIS
  // Promises of the ports, checked in simulation (rtl/README.md)
  hb_held #(.Width(Lanes)) hb_move_c_held (
    .clk_i, .rst_ni(rst_ni && run_i), .valid_i(c_valid_o), .ready_i(c_ready_i), .data_i(c_keep_o)
  );
  hb_held #(.Width(WordBits)) hb_move_fp32_held (
    .clk_i, .rst_ni(rst_ni && run_i), .valid_i(fp32_valid_o), .ready_i(fp32_ready_i), .data_i(fp32_data_o)
  );
  hb_held #(.Width(WordBits)) hb_move_word_held (
    .clk_i, .rst_ni(rst_ni && run_i), .valid_i(word_valid_o), .ready_i(word_ready_i), .data_i(word_data_o)
  );
`endif

endmodule

`default_nettype wire
