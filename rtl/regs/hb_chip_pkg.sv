// SPDX-License-Identifier: Apache-2.0
// Parameters of a chip and its configurations. Made from chips.toml by scripts/regmap.py: do not edit.
`default_nettype none

// No unit uses all of it.
/* verilator lint_off UNUSEDPARAM */
package hb_chip_pkg;
  // Bytes of a memory word and of a host-port beat: what the array takes a clock of its wider bf16 operand.
  function automatic int unsigned word_bytes(input int unsigned rows, input int unsigned cols, input int unsigned depth);
    word_bytes = (((rows > cols) ? rows : cols) * depth) * 2;
  endfunction
endpackage : hb_chip_pkg
/* verilator lint_on UNUSEDPARAM */

`default_nettype wire
