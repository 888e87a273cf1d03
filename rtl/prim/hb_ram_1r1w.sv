// SPDX-License-Identifier: Apache-2.0
// RAM with one write and one read port, in the form from which synthesis infers block RAM.
`default_nettype none

module hb_ram_1r1w #(
  parameter  int unsigned Width     = 64,
  parameter  int unsigned Depth     = 512,  // words
  localparam int unsigned AddrWidth = (Depth > 1) ? $clog2(Depth) : 1
) (
  input  logic                 clk_i,    // no reset: the content at power-up is unknown and a reset does not touch it

  input  logic                 we_i,
  input  logic [AddrWidth-1:0] waddr_i,  // must be below Depth; otherwise a write may be lost
  input  logic [Width-1:0]     wdata_i,

  input  logic                 re_i,
  input  logic [AddrWidth-1:0] raddr_i,  // must be below Depth; otherwise the word read is unknown
  output logic [Width-1:0]     rdata_o   // the word read, from the clock after a read until the next read; unknown if it
                                         // was being written in the clock of the read
);

  if (Width < 1 || Depth < 1) begin : gen_bad_parameters
    $error("hb_ram_1r1w: Width and Depth must be at least 1");
  end

  // no_rw_check tells Yosys what the port comment says, or it would build old data for a word read while written.
  (* no_rw_check *)
  logic [Width-1:0] mem_q [Depth];
  logic [Width-1:0] rdata_q;

  always_ff @(posedge clk_i) begin
    if (we_i) mem_q[waddr_i] <= wdata_i;
  end

  always_ff @(posedge clk_i) begin
    if (re_i) rdata_q <= mem_q[raddr_i];
  end

  assign rdata_o = rdata_q;

endmodule

`default_nettype wire
