// SPDX-License-Identifier: Apache-2.0
// Bench of the small parts of the lanes: CRC-16, key streams, PRBS-31 and its checker.

module hb_link_lanes_units (
  input  logic        clk_i,
  input  logic        rst_ni,

  input  logic [15:0] crc_i,
  input  logic [7:0]  crc_byte_i,
  output logic [15:0] crc_o,

  input  logic [3:0]  pick_i,
  output logic [3:0]  pick_o,

  input  logic        key_start_i,
  input  logic        key_next_i,
  output logic [63:0] key_o,

  input  logic        prbs_next_i,
  output logic [63:0] prbs_o,

  input  logic        check_valid_i,
  input  logic [15:0] check_symbol_i,
  output logic        check_locked_o,
  output logic        check_compared_o,
  output logic [4:0]  check_errors_o
);

  assign crc_o  = hb_link_lane_pkg::crc16_byte(crc_i, crc_byte_i);
  assign pick_o = hb_link_lane_pkg::pick(pick_i);

  for (genvar l = 0; l < 4; l++) begin : gen_lane
    hb_link_scramble #(.Lane(l)) u_scramble (
      .clk_i, .start_i(key_start_i), .next_i(key_next_i), .key_o(key_o[16*l +: 16])
    );
    hb_prbs31_gen #(.Lane(l)) u_prbs (.clk_i, .rst_ni, .next_i(prbs_next_i), .symbol_o(prbs_o[16*l +: 16]));
  end

  hb_prbs31_check u_check (
    .clk_i, .rst_ni, .valid_i(check_valid_i), .symbol_i(check_symbol_i),
    .locked_o(check_locked_o), .compared_o(check_compared_o), .errors_o(check_errors_o)
  );

endmodule
