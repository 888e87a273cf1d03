// SPDX-License-Identifier: Apache-2.0
// The chip: a tile and its host port. The unit that is verilated and synthesised; wrong parameters end elaboration here.

module hb_chip #(
  parameter  int unsigned Rows       = 8,
  parameter  int unsigned Cols       = 8,
  parameter  int unsigned Depth      = 4,
  parameter  int unsigned Banks      = 4,
  parameter  int unsigned BankBytes  = 32768,
  parameter  int unsigned QueueSlots = 8,
  parameter  int unsigned CpuBytes   = 0,  // of controller memory; 0: no controller
  localparam int unsigned WordBytes  = ((Rows > Cols) ? Rows : Cols) * Depth * 2,
  localparam int unsigned W          = WordBytes * 8
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

  output logic         irq_o         // level: a cause enabled in IRQ_ENABLE stands in IRQ_STATUS, or HOST_IRQ of the controller is not zero
);

  localparam int unsigned MapW = hb_mem_pkg::index_width(Banks * BankBytes / WordBytes, CpuBytes / WordBytes) + 2;

  // x & (x - 1) is zero for powers of two.
  if (Rows == 0 || (Rows & (Rows - 1)) != 0 || Rows > 128 || Cols == 0 || (Cols & (Cols - 1)) != 0 || Cols > 128) begin : gen_bad_array
    $error("hb_chip: Rows and Cols must be powers of two, at most 128");
  end
  if (Depth != 1 && Depth != 2 && Depth != 4) begin : gen_bad_depth
    $error("hb_chip: Depth must be 1, 2 or 4");
  end
  if (Rows < Depth || Cols < Depth) begin : gen_bad_shape
    $error("hb_chip: Rows and Cols must not be less than Depth");
  end
  if (WordBytes < 8 || WordBytes > 64) begin : gen_bad_word
    $error("hb_chip: the memory word, max(Rows, Cols) * Depth * 2 bytes, must have 8 to 64 bytes");
  end
  if (Banks < 2 || (Banks & (Banks - 1)) != 0 || Banks > 128) begin : gen_bad_banks
    $error("hb_chip: Banks must be a power of two, 2 to 128");
  end
  if (BankBytes < 2 * WordBytes || (BankBytes & (BankBytes - 1)) != 0 || BankBytes > 32'h4000_0000 / Banks) begin : gen_bad_bank
    $error("hb_chip: BankBytes must be a power of two, at least two words, and all banks together at most 1 GiB");
  end
  if (QueueSlots < 2 || (QueueSlots & (QueueSlots - 1)) != 0 || QueueSlots > 128) begin : gen_bad_queue
    $error("hb_chip: QueueSlots must be a power of two, 2 to 128");
  end
  if (QueueSlots * 128 > Banks * BankBytes) begin : gen_bad_queue_memory
    $error("hb_chip: the queue memory, 128 bytes a slot, must not be larger than the data memory");
  end
  if (CpuBytes != 0 && (CpuBytes < 2 * WordBytes || (CpuBytes & (CpuBytes - 1)) != 0 || CpuBytes > 32'h2000_0000)) begin : gen_bad_cpu
    $error("hb_chip: CpuBytes must be 0 or a power of two, at least two words, at most 512 MiB");
  end

  logic             h_req, h_gnt, h_write, h_rvalid, h_ue;
  logic [MapW-1:0]  h_addr;
  logic [W-1:0]     h_wdata, h_rdata;
  logic             reg_req, reg_gnt, reg_write, reg_err, beat;
  logic [15:0]      reg_addr;
  logic [31:0]      reg_wdata, reg_rdata;

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
    .CpuBytes  (CpuBytes)
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
    .irq_o
  );

endmodule
