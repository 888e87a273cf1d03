// SPDX-License-Identifier: Apache-2.0
// What hb_secded_enc and hb_secded_dec promise together, for every data word and every error named.

module hb_secded_props (
  input logic [63:0] data_i,
  input logic [6:0]  one_i, two_i,  // the wrong bits: 0 to 63 data, 64 to 71 check; equal: none
  input logic        burst_i,       // instead: the wrong bits are ...
  input logic [3:0]  pattern_i,     // ... these of four neighbouring data bits ...
  input logic [5:0]  from_i         // ... from this one upwards
);

  logic [7:0]  check, check_read, syndrome;
  logic [63:0] data_read, data;
  logic        ce, ue;
  logic [71:0] wrong;

  hb_secded_enc u_enc (.data_i(data_i), .check_o(check));

  always_comb begin
    wrong = 72'd0;
    for (int i = 0; i < 72; i++) begin
      wrong[i] = burst_i ? (i >= from_i && i < from_i + 4 && pattern_i[i - from_i]) : ((one_i == i) ^ (two_i == i));
    end
  end
  assign {check_read, data_read} = {check, data_i} ^ wrong;

  hb_secded_dec u_dec (
    .data_i(data_read), .check_i(check_read), .data_o(data), .syndrome_o(syndrome), .ce_o(ce), .ue_o(ue)
  );

  always_comb assume (one_i < 72 && two_i < 73);  // two_i = 72: one_i alone
  always_comb assume (from_i <= 60);

  logic clean, single;
  assign clean  = one_i == two_i;
  assign single = two_i == 72;

  always_comb begin
    if (burst_i) begin
      // 5. Two or more wrong bits within four neighbouring data bits are detected, and nothing is corrected.
      if ((pattern_i & (pattern_i - 4'd1)) != 4'd0) assert (ue && !ce && data == data_read);
    end else if (clean) begin
      // 1. A word as written passes.
      assert (data == data_i && !ce && !ue && syndrome == 8'd0);
    end else if (single) begin
      // 2. Any one wrong bit is corrected and reported so.
      assert (data == data_i && ce && !ue);
      // 3. The syndrome names the wrong check bit.
      for (int r = 0; r < 8; r++) assert ((one_i == 64 + r) == (syndrome == (8'd1 << r)));
    end else begin
      // 4. Any two wrong bits are detected, and nothing is corrected.
      assert (ue && !ce && data == data_read);
    end
  end

  // 6. A memory that returns only zeros or only ones is noticed.
  logic ue_zeros, ue_ones;
  hb_secded_dec u_zeros (.data_i('0), .check_i('0), .data_o(), .syndrome_o(), .ce_o(), .ue_o(ue_zeros));
  hb_secded_dec u_ones  (.data_i('1), .check_i('1), .data_o(), .syndrome_o(), .ce_o(), .ue_o(ue_ones));
  always_comb assert (ue_zeros && ue_ones);

  // 7. The table is a Hsiao code of least weight: 26 ones in each row, which is 56 columns of 3 and 8 of 5.
  logic [7:0] balanced;
  always_comb begin
    for (int r = 0; r < 8; r++) begin : row
      logic [6:0] ones;
      ones = 7'd0;
      for (int i = 0; i < 64; i++) ones = ones + 7'(hb_secded_pkg::RowMask[r*64 + i]);
      balanced[r] = ones == 7'd26;
    end
    assert (balanced == '1);
  end

endmodule
