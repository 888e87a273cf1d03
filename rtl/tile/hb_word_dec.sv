// SPDX-License-Identifier: Apache-2.0
// SECDED decoder of a memory word: hb_secded_dec's rule for every 64-bit lane, evaluated only when a word is there.
`default_nettype none

module hb_word_dec #(
  parameter  int unsigned WordBytes = 64,
  localparam int unsigned Lanes     = WordBytes / 8
) (
  input  logic                   en_i,     // a word is there; else the outputs say nothing
  input  logic [WordBytes*8-1:0] data_i,   // as read
  input  logic [Lanes*8-1:0]     check_i,  // as read, lane by lane
  output logic [WordBytes*8-1:0] data_o,   // every lane corrected; a lane with more than one wrong bit as read
  output logic                   ce_o,     // a lane was corrected, and none is uncorrectable
  output logic                   ue_o      // a lane is uncorrectable
);

  logic       any_ce, hit;
  logic [7:0] syndrome;

  // A simulator spends nothing on a word that is not there, and no search on a good one. (Instances of hb_secded_dec would
  // be evaluated on every clock: WordBytes / 8 lanes in every bank.)
  always_comb begin
    data_o   = data_i;
    any_ce   = 1'b0;
    ue_o     = 1'b0;
    hit      = 1'b0;
    syndrome = '0;
    if (en_i) begin
      for (int l = 0; l < Lanes; l++) begin
        syndrome = check_i[l*8 +: 8] ^ hb_secded_pkg::check_bits(data_i[l*64 +: 64]);
        if (syndrome != '0) begin
          hit = (syndrome & (syndrome - 8'd1)) == '0;  // one bit: that check bit is wrong
          for (int i = 0; i < 64; i++) begin
            if (syndrome == hb_secded_pkg::column(i)) begin
              data_o[l*64 + i] = !data_i[l*64 + i];
              hit = 1'b1;
            end
          end
          if (hit) any_ce = 1'b1;
          else     ue_o   = 1'b1;
        end
      end
    end
  end

  assign ce_o = any_ce && !ue_o;

endmodule

`default_nettype wire
