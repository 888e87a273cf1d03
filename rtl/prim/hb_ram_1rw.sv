// SPDX-License-Identifier: Apache-2.0
// Single-port RAM with a synchronous read, in the form from which synthesis infers block RAM.
`default_nettype none

module hb_ram_1rw #(
  parameter  int unsigned Width     = 72,
  parameter  int unsigned Depth     = 512,  // words
  localparam int unsigned AddrWidth = (Depth > 1) ? $clog2(Depth) : 1
) (
  input  logic                 clk_i,    // no reset: the content at power-up is unknown and a reset does not touch it

  input  logic                 en_i,     // one access a clock
  input  logic                 we_i,     // 1: write wdata_i whole; 0: read
  input  logic [AddrWidth-1:0] addr_i,   // must be below Depth; otherwise a read is unknown and a write may be lost
  input  logic [Width-1:0]     wdata_i,
  output logic [Width-1:0]     rdata_o   // the word read, from the clock after a read until the next read; writes keep it
);

  if (Width < 1 || Depth < 1) begin : gen_bad_parameters
    $error("hb_ram_1rw: Width and Depth must be at least 1");
  end

  logic [Width-1:0] mem_q [Depth];
  logic [Width-1:0] rdata_q;

  always_ff @(posedge clk_i) begin
    if (en_i && we_i) mem_q[addr_i] <= wdata_i;
    if (en_i && !we_i) rdata_q <= mem_q[addr_i];
  end

  assign rdata_o = rdata_q;

endmodule

`default_nettype wire
