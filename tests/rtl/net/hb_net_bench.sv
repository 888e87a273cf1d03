// SPDX-License-Identifier: Apache-2.0
// hb_net with its commands as plain numbers.

module hb_net_bench #(
  parameter  int unsigned WordBytes = 8,
  parameter  int unsigned DataBytes = 8192,
  parameter  int unsigned MaxWords  = 9,
  localparam int unsigned W         = WordBytes * 8,
  localparam int unsigned IndexW    = $clog2(DataBytes / WordBytes),
  localparam int unsigned L         = hb_net_regs_pkg::NumPort - 1
) (
  input  logic              clk_i,
  input  logic              rst_ni,

  input  logic              cmd_valid_i,
  output logic              cmd_ready_o,
  input  logic [7:0]        cmd_opcode_i,
  input  logic [15:0]       cmd_rows_i,
  input  logic [15:0]       cmd_words_i,
  input  logic [31:0]       cmd_a_base_i,    // words, as the next three
  input  logic [31:0]       cmd_d_base_i,
  input  logic [31:0]       cmd_a_stride_i,
  input  logic [31:0]       cmd_d_stride_i,
  input  logic [31:0]       cmd_word13_i,
  input  logic [31:0]       cmd_word14_i,
  input  logic [2:0]        cmd_sem_i,
  input  logic [7:0]        cmd_count_i,

  output logic              sem_valid_o,
  input  logic              sem_gnt_i,
  output logic [2:0]        sem_index_o,
  output logic [7:0]        sem_count_o,

  output logic              n_req_o,
  input  logic              n_gnt_i,
  output logic              n_write_o,
  output logic [31:0]       n_addr_o,
  output logic [W-1:0]      n_wdata_o,
  input  logic [W-1:0]      n_rdata_i,
  input  logic              n_ue_i,

  input  logic              reg_req_i,
  input  logic              reg_write_i,
  input  logic [11:0]       reg_addr_i,
  input  logic [31:0]       reg_wdata_i,
  output logic [31:0]       reg_rdata_o,
  output logic              reg_err_o,
  output logic              irq_o,

  output logic [2*L-1:0]    tx_valid_o,
  input  logic [2*L-1:0]    tx_ready_i,
  output logic [2*L*64-1:0] tx_data_o,
  output logic [2*L-1:0]    tx_last_o,
  output logic [2*L*8-1:0]  tx_len_o,
  input  logic [2*L-1:0]    rx_valid_i,
  output logic [2*L-1:0]    rx_ready_o,
  input  logic [2*L*64-1:0] rx_data_i,
  input  logic [2*L-1:0]    rx_last_i,
  input  logic [2*L*8-1:0]  rx_len_i
);

  hb_tile_pkg::job_t   job;
  hb_tile_pkg::order_t order;
  logic [IndexW-1:0]   n_addr;
  logic                unused;

  always_comb begin
    job                = '0;
    job.opcode         = cmd_opcode_i;
    job.m              = cmd_rows_i;
    job.n              = cmd_words_i;
    job.seed           = cmd_word13_i;
    job.row0           = cmd_word14_i[15:0];
    job.col0           = cmd_word14_i[31:16];
    order              = '0;
    order.signal_sem   = cmd_sem_i;
    order.signal_count = cmd_count_i;
  end
  assign n_addr_o = 32'(n_addr);
  assign unused   = ^{cmd_a_base_i, cmd_d_base_i, cmd_a_stride_i, cmd_d_stride_i};

  hb_net #(.WordBytes(WordBytes), .DataBytes(DataBytes), .MaxWords(MaxWords)) u_net (
    .clk_i, .rst_ni,
    .cmd_valid_i, .cmd_ready_o, .cmd_job_i(job), .cmd_order_i(order),
    .cmd_a_base_i(cmd_a_base_i[IndexW-1:0]), .cmd_d_base_i(cmd_d_base_i[IndexW-1:0]),
    .cmd_a_stride_i(cmd_a_stride_i[IndexW:0]), .cmd_d_stride_i(cmd_d_stride_i[IndexW:0]),
    .sem_valid_o, .sem_gnt_i, .sem_index_o, .sem_count_o,
    .n_req_o, .n_gnt_i, .n_write_o, .n_addr_o(n_addr), .n_wdata_o, .n_rdata_i, .n_ue_i,
    .reg_req_i, .reg_write_i, .reg_addr_i, .reg_wdata_i, .reg_rdata_o, .reg_err_o, .irq_o,
    .tx_valid_o, .tx_ready_i, .tx_data_o, .tx_last_o, .tx_len_o,
    .rx_valid_i, .rx_ready_o, .rx_data_i, .rx_last_i, .rx_len_i
  );

endmodule
