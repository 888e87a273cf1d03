// SPDX-License-Identifier: Apache-2.0
// Walks a matrix chunk by chunk in panel order and says where each chunk lies and which of its elements are in the matrix.
`default_nettype none

module hb_chunk_walk #(
  parameter  int unsigned Rows  = 8,
  parameter  int unsigned Cols  = 8,
  parameter  int unsigned Depth = 4,
  localparam int unsigned Lanes = ((Rows > Cols) ? Rows : Cols) * Depth / 2
) (
  input  logic             clk_i,
  input  logic             run_i,     // low: back to the first chunk
  input  logic [15:0]      m_i,       // size of the matrix
  input  logic [15:0]      n_i,
  input  logic [15:0]      row0_i,    // logical position of its first element
  input  logic [15:0]      col0_i,
  input  logic [17:0]      chunks_i,  // of a panel; chunks_i <= total_i
  input  logic [17:0]      total_i,   // chunks that come for a panel: those after the first chunks_i have no place in it
  input  logic             step_i,    // the next chunk, please

  output logic             real_o,    // the chunk has a place
  output logic             end_o,     // it is the panel's last with a place
  output logic [15:0]      row_o,     // logical position of its lane 0; lane l is (l / Depth) % Rows rows below
  output logic [15:0]      col_o,     // and l / (Depth * Rows) * Depth + l % Depth columns to the right
  output logic [Lanes-1:0] keep_o     // the lane's element is in the matrix
);

  localparam int unsigned PerGroup = (Lanes < Rows * Depth) ? 2 : 1;                         // chunks in a group, or
  localparam int unsigned Groups   = (Lanes > Rows * Depth) ? Lanes / (Rows * Depth) : 1;    // groups in a chunk
  localparam int unsigned Columns  = Groups * Depth;

  logic [17:0] index_q;
  logic [15:0] rows_left_q, cols_left_q;  // from the panel's first row, from the chunk's first column
  logic [15:0] row_q, col_q;
  logic        half_q;                    // the chunk is the lower half of its group
  logic        last, next_group;

  assign last       = index_q == total_i - 18'd1;
  assign next_group = (PerGroup == 1) || half_q;
  assign real_o     = index_q < chunks_i;
  assign end_o      = index_q == chunks_i - 18'd1;
  assign row_o      = half_q ? row_q + 16'(Rows / 2) : row_q;
  assign col_o      = col_q;

  always_ff @(posedge clk_i) begin
    if (!run_i) begin
      rows_left_q <= m_i;
      row_q       <= row0_i;
    end else if (step_i && last) begin
      rows_left_q <= rows_left_q - 16'(Rows);
      row_q       <= row_q + 16'(Rows);
    end
    if (!run_i || (step_i && last)) begin
      index_q     <= '0;
      half_q      <= 1'b0;
      cols_left_q <= n_i;
      col_q       <= col0_i;
    end else if (step_i) begin
      index_q <= index_q + 1'b1;
      half_q  <= !next_group;
      if (next_group && real_o) begin  // so that cols_left_q stays positive up to the last chunk with a place
        cols_left_q <= cols_left_q - 16'(Columns);
        col_q       <= col_q + 16'(Columns);
      end
    end
  end

  logic [Rows-1:0]    row_in;
  logic [Columns-1:0] col_in;

  for (genvar r = 0; r < Rows; r++) begin : gen_row
    assign row_in[r] = rows_left_q > 16'(r);
  end
  for (genvar c = 0; c < Columns; c++) begin : gen_col
    assign col_in[c] = cols_left_q > 16'(c);
  end
  for (genvar l = 0; l < Lanes; l++) begin : gen_lane
    localparam int unsigned Row = (l / Depth) % Rows;
    localparam int unsigned Col = l / (Depth * Rows) * Depth + l % Depth;
    assign keep_o[l] = real_o && col_in[Col] && ((PerGroup == 2 && half_q) ? row_in[(Row + Rows / 2) % Rows] : row_in[Row]);
  end

endmodule

`default_nettype wire
