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
  logic       gemm, convert, copy, fill, send, get, signal, none, numeric;
  logic [3:0] used;
  assign gemm    = job_q.opcode == hb_job_pkg::OpGemm;
  assign convert = job_q.opcode == hb_job_pkg::OpConvert;
  assign copy    = job_q.opcode == hb_job_pkg::OpCopy;
  assign fill    = job_q.opcode == hb_job_pkg::OpFill;
  assign send    = Net && job_q.opcode == hb_job_pkg::OpSend;
  assign get     = Net && job_q.opcode == hb_job_pkg::OpGet;
  assign signal  = Net && job_q.opcode == hb_job_pkg::OpSignal;
  assign none    = signal || job_q.opcode == hb_job_pkg::OpSync;  // no matrix
  assign numeric = gemm || convert;
  assign used    = {!none, gemm && job_q.accumulate, gemm, numeric || copy || send || get};

  // More than the bytes of the data memory.
  function automatic logic above(input logic [31:0] bytes);
    above = (bytes >> DataLog) > 32'd1 || (bytes[DataLog] && bytes[DataLog-1:0] != '0);
  endfunction

  // A format field {bias, code} that the checks refuse.
  function automatic logic bad_format(input logic [9:0] spec, input logic is_used, input logic may_be_result);
    bad_format = is_used ? !hb_job_pkg::is_format(spec[3:0]) || (hb_job_pkg::result_only(spec[3:0]) && !may_be_result) ||
                           (spec[9:4] != '0 && !hb_job_pkg::has_bias(spec[3:0]))
                         : (spec != '0);
  endfunction

  // Checks 1 to 7 look at one word each. Statuses are numbered in the table's order, so the lowest that any word
  // gives is the first check that fails, and of equal ones the first word stands.
  logic        misaligned, address_used;
  logic [31:8] options;
  assign options      = hb_job_pkg::options_of(word_i[7:0]);
  assign misaligned   = word_i[WordLog-1:0] != '0;
  assign address_used = used[index_i[1:0] - 2'd1];  // words 5..8 and 9..12 are A, B, C, D

  always_comb begin
    fail = hb_job_pkg::StOk;
    unique case (index_i)
      4'd0: begin
        if (!hb_job_pkg::is_opcode(word_i[7:0], Net)) begin
          fail = hb_job_pkg::StBadOpcode;
        end else if ((word_i[31:8] & ~options) != '0) begin
          fail = hb_job_pkg::StBadOption;
        end
      end
      4'd1: ;
      4'd2: begin
        if (bad_format(word_i[9:0], numeric, convert) || bad_format(word_i[19:10], gemm, 1'b0) ||
            bad_format(word_i[29:20], numeric, 1'b1) || word_i[31:30] != '0) begin
          fail = hb_job_pkg::StBadFormat;
        end
      end
      4'd3: begin
        if (none ? (word_i != '0) : (word_i[15:0] == '0 || word_i[31:16] == '0)) fail = hb_job_pkg::StBadSize;
      end
      4'd4: begin
        if ((word_i[15:0] != '0) != gemm || word_i[31:16] != '0) fail = hb_job_pkg::StBadSize;
      end
      4'd13: begin  // a place has 8 bits
        if (send || get || signal) begin
          if (word_i[31:8] != '0) fail = hb_job_pkg::StUnused;
        end else if (word_i != '0 && !job_q.stochastic && !fill) begin
          fail = hb_job_pkg::StUnused;
        end
      end
      4'd14: begin  // a semaphore there and its count
        if (send || signal) begin
          if (word_i[31:16] != '0 || word_i[7:3] != '0) fail = hb_job_pkg::StUnused;
        end else if (word_i != '0 && !job_q.stochastic) begin
          fail = hb_job_pkg::StUnused;
        end
      end
      4'd15: if (word_i[7:3] != '0 || word_i[23:19] != '0) fail = hb_job_pkg::StBadSemaphore;
      default: begin  // 5..12
        if (address_used && misaligned) fail = hb_job_pkg::StMisaligned;
        if (!address_used && word_i != '0) fail = hb_job_pkg::StUnused;
      end
    endcase
  end

  // Checks 8 to 10, a region at a time. D goes first, because the others are compared with it.
  // Its last word is base + (panels - 1) * stride + last; the product by shift and add, as long as panels - 1 has bits.
  logic [1:0]        region_q;
  logic [15:0]       rows, cols, panels_m1, groups_m1;
  logic [1:0]        element_log;
  logic              linear;
  logic [17:0]       bytes_m1, last;
  logic [AddrW-1:0]  base, stride;
  logic [IndexW-1:0] sum_q, step_q, d_last_q;
  logic              sum_over_q, step_over_q, d_short_q;
  logic [15:0]       times_q;
  logic [IndexW:0]   sum;
  logic              out_of_range, meets_d, is_d;
  logic [7:0]        range_field;

  assign linear = copy || fill || send || get;
  assign rows   = (region_q == RegB) ? job_q.n : job_q.m;
  assign cols   = (gemm && (region_q == RegA || region_q == RegB)) ? job_q.k : job_q.n;

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
  assign range_field  = (stride_above_q[region_q] && !base_above_q[region_q]) ? 8'd9 + 8'(region_q) : 8'd5 + 8'(region_q);
  assign meets_d      = !send && !get && base[IndexW-1:0] <= d_last_q && base_q[RegD*AddrW +: IndexW] <= sum_q &&
                        !(region_q == RegC && job_q.fmt_d == hb_job_pkg::FmtFp32 && base == base_q[RegD*AddrW +: AddrW] &&
                          stride == stride_q[RegD*AddrW +: AddrW]);

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      state_q <= Words;
    end else if (valid_i) begin
      if (index_i != 4'd15) begin
        state_q <= Words;
      end else begin
        state_q <= (status_q == hb_job_pkg::StOk && fail == hb_job_pkg::StOk && !none) ? Load : Done;
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
      if (is_d) d_short_q <= !send && !get && panels_m1 != '0 && CompareW'(stride) <= CompareW'(last);
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
        field_q  <= is_d ? 8'd12 : 8'd8;
      end
    end
  end

  // The fields, taken as their words pass.
  always_ff @(posedge clk_i) begin
    if (valid_i) begin
      unique case (index_i)
        4'd0: begin
          job_q.opcode     <= word_i[7:0];
          job_q.accumulate <= word_i[hb_job_pkg::OptionAccumulate];
          job_q.relu       <= word_i[hb_job_pkg::OptionRelu];
          job_q.saturate   <= word_i[hb_job_pkg::OptionSaturate];
          job_q.stochastic <= word_i[hb_job_pkg::OptionStochastic];
          job_q.literal    <= word_i[hb_job_pkg::OptionLiteral];
          order_q.irq      <= word_i[hb_job_pkg::OptionIrq];
        end
        4'd1: order_q.tag <= word_i;
        4'd2: begin
          job_q.fmt_a  <= word_i[3:0];
          job_q.bias_a <= word_i[9:4];
          job_q.fmt_b  <= word_i[13:10];
          job_q.bias_b <= word_i[19:14];
          job_q.fmt_d  <= word_i[23:20];
          job_q.bias_d <= word_i[29:24];
        end
        4'd3: begin
          job_q.m <= word_i[15:0];
          job_q.n <= word_i[31:16];
        end
        4'd4:  job_q.k    <= word_i[15:0];
        4'd13: job_q.seed <= word_i;
        4'd14: begin
          job_q.row0 <= word_i[15:0];
          job_q.col0 <= word_i[31:16];
        end
        4'd15: begin
          order_q.wait_sem     <= word_i[2:0];
          order_q.wait_count   <= word_i[15:8];
          order_q.signal_sem   <= word_i[18:16];
          order_q.signal_count <= word_i[31:24];
        end
        default: begin  // 5..12, A to D: the oldest moves out at the bottom
          if (index_i < 4'd9) begin
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
