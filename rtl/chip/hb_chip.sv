// SPDX-License-Identifier: Apache-2.0
// The chip: a tile, its host port, and its links if it has any. The unit that is verilated and synthesised; wrong parameters end elaboration here.
`default_nettype none

module hb_chip #(
  parameter  int unsigned Rows       = 8,
  parameter  int unsigned Cols       = 8,
  parameter  int unsigned Depth      = 4,
  parameter  int unsigned Banks      = 4,
  parameter  int unsigned BankBytes  = 32768,
  parameter  int unsigned QueueSlots = 8,
  parameter  int unsigned Links      = 0,  // 4, or 0: neither links nor a network, and nothing of what belongs to them
  parameter  int unsigned LinkLanes  = 4,  // of each (rtl/link/README.md), as all below
  parameter  int unsigned LinkMaxWords    = 129,
  parameter  int unsigned LinkBufferWords = 512,
  parameter  int unsigned LinkReplayWords = 512,
  parameter  int unsigned LinkWindow      = 64,
  parameter  int unsigned CpuBytes   = 0,  // of controller memory; 0: no controller
  localparam int unsigned WordBytes  = hb_chip_pkg::word_bytes(Rows, Cols, Depth),
  localparam int unsigned W          = WordBytes * 8,
  localparam int unsigned Phys       = (Links != 0) ? Links : 1,      // a chip without links has pins for one, which
  localparam int unsigned PhyW       = (Links != 0) ? LinkLanes * 16 : 16  // do nothing: ports cannot have no width
) (
  input  logic         clk_i,
  input  logic         rst_ni,

  // Host port: streams of packets (rtl/README.md). A beat moves in each clock with valid and ready; valid, last and data
  // hold until then. There is no combinational path from any input to any output.
  input  logic         req_valid_i,
  output logic         req_ready_o,
  input  logic         req_last_i,
  input  logic [W-1:0] req_data_i,
  output logic         rsp_valid_o,
  input  logic         rsp_ready_i,
  output logic         rsp_last_o,
  output logic [W-1:0] rsp_data_o,

  // PHYs of the links, one after the other (hb_link): 16 bits a lane
  output logic [Phys*PhyW-1:0] phy_tx_o,
  input  logic [Phys-1:0]      phy_tx_take_i,
  input  logic [Phys*PhyW-1:0] phy_rx_i,
  input  logic [Phys-1:0]      phy_rx_give_i,

  output logic         irq_o         // level: a cause enabled in an IRQ_ENABLE stands in its IRQ_STATUS, or HOST_IRQ of the controller is not zero
);

  localparam int unsigned IndexW = $clog2(Banks * BankBytes / WordBytes);
  localparam int unsigned MapW = hb_mem_pkg::index_width(Banks * BankBytes / WordBytes, CpuBytes / WordBytes) + 2;

  hb_chip_check #(
    .Rows(Rows), .Cols(Cols), .Depth(Depth), .Banks(Banks), .BankBytes(BankBytes), .QueueSlots(QueueSlots), .Links(Links),
    .LinkLanes(LinkLanes), .LinkMaxWords(LinkMaxWords), .LinkBufferWords(LinkBufferWords), .LinkReplayWords(LinkReplayWords),
    .LinkWindow(LinkWindow), .CpuBytes(CpuBytes)
  ) u_check ();

  logic             h_req, h_gnt, h_write, h_rvalid, h_ue;
  logic [MapW-1:0]  h_addr;
  logic [W-1:0]     h_wdata, h_rdata;
  logic             reg_req, reg_gnt, reg_write, reg_err, beat;
  logic [15:0]      reg_addr;
  logic [31:0]      reg_wdata, reg_rdata;

  // Between tile and fabric
  logic                cmd_valid, cmd_ready, sem_valid, sem_gnt, n_req, n_gnt, n_write, n_ue, net_req, net_write, net_err, net_irq;
  hb_tile_pkg::job_t   cmd_job;
  hb_tile_pkg::order_t cmd_order;
  logic [IndexW-1:0]   cmd_a_base, cmd_d_base, n_addr;
  logic [IndexW:0]     cmd_a_stride, cmd_d_stride;
  logic [2:0]          sem_index;
  logic [7:0]          sem_count;
  logic [W-1:0]        n_wdata, n_rdata;
  logic [15:0]         net_addr;
  logic [31:0]         net_wdata, net_rdata;

  hb_host_port #(
    .Rows      (Rows),
    .Cols      (Cols),
    .Depth     (Depth),
    .Banks     (Banks),
    .BankBytes (BankBytes),
    .QueueSlots(QueueSlots),
    .CpuBytes  (CpuBytes)
  ) u_host_port (
    .clk_i,
    .rst_ni,
    .req_valid_i,
    .req_ready_o,
    .req_last_i,
    .req_data_i,
    .rsp_valid_o,
    .rsp_ready_i,
    .rsp_last_o,
    .rsp_data_o,
    .h_req_o    (h_req),
    .h_gnt_i    (h_gnt),
    .h_write_o  (h_write),
    .h_addr_o   (h_addr),
    .h_wdata_o  (h_wdata),
    .h_rvalid_i (h_rvalid),
    .h_rdata_i  (h_rdata),
    .h_ue_i     (h_ue),
    .reg_req_o  (reg_req),
    .reg_gnt_i  (reg_gnt),
    .reg_write_o(reg_write),
    .reg_addr_o (reg_addr),
    .reg_wdata_o(reg_wdata),
    .reg_rdata_i(reg_rdata),
    .reg_err_i  (reg_err),
    .beat_o     (beat)
  );

  hb_tile #(
    .Rows      (Rows),
    .Cols      (Cols),
    .Depth     (Depth),
    .Banks     (Banks),
    .BankBytes (BankBytes),
    .QueueSlots(QueueSlots),
    .CpuBytes  (CpuBytes),
    .Net       (Links != 0)
  ) u_tile (
    .clk_i,
    .rst_ni,
    .h_req_i    (h_req),
    .h_gnt_o    (h_gnt),
    .h_write_i  (h_write),
    .h_addr_i   (h_addr),
    .h_wdata_i  (h_wdata),
    .h_rvalid_o (h_rvalid),
    .h_rdata_o  (h_rdata),
    .h_ue_o     (h_ue),
    .reg_req_i  (reg_req),
    .reg_gnt_o  (reg_gnt),
    .reg_write_i(reg_write),
    .reg_addr_i (reg_addr),
    .reg_wdata_i(reg_wdata),
    .reg_rdata_o(reg_rdata),
    .reg_err_o  (reg_err),
    .beat_i     (beat),
    .net_cmd_valid_o   (cmd_valid),
    .net_cmd_ready_i   (cmd_ready),
    .net_cmd_job_o     (cmd_job),
    .net_cmd_order_o   (cmd_order),
    .net_cmd_a_base_o  (cmd_a_base),
    .net_cmd_d_base_o  (cmd_d_base),
    .net_cmd_a_stride_o(cmd_a_stride),
    .net_cmd_d_stride_o(cmd_d_stride),
    .net_sem_valid_i   (sem_valid),
    .net_sem_gnt_o     (sem_gnt),
    .net_sem_index_i   (sem_index),
    .net_sem_count_i   (sem_count),
    .n_req_i    (n_req),
    .n_gnt_o    (n_gnt),
    .n_write_i  (n_write),
    .n_addr_i   (n_addr),
    .n_wdata_i  (n_wdata),
    .n_rdata_o  (n_rdata),
    .n_ue_o     (n_ue),
    .net_reg_req_o  (net_req),
    .net_reg_write_o(net_write),
    .net_reg_addr_o (net_addr),
    .net_reg_wdata_o(net_wdata),
    .net_reg_rdata_i(net_rdata),
    .net_reg_err_i  (net_err),
    .net_irq_i      (net_irq),
    .irq_o
  );

  if (Links != 0) begin : gen_fabric
    hb_fabric #(
      .WordBytes(WordBytes), .DataBytes(Banks * BankBytes), .Lanes(LinkLanes), .MaxWords(LinkMaxWords),
      .BufferWords(LinkBufferWords), .ReplayWords(LinkReplayWords), .Window(LinkWindow)
    ) u_fabric (
      .clk_i, .rst_ni,
      .cmd_valid_i(cmd_valid), .cmd_ready_o(cmd_ready), .cmd_job_i(cmd_job), .cmd_order_i(cmd_order),
      .cmd_a_base_i(cmd_a_base), .cmd_d_base_i(cmd_d_base), .cmd_a_stride_i(cmd_a_stride), .cmd_d_stride_i(cmd_d_stride),
      .sem_valid_o(sem_valid), .sem_gnt_i(sem_gnt), .sem_index_o(sem_index), .sem_count_o(sem_count),
      .n_req_o(n_req), .n_gnt_i(n_gnt), .n_write_o(n_write), .n_addr_o(n_addr), .n_wdata_o(n_wdata),
      .n_rdata_i(n_rdata), .n_ue_i(n_ue),
      .reg_req_i(net_req), .reg_write_i(net_write), .reg_addr_i(net_addr), .reg_wdata_i(net_wdata),
      .reg_rdata_o(net_rdata), .reg_err_o(net_err), .irq_o(net_irq),
      .phy_tx_o, .phy_tx_take_i, .phy_rx_i, .phy_rx_give_i
    );
  end else begin : gen_no_fabric
    assign {cmd_ready, sem_valid, sem_index, sem_count, n_req, n_write, net_rdata, net_err, net_irq, phy_tx_o} = '0;
    assign n_addr  = '0;
    assign n_wdata = '0;
    logic unused;
    assign unused = ^{cmd_valid, cmd_job, cmd_order, cmd_a_base, cmd_d_base, cmd_a_stride, cmd_d_stride, sem_gnt, n_gnt, n_rdata,
                      n_ue, net_req, net_write, net_addr, net_wdata, phy_tx_take_i, phy_rx_i, phy_rx_give_i};
  end

endmodule

`default_nettype wire
