// SPDX-License-Identifier: Apache-2.0
// Converts one fp32 result to its target format: ReLU, rounding, saturation (vectors/README.md section 3).
`default_nettype none

module hb_result_enc (
  input  logic                            valid_i,       // 0: outside the matrix; +0 and no flag
  input  logic [3:0]                      fmt_i,
  input  logic [5:0]                      bias_i,        // CFloat8 only
  input  logic                            literal_i,     // CFloat8: subnormals are 0.m * 2^(-bias)
  input  logic                            relu_i,
  input  logic                            saturate_i,
  input  logic                            stochastic_i,  // 0: nearest-even
  input  logic [15:0]                     random_i,      // of this element; used by stochastic rounding alone
  input  logic [31:0]                     value_i,       // fp32
  output logic [31:0]                     code_o,        // upper bits zero for short formats
  output logic [hb_job_pkg::NumFlag-1:0] flags_o
);

  /* verilator no_inline_module */  // one function an instance: a quarter of the code to compile, 3 % slower

  // The format as numbers; all of them constant in a job.
  logic        is_int, layout_143, wide, cfloat, literal;
  logic [2:0]  man_bits;             // mantissa bits M (int8: of no meaning)
  logic [6:0]  bias;
  logic [14:0] largest;              // code of the largest finite magnitude of a float
  logic [14:0] infinity;             // code of an infinity, of NaN in e4m3
  logic [14:0] nan_code;

  always_comb begin
    is_int     = fmt_i == hb_job_pkg::FmtInt8;
    wide       = fmt_i == hb_job_pkg::FmtBf16;
    layout_143 = (fmt_i == hb_job_pkg::FmtCf8143) || (fmt_i == hb_job_pkg::FmtE4m3);
    cfloat     = (fmt_i == hb_job_pkg::FmtCf8143) || (fmt_i == hb_job_pkg::FmtCf8152);
    literal    = cfloat && literal_i;
    man_bits   = wide ? 3'd7 : layout_143 ? 3'd3 : 3'd2;
    bias       = wide ? 7'd127 : cfloat ? {1'b0, bias_i} : layout_143 ? 7'd7 : 7'd15;
    unique case (fmt_i)
      hb_job_pkg::FmtBf16: begin largest = 15'h7F7F; infinity = 15'h7F80; nan_code = 15'h7FC0; end
      hb_job_pkg::FmtE4m3: begin largest = 15'h007E; infinity = 15'h007F; nan_code = 15'h007F; end
      hb_job_pkg::FmtE5m2: begin largest = 15'h007B; infinity = 15'h007C; nan_code = 15'h007E; end
      default:             begin largest = 15'h007F; infinity = 15'h007F; nan_code = 15'h007F; end  // clamps
    endcase
  end

  logic        negative, clamps, is_nan, is_inf, nonzero;
  logic [31:0] value;
  logic [7:0]  exp;                  // max(exponent field, 1)
  logic [23:0] sig;
  logic [8:0]  target_exp;           // exponent field in the target, two's complement; below 1: a subnormal there
  logic        subnormal, exact, up, gap, beyond;
  logic [8:0]  shift;
  logic [23:0] shifted, dropped;
  logic [7:0]  kept;                 // |value| cut to the target's grid, in units of that grid
  logic [15:0] frac;                 // floor(f * 2^16)
  logic [3:0]  gap_lo;               // literal rule: the largest subnormal, in units
  logic [19:0] above, limit;         // |value| - lo, and from where on it rounds up
  logic [15:0] mag;                  // code of the rounded magnitude, as if there were more exponents

  always_comb begin
    {value, negative, is_nan, is_inf, nonzero, exp, sig, target_exp, subnormal, exact, up, gap, beyond} = '0;
    {shift, dropped, kept, frac, gap_lo, above, limit, mag, shifted} = '0;
    clamps  = cfloat || is_int || saturate_i;
    code_o  = 32'd0;
    flags_o = '0;

    if (valid_i) begin
      value    = value_i;
      is_nan   = value_i[30:0] > 31'h7F80_0000;
      if (relu_i && value_i[31] && !is_nan) value = 32'd0;
      negative = value[31];
      is_inf   = value[30:0] == 31'h7F80_0000;
      nonzero  = value[30:0] != 31'd0;

      if (fmt_i == hb_job_pkg::FmtFp32) begin
        code_o = is_nan ? hb_job_pkg::CanonicalNan : value;

      end else if (is_nan) begin
        code_o = {17'd0, nan_code};
        flags_o[hb_job_pkg::FlagInvalid] = cfloat || is_int;

      end else begin
        // `shifted` is the significand with 16 fraction bits below the target's grid; what falls off only tells exactness.
        exp        = (value[30:23] == 8'd0) ? 8'd1 : value[30:23];
        sig        = {value[30:23] != 8'd0, value[22:0]};
        target_exp = {1'b0, exp} - 9'd127 + {2'd0, bias};
        subnormal  = !is_int && (target_exp[8] || target_exp == 9'd0);
        if (is_int)         shift = 9'd134 - {1'b0, exp};
        else if (subnormal) shift = 9'd8 - {6'd0, man_bits} - {8'd0, literal} - target_exp;
        else                shift = 9'd7 - {6'd0, man_bits};
        beyond     = is_inf || (is_int && exp > 8'd134);
        shift      = (shift > 9'd25) ? 9'd25 : shift;
        shifted    = sig >> shift[4:0];
        dropped    = sig & ~(24'hFF_FFFF << shift[4:0]);
        kept       = shifted[23:16];
        frac       = shifted[15:0];

        // Rounds up from `above` >= `limit`, both in 2^-16 units: the whole interval less the random number, or half of it, where
        // nearest-even takes a tie back. Literal rule: above the largest subnormal, (2^M - 1) units, lies one gap of 2^M + 1
        // units; its tie goes up, to the even code.
        gap_lo = layout_143 ? 4'd7 : 4'd3;
        gap    = literal && subnormal && kept >= {4'd0, gap_lo};
        above  = {gap ? kept[3:0] - gap_lo : 4'd0, frac};
        limit  = {3'd0, stochastic_i ? 17'h1_0000 - {1'b0, random_i} : 17'h0_8000};
        if (gap) limit = limit + (layout_143 ? {limit[16:0], 3'd0} : {1'b0, limit[16:0], 2'd0});
        up     = above >= limit;
        exact  = above == 20'd0 && dropped == 24'd0;
        if (!stochastic_i && !gap && frac == 16'h8000 && dropped == 24'd0 && !kept[0]) up = 1'b0;

        if (gap)                      mag = {12'd0, gap_lo};
        else if (is_int || subnormal) mag = {8'd0, kept};
        else                          mag = (({7'd0, target_exp} - 16'd1) << man_bits) + {8'd0, kept};
        mag = mag + {15'd0, up};

        if (is_int) beyond = beyond || mag > (negative ? 16'd128 : 16'd127);
        else        beyond = beyond || mag > {1'b0, largest};

        if (beyond && is_int) begin
          code_o = negative ? 32'h80 : 32'h7F;
        end else if (is_int) begin
          code_o = {24'd0, negative ? -mag[7:0] : mag[7:0]};
        end else begin
          code_o = {17'd0, beyond ? (clamps ? largest : infinity) : mag[14:0]};
          if (wide) code_o[15] = negative;
          else      code_o[7]  = negative;
        end

        flags_o[hb_job_pkg::FlagOverflow]  = beyond && (!is_inf || clamps);
        flags_o[hb_job_pkg::FlagInexact]   = beyond ? (!is_inf || clamps || fmt_i == hb_job_pkg::FmtE4m3) : !exact;
        flags_o[hb_job_pkg::FlagUnderflow] = nonzero && !beyond && !is_int &&
                                             (mag >> man_bits) == 16'd0;
      end
    end
  end

endmodule

`default_nettype wire
