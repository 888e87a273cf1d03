// SPDX-License-Identifier: Apache-2.0
// SECDED (72,64) decoder: corrects one wrong bit of a stored word, check bits included, and detects two.
`default_nettype none

module hb_secded_dec (
  input  logic [hb_secded_pkg::DataWidth-1:0]  data_i,      // as read
  input  logic [hb_secded_pkg::CheckWidth-1:0] check_i,     // as read
  output logic [hb_secded_pkg::DataWidth-1:0]  data_o,      // what was written, if at most one bit is wrong; data_i if ue_o
  output logic [hb_secded_pkg::CheckWidth-1:0] syndrome_o,  // 0: a code word; else one bit set: that check bit is wrong;
                                                            // else column(i) of the package: data bit i is wrong
  output logic                                 ce_o,        // a bit was wrong and is corrected (a check bit: data_o = data_i)
  output logic                                 ue_o         // data_o is not to be used; never together with ce_o
);

  logic in_data, in_check;

  assign syndrome_o = check_i ^ hb_secded_pkg::check_bits(data_i);

  // The outer `if` changes no result: it keeps a simulator from looking for the wrong bit in the good words.
  always_comb begin
    data_o   = data_i;
    in_data  = 1'b0;
    in_check = 1'b0;
    if (syndrome_o != '0) begin
      for (int r = 0; r < hb_secded_pkg::CheckWidth; r++) begin
        if (syndrome_o == (hb_secded_pkg::CheckWidth'(1) << r)) in_check = 1'b1;
      end
      for (int i = 0; i < hb_secded_pkg::DataWidth; i++) begin
        if (syndrome_o == hb_secded_pkg::column(i)) begin
          data_o[i] = !data_i[i];
          in_data   = 1'b1;
        end
      end
    end
  end

  assign ce_o = in_data || in_check;
  assign ue_o = (syndrome_o != '0) && !ce_o;

endmodule

`default_nettype wire
