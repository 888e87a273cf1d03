// SPDX-License-Identifier: Apache-2.0
// Rows x Cols dot-product cells with double-buffered accumulators: one step a clock, results drained and the next C
// loaded while the next block computes.
`default_nettype none

module hb_array #(
  parameter  int unsigned Rows  = 8,
  parameter  int unsigned Cols  = 8,
  parameter  int unsigned Depth = 4,
  // FP32 elements in a chunk: half the operand codes of the longer side.
  localparam int unsigned Lanes = ((Rows > Cols) ? Rows : Cols) * Depth / 2
) (
  input  logic                            clk_i,
  input  logic                            rst_ni,
  input  logic                            clear_i,           // forgets everything in flight and the flags; before each job

  // Job: constant from clear_i until the job's last result has left.
  input  logic [3:0]                      fmt_a_i,
  input  logic [5:0]                      bias_a_i,
  input  logic [3:0]                      fmt_b_i,
  input  logic [5:0]                      bias_b_i,
  input  logic                            literal_i,
  input  logic                            accumulate_i,      // every block starts from a C given on the load stream

  // Steps. ready does not depend on step_valid_i or on the payload; it may depend on drain_ready_i and load_valid_i within the
  // clock. Offer them from flip-flops, so that a simulator decodes once a clock.
  input  logic                            step_valid_i,
  output logic                            step_ready_o,
  input  logic                            step_last_i,       // the block's last step
  input  logic [Rows*Depth*16-1:0]        step_a_i,          // code of row p, term d at element p * Depth + d
  input  logic [Cols*Depth*16-1:0]        step_b_i,          // code of column p, term d at element p * Depth + d
  input  logic [Rows-1:0]                 step_row_valid_i,  // rows, columns inside the matrix: constant in a block
  input  logic [Cols-1:0]                 step_col_valid_i,
  input  logic [Depth-1:0]                step_k_valid_i,    // terms inside the matrix

  // C of a block, accumulate jobs only: Chunks chunks in panel order, block after block. A chunk may come as early as the
  // steps of the block before; it is accepted as soon as the result chunk of the same number has left, or leaves in the same
  // clock. The C of a block that has begun to come before the block before it ends is waited for.
  input  logic                            load_valid_i,
  output logic                            load_ready_o,
  input  logic [Lanes*32-1:0]             load_data_i,
  input  logic [Lanes-1:0]                load_keep_i,       // 0: outside the matrix, loaded as +0 without a flag

  // Results of a block: Chunks chunks in panel order; elements outside the matrix are +0.
  output logic                            drain_valid_o,
  input  logic                            drain_ready_i,
  output logic [Lanes*32-1:0]             drain_data_o,

  output logic                            idle_o,            // no step and no result inside
  output logic                            step_done_o,       // a step is carried out in this clock
  output logic                            stall_result_o,    // a step waits for results to leave
  output logic                            stall_load_o,      // a step waits for C
  output logic [hb_job_pkg::NumFlag-1:0] flags_o            // sticky; complete when idle_o
);

  localparam int unsigned Chunks = Rows * Cols / Lanes;
  localparam int unsigned CountW = $clog2(Chunks + 1);
  localparam logic [CountW-1:0] AllChunks = Chunks[CountW-1:0];

  if (Lanes < 1 || Rows < Depth || Cols < Depth || Chunks * Lanes != Rows * Cols) begin : gen_bad_parameters
    $error("hb_array: Rows and Cols must be powers of two, not less than Depth");
  end

  // Stage 1: operands are decoded once, at the edge of the array.
  logic [Rows*Depth-1:0]   a_sign, a_nonzero, a_inf, a_nan, a_denormal, a_sign_q, a_nonzero_q, a_inf_q, a_nan_q;
  logic [Rows*Depth*8-1:0] a_x, a_sig, a_x_q, a_sig_q;
  logic [Cols*Depth-1:0]   b_sign, b_nonzero, b_inf, b_nan, b_denormal, b_sign_q, b_nonzero_q, b_inf_q, b_nan_q;
  logic [Cols*Depth*8-1:0] b_x, b_sig, b_x_q, b_sig_q;
  logic [Rows-1:0]         row_valid_q;
  logic [Cols-1:0]         col_valid_q;
  logic                    valid_q, last_q, denormal_q, int_mode_q;
  logic                    step_accept;

  assign step_accept = step_valid_i && step_ready_o;

  for (genvar i = 0; i < Rows * Depth; i++) begin : gen_dec_a
    hb_operand_dec u_dec (
      .valid_i   (step_valid_i && step_row_valid_i[i / Depth] && step_k_valid_i[i % Depth]),
      .fmt_i     (fmt_a_i),
      .bias_i    (bias_a_i),
      .literal_i (literal_i),
      .code_i    (step_a_i[i*16 +: 16]),
      .sign_o    (a_sign[i]),
      .x_o       (a_x[i*8 +: 8]),
      .sig_o     (a_sig[i*8 +: 8]),
      .nonzero_o (a_nonzero[i]),
      .inf_o     (a_inf[i]),
      .nan_o     (a_nan[i]),
      .denormal_o(a_denormal[i])
    );
  end

  for (genvar i = 0; i < Cols * Depth; i++) begin : gen_dec_b
    hb_operand_dec u_dec (
      .valid_i   (step_valid_i && step_col_valid_i[i / Depth] && step_k_valid_i[i % Depth]),
      .fmt_i     (fmt_b_i),
      .bias_i    (bias_b_i),
      .literal_i (literal_i),
      .code_i    (step_b_i[i*16 +: 16]),
      .sign_o    (b_sign[i]),
      .x_o       (b_x[i*8 +: 8]),
      .sig_o     (b_sig[i*8 +: 8]),
      .nonzero_o (b_nonzero[i]),
      .inf_o     (b_inf[i]),
      .nan_o     (b_nan[i]),
      .denormal_o(b_denormal[i])
    );
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni || clear_i) valid_q <= 1'b0;
    else if (step_ready_o)  valid_q <= step_valid_i;
  end

  always_ff @(posedge clk_i) begin
    int_mode_q <= (fmt_a_i == hb_job_pkg::FmtInt8) && (fmt_b_i == hb_job_pkg::FmtInt8);
    if (step_accept) begin
      a_sign_q    <= a_sign;
      a_x_q       <= a_x;
      a_sig_q     <= a_sig;
      a_nonzero_q <= a_nonzero;
      a_inf_q     <= a_inf;
      a_nan_q     <= a_nan;
      b_sign_q    <= b_sign;
      b_x_q       <= b_x;
      b_sig_q     <= b_sig;
      b_nonzero_q <= b_nonzero;
      b_inf_q     <= b_inf;
      b_nan_q     <= b_nan;
      row_valid_q <= step_row_valid_i;
      col_valid_q <= step_col_valid_i;
      last_q      <= step_last_i;
      denormal_q  <= (a_denormal != '0) || (b_denormal != '0);
    end
  end

  // Control of the two accumulator sets. `acc` computes. `shadow` holds the results of the last block until they have left,
  // and chunk by chunk behind them the C of the next block. armed_q: acc holds the start value of the block, or is beyond.
  logic              armed_q;
  logic [CountW-1:0] undrained_q, loaded_q, freed;
  logic              drain_fire, load_fire, drained, c_full, take_c, step_go, last_go;

  assign drain_valid_o = undrained_q != '0;
  assign drain_fire    = drain_valid_o && drain_ready_i;
  assign drained       = undrained_q == {{(CountW-1){1'b0}}, drain_fire};
  assign freed         = AllChunks - undrained_q + {{(CountW-1){1'b0}}, drain_fire};

  assign load_ready_o  = accumulate_i && loaded_q < freed;
  assign load_fire     = load_valid_i && load_ready_o;
  assign c_full        = loaded_q + {{(CountW-1){1'b0}}, load_fire} == AllChunks;
  assign take_c        = c_full && (last_go || !armed_q);

  assign stall_result_o = valid_q && last_q && !drained;
  assign stall_load_o   = valid_q && !stall_result_o &&
                          (!armed_q || (last_q && accumulate_i && !c_full && (load_valid_i || loaded_q != '0)));
  assign step_go        = valid_q && !stall_result_o && !stall_load_o;
  assign step_done_o    = step_go;
  assign last_go        = step_go && last_q;
  assign step_ready_o   = !valid_q || step_go;
  assign idle_o         = !valid_q && undrained_q == '0;

  always_ff @(posedge clk_i) begin
    if (!rst_ni || clear_i) begin
      armed_q     <= !accumulate_i;
      undrained_q <= '0;
      loaded_q    <= '0;
    end else begin
      if (take_c)          armed_q     <= 1'b1;
      else if (last_go)    armed_q     <= !accumulate_i;
      if (last_go)         undrained_q <= AllChunks;
      else if (drain_fire) undrained_q <= undrained_q - 1'b1;
      if (take_c)          loaded_q    <= '0;
      else if (load_fire)  loaded_q    <= loaded_q + 1'b1;
    end
  end

  // Stage 2: the cells, with no register inside: align, add, normalise and round are one loop through the accumulator and
  // cannot be cut at a step a clock; a register behind the multipliers would only take those off it.
  // They see flip-flops alone (valid_q, not step_go): the handshakes, which may hang on inputs of the chip
  // within the clock, only decide whether a result is kept. A simulator then evaluates a cell once a clock, not three times.
  // Element e of a block in panel order: e = (group * Rows + row) * Depth + d, col = group * Depth + d.
  logic [Lanes*32-1:0]                              load_data;
  logic [Lanes-1:0]                                 load_denormal;
  logic [Rows*Cols*32-1:0]                          shadow;
  logic [Rows*Cols*hb_job_pkg::NumFlag-1:0]        cell_flags;
  logic [hb_job_pkg::NumFlag-1:0]                  flags_d, flags_q;

  for (genvar l = 0; l < Lanes; l++) begin : gen_lane
    assign load_data[l*32 +: 32] = load_keep_i[l] ? load_data_i[l*32 +: 32] : 32'd0;
    assign load_denormal[l]      = load_data[l*32+23 +: 8] == 8'd0 && load_data[l*32 +: 23] != 23'd0;
  end

  for (genvar e = 0; e < Rows * Cols; e++) begin : gen_cell
    localparam int unsigned Row   = (e / Depth) % Rows;
    localparam int unsigned Col   = e / (Depth * Rows) * Depth + e % Depth;
    localparam int unsigned Chunk = e / Lanes;
    localparam int unsigned Lane  = e % Lanes;

    logic [31:0] acc_q, shadow_q, result;
    logic        load_here;

    hb_dot_cell #(
      .Depth(Depth)
    ) u_cell (
      .en_i       (valid_q && row_valid_q[Row] && col_valid_q[Col]),
      .int_mode_i (int_mode_q),
      .a_sign_i   (a_sign_q[Row*Depth +: Depth]),
      .a_x_i      (a_x_q[Row*Depth*8 +: Depth*8]),
      .a_sig_i    (a_sig_q[Row*Depth*8 +: Depth*8]),
      .a_nonzero_i(a_nonzero_q[Row*Depth +: Depth]),
      .a_inf_i    (a_inf_q[Row*Depth +: Depth]),
      .a_nan_i    (a_nan_q[Row*Depth +: Depth]),
      .b_sign_i   (b_sign_q[Col*Depth +: Depth]),
      .b_x_i      (b_x_q[Col*Depth*8 +: Depth*8]),
      .b_sig_i    (b_sig_q[Col*Depth*8 +: Depth*8]),
      .b_nonzero_i(b_nonzero_q[Col*Depth +: Depth]),
      .b_inf_i    (b_inf_q[Col*Depth +: Depth]),
      .b_nan_i    (b_nan_q[Col*Depth +: Depth]),
      .acc_i      (acc_q),
      .result_o   (result),
      .flags_o    (cell_flags[e*hb_job_pkg::NumFlag +: hb_job_pkg::NumFlag])
    );

    assign load_here        = load_fire && loaded_q == Chunk[CountW-1:0];
    assign shadow[e*32 +: 32] = shadow_q;

    always_ff @(posedge clk_i) begin
      if (!rst_ni || clear_i) acc_q <= 32'd0;
      else if (take_c)        acc_q <= load_here ? load_data[Lane*32 +: 32] : shadow_q;
      else if (last_go)       acc_q <= 32'd0;
      else if (step_go)       acc_q <= result;

      if (last_go)            shadow_q <= result;
      else if (load_here)     shadow_q <= load_data[Lane*32 +: 32];
    end
  end

  always_comb begin
    drain_data_o = '0;
    for (int unsigned k = 0; k < Chunks; k++) begin
      if (undrained_q == AllChunks - k[CountW-1:0]) drain_data_o = shadow[k*Lanes*32 +: Lanes*32];
    end
  end

  always_comb begin
    flags_d = '0;
    if (step_go) begin
      for (int unsigned e = 0; e < Rows * Cols; e++) begin
        flags_d = flags_d | cell_flags[e*hb_job_pkg::NumFlag +: hb_job_pkg::NumFlag];
      end
    end
    if ((step_go && denormal_q) || (load_fire && load_denormal != '0)) flags_d[hb_job_pkg::FlagDenormal] = 1'b1;
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni || clear_i) flags_q <= '0;
    else                    flags_q <= flags_q | flags_d;
  end

  assign flags_o = flags_q;

`ifndef SYNTHESIS
  // Promises of the ports, checked in simulation (rtl/README.md)
  hb_held #(.Width(Lanes * 32)) hb_array_drain_held (
    .clk_i, .rst_ni(rst_ni && !clear_i), .valid_i(drain_valid_o), .ready_i(drain_ready_i), .data_i(drain_data_o)
  );
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      hb_array_one_reason_to_stall: assert (!(stall_result_o && stall_load_o));
    end
  end
`endif

endmodule

`default_nettype wire
