// SPDX-License-Identifier: Apache-2.0
// Checks a descriptor, word by word as it comes, then its memory ranges (rtl/README.md, "Checks").
`default_nettype none

module hb_desc_check #(
  parameter  int unsigned Rows      = 8,
  parameter  int unsigned Cols      = 8,
  parameter  int unsigned Depth     = 4,
  parameter  int unsigned Banks     = 4,
  parameter  int unsigned BankBytes = 32768,
  parameter  bit          Net       = 0,  // SEND, GET and SIGNAL are opcodes
  localparam int unsigned WordBytes = hb_chip_pkg::word_bytes(Rows, Cols, Depth),
  localparam int unsigned AddrW     = $clog2(Banks * BankBytes / WordBytes) + 1
) (
  input  logic                  clk_i,
  input  logic                  rst_ni,

  input  logic                  valid_i,   // a word of the descriptor; word 0 begins a new one, whatever went before
  input  logic [3:0]            index_i,   // words come in order, 0 to 15, at any pace; none between word 15 and done_o
  input  logic [31:0]           word_i,

  output logic                  done_o,    // from the verdict until the next word; at most 80 clocks after word 15
  output hb_job_pkg::status_e   status_o,  // of the first check that fails, or StOk; valid with done_o, as all below
  output logic [7:0]            field_o,   // the number of the word it failed for
  output hb_tile_pkg::job_t     job_o,     // as the descriptor says, legal or not
  output hb_tile_pkg::order_t   order_o,
  output logic [4*(AddrW-1)-1:0] base_o,   // words: A in the lowest bits, then B, C, D; meaningful with StOk
  output logic [4*AddrW-1:0]    stride_o   // words, likewise
);

  localparam int unsigned DataBytes = Banks * BankBytes;
  localparam int unsigned WordLog   = $clog2(WordBytes);
  localparam int unsigned DataLog   = $clog2(DataBytes);
  localparam int unsigned RowsLog   = $clog2(Rows);
  localparam int unsigned ColsLog   = $clog2(Cols);
  localparam int unsigned DepthLog  = $clog2(Depth);
  localparam int unsigned IndexW    = AddrW - 1;  // bits of a word index in data memory
  localparam int unsigned CompareW  = (AddrW > 18) ? AddrW : 18;

  // Regions in the order of their words.
  localparam logic [1:0] RegA = 2'd0;
  localparam logic [1:0] RegB = 2'd1;
  localparam logic [1:0] RegC = 2'd2;
  localparam logic [1:0] RegD = 2'd3;

  typedef enum logic [1:0] {Words, Load, Walk, Done} state_e;

  state_e               state_q;
  hb_job_pkg::status_e  status_q, fail;
  logic [7:0]           field_q;
  hb_tile_pkg::job_t    job_q;
  hb_tile_pkg::order_t  order_q;
  logic [4*AddrW-1:0]   base_q, stride_q;            // words, the data memory's size included
  logic [3:0]           base_above_q, stride_above_q;  // beyond even that

  // What the opcode uses. Of a descriptor whose word 0 is refused nothing else matters.
  logic [hb_job_pkg::NumUse-1:0] uses;
  logic                          linear;  // M rows of N words, not numbers
  logic [3:0]                    used;    // matrices
  assign uses   = hb_job_pkg::uses_of(job_q.opcode, job_q.accumulate, job_q.stochastic, Net);
  assign used   = {uses[hb_job_pkg::UseD], uses[hb_job_pkg::UseC], uses[hb_job_pkg::UseB], uses[hb_job_pkg::UseA]};
  assign linear = !uses[hb_job_pkg::UseFormatD];

  // More than the bytes of the data memory.
  function automatic logic above(input logic [31:0] bytes);
    above = (bytes >> DataLog) > 32'd1 || (bytes[DataLog] && bytes[DataLog-1:0] != '0);
  endfunction

  // A format {bias, code} that an opcode cannot use.
  function automatic logic bad_format(input logic [5:0] bias, input logic [3:0] code, input logic may_be_result);
    bad_format = !hb_job_pkg::is_format(code) || (hb_job_pkg::result_only(code) && !may_be_result) ||
                 (bias != '0 && !hb_job_pkg::has_bias(code));
  endfunction

  // Checks 1 to 7 look at one word each. Statuses are numbered in the table's order, so the lowest that any word
  // gives is the first check that fails, and of equal ones the first word stands.
  logic        misaligned, surplus, bad_a, bad_b, bad_d;
  logic [31:8] options;
  assign options    = hb_job_pkg::options_of(word_i[7:0]);
  assign misaligned = word_i[WordLog-1:0] != '0;
  assign surplus    = hb_job_pkg::surplus(index_i, word_i, uses);

  // A may be in the format of results if it is converted, not multiplied.
  assign bad_a = uses[hb_job_pkg::UseFormatA] &&
                 bad_format(word_i[hb_job_pkg::DescBiasALsb +: hb_job_pkg::DescBiasABits],
                            word_i[hb_job_pkg::DescFormatALsb +: hb_job_pkg::DescFormatABits], !uses[hb_job_pkg::UseFormatB]);
  assign bad_b = uses[hb_job_pkg::UseFormatB] &&
                 bad_format(word_i[hb_job_pkg::DescBiasBLsb +: hb_job_pkg::DescBiasBBits],
                            word_i[hb_job_pkg::DescFormatBLsb +: hb_job_pkg::DescFormatBBits], 1'b0);
  assign bad_d = uses[hb_job_pkg::UseFormatD] &&
                 bad_format(word_i[hb_job_pkg::DescBiasDLsb +: hb_job_pkg::DescBiasDBits],
                            word_i[hb_job_pkg::DescFormatDLsb +: hb_job_pkg::DescFormatDBits], 1'b1);

  always_comb begin
    fail = hb_job_pkg::StOk;
    unique case (index_i)
      hb_job_pkg::DescOpcodeWord: begin
        if (!hb_job_pkg::is_opcode(word_i[7:0], Net)) begin
          fail = hb_job_pkg::StBadOpcode;
        end else if ((word_i[31:8] & ~options) != '0) begin
          fail = hb_job_pkg::StBadOption;
        end
      end
      hb_job_pkg::DescTagWord: ;
      hb_job_pkg::DescFormatAWord: if (surplus || bad_a || bad_b || bad_d) fail = hb_job_pkg::StBadFormat;
      hb_job_pkg::DescMWord: begin
        if (surplus || (uses[hb_job_pkg::UseSize] && (word_i[hb_job_pkg::DescMLsb +: hb_job_pkg::DescMBits] == '0 ||
                                                      word_i[hb_job_pkg::DescNLsb +: hb_job_pkg::DescNBits] == '0))) begin
          fail = hb_job_pkg::StBadSize;
        end
      end
      hb_job_pkg::DescKWord: begin
        if (surplus || (uses[hb_job_pkg::UseK] && word_i[hb_job_pkg::DescKLsb +: hb_job_pkg::DescKBits] == '0)) begin
          fail = hb_job_pkg::StBadSize;
        end
      end
      hb_job_pkg::DescSeedWord, hb_job_pkg::DescRow0Word: if (surplus) fail = hb_job_pkg::StUnused;
      hb_job_pkg::DescWaitSemWord: if (surplus) fail = hb_job_pkg::StBadSemaphore;
      default: begin  // bases and strides
        if (surplus) fail = hb_job_pkg::StUnused;
        else if (misaligned) fail = hb_job_pkg::StMisaligned;
      end
    endcase
  end

  // Checks 8 to 10, a region at a time. D goes first, because the others are compared with it.
  // Its last word is base + (panels - 1) * stride + last; the product by shift and add, as long as panels - 1 has bits.
  logic [1:0]        region_q;
  logic [15:0]       rows, cols, panels_m1, groups_m1;
  logic [1:0]        element_log;
  logic [17:0]       bytes_m1, last;
  logic [AddrW-1:0]  base, stride;
  logic [IndexW-1:0] sum_q, step_q, d_last_q;
  logic              sum_over_q, step_over_q, d_short_q;
  logic [15:0]       times_q;
  logic [IndexW:0]   sum;
  logic              out_of_range, meets_d, is_d;
  logic [7:0]        range_field;

  assign rows   = (region_q == RegB) ? job_q.n : job_q.m;
  assign cols   = (uses[hb_job_pkg::UseK] && (region_q == RegA || region_q == RegB)) ? job_q.k : job_q.n;

  always_comb begin
    unique case (region_q)
      RegA:    element_log = hb_job_pkg::bytes_log(job_q.fmt_a);
      RegB:    element_log = hb_job_pkg::bytes_log(job_q.fmt_b);
      RegC:    element_log = hb_job_pkg::bytes_log(hb_job_pkg::FmtFp32);
      default: element_log = hb_job_pkg::bytes_log(job_q.fmt_d);
    endcase
  end

  // With p = 2^n: ceil(x / p) - 1 = (x - 1) >> n. In these terms: groups - 1, then (bytes of a panel - 1) in units of
  // P * Depth bytes, then words - 1.
  always_comb begin
    panels_m1 = rows - 16'd1;
    groups_m1 = (cols - 16'd1) >> DepthLog;
    bytes_m1  = {groups_m1, 2'b11} >> (2'd2 - element_log);
    if (linear) begin
      last = {2'b00, cols} - 18'd1;
    end else if (region_q == RegB) begin
      panels_m1 = panels_m1 >> ColsLog;
      last      = bytes_m1 >> (WordLog - ColsLog - DepthLog);
    end else begin
      panels_m1 = panels_m1 >> RowsLog;
      last      = bytes_m1 >> (WordLog - RowsLog - DepthLog);
    end
  end

  assign base   = base_q[region_q*AddrW +: AddrW];
  assign stride = stride_q[region_q*AddrW +: AddrW];
  assign is_d   = region_q == RegD;

  // Load adds base and last, Walk the strides.
  assign sum = (state_q == Load) ? {1'b0, base[IndexW-1:0]} + {1'b0, IndexW'(last)} : {1'b0, sum_q} + {1'b0, step_q};

  assign out_of_range = base_above_q[region_q] || stride_above_q[region_q] || sum_over_q;
  assign range_field  = (stride_above_q[region_q] && !base_above_q[region_q]) ? 8'(hb_job_pkg::DescStrideAWord) + 8'(region_q) : 8'(hb_job_pkg::DescBaseAWord) + 8'(region_q);
  assign meets_d      = !uses[hb_job_pkg::UsePlace] && base[IndexW-1:0] <= d_last_q && base_q[RegD*AddrW +: IndexW] <= sum_q &&
                        !(region_q == RegC && job_q.fmt_d == hb_job_pkg::FmtFp32 && base == base_q[RegD*AddrW +: AddrW] &&
                          stride == stride_q[RegD*AddrW +: AddrW]);

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      state_q <= Words;
    end else if (valid_i) begin
      if (index_i != 4'd15) begin
        state_q <= Words;
      end else begin
        state_q <= (status_q == hb_job_pkg::StOk && fail == hb_job_pkg::StOk && used[RegD]) ? Load : Done;
      end
    end else begin
      unique case (state_q)
        Load:    state_q <= used[region_q] ? Walk : (region_q == RegC) ? Done : Load;
        Walk:    if (times_q == '0) state_q <= (region_q == RegC || (out_of_range && !is_d)) ? Done : Load;
        default: ;
      endcase
    end
  end

  always_ff @(posedge clk_i) begin
    if (valid_i) begin
      region_q <= RegD;
      if (fail != hb_job_pkg::StOk &&
          (index_i == 4'd0 || status_q == hb_job_pkg::StOk || fail < status_q)) begin
        status_q <= fail;
        field_q  <= {4'd0, index_i};
      end else if (index_i == 4'd0) begin
        status_q <= hb_job_pkg::StOk;
        field_q  <= '0;
      end
    end else if (state_q == Load) begin
      sum_q       <= sum[IndexW-1:0];
      sum_over_q  <= sum[IndexW] || base[IndexW] || (last >> IndexW) != '0;
      step_q      <= stride[IndexW-1:0];
      step_over_q <= stride[IndexW];
      times_q     <= panels_m1;
      if (is_d) d_short_q <= !uses[hb_job_pkg::UsePlace] && panels_m1 != '0 && CompareW'(stride) <= CompareW'(last);
      if (!used[region_q]) region_q <= region_q + 2'd1;
    end else if (state_q == Walk && times_q != '0) begin
      if (times_q[0]) begin
        sum_q      <= sum[IndexW-1:0];
        sum_over_q <= sum_over_q || sum[IndexW] || step_over_q;
      end
      step_q      <= step_q << 1;
      step_over_q <= step_over_q || step_q[IndexW-1];
      times_q     <= times_q >> 1;
    end else if (state_q == Walk) begin
      region_q <= region_q + 2'd1;
      if (is_d) d_last_q <= sum_q;
      // Check 8 of A, B, C comes before D's, and all of them before checks 9 and 10.
      if (out_of_range) begin
        status_q <= hb_job_pkg::StOutOfRange;
        field_q  <= range_field;
      end else if (is_d ? d_short_q : (meets_d && status_q == hb_job_pkg::StOk)) begin
        status_q <= hb_job_pkg::StOverlap;
        field_q  <= is_d ? 8'(hb_job_pkg::DescStrideDWord) : 8'(hb_job_pkg::DescBaseDWord);
      end
    end
  end

  // The fields, taken as their words pass.
  always_ff @(posedge clk_i) begin
    if (valid_i) begin
      unique case (index_i)
        hb_job_pkg::DescOpcodeWord: begin
          job_q.opcode     <= word_i[hb_job_pkg::DescOpcodeLsb +: hb_job_pkg::DescOpcodeBits];
          job_q.accumulate <= word_i[hb_job_pkg::OptionAccumulate];
          job_q.relu       <= word_i[hb_job_pkg::OptionRelu];
          job_q.saturate   <= word_i[hb_job_pkg::OptionSaturate];
          job_q.stochastic <= word_i[hb_job_pkg::OptionStochastic];
          job_q.literal    <= word_i[hb_job_pkg::OptionLiteral];
          order_q.irq      <= word_i[hb_job_pkg::OptionIrq];
        end
        hb_job_pkg::DescTagWord: order_q.tag <= word_i[hb_job_pkg::DescTagLsb +: hb_job_pkg::DescTagBits];
        hb_job_pkg::DescFormatAWord: begin
          job_q.fmt_a  <= word_i[hb_job_pkg::DescFormatALsb +: hb_job_pkg::DescFormatABits];
          job_q.bias_a <= word_i[hb_job_pkg::DescBiasALsb +: hb_job_pkg::DescBiasABits];
          job_q.fmt_b  <= word_i[hb_job_pkg::DescFormatBLsb +: hb_job_pkg::DescFormatBBits];
          job_q.bias_b <= word_i[hb_job_pkg::DescBiasBLsb +: hb_job_pkg::DescBiasBBits];
          job_q.fmt_d  <= word_i[hb_job_pkg::DescFormatDLsb +: hb_job_pkg::DescFormatDBits];
          job_q.bias_d <= word_i[hb_job_pkg::DescBiasDLsb +: hb_job_pkg::DescBiasDBits];
        end
        hb_job_pkg::DescMWord: begin
          job_q.m <= word_i[hb_job_pkg::DescMLsb +: hb_job_pkg::DescMBits];
          job_q.n <= word_i[hb_job_pkg::DescNLsb +: hb_job_pkg::DescNBits];
        end
        hb_job_pkg::DescKWord: job_q.k <= word_i[hb_job_pkg::DescKLsb +: hb_job_pkg::DescKBits];
        hb_job_pkg::DescSeedWord: job_q.seed <= word_i[hb_job_pkg::DescSeedLsb +: hb_job_pkg::DescSeedBits];
        hb_job_pkg::DescRow0Word: begin
          job_q.row0 <= word_i[hb_job_pkg::DescRow0Lsb +: hb_job_pkg::DescRow0Bits];
          job_q.col0 <= word_i[hb_job_pkg::DescCol0Lsb +: hb_job_pkg::DescCol0Bits];
        end
        hb_job_pkg::DescWaitSemWord: begin
          order_q.wait_sem     <= word_i[hb_job_pkg::DescWaitSemLsb +: hb_job_pkg::DescWaitSemBits];
          order_q.wait_count   <= word_i[hb_job_pkg::DescWaitCountLsb +: hb_job_pkg::DescWaitCountBits];
          order_q.signal_sem   <= word_i[hb_job_pkg::DescSignalSemLsb +: hb_job_pkg::DescSignalSemBits];
          order_q.signal_count <= word_i[hb_job_pkg::DescSignalCountLsb +: hb_job_pkg::DescSignalCountBits];
        end
        default: begin  // 5..12, A to D: the oldest moves out at the bottom
          if (index_i < hb_job_pkg::DescStrideAWord) begin
            base_q       <= {word_i[DataLog:WordLog], base_q[4*AddrW-1:AddrW]};
            base_above_q <= {above(word_i), base_above_q[3:1]};
          end else begin
            stride_q       <= {word_i[DataLog:WordLog], stride_q[4*AddrW-1:AddrW]};
            stride_above_q <= {above(word_i), stride_above_q[3:1]};
          end
        end
      endcase
    end
  end

  assign done_o   = state_q == Done;
  assign status_o = status_q;
  assign field_o  = field_q;
  assign job_o    = job_q;
  assign order_o  = order_q;
  assign stride_o = stride_q;
  for (genvar r = 0; r < 4; r++) begin : gen_base
    assign base_o[r*IndexW +: IndexW] = base_q[r*AddrW +: IndexW];
  end

endmodule

`default_nettype wire
