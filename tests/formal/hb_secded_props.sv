// SPDX-License-Identifier: Apache-2.0
// What hb_secded_enc and hb_secded_dec promise together, for every data word and every error named.

module hb_secded_props (
  input logic [63:0] data_i,
  input logic [6:0]  one_i, two_i,  // wrong bits: 0 to 63 data, 64 to 71 check; 127: none
  input logic [3:0]  burst_i,       // wrong bits among four neighbouring data bits ...
  input logic [5:0]  at_i           // ... from this one on
);

  logic [7:0]  check, check_e, syndrome;
  logic [63:0] data_e, data;
  logic        ce, ue;
  logic [71:0] wrong;

  always_comb assume (one_i < 72 || one_i == 127);
  always_comb assume (two_i < 72 || two_i == 127);

  hb_secded_enc u_enc (.data_i(data_i), .check_o(check));

  always_comb begin
    wrong = 72'd0;
    for (int i = 0; i < 72; i++) wrong[i] = (one_i == i) ^ (two_i == i);
  end
  assign {check_e, data_e} = {check, data_i} ^ wrong;

  hb_secded_dec u_dec (.data_i(data_e), .check_i(check_e), .data_o(data), .syndrome_o(syndrome), .ce_o(ce), .ue_o(ue));

  logic none, single;
  assign none   = one_i == two_i;
  assign single = !none && (one_i == 127 || two_i == 127);

  always_comb begin
    // 1. A word as written passes.
    if (none) assert (data == data_i && !ce && !ue && syndrome == 8'd0);
    // 2. Any one wrong bit is corrected and reported so.
    if (single) assert (data == data_i && ce && !ue);
    // 3. Any two wrong bits are detected, and nothing is corrected.
    if (!none && !single) assert (ue && !ce && data == data_e);
  end

endmodule
