// SPDX-License-Identifier: Apache-2.0
// What hb_ram_1r1w promises, as properties over any sequence of accesses.

module hb_ram_1r1w_props #(
  parameter  int unsigned Width      = 2,
  parameter  int unsigned Depth      = 4,  // at most 4: the words named below
  parameter  bit          Invariants = 1,  // 0: judge the ports alone
  localparam int unsigned AddrWidth  = (Depth > 1) ? $clog2(Depth) : 1
) (
  input logic                 clk_i,
  input logic                 we_i,
  input logic [AddrWidth-1:0] waddr_i,
  input logic [Width-1:0]     wdata_i,
  input logic                 re_i,
  input logic [AddrWidth-1:0] raddr_i,
  input logic [AddrWidth-1:0] where_i  // the address whose content is judged
);

  logic [Width-1:0] rdata;

  hb_ram_1r1w #(.Width(Width), .Depth(Depth)) u_dut (
    .clk_i(clk_i), .we_i(we_i), .waddr_i(waddr_i), .wdata_i(wdata_i), .re_i(re_i), .raddr_i(raddr_i), .rdata_o(rdata)
  );

  logic started_q;
  initial started_q = 1'b0;
  always_ff @(posedge clk_i) started_q <= 1'b1;

  // Any one address, the same for the whole run; no access beyond Depth.
  logic [AddrWidth-1:0] where_q;
  always_ff @(posedge clk_i) where_q <= where_i;
  always_comb assume (where_i < Depth && waddr_i < Depth && raddr_i < Depth && (!started_q || where_i == where_q));

  // The model: what was last written there, whether that was read on the last clock, and what was read before.
  logic             written_q, read_q, idle_q;
  logic [Width-1:0] content_q, value_q, rdata_q;
  initial {written_q, read_q, idle_q} = 3'b000;
  always_ff @(posedge clk_i) begin
    if (we_i && waddr_i == where_i) begin
      written_q <= 1'b1;
      content_q <= wdata_i;
    end
    read_q  <= re_i && raddr_i == where_i && written_q && !(we_i && waddr_i == where_i);
    value_q <= content_q;
    idle_q  <= !re_i;
    rdata_q <= rdata;
  end

  always_comb begin
    // 1. A read returns, one clock later, what had last been written to that address before the clock of the read.
    assert (!read_q || rdata == value_q);
    // 2. Without a read, what was read stays, whatever is written.
    assert (!idle_q || rdata == rdata_q);
  end

  // Invariant, true of the state inside, that makes 1 inductive.
  (* hierconn *) wire [Width-1:0] \u_dut.mem_q[0] , \u_dut.mem_q[1] , \u_dut.mem_q[2] , \u_dut.mem_q[3] ;
  logic [4*Width-1:0] words;
  assign words = { \u_dut.mem_q[3] , \u_dut.mem_q[2] , \u_dut.mem_q[1] , \u_dut.mem_q[0] };

  if (Invariants) begin : gen_invariants
    always_comb assert (!written_q || words[Width*where_i +: Width] == content_q);
  end

endmodule
