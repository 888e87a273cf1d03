// SPDX-License-Identifier: Apache-2.0
// The result path: a chunk of fp32 elements in panel order becomes codes of the target format, packed tightly.
`default_nettype none

module hb_result #(
  parameter int unsigned Rows  = 8,
  parameter int unsigned Depth = 4,
  parameter int unsigned Lanes = 16  // elements in a chunk; a multiple of Depth
) (
  input  logic                            clk_i,
  input  logic                            rst_ni,
  input  logic                            clear_i,       // drops a chunk held and the flags; before each job

  // Job: constant from clear_i until the last chunk has left.
  input  logic [3:0]                      fmt_i,
  input  logic [5:0]                      bias_i,
  input  logic                            literal_i,
  input  logic                            relu_i,
  input  logic                            saturate_i,
  input  logic                            stochastic_i,
  input  logic [31:0]                     seed_i,

  input  logic                            in_valid_i,
  output logic                            in_ready_o,    // !out_valid_o || out_ready_i
  input  logic [Lanes*32-1:0]             in_data_i,     // fp32
  input  logic [Lanes-1:0]                in_keep_i,     // 0: outside the matrix; +0 and no flag
  input  logic [15:0]                     in_row_i,      // logical position of the chunk's first element, origin included
  input  logic [15:0]                     in_col_i,

  output logic                            out_valid_o,
  input  logic                            out_ready_i,
  output logic [Lanes*32-1:0]             out_data_o,    // code l at byte l * element_bytes; above the last code zero
  output logic [hb_job_pkg::NumFlag-1:0] flags_o        // sticky; includes every chunk accepted before this clock
);

  if (Lanes < Depth || Lanes % Depth != 0) begin : gen_bad_parameters
    $error("hb_result: Lanes must be a multiple of Depth");
  end

  logic                            out_valid_q;
  logic [Lanes*32-1:0]             out_data_q;
  logic [hb_job_pkg::NumFlag-1:0] flags_q;

  logic draw, accept;
  assign in_ready_o = !out_valid_q || out_ready_i;
  assign accept     = in_valid_i && in_ready_o;
  assign draw       = in_valid_i && stochastic_i && fmt_i != hb_job_pkg::FmtFp32;

  // Depth consecutive lanes lie in one row and in consecutive columns, so that two of them share a draw; which two depends
  // on the first column being even or odd, and an odd one needs one draw more.
  localparam int unsigned Runs  = Lanes / Depth;
  localparam int unsigned Draws = Depth / 2 + 1;

  logic [Lanes*32-1:0]                     codes;
  logic [Lanes*hb_job_pkg::NumFlag-1:0]   lane_flags;

  for (genvar g = 0; g < Runs; g++) begin : gen_run
    logic [15:0]         row, col;       // of the run's first lane
    logic [Draws*32-1:0] random;         // 16-bit numbers of consecutive columns, from the even one at or before col
    logic [15:0]         unused_random;  // with two or more lanes a run never gets to the last odd column

    assign row           = in_row_i + 16'(g % Rows);
    assign col           = in_col_i + 16'(g / Rows * Depth);
    assign unused_random = random[Draws*32-1 -: 16];

    for (genvar k = 0; k < Draws; k++) begin : gen_draw
      hb_sr_hash u_hash (
        .en_i      (draw && (Depth == 1 || k < Draws - 1 || col[0])),
        .seed_i    (seed_i),
        .row_i     (row),
        .col_pair_i(col[15:1] + 15'(k)),
        .even_o    (random[k*32 +: 16]),
        .odd_o     (random[k*32+16 +: 16])
      );
    end

    for (genvar d = 0; d < Depth; d++) begin : gen_lane
      localparam int unsigned Lane = g * Depth + d;

      hb_result_enc u_enc (
        .valid_i     (in_valid_i && in_keep_i[Lane]),
        .fmt_i       (fmt_i),
        .bias_i      (bias_i),
        .literal_i   (literal_i),
        .relu_i      (relu_i),
        .saturate_i  (saturate_i),
        .stochastic_i(stochastic_i),
        .random_i    (col[0] ? random[(d+1)*16 +: 16] : random[d*16 +: 16]),
        .value_i     (in_data_i[Lane*32 +: 32]),
        .code_o      (codes[Lane*32 +: 32]),
        .flags_o     (lane_flags[Lane*hb_job_pkg::NumFlag +: hb_job_pkg::NumFlag])
      );
    end
  end

  logic [Lanes*32-1:0]             packed_data;
  logic [hb_job_pkg::NumFlag-1:0] flags_d;

  always_comb begin
    packed_data = '0;
    flags_d     = '0;
    if (in_valid_i) begin
      unique case (fmt_i)
        hb_job_pkg::FmtFp32: packed_data = codes;
        hb_job_pkg::FmtBf16: begin
          for (int unsigned l = 0; l < Lanes; l++) packed_data[l*16 +: 16] = codes[l*32 +: 16];
        end
        default: begin
          for (int unsigned l = 0; l < Lanes; l++) packed_data[l*8 +: 8] = codes[l*32 +: 8];
        end
      endcase
      for (int unsigned l = 0; l < Lanes; l++) begin
        flags_d = flags_d | lane_flags[l*hb_job_pkg::NumFlag +: hb_job_pkg::NumFlag];
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni || clear_i) begin
      out_valid_q <= 1'b0;
      flags_q     <= '0;
    end else begin
      if (in_ready_o) out_valid_q <= in_valid_i;
      if (accept)     flags_q     <= flags_q | flags_d;
    end
  end

  always_ff @(posedge clk_i) begin
    if (accept) out_data_q <= packed_data;
  end

  assign out_valid_o = out_valid_q;
  assign out_data_o  = out_data_q;
  assign flags_o     = flags_q;

`ifndef SYNTHESIS
  // Promises of the ports, checked in simulation (rtl/README.md)
  hb_held #(.Width(Lanes * 32)) hb_result_out_held (
    .clk_i, .rst_ni(rst_ni && !clear_i), .valid_i(out_valid_o), .ready_i(out_ready_i), .data_i(out_data_o)
  );
`endif

endmodule

`default_nettype wire
