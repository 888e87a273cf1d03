// SPDX-License-Identifier: Apache-2.0
// The sizes of a checked job in the units the engine counts in: panels, words, chunks, blocks, steps. Combinational.
// A chunk is what the result path takes a clock: Lanes elements in panel order, one word of fp32.
`default_nettype none

module hb_shape #(
  parameter int unsigned Rows  = 8,
  parameter int unsigned Cols  = 8,
  parameter int unsigned Depth = 4,
  parameter int unsigned AddrW = 12
) (
  input  logic             gemm_i,          // neither: COPY or FILL
  input  logic             convert_i,
  input  logic [15:0]      m_i,
  input  logic [15:0]      n_i,
  input  logic [15:0]      k_i,
  input  logic [3:0]       fmt_a_i,
  input  logic [3:0]       fmt_b_i,
  input  logic [3:0]       fmt_d_i,

  output logic [15:0]      row_blocks_o,    // ceil(M / Rows): panels of A, C and D. COPY, FILL: the rows
  output logic [15:0]      col_blocks_o,    // ceil(N / Cols): panels of B
  output logic [15:0]      steps_o,         // ceil(K / Depth): steps of a block
  output logic [AddrW-1:0] a_words_o,       // words of a panel of A and of B (GEMM),
  output logic [AddrW-1:0] b_words_o,
  output logic [AddrW-1:0] s_words_o,       // of C or of the source of CONVERT and COPY
  output logic [17:0]      chunks_o,        // chunks of a panel of D
  output logic [17:0]      block_chunks_o,  // chunks of all the blocks of a panel: those beyond chunks_o have no place in D
  output logic [1:0]       s_size_o,        // element of the source (of D): 0 one byte, 1 two, 2 four; COPY and FILL: 2
  output logic [1:0]       d_size_o
);

  localparam int unsigned Side      = (Rows > Cols) ? Rows : Cols;
  localparam int unsigned Lanes     = Side * Depth / 2;
  localparam int unsigned LogDepth  = $clog2(Depth);
  localparam int unsigned LogRows   = $clog2(Rows);
  localparam int unsigned LogCols   = $clog2(Cols);
  localparam int unsigned LogAWord  = $clog2(Side / Rows);             // log2 of the 16-bit steps in a word of A, of B
  localparam int unsigned LogBWord  = $clog2(Side / Cols);
  localparam int unsigned LogBlock  = $clog2(Rows * Cols / Lanes);     // log2 of the chunks in a block
  localparam int unsigned LogGroups = $clog2(Side / Rows);             // log2 of the groups in two chunks

  // ceil(x / 2^log)
  function automatic logic [17:0] div_up(input logic [17:0] x, input int unsigned log);
    div_up = (x + (18'd1 << log) - 18'd1) >> log;
  endfunction

  logic        linear;
  logic [17:0] steps, groups;

  assign linear = !gemm_i && !convert_i;
  assign steps  = div_up({2'd0, k_i}, LogDepth);
  assign groups = div_up({2'd0, n_i}, LogDepth);

  assign row_blocks_o = linear ? m_i : 16'(div_up({2'd0, m_i}, LogRows));
  assign col_blocks_o = 16'(div_up({2'd0, n_i}, LogCols));
  assign steps_o      = 16'(steps);

  assign s_size_o = convert_i ? hb_job_pkg::bytes_log(fmt_a_i) : hb_job_pkg::bytes_log(hb_job_pkg::FmtFp32);
  assign d_size_o = linear ? 2'd2 : hb_job_pkg::bytes_log(fmt_d_i);

  assign chunks_o       = linear ? {2'd0, n_i} : div_up(groups << 1, LogGroups);
  assign block_chunks_o = gemm_i ? {2'd0, col_blocks_o} << LogBlock : chunks_o;

  // The checks have made sure that a panel fits into the memory: its words can be cut to AddrW bits.
  assign a_words_o = AddrW'(div_up(steps, (hb_job_pkg::bytes_log(fmt_a_i) == 2'd0) ? LogAWord + 1 : LogAWord));
  assign b_words_o = AddrW'(div_up(steps, (hb_job_pkg::bytes_log(fmt_b_i) == 2'd0) ? LogBWord + 1 : LogBWord));
  assign s_words_o = AddrW'(div_up(chunks_o, (s_size_o == 2'd0) ? 2 : (s_size_o == 2'd1) ? 1 : 0));

endmodule

`default_nettype wire
