// SPDX-License-Identifier: Apache-2.0
// Memory and host port as a bench wants them: requesters as vectors, and port h driven by the host port or by the bench.

/* verilator lint_off UNUSEDSIGNAL */  // requesters are uniform here: not every one uses everything
module hb_mem_bench #(
  parameter  int unsigned Rows       = 2,
  parameter  int unsigned Cols       = 2,
  parameter  int unsigned Depth      = 2,
  parameter  int unsigned Banks      = 4,
  parameter  int unsigned BankBytes  = 64,
  parameter  int unsigned QueueSlots = 1,
  parameter  int unsigned CpuBytes   = 128,
  parameter  int unsigned Net        = 0,  // 1: there is the requester n
  localparam int unsigned WordBytes  = hb_chip_pkg::word_bytes(Rows, Cols, Depth),
  localparam int unsigned W          = WordBytes * 8,
  localparam int unsigned AddrW      = $clog2(Banks * BankBytes / WordBytes) + 1,
  localparam int unsigned MapW       = hb_mem_pkg::index_width(Banks * BankBytes / WordBytes, CpuBytes / WordBytes) + 2
) (
  input  logic             clk_i,
  input  logic             rst_ni,

  // Requesters: 0 a, 1 b, 2 s, 3 i, 4 h, 5 q, 6 c, 7 n, 8 d
  input  logic             host_i,    // h belongs to the host port
  input  logic [8:0]       req_i,
  output logic [8:0]       gnt_o,
  input  logic [8:0]       write_i,
  input  logic [9*32-1:0]  addr_i,    // words; bits 31, 30: hb_mem_pkg::Region*
  input  logic [5*W-1:0]   wdata_i,   // h, q, c (its piece), n, d
  input  logic [3:0]       piece_i,   // c
  input  logic [3:0]       be_i,
  output logic [7:0]       rvalid_o,
  output logic [8*W-1:0]   rdata_o,
  output logic [7:0]       ue_o,

  input  logic [31:0]      scrub_interval_i,
  output logic [31:0]      scrub_addr_o,
  output logic             scrub_pass_o,
  output logic             scrub_fixed_o,
  output logic [3:0]       ecc_corrected_o,
  output logic [3:0]       ecc_ue_o,
  output logic             poison_valid_o,
  output logic [31:0]      poison_addr_o,
  output logic [2:0]       poison_source_o,
  input  logic             inject_go_i,
  input  logic [31:0]      inject_addr_i,
  input  logic [6:0]       inject_bit0_i,
  input  logic [6:0]       inject_bit1_i,
  input  logic [2:0]       inject_lane_i,
  output logic             inject_busy_o,
  output logic             inject_done_o,
  input  logic             heal_go_i,
  input  logic [31:0]      heal_addr_i,
  output logic             heal_busy_o,
  output logic             healed_o,
  output logic [3:0]       conflict_o,

  // Host port: {last, data}
  input  logic             req_valid_i,
  output logic             req_ready_o,
  input  logic [W:0]       req_beat_i,
  output logic             rsp_valid_o,
  input  logic             rsp_ready_i,
  output logic [W:0]       rsp_beat_o,
  output logic             reg_req_o,
  input  logic             reg_gnt_i,
  output logic             reg_write_o,
  output logic [15:0]      reg_addr_o,
  output logic [31:0]      reg_wdata_o,
  input  logic [31:0]      reg_rdata_i,
  input  logic             reg_err_i,
  output logic             beat_o
);

  logic             p_req, p_write, h_gnt;
  logic [MapW-1:0]  p_addr;
  logic [W-1:0]     p_wdata;
  logic [8:0]       gnt;

  hb_mem_pkg::control_t control;
  hb_mem_pkg::report_t  report;

  function automatic logic [AddrW-1:0] word_of(input logic [31:0] addr);
    word_of = {addr[31], addr[AddrW-2:0]};
  endfunction
  function automatic logic [MapW-1:0] map_of(input logic [31:0] addr);
    map_of = {addr[31:30], addr[MapW-3:0]};
  endfunction

  hb_mem #(
    .Rows(Rows), .Cols(Cols), .Depth(Depth), .Banks(Banks), .BankBytes(BankBytes), .QueueSlots(QueueSlots),
    .CpuBytes(CpuBytes), .Net(Net != 0)
  ) u_mem (
    .clk_i, .rst_ni,
    .a_req_i(req_i[0]), .a_gnt_o(gnt[0]), .a_addr_i(word_of(addr_i[0*32 +: 32])),
    .a_rvalid_o(rvalid_o[0]), .a_rdata_o(rdata_o[0*W +: W]), .a_ue_o(ue_o[0]),
    .b_req_i(req_i[1]), .b_gnt_o(gnt[1]), .b_addr_i(word_of(addr_i[1*32 +: 32])),
    .b_rvalid_o(rvalid_o[1]), .b_rdata_o(rdata_o[1*W +: W]), .b_ue_o(ue_o[1]),
    .s_req_i(req_i[2]), .s_gnt_o(gnt[2]), .s_addr_i(word_of(addr_i[2*32 +: 32])),
    .s_rvalid_o(rvalid_o[2]), .s_rdata_o(rdata_o[2*W +: W]), .s_ue_o(ue_o[2]),
    .i_req_i(req_i[3]), .i_gnt_o(gnt[3]), .i_addr_i(map_of(addr_i[3*32 +: 32])),
    .i_rvalid_o(rvalid_o[3]), .i_rdata_o(rdata_o[3*W +: W]), .i_ue_o(ue_o[3]),
    .h_req_i(host_i ? p_req : req_i[4]), .h_gnt_o(h_gnt), .h_write_i(host_i ? p_write : write_i[4]),
    .h_addr_i(host_i ? p_addr : map_of(addr_i[4*32 +: 32])), .h_wdata_i(host_i ? p_wdata : wdata_i[0 +: W]),
    .h_rvalid_o(rvalid_o[4]), .h_rdata_o(rdata_o[4*W +: W]), .h_ue_o(ue_o[4]),
    .q_req_i(req_i[5]), .q_gnt_o(gnt[5]), .q_write_i(write_i[5]),
    .q_addr_i(word_of(addr_i[5*32 +: 32])), .q_wdata_i(wdata_i[W +: W]),
    .q_rvalid_o(rvalid_o[5]), .q_rdata_o(rdata_o[5*W +: W]), .q_ue_o(ue_o[5]),
    .c_req_i(req_i[6]), .c_gnt_o(gnt[6]), .c_write_i(write_i[6]), .c_addr_i(map_of(addr_i[6*32 +: 32])),
    .c_piece_i(piece_i[$clog2(WordBytes/4)-1:0]), .c_be_i(be_i), .c_wdata_i(wdata_i[2*W +: 32]),
    .c_rvalid_o(rvalid_o[6]), .c_rdata_o(rdata_o[6*W +: W]), .c_ue_o(ue_o[6]),
    .n_req_i(req_i[7]), .n_gnt_o(gnt[7]), .n_write_i(write_i[7]),
    .n_addr_i(word_of(addr_i[7*32 +: 32])), .n_wdata_i(wdata_i[3*W +: W]),
    .n_rvalid_o(rvalid_o[7]), .n_rdata_o(rdata_o[7*W +: W]), .n_ue_o(ue_o[7]),
    .d_req_i(req_i[8]), .d_gnt_o(gnt[8]), .d_addr_i(word_of(addr_i[8*32 +: 32])), .d_wdata_i(wdata_i[4*W +: W]),
    .control_i(control), .report_o(report)
  );

  assign control = {scrub_interval_i, inject_go_i, inject_addr_i, inject_bit0_i, inject_bit1_i, inject_lane_i, heal_go_i, heal_addr_i};
  assign {scrub_addr_o, scrub_pass_o, scrub_fixed_o, ecc_corrected_o, ecc_ue_o, poison_valid_o, poison_addr_o, poison_source_o,
          inject_busy_o, inject_done_o, heal_busy_o, healed_o, conflict_o} = report;

  assign gnt[4] = h_gnt && !host_i;
  assign gnt_o  = gnt;

  hb_host_port #(
    .Rows(Rows), .Cols(Cols), .Depth(Depth), .Banks(Banks), .BankBytes(BankBytes), .QueueSlots(QueueSlots),
    .CpuBytes(CpuBytes)
  ) u_port (
    .clk_i, .rst_ni,
    .req_valid_i, .req_ready_o, .req_last_i(req_beat_i[W]), .req_data_i(req_beat_i[W-1:0]),
    .rsp_valid_o, .rsp_ready_i, .rsp_last_o(rsp_beat_o[W]), .rsp_data_o(rsp_beat_o[W-1:0]),
    .h_req_o(p_req), .h_gnt_i(h_gnt && host_i), .h_write_o(p_write), .h_addr_o(p_addr), .h_wdata_o(p_wdata),
    .h_rvalid_i(rvalid_o[4] && host_i), .h_rdata_i(rdata_o[4*W +: W]), .h_ue_i(ue_o[4]),
    .reg_req_o, .reg_gnt_i, .reg_write_o, .reg_addr_o, .reg_wdata_o, .reg_rdata_i, .reg_err_i, .beat_o
  );

endmodule
