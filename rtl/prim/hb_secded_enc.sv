// SPDX-License-Identifier: Apache-2.0
// SECDED (72,64) encoder: the check bits of a data word.
`default_nettype none

module hb_secded_enc (
  input  logic [hb_secded_pkg::DataWidth-1:0]  data_i,
  output logic [hb_secded_pkg::CheckWidth-1:0] check_o  // to be stored with data_i
);

  assign check_o = hb_secded_pkg::check_bits(data_i);

endmodule

`default_nettype wire
