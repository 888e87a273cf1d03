// SPDX-License-Identifier: Apache-2.0
// A chip whose core can be watched: hb_chip with a small array, room for the monitor with its self-tests, and the core's retirement
// port, run control and interrupts as outputs.

module hb_watched_chip #(
  localparam int unsigned W = 64
) (
  input  logic         clk_i,
  input  logic         rst_ni,
  input  logic         req_valid_i,
  output logic         req_ready_o,
  input  logic         req_last_i,
  input  logic [W-1:0] req_data_i,
  output logic         rsp_valid_o,
  input  logic         rsp_ready_i,
  output logic         rsp_last_o,
  output logic [W-1:0] rsp_data_o,
  output logic         irq_o,

  // As the ports of hb_cpu
  output logic         run_o,
  output logic         lockup_o,
  output logic [31:0]  start_o,
  output logic         irq_software_o,
  output logic         irq_timer_o,
  output logic         irq_external_o,
  output logic         ret_valid_o,
  output logic         ret_trap_o,
  output logic         ret_rd_we_o,
  output logic         ret_mem_write_o,
  output logic [4:0]   ret_cause_o,
  output logic [3:0]   ret_mem_be_o,
  output logic [31:0]  ret_pc_o,
  output logic [31:0]  ret_insn_o,
  output logic [31:0]  ret_tval_o,
  output logic [31:0]  ret_rd_o,
  output logic [31:0]  ret_mem_addr_o,
  output logic [31:0]  ret_mem_data_o
);

  // Geometry and CpuBytes are in watched_chip.hpp too.
  hb_chip #(.Rows(2), .Cols(2), .Depth(2), .Banks(4), .BankBytes(8192), .QueueSlots(8), .CpuBytes(65536)) u_chip (
    .clk_i, .rst_ni, .req_valid_i, .req_ready_o, .req_last_i, .req_data_i, .rsp_valid_o, .rsp_ready_i, .rsp_last_o, .rsp_data_o, .irq_o
  );

  assign run_o           = u_chip.u_tile.gen_controller.u_controller.run;
  assign lockup_o        = u_chip.u_tile.gen_controller.u_controller.lockup;
  assign start_o         = u_chip.u_tile.gen_controller.u_controller.start;
  assign irq_software_o  = u_chip.u_tile.gen_controller.u_controller.irq_software;
  assign irq_timer_o     = u_chip.u_tile.gen_controller.u_controller.irq_timer;
  assign irq_external_o  = u_chip.u_tile.gen_controller.u_controller.irq_external;
  assign ret_valid_o     = u_chip.u_tile.gen_controller.u_controller.retire;
  assign ret_trap_o      = u_chip.u_tile.gen_controller.u_controller.trap;
  assign ret_rd_we_o     = u_chip.u_tile.gen_controller.u_controller.ret_rd_we;
  assign ret_mem_write_o = u_chip.u_tile.gen_controller.u_controller.ret_mem_write;
  assign ret_cause_o     = u_chip.u_tile.gen_controller.u_controller.ret_cause;
  assign ret_mem_be_o    = u_chip.u_tile.gen_controller.u_controller.ret_mem_be;
  assign ret_pc_o        = u_chip.u_tile.gen_controller.u_controller.ret_pc;
  assign ret_insn_o      = u_chip.u_tile.gen_controller.u_controller.ret_insn;
  assign ret_tval_o      = u_chip.u_tile.gen_controller.u_controller.ret_tval;
  assign ret_rd_o        = u_chip.u_tile.gen_controller.u_controller.ret_rd;
  assign ret_mem_addr_o  = u_chip.u_tile.gen_controller.u_controller.ret_mem_addr;
  assign ret_mem_data_o  = u_chip.u_tile.gen_controller.u_controller.ret_mem_data;

endmodule
