// SPDX-License-Identifier: Apache-2.0
// The (72,64) single-error-correcting, double-error-detecting code of every protected memory: its one table.
`default_nettype none

package hb_secded_pkg;

  localparam int unsigned DataWidth  = 64;
  localparam int unsigned CheckWidth = 8;

  // The parity-check matrix of a Hsiao code (M. Y. Hsiao, IBM J. Res. Dev. 14(4), 1970): check bit r covers the data bits
  // set in row r. A column, the syndrome of its data bit, has odd weight (so two errors never look like one), no two are
  // equal, and the weights are the least possible: all 56 of weight 3, 8 of weight 5, 26 ones in every row.
  // The order of the columns is free, and is used: an upset of any bits within four neighbouring data bits is corrected
  // (one bit) or detected (two to four), never taken for something else. That does not hold for neighbouring check bits,
  // so a memory should keep these apart. tests/formal proves all of this.
  localparam logic [CheckWidth*DataWidth-1:0] RowMask = {
    64'h4454_4462_2688_ffc4,  // row 7
    64'hc8c5_f222_84a7_1223,
    64'hfe84_8d11_4458_8631,
    64'hc7fa_2145_1146_2312,
    64'h488b_085f_f862_444c,
    64'h31a8_df88_b0c4_6888,
    64'h2222_2298_3ff9_11e0,
    64'h1111_10a4_7f91_8a1f   // row 0
  };

  // Check bits stored inverted. Without it a memory that returns zeros only (dead, unpowered, never written) reads as
  // good zeros; with it a word of all zeros and one of all ones are both uncorrectable. It costs no logic (an inverted
  // XOR). The price: a word must be written before it is read, so memories are to be filled once after power-up.
  localparam logic [CheckWidth-1:0] Inverted = 8'hAA;

  // The check bits to store with `data`.
  function automatic logic [CheckWidth-1:0] check_bits(input logic [DataWidth-1:0] data);
    for (int r = 0; r < CheckWidth; r++) begin
      check_bits[r] = ^(data & RowMask[r*DataWidth +: DataWidth]) ^ Inverted[r];
    end
  endfunction

  // The syndrome of an error in data bit `index` alone.
  function automatic logic [CheckWidth-1:0] column(input int index);
    for (int r = 0; r < CheckWidth; r++) begin
      column[r] = RowMask[r*DataWidth + index];
    end
  endfunction

endpackage

`default_nettype wire
