// SPDX-License-Identifier: Apache-2.0
// Executes one checked job: reads its operands, runs the array or the mover, writes its result (rtl/README.md).
`default_nettype none

module hb_engine #(
  parameter  int unsigned Rows      = 8,
  parameter  int unsigned Cols      = 8,
  parameter  int unsigned Depth     = 4,
  parameter  int unsigned Banks     = 4,
  parameter  int unsigned BankBytes = 32768,
  localparam int unsigned WordBytes = hb_chip_pkg::word_bytes(Rows, Cols, Depth),
  localparam int unsigned WordBits  = WordBytes * 8,
  localparam int unsigned AddrW     = $clog2(Banks * BankBytes / WordBytes) + 1,
  localparam int unsigned MacsW     = $clog2(Rows * Cols * Depth + 1)
) (
  input  logic                clk_i,
  input  logic                rst_ni,

  // One job at a time. Job, bases and strides (in words) are stable from start_i to done_o.
  input  logic                start_i,     // pulse, not while a job runs
  input  logic                abort_i,     // while a job runs: no write is granted from the next clock on, then done_o
  input  hb_tile_pkg::job_t   job_i,       // checked; any opcode but SYNC
  input  logic [AddrW-2:0]    a_base_i,    // A, or the source of CONVERT and COPY
  input  logic [AddrW-2:0]    b_base_i,
  input  logic [AddrW-2:0]    c_base_i,
  input  logic [AddrW-2:0]    d_base_i,
  input  logic [AddrW-1:0]    a_stride_i,
  input  logic [AddrW-1:0]    b_stride_i,
  input  logic [AddrW-1:0]    c_stride_i,
  input  logic [AddrW-1:0]    d_stride_i,
  output logic                done_o,      // pulse after the last write's grant; with it and until the next start_i:
  output logic [5:0]          job_flags_o,   // sticky flags, in the order of vectors/README.md section 5
  output logic                poison_o,      // a word read was uncorrectable
  output logic [AddrW-1:0]    poison_addr_o, // the first such word

  // What the job does in this clock, for the counters.
  output logic                active_o,        // from the first read's request up to and including the last write's grant
  output logic                step_o,          // the array took a step,
  output logic [MacsW-1:0]    macs_o,          // of this many multiply-accumulates inside M x N x K (0 without step_o)
  output logic                stall_operand_o, // the array stood for want of A or B,
  output logic                stall_result_o,  // because the results before have not drained,
  output logic                stall_c_o,       // or for want of C; at most one of the three, and only while steps remain

  // Memory ports: a request holds until granted (an abort may drop it); read data comes two clocks after the grant.
  output logic                a_req_o,
  input  logic                a_gnt_i,
  output logic [AddrW-1:0]    a_addr_o,
  input  logic                a_rvalid_i,
  input  logic [WordBits-1:0] a_rdata_i,
  input  logic                a_ue_i,

  output logic                b_req_o,
  input  logic                b_gnt_i,
  output logic [AddrW-1:0]    b_addr_o,
  input  logic                b_rvalid_i,
  input  logic [WordBits-1:0] b_rdata_i,
  input  logic                b_ue_i,

  output logic                s_req_o,
  input  logic                s_gnt_i,
  output logic [AddrW-1:0]    s_addr_o,
  input  logic                s_rvalid_i,
  input  logic [WordBits-1:0] s_rdata_i,
  input  logic                s_ue_i,

  output logic                d_req_o,
  input  logic                d_gnt_i,
  output logic [AddrW-1:0]    d_addr_o,
  output logic [WordBits-1:0] d_wdata_o
);

  localparam int unsigned Lanes = WordBytes / 4;

  if ((Rows & (Rows - 1)) != 0 || (Cols & (Cols - 1)) != 0 || (Depth != 1 && Depth != 2 && Depth != 4) ||
      Rows < Depth || Cols < Depth || WordBytes < 8) begin : gen_bad_array
    $error("hb_engine: Depth must be 1, 2 or 4, Rows and Cols powers of two not less than Depth, a word at least 8 bytes");
  end
  if ((Banks & (Banks - 1)) != 0 || (BankBytes & (BankBytes - 1)) != 0 || BankBytes < 2 * WordBytes) begin : gen_bad_memory
    $error("hb_engine: Banks and BankBytes must be powers of two, a bank at least two words");
  end

  typedef enum logic [1:0] {
    StIdle,   // every unit below forgets: each job begins with a clean datapath
    StRun,
    StQuiet,  // aborted: waits for the reads under way
    StDone
  } state_e;

  state_e state_q;
  logic   run, written, quiet;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      state_q <= StIdle;
    end else begin
      unique case (state_q)
        StIdle:  if (start_i) state_q <= StRun;
        StRun:   if (abort_i) state_q <= StQuiet;
                 else if (written && quiet) state_q <= StDone;
        StQuiet: if (quiet) state_q <= StDone;
        default: state_q <= StIdle;
      endcase
    end
  end

  assign run      = state_q == StRun;
  assign done_o   = state_q == StDone;
  assign active_o = run && !written;

  // What the job is, and its sizes.
  logic gemm, convert, copy, fill, load;

  assign gemm    = job_i.opcode == hb_job_pkg::OpGemm;
  assign convert = job_i.opcode == hb_job_pkg::OpConvert;
  assign copy    = job_i.opcode == hb_job_pkg::OpCopy;
  assign fill    = job_i.opcode == hb_job_pkg::OpFill;
  assign load    = gemm && job_i.accumulate;

  logic [15:0]      row_blocks, col_blocks, steps;
  logic [AddrW-1:0] a_words, b_words, s_words;
  logic [17:0]      chunks, block_chunks;
  logic [1:0]       s_size, d_size;

  hb_shape #(.Rows(Rows), .Cols(Cols), .Depth(Depth), .AddrW(AddrW)) u_shape (
    .gemm_i(gemm), .convert_i(convert), .m_i(job_i.m), .n_i(job_i.n), .k_i(job_i.k),
    .fmt_a_i(job_i.fmt_a), .fmt_b_i(job_i.fmt_b), .fmt_d_i(job_i.fmt_d),
    .row_blocks_o(row_blocks), .col_blocks_o(col_blocks), .steps_o(steps),
    .a_words_o(a_words), .b_words_o(b_words), .s_words_o(s_words),
    .chunks_o(chunks), .block_chunks_o(block_chunks), .s_size_o(s_size), .d_size_o(d_size)
  );

  // Strides are stable and less than the memory wherever there is more than one panel: their top bit tells nothing.
  logic [3:0] unused_stride;
  assign unused_stride = {a_stride_i[AddrW-1], b_stride_i[AddrW-1], c_stride_i[AddrW-1], d_stride_i[AddrW-1]};

  // A: each panel once for every panel of B. B: all panels once for every panel of A. S: C, or the source; each panel once.
  logic                a_valid, a_ready, b_valid, b_ready, s_valid, s_ready, a_quiet, b_quiet, s_quiet;
  logic                a_poison, b_poison, s_poison;
  logic [WordBits-1:0] a_data, b_data, s_data;
  logic [AddrW-1:0]    a_poison_addr, b_poison_addr, s_poison_addr;

  hb_fetch #(.AddrW(AddrW), .WordBits(WordBits)) u_fetch_a (
    .clk_i, .rst_ni, .run_i(run && gemm),
    .base_i(a_base_i), .stride_i(a_stride_i[AddrW-2:0]), .words_i(a_words),
    .inner_i(col_blocks), .outer_i(row_blocks), .repeat_i(1'b1),
    .req_o(a_req_o), .gnt_i(a_gnt_i), .addr_o(a_addr_o), .rvalid_i(a_rvalid_i), .rdata_i(a_rdata_i), .ue_i(a_ue_i),
    .valid_o(a_valid), .ready_i(a_ready), .data_o(a_data),
    .quiet_o(a_quiet), .poison_o(a_poison), .poison_addr_o(a_poison_addr)
  );

  hb_fetch #(.AddrW(AddrW), .WordBits(WordBits)) u_fetch_b (
    .clk_i, .rst_ni, .run_i(run && gemm),
    .base_i(b_base_i), .stride_i(b_stride_i[AddrW-2:0]), .words_i(b_words),
    .inner_i(col_blocks), .outer_i(row_blocks), .repeat_i(1'b0),
    .req_o(b_req_o), .gnt_i(b_gnt_i), .addr_o(b_addr_o), .rvalid_i(b_rvalid_i), .rdata_i(b_rdata_i), .ue_i(b_ue_i),
    .valid_o(b_valid), .ready_i(b_ready), .data_o(b_data),
    .quiet_o(b_quiet), .poison_o(b_poison), .poison_addr_o(b_poison_addr)
  );

  hb_fetch #(.AddrW(AddrW), .WordBits(WordBits)) u_fetch_s (
    .clk_i, .rst_ni, .run_i(run && (load || convert || copy)),
    .base_i(gemm ? c_base_i : a_base_i), .stride_i(gemm ? c_stride_i[AddrW-2:0] : a_stride_i[AddrW-2:0]),
    .words_i(s_words), .inner_i(16'd1), .outer_i(row_blocks), .repeat_i(1'b1),
    .req_o(s_req_o), .gnt_i(s_gnt_i), .addr_o(s_addr_o), .rvalid_i(s_rvalid_i), .rdata_i(s_rdata_i), .ue_i(s_ue_i),
    .valid_o(s_valid), .ready_i(s_ready), .data_o(s_data),
    .quiet_o(s_quiet), .poison_o(s_poison), .poison_addr_o(s_poison_addr)
  );

  assign quiet = a_quiet && b_quiet && s_quiet;

  // The array, and what does without it.
  logic                c_valid, c_ready, drain_valid, drain_ready, fp32_valid, fp32_ready, word_valid, word_ready;
  logic [WordBits-1:0] c_data, drain_data, fp32_data, word_data;
  logic [Lanes-1:0]    c_keep;
  logic [5:0]          array_flags;
  logic                source_denormal;

  hb_gemm #(.Rows(Rows), .Cols(Cols), .Depth(Depth)) u_gemm (
    .clk_i, .rst_ni, .run_i(run && gemm),
    .m_i(job_i.m), .n_i(job_i.n), .k_i(job_i.k), .fmt_a_i(job_i.fmt_a), .bias_a_i(job_i.bias_a),
    .fmt_b_i(job_i.fmt_b), .bias_b_i(job_i.bias_b), .literal_i(job_i.literal), .accumulate_i(job_i.accumulate),
    .row_blocks_i(row_blocks), .col_blocks_i(col_blocks), .steps_i(steps),
    .a_valid_i(a_valid), .a_ready_o(a_ready), .a_data_i(a_data),
    .b_valid_i(b_valid), .b_ready_o(b_ready), .b_data_i(b_data),
    .c_valid_i(c_valid), .c_ready_o(c_ready), .c_data_i(c_data), .c_keep_i(c_keep),
    .drain_valid_o(drain_valid), .drain_ready_i(drain_ready), .drain_data_o(drain_data),
    .step_o, .macs_o, .stall_operand_o, .stall_result_o, .stall_c_o, .flags_o(array_flags)
  );

  hb_move #(.Rows(Rows), .Cols(Cols), .Depth(Depth)) u_move (
    .clk_i, .rst_ni, .run_i(run), .load_i(load), .convert_i(convert), .copy_i(copy), .fill_i(fill),
    .m_i(job_i.m), .n_i(job_i.n), .fmt_i(job_i.fmt_a), .bias_i(job_i.bias_a), .literal_i(job_i.literal),
    .pattern_i(job_i.seed), .chunks_i(chunks), .block_chunks_i(block_chunks), .size_i(s_size),
    .s_valid_i(s_valid), .s_ready_o(s_ready), .s_data_i(s_data),
    .c_valid_o(c_valid), .c_ready_i(c_ready), .c_data_o(c_data), .c_keep_o(c_keep),
    .fp32_valid_o(fp32_valid), .fp32_ready_i(fp32_ready), .fp32_data_o(fp32_data),
    .word_valid_o(word_valid), .word_ready_i(word_ready), .word_data_o(word_data),
    .denormal_o(source_denormal)
  );

  // The result path. Chunks of a block that have no place in D are dropped.
  logic                has_place, result_in_valid, result_in_ready, result_valid, result_ready, pack_ready, unused_end;
  logic [Lanes-1:0]    keep;
  logic [15:0]         row, col;
  logic [WordBits-1:0] result_data;
  logic [5:0]          result_flags;

  assign result_in_valid = gemm ? drain_valid && has_place : fp32_valid;
  assign drain_ready     = result_in_ready || !has_place;
  assign fp32_ready      = result_in_ready;
  assign result_ready    = pack_ready;
  assign word_ready      = pack_ready;

  hb_chunk_walk #(.Rows(Rows), .Cols(Cols), .Depth(Depth)) u_walk (
    .clk_i, .run_i(run),
    .m_i(job_i.m), .n_i(job_i.n), .row0_i(job_i.row0), .col0_i(job_i.col0),
    .chunks_i(chunks), .total_i(block_chunks), .step_i(gemm ? drain_valid && drain_ready : fp32_valid && fp32_ready),
    .real_o(has_place), .end_o(unused_end), .row_o(row), .col_o(col), .keep_o(keep)
  );

  hb_result #(.Rows(Rows), .Depth(Depth), .Lanes(Lanes)) u_result (
    .clk_i, .rst_ni, .clear_i(!run),
    .fmt_i(job_i.fmt_d), .bias_i(job_i.bias_d), .literal_i(job_i.literal), .relu_i(job_i.relu),
    .saturate_i(job_i.saturate), .stochastic_i(job_i.stochastic), .seed_i(job_i.seed),
    .in_valid_i(result_in_valid), .in_ready_o(result_in_ready), .in_data_i(gemm ? drain_data : fp32_data),
    .in_keep_i(keep), .in_row_i(row), .in_col_i(col),
    .out_valid_o(result_valid), .out_ready_i(result_ready), .out_data_o(result_data), .flags_o(result_flags)
  );

  hb_pack #(.AddrW(AddrW), .WordBits(WordBits)) u_pack (
    .clk_i, .rst_ni, .run_i(run),
    .base_i(d_base_i), .stride_i(d_stride_i[AddrW-2:0]), .chunks_i(chunks), .panels_i(row_blocks), .size_i(d_size),
    .valid_i((copy || fill) ? word_valid : result_valid), .ready_o(pack_ready),
    .data_i((copy || fill) ? word_data : result_data),
    .req_o(d_req_o), .gnt_i(d_gnt_i), .addr_o(d_addr_o), .wdata_o(d_wdata_o), .done_o(written)
  );

  // What is left of a job when it has ended: its flags and the first uncorrectable word.
  logic [5:0]       flags, flags_q;
  logic             poison_q;
  logic [AddrW-1:0] poison_addr_q;

  always_comb begin
    flags = array_flags | result_flags;
    if (source_denormal) flags[hb_job_pkg::FlagDenormal] = 1'b1;
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni || start_i) begin
      flags_q       <= '0;
      poison_q      <= 1'b0;
      poison_addr_q <= '0;
    end else if (run) begin
      flags_q <= flags;
      if (!poison_q && (a_poison || b_poison || s_poison)) begin
        poison_q      <= 1'b1;
        poison_addr_q <= a_poison ? a_poison_addr : b_poison ? b_poison_addr : s_poison_addr;
      end
    end
  end

  assign job_flags_o   = flags_q;
  assign poison_o      = poison_q;
  assign poison_addr_o = poison_addr_q;

`ifndef SYNTHESIS
  // Promises of the ports, checked in simulation (rtl/README.md)
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      hb_engine_starts_only_when_idle: assert (!start_i || state_q == StIdle);
      hb_engine_one_reason_to_stall:   assert (3'(stall_operand_o) + 3'(stall_result_o) + 3'(stall_c_o) <= 3'd1);
      hb_engine_no_step_while_stalled: assert (!step_o || !(stall_operand_o || stall_result_o || stall_c_o));
      hb_engine_macs_only_in_steps:    assert (step_o || macs_o == '0);
    end
  end
`endif

endmodule

`default_nettype wire
