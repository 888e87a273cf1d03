// SPDX-License-Identifier: Apache-2.0
// The numbers every unit of the matrix engine shares: format codes, flag bits, widths (vectors/README.md).

// No unit uses all of it.
/* verilator lint_off UNUSEDPARAM */
package hb_mxu_pkg;

  // Format codes of the descriptor (section 1).
  typedef enum logic [3:0] {
    FmtFp32   = 4'd0,
    FmtBf16   = 4'd1,
    FmtCf8143 = 4'd2,
    FmtCf8152 = 4'd3,
    FmtE4m3   = 4'd4,
    FmtE5m2   = 4'd5,
    FmtInt8   = 4'd6
  } fmt_e;

  // Bit positions of the sticky flags (section 5).
  parameter int unsigned NumFlags      = 6;
  parameter int unsigned FlagInvalid   = 0;
  parameter int unsigned FlagDenormal  = 1;
  parameter int unsigned FlagOverflow  = 2;
  parameter int unsigned FlagUnderflow = 3;
  parameter int unsigned FlagInexact   = 4;
  parameter int unsigned FlagIntRange  = 5;

  parameter logic [31:0] CanonicalNan = 32'h7FC0_0000;

  // The dot-product cell aligns its terms to a window of 28 bits (section 2): five of them sum into 31 bits and a sign.
  parameter int unsigned Window = 28;

endpackage : hb_mxu_pkg
/* verilator lint_on UNUSEDPARAM */
