// SPDX-License-Identifier: Apache-2.0
// One step of CRC-32C over a word, or over its lower half: a flat exclusive-or matrix, no state.
`default_nettype none

module hb_link_crc (
  input  logic [31:0] crc_i,   // register of the reflected CRC; all ones before the first word
  input  logic [63:0] word_i,  // byte 0 (bits 7:0) first, bit 0 of a byte first
  input  logic        half_i,  // only bits 31:0
  output logic [31:0] crc_o    // the register afterwards; the check is its inversion
);

  localparam logic [31:0] Polynomial = 32'h82F6_3B78;  // 0x1EDC6F41 (Castagnoli) reflected

  // Row i: the register after bit i alone was one and the 63 - i bits behind it were zero.
  function automatic logic [64*32-1:0] matrix();
    logic [31:0] row;
    row = 32'd1;
    for (int i = 63; i >= 0; i--) begin
      row = row[0] ? ((row >> 1) ^ Polynomial) : (row >> 1);
      matrix[32*i +: 32] = row;
    end
  endfunction

  localparam logic [64*32-1:0] Matrix = matrix();

  // The register and the first 32 bits enter together; a half word counts as the second half of one that begins with zeros.
  logic [63:0] bits;
  assign bits = half_i ? {word_i[31:0] ^ crc_i, 32'd0} : word_i ^ {32'd0, crc_i};

  always_comb begin
    crc_o = '0;
    for (int i = 0; i < 64; i++) begin
      crc_o = crc_o ^ (bits[i] ? Matrix[32*i +: 32] : 32'd0);
    end
  end

endmodule

`default_nettype wire
