// SPDX-License-Identifier: Apache-2.0
// The network's one requester at the tile's memory, shared by two readers and two writers, round robin.
`default_nettype none

module hb_net_mem #(
  parameter  int unsigned WordBytes = 64,
  parameter  int unsigned IndexW    = 11,
  localparam int unsigned W         = WordBytes * 8,
  localparam int unsigned N         = 4
) (
  input  logic                clk_i,
  input  logic                rst_ni,

  // Clients: 0 and 1 read, 2 and 3 write. A request holds until granted; a read is answered two clocks later.
  input  logic [N-1:0]        req_i,
  output logic [N-1:0]        gnt_o,
  input  logic [N*IndexW-1:0] addr_i,
  input  logic [2*W-1:0]      wdata_i,   // of the writers
  output logic [1:0]          rvalid_o,  // of the readers; data and ue come from the memory

  // Requester n of hb_mem
  output logic                n_req_o,
  input  logic                n_gnt_i,
  output logic                n_write_o,
  output logic [IndexW-1:0]   n_addr_o,
  output logic [W-1:0]        n_wdata_o
);

  logic [N-1:0] gnt;
  logic [1:0]   read1_q, rvalid_q;

  hb_arbiter #(.NumReq(N)) u_arb (.clk_i, .rst_ni, .req_i, .gnt_o(gnt), .ready_i(n_gnt_i));

  assign rvalid_o  = rvalid_q;
  assign gnt_o     = n_gnt_i ? gnt : '0;
  assign n_req_o   = req_i != '0;
  assign n_write_o = gnt[3:2] != '0;
  assign n_wdata_o = gnt[3] ? wdata_i[W +: W] : wdata_i[0 +: W];

  always_comb begin
    n_addr_o = '0;
    for (int i = 0; i < N; i++) n_addr_o = n_addr_o | ({IndexW{gnt[i]}} & addr_i[i*IndexW +: IndexW]);
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      read1_q  <= '0;
      rvalid_q <= '0;
    end else begin
      read1_q  <= gnt_o[1:0];
      rvalid_q <= read1_q;
    end
  end

`ifndef SYNTHESIS
  // Promises of the ports, checked in simulation (rtl/README.md)
  hb_held #(.Width(1 + IndexW + W)) hb_net_mem_n_held (
    .clk_i, .rst_ni, .valid_i(n_req_o), .ready_i(n_gnt_i), .data_i({n_write_o, n_addr_o, n_write_o ? n_wdata_o : W'(0)})
  );
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      hb_net_mem_one_grant: assert ((gnt_o & (gnt_o - 1'b1)) == '0);
    end
  end
`endif

endmodule

`default_nettype wire
