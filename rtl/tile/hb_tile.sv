// SPDX-License-Identifier: Apache-2.0
// The matrix-engine tile: memory, engine, sequencer, registers and controller, as in the figure of rtl/README.md.
`default_nettype none

module hb_tile #(
  parameter  int unsigned Rows       = 8,
  parameter  int unsigned Cols       = 8,
  parameter  int unsigned Depth      = 4,
  parameter  int unsigned Banks      = 4,
  parameter  int unsigned BankBytes  = 32768,
  parameter  int unsigned QueueSlots = 8,
  parameter  int unsigned CpuBytes   = 0,  // of controller memory; 0: no controller
  parameter  bit          Net        = 0,  // there is a network, with the ports for it below
  localparam int unsigned WordBytes  = hb_chip_pkg::word_bytes(Rows, Cols, Depth),
  localparam int unsigned W          = WordBytes * 8,
  localparam int unsigned AddrW      = $clog2(Banks * BankBytes / WordBytes) + 1,
  localparam int unsigned MapW       = hb_mem_pkg::index_width(Banks * BankBytes / WordBytes, CpuBytes / WordBytes) + 2
) (
  input  logic             clk_i,
  input  logic             rst_ni,

  // Memory requester of the host port (hb_mem)
  input  logic             h_req_i,
  output logic             h_gnt_o,
  input  logic             h_write_i,
  input  logic [MapW-1:0]  h_addr_i,
  input  logic [W-1:0]     h_wdata_i,
  output logic             h_rvalid_o,
  output logic [W-1:0]     h_rdata_o,
  output logic             h_ue_o,

  // Registers (hb_csr, hb_controller): a request holds until granted, and is answered exactly one clock later
  input  logic             reg_req_i,
  output logic             reg_gnt_o,
  input  logic             reg_write_i,
  input  logic [15:0]      reg_addr_i,
  input  logic [31:0]      reg_wdata_i,
  output logic [31:0]      reg_rdata_o,
  output logic             reg_err_o,
  input  logic             beat_i,       // pulse: the host port moved a data beat; counted

  // Network (hb_net): transfers, its signals, its memory requester, its registers and those of links (0x8000_2000 and above)
  output logic                net_cmd_valid_o,
  input  logic                net_cmd_ready_i,
  output hb_tile_pkg::job_t   net_cmd_job_o,
  output hb_tile_pkg::order_t net_cmd_order_o,
  output logic [AddrW-2:0]    net_cmd_a_base_o,
  output logic [AddrW-2:0]    net_cmd_d_base_o,
  output logic [AddrW-1:0]    net_cmd_a_stride_o,
  output logic [AddrW-1:0]    net_cmd_d_stride_o,
  input  logic                net_sem_valid_i,
  output logic                net_sem_gnt_o,
  input  logic [2:0]          net_sem_index_i,
  input  logic [7:0]          net_sem_count_i,
  input  logic                n_req_i,
  output logic                n_gnt_o,
  input  logic                n_write_i,
  input  logic [AddrW-2:0]    n_addr_i,
  input  logic [W-1:0]        n_wdata_i,
  output logic [W-1:0]        n_rdata_o,
  output logic                n_ue_o,
  output logic                net_reg_req_o,   // answered on the next clock; then only, not zero
  output logic                net_reg_write_o,
  output logic [15:0]         net_reg_addr_o,
  output logic [31:0]         net_reg_wdata_o,
  input  logic [31:0]         net_reg_rdata_i,
  input  logic                net_reg_err_i,
  input  logic                net_irq_i,

  output logic             irq_o         // level
);

  localparam int unsigned MacsW  = $clog2(Rows * Cols * Depth + 1);
  localparam int unsigned IndexW = AddrW - 1;
  localparam int unsigned PieceW = $clog2(WordBytes / 4);

  // Requester ports of the memory
  logic             a_req, a_gnt, a_rvalid, a_ue;
  logic             b_req, b_gnt, b_rvalid, b_ue;
  logic             s_req, s_gnt, s_rvalid, s_ue;
  logic             d_req, d_gnt;
  logic             q_req, q_gnt, q_write, q_rvalid, q_ue;
  logic [AddrW-1:0] a_addr, b_addr, s_addr, d_addr, q_addr;
  logic [W-1:0]     a_rdata, b_rdata, s_rdata, d_wdata, q_rdata, q_wdata;

  // Requester ports of the controller
  logic              i_req, i_gnt, i_rvalid, i_ue, c_req, c_gnt, c_write, c_rvalid, c_ue;
  logic [MapW-1:0]   i_addr, c_addr;
  logic [W-1:0]      i_rdata, c_rdata;
  logic [PieceW-1:0] c_piece;
  logic [3:0]        c_be;
  logic [31:0]       c_wdata;

  // Memory and registers
  hb_mem_pkg::control_t mem_control;
  hb_mem_pkg::report_t  mem_report;
  logic                 unused_n_rvalid;  // two clocks after the grant, as the network knows

  hb_mem #(
    .Rows(Rows), .Cols(Cols), .Depth(Depth), .Banks(Banks), .BankBytes(BankBytes), .QueueSlots(QueueSlots), .CpuBytes(CpuBytes),
    .Net(Net)
  ) u_mem (
    .clk_i, .rst_ni,
    .a_req_i(a_req), .a_gnt_o(a_gnt), .a_addr_i(a_addr), .a_rvalid_o(a_rvalid), .a_rdata_o(a_rdata), .a_ue_o(a_ue),
    .b_req_i(b_req), .b_gnt_o(b_gnt), .b_addr_i(b_addr), .b_rvalid_o(b_rvalid), .b_rdata_o(b_rdata), .b_ue_o(b_ue),
    .s_req_i(s_req), .s_gnt_o(s_gnt), .s_addr_i(s_addr), .s_rvalid_o(s_rvalid), .s_rdata_o(s_rdata), .s_ue_o(s_ue),
    .d_req_i(d_req), .d_gnt_o(d_gnt), .d_addr_i(d_addr), .d_wdata_i(d_wdata),
    .h_req_i, .h_gnt_o, .h_write_i, .h_addr_i, .h_wdata_i, .h_rvalid_o, .h_rdata_o, .h_ue_o,
    .q_req_i(q_req), .q_gnt_o(q_gnt), .q_write_i(q_write), .q_addr_i(q_addr), .q_wdata_i(q_wdata),
    .q_rvalid_o(q_rvalid), .q_rdata_o(q_rdata), .q_ue_o(q_ue),
    .i_req_i(i_req), .i_gnt_o(i_gnt), .i_addr_i(i_addr), .i_rvalid_o(i_rvalid), .i_rdata_o(i_rdata), .i_ue_o(i_ue),
    .c_req_i(c_req), .c_gnt_o(c_gnt), .c_write_i(c_write), .c_addr_i(c_addr), .c_piece_i(c_piece), .c_be_i(c_be),
    .c_wdata_i(c_wdata), .c_rvalid_o(c_rvalid), .c_rdata_o(c_rdata), .c_ue_o(c_ue),
    .n_req_i, .n_gnt_o, .n_write_i, .n_addr_i({1'b0, n_addr_i}), .n_wdata_i,
    .n_rvalid_o(unused_n_rvalid), .n_rdata_o, .n_ue_o,
    .control_i(mem_control), .report_o(mem_report)
  );

  // Sequencer and engine
  logic                   start, abort, done, job_poison, active;
  hb_tile_pkg::activity_t activity;
  hb_tile_pkg::job_t      job;
  logic [4*IndexW-1:0]    base;
  logic [4*AddrW-1:0]     stride;
  logic [5:0]             job_flags;
  logic [AddrW-1:0]       job_poison_addr;
  logic [MacsW-1:0]       macs;

  hb_engine #(.Rows(Rows), .Cols(Cols), .Depth(Depth), .Banks(Banks), .BankBytes(BankBytes)) u_engine (
    .clk_i, .rst_ni,
    .start_i(start), .abort_i(abort), .job_i(job),
    .a_base_i(base[0*IndexW +: IndexW]), .b_base_i(base[1*IndexW +: IndexW]),
    .c_base_i(base[2*IndexW +: IndexW]), .d_base_i(base[3*IndexW +: IndexW]),
    .a_stride_i(stride[0*AddrW +: AddrW]), .b_stride_i(stride[1*AddrW +: AddrW]),
    .c_stride_i(stride[2*AddrW +: AddrW]), .d_stride_i(stride[3*AddrW +: AddrW]),
    .done_o(done), .job_flags_o(job_flags), .poison_o(job_poison), .poison_addr_o(job_poison_addr),
    .active_o(active), .step_o(activity.step), .macs_o(macs), .stall_operand_o(activity.stall_operand),
    .stall_result_o(activity.stall_result), .stall_c_o(activity.stall_c),
    .a_req_o(a_req), .a_gnt_i(a_gnt), .a_addr_o(a_addr), .a_rvalid_i(a_rvalid), .a_rdata_i(a_rdata), .a_ue_i(a_ue),
    .b_req_o(b_req), .b_gnt_i(b_gnt), .b_addr_o(b_addr), .b_rvalid_i(b_rvalid), .b_rdata_i(b_rdata), .b_ue_i(b_ue),
    .s_req_o(s_req), .s_gnt_i(s_gnt), .s_addr_o(s_addr), .s_rvalid_i(s_rvalid), .s_rdata_i(s_rdata), .s_ue_i(s_ue),
    .d_req_o(d_req), .d_gnt_i(d_gnt), .d_addr_o(d_addr), .d_wdata_o(d_wdata)
  );

  // Sequencer and registers
  hb_tile_pkg::queue_t      queue;
  hb_tile_pkg::seq_report_t seq_report;
  logic                     abort_job, queue_reset;

  // Semaphores
  hb_tile_pkg::sem_op_t host_sem;
  logic                 job_sem_valid, job_sem_signal, job_sem_gnt;
  logic [2:0]           job_sem_index;
  logic [7:0]           job_sem_count;
  logic [hb_tile_regs_pkg::SemCount*16-1:0] sem_values;

  hb_seq #(
    .Rows(Rows), .Cols(Cols), .Depth(Depth), .Banks(Banks), .BankBytes(BankBytes), .QueueSlots(QueueSlots), .Net(Net)
  ) u_seq (
    .clk_i, .rst_ni,
    .queue_i(queue), .abort_i(abort_job), .queue_reset_i(queue_reset), .report_o(seq_report),
    .ecc_corrected_i(mem_report.ecc_corrected),
    .sem_valid_o(job_sem_valid), .sem_signal_o(job_sem_signal), .sem_index_o(job_sem_index), .sem_count_o(job_sem_count),
    .sem_gnt_i(job_sem_gnt),
    .net_valid_o(net_cmd_valid_o), .net_ready_i(net_cmd_ready_i), .net_order_o(net_cmd_order_o),
    .start_o(start), .abort_o(abort), .job_o(job), .base_o(base), .stride_o(stride),
    .done_i(done), .job_flags_i(job_flags), .poison_i(job_poison), .poison_addr_i(job_poison_addr),
    .active_i(active), .activity_i(activity),
    .q_req_o(q_req), .q_gnt_i(q_gnt), .q_write_o(q_write), .q_addr_o(q_addr), .q_wdata_o(q_wdata),
    .q_rvalid_i(q_rvalid), .q_rdata_i(q_rdata), .q_ue_i(q_ue)
  );

  hb_sem u_sem (
    .clk_i, .rst_ni,
    .host_i(host_sem),
    .net_valid_i(net_sem_valid_i), .net_index_i(net_sem_index_i), .net_count_i(net_sem_count_i), .net_gnt_o(net_sem_gnt_o),
    .job_valid_i(job_sem_valid), .job_signal_i(job_sem_signal), .job_index_i(job_sem_index), .job_count_i(job_sem_count),
    .job_gnt_o(job_sem_gnt),
    .values_o(sem_values)
  );

  // The tile's registers, as host port and controller take turns at them
  logic        reg_req, csr_req, csr_write, csr_err, csr_err_any, irq_tile, irq_queue, poison, irq_controller;
  logic [15:0] csr_addr;
  logic [31:0] csr_wdata, csr_rdata, csr_rdata_any;

  hb_csr #(
    .Rows(Rows), .Cols(Cols), .Depth(Depth), .Banks(Banks), .BankBytes(BankBytes), .QueueSlots(QueueSlots), .CpuBytes(CpuBytes),
    .Net(Net)
  ) u_csr (
    .clk_i, .rst_ni,
    .reg_req_i(csr_req), .reg_write_i(csr_write), .reg_addr_i(csr_addr), .reg_wdata_i(csr_wdata),
    .reg_rdata_o(csr_rdata), .reg_err_o(csr_err),
    .queue_o(queue), .abort_o(abort_job), .queue_reset_o(queue_reset), .seq_i(seq_report),
    .sem_op_o(host_sem), .sem_values_i(sem_values), .mem_o(mem_control), .mem_i(mem_report),
    .activity_i(activity), .macs_i(macs), .beat_i,
    .irq_o(irq_tile), .irq_queue_o(irq_queue), .poison_o(poison)
  );

  if (CpuBytes != 0) begin : gen_controller
    hb_controller #(
      .WordBytes(WordBytes), .DataBytes(Banks * BankBytes), .QueueBytes(2 * 64 * QueueSlots), .CpuBytes(CpuBytes)
    ) u_controller (
      .clk_i, .rst_ni,
      .h_req_i(reg_req_i), .h_gnt_o(reg_gnt_o), .h_write_i(reg_write_i), .h_addr_i(reg_addr_i), .h_wdata_i(reg_wdata_i),
      .h_rdata_o(reg_rdata_o), .h_err_o(reg_err_o),
      .t_req_o(reg_req), .t_write_o(csr_write), .t_addr_o(csr_addr), .t_wdata_o(csr_wdata),
      .t_rdata_i(csr_rdata_any), .t_err_i(csr_err_any),
      .i_req_o(i_req), .i_gnt_i(i_gnt), .i_addr_o(i_addr), .i_rvalid_i(i_rvalid), .i_rdata_i(i_rdata), .i_ue_i(i_ue),
      .c_req_o(c_req), .c_gnt_i(c_gnt), .c_write_o(c_write), .c_addr_o(c_addr), .c_piece_o(c_piece), .c_be_o(c_be),
      .c_wdata_o(c_wdata), .c_rvalid_i(c_rvalid), .c_rdata_i(c_rdata), .c_ue_i(c_ue),
      .irq_queue_i(irq_queue), .poison_i(poison), .irq_o(irq_controller)
    );
  end else begin : gen_no_controller
    assign reg_gnt_o      = 1'b1;
    assign reg_req        = reg_req_i;
    assign csr_write      = reg_write_i;
    assign csr_addr       = reg_addr_i;
    assign csr_wdata      = reg_wdata_i;
    assign reg_rdata_o    = csr_rdata_any;
    assign reg_err_o      = csr_err_any;
    assign irq_controller = 1'b0;

    assign {i_req, i_addr, c_req, c_write, c_addr, c_piece, c_be, c_wdata} = '0;
    logic unused;
    assign unused = ^{i_gnt, i_rvalid, i_rdata, i_ue, c_gnt, c_rvalid, c_rdata, c_ue, irq_queue, poison};
  end

  // The network's registers
  logic for_net;
  assign for_net         = Net && csr_addr[15:13] != '0;
  assign csr_req         = reg_req && !for_net;
  assign net_reg_req_o   = reg_req && for_net;
  assign net_reg_write_o = csr_write;
  assign net_reg_addr_o  = csr_addr;
  assign net_reg_wdata_o = csr_wdata;
  assign csr_rdata_any   = csr_rdata | net_reg_rdata_i;
  assign csr_err_any     = csr_err || net_reg_err_i;

  assign net_cmd_job_o      = job;
  assign net_cmd_a_base_o   = base[0*IndexW +: IndexW];
  assign net_cmd_d_base_o   = base[3*IndexW +: IndexW];
  assign net_cmd_a_stride_o = stride[0*AddrW +: AddrW];
  assign net_cmd_d_stride_o = stride[3*AddrW +: AddrW];

  assign irq_o = irq_tile || irq_controller || net_irq_i;

`ifndef SYNTHESIS
  // Promises of the ports, checked in simulation (rtl/README.md)
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      hb_tile_one_register_answers: assert (csr_rdata == '0 || net_reg_rdata_i == '0);
    end
  end
`endif

endmodule

`default_nettype wire
