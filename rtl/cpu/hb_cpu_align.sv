// SPDX-License-Identifier: Apache-2.0
// Bytes of a load or store in their lanes of the 32-bit data port, and whether its address suits its size.
`default_nettype none

module hb_cpu_align (
  input  logic [2:0]  f3_i,          // of the instruction: bits 1:0 log2 of the bytes, bit 2 zero-extends
  input  logic [1:0]  addr_i,        // low bits of its address
  output logic        misaligned_o,
  output logic [3:0]  be_o,
  input  logic [31:0] store_i,       // register to store
  output logic [31:0] lanes_o,       // unknown outside be_o
  input  logic [31:0] lanes_i,
  input  logic        load_i,
  output logic [31:0] load_o         // value of the register loaded; zero unless load_i
);

  assign misaligned_o = (f3_i[1] && addr_i != 2'd0) || (f3_i[0] && addr_i[0]);

  logic [15:0] half;
  logic [7:0]  octet;
  assign half  = addr_i[1] ? lanes_i[31:16] : lanes_i[15:0];
  assign octet = addr_i[0] ? half[15:8] : half[7:0];

  always_comb begin
    unique case (f3_i[1:0])
      2'd0: begin
        be_o    = 4'b0001 << addr_i;
        lanes_o = {4{store_i[7:0]}};
        load_o  = {{24{octet[7] && !f3_i[2]}}, octet};
      end
      2'd1: begin
        be_o    = addr_i[1] ? 4'b1100 : 4'b0011;
        lanes_o = {2{store_i[15:0]}};
        load_o  = {{16{half[15] && !f3_i[2]}}, half};
      end
      default: begin
        be_o    = 4'b1111;
        lanes_o = store_i;
        load_o  = lanes_i;
      end
    endcase
    if (!load_i) load_o = '0;
  end

endmodule

`default_nettype wire
