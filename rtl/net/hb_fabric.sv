// SPDX-License-Identifier: Apache-2.0
// What joins a tile to its neighbours: the network and four links, and their registers by address.
`default_nettype none

module hb_fabric #(
  parameter  int unsigned WordBytes   = 64,      // of a memory word
  parameter  int unsigned DataBytes   = 131072,  // of data memory
  parameter  int unsigned Lanes       = 4,       // of a link, as all below (rtl/link/README.md)
  parameter  int unsigned MaxWords    = 129,
  parameter  int unsigned BufferWords = 512,
  parameter  int unsigned ReplayWords = 512,
  parameter  int unsigned Window      = 64,
  localparam int unsigned W           = WordBytes * 8,
  localparam int unsigned IndexW      = $clog2(DataBytes / WordBytes),
  localparam int unsigned L           = hb_net_regs_pkg::NumPort - 1
) (
  input  logic                clk_i,
  input  logic                rst_ni,

  // Tile (hb_net)
  input  logic                cmd_valid_i,
  output logic                cmd_ready_o,
  input  hb_tile_pkg::job_t   cmd_job_i,
  input  hb_tile_pkg::order_t cmd_order_i,
  input  logic [IndexW-1:0]   cmd_a_base_i,
  input  logic [IndexW-1:0]   cmd_d_base_i,
  input  logic [IndexW:0]     cmd_a_stride_i,
  input  logic [IndexW:0]     cmd_d_stride_i,
  output logic                sem_valid_o,
  input  logic                sem_gnt_i,
  output logic [2:0]          sem_index_o,
  output logic [7:0]          sem_count_o,
  output logic                n_req_o,
  input  logic                n_gnt_i,
  output logic                n_write_o,
  output logic [IndexW-1:0]   n_addr_o,
  output logic [W-1:0]        n_wdata_o,
  input  logic [W-1:0]        n_rdata_i,
  input  logic                n_ue_i,

  // Registers: a request a clock, answered on the next one
  input  logic                reg_req_i,
  input  logic                reg_write_i,
  input  logic [15:0]         reg_addr_i,   // byte offset from 0x8000_0000, 0x2000 or more
  input  logic [31:0]         reg_wdata_i,
  output logic [31:0]         reg_rdata_o,  // zero unless a register was read
  output logic                reg_err_o,    // no such register, or not writable: nothing was changed
  output logic                irq_o,        // level

  // PHYs of the links, one after the other (hb_link)
  output logic [L*Lanes*16-1:0] phy_tx_o,
  input  logic [L-1:0]          phy_tx_take_i,
  input  logic [L*Lanes*16-1:0] phy_rx_i,
  input  logic [L-1:0]          phy_rx_give_i
);

  // Registers: link p at 0x2000 + 0x400 p, the network at 0x4000
  logic [L-1:0]    link_req, link_err, link_irq;
  logic [L*32-1:0] link_rdata;
  logic            links, net, net_err, net_irq, nobody_q;
  logic [31:0]     net_rdata;

  assign links = reg_addr_i[15:12] == hb_link_regs_pkg::Base[15:12];
  assign net   = reg_addr_i[15:12] == hb_net_regs_pkg::Base[15:12];

  always_ff @(posedge clk_i) nobody_q <= reg_req_i && !links && !net;

  always_comb begin
    reg_rdata_o = net_rdata;
    for (int p = 0; p < L; p++) reg_rdata_o = reg_rdata_o | link_rdata[p*32 +: 32];
  end
  assign reg_err_o = nobody_q || net_err || link_err != '0;
  assign irq_o     = net_irq || link_irq != '0;

  // Flits between network and links; link p, channel v at [2*p + v]
  logic [2*L-1:0]    tx_valid, tx_ready, tx_last, rx_valid, rx_ready, rx_last;
  logic [2*L*64-1:0] tx_data, rx_data;
  logic [2*L*8-1:0]  tx_len, rx_len;

  hb_net #(.WordBytes(WordBytes), .DataBytes(DataBytes), .MaxWords(MaxWords)) u_net (
    .clk_i, .rst_ni,
    .cmd_valid_i, .cmd_ready_o, .cmd_job_i, .cmd_order_i, .cmd_a_base_i, .cmd_d_base_i, .cmd_a_stride_i, .cmd_d_stride_i,
    .sem_valid_o, .sem_gnt_i, .sem_index_o, .sem_count_o,
    .n_req_o, .n_gnt_i, .n_write_o, .n_addr_o, .n_wdata_o, .n_rdata_i, .n_ue_i,
    .reg_req_i(reg_req_i && net), .reg_write_i, .reg_addr_i(reg_addr_i[11:0]), .reg_wdata_i,
    .reg_rdata_o(net_rdata), .reg_err_o(net_err), .irq_o(net_irq),
    .tx_valid_o(tx_valid), .tx_ready_i(tx_ready), .tx_data_o(tx_data), .tx_last_o(tx_last), .tx_len_o(tx_len),
    .rx_valid_i(rx_valid), .rx_ready_o(rx_ready), .rx_data_i(rx_data), .rx_last_i(rx_last), .rx_len_i(rx_len)
  );

  for (genvar p = 0; p < L; p++) begin : gen_link
    assign link_req[p] = reg_req_i && links && reg_addr_i[11:10] == 2'(p);

    hb_link #(
      .Lanes(Lanes), .MaxWords(MaxWords), .BufferWords(BufferWords), .ReplayWords(ReplayWords), .Window(Window)
    ) u_link (
      .clk_i, .rst_ni,
      .reg_req_i(link_req[p]), .reg_write_i, .reg_addr_i(reg_addr_i[9:0]), .reg_wdata_i,
      .reg_rdata_o(link_rdata[p*32 +: 32]), .reg_err_o(link_err[p]), .irq_o(link_irq[p]),
      .tx_valid_i(tx_valid[2*p +: 2]), .tx_ready_o(tx_ready[2*p +: 2]), .tx_data_i(tx_data[p*128 +: 128]),
      .tx_last_i(tx_last[2*p +: 2]), .tx_len_i(tx_len[p*16 +: 16]),
      .rx_valid_o(rx_valid[2*p +: 2]), .rx_ready_i(rx_ready[2*p +: 2]), .rx_data_o(rx_data[p*128 +: 128]),
      .rx_last_o(rx_last[2*p +: 2]), .rx_len_o(rx_len[p*16 +: 16]),
      .phy_tx_o(phy_tx_o[p*Lanes*16 +: Lanes*16]), .phy_tx_take_i(phy_tx_take_i[p]),
      .phy_rx_i(phy_rx_i[p*Lanes*16 +: Lanes*16]), .phy_rx_give_i(phy_rx_give_i[p])
    );
  end

endmodule

`default_nettype wire
