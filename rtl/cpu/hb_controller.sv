// SPDX-License-Identifier: Apache-2.0
// The controller in its tile: core, memory requesters i and c, registers shared fairly with the host port (rtl/cpu/README.md).
`default_nettype none

module hb_controller #(
  parameter  int unsigned WordBytes  = 64,
  parameter  int unsigned DataBytes  = 131072,
  parameter  int unsigned QueueBytes = 1024,
  parameter  int unsigned CpuBytes   = 65536,
  parameter  bit          ExtM       = 1'b0,
  localparam int unsigned W          = WordBytes * 8,
  localparam int unsigned MapW       = hb_mem_pkg::index_width(DataBytes / WordBytes, CpuBytes / WordBytes) + 2,
  localparam int unsigned PieceW     = $clog2(WordBytes / 4)
) (
  input  logic              clk_i,
  input  logic              rst_ni,

  // Register port of the host port: a request holds until granted, and is answered exactly one clock later
  input  logic              h_req_i,
  output logic              h_gnt_o,
  input  logic              h_write_i,
  input  logic [15:0]       h_addr_i,     // byte offset from 0x8000_0000
  input  logic [31:0]       h_wdata_i,
  output logic [31:0]       h_rdata_o,    // zero unless a register was read
  output logic              h_err_o,

  // Registers of the tile (hb_csr): answered exactly one clock later; then only, not zero
  output logic              t_req_o,
  output logic              t_write_o,
  output logic [15:0]       t_addr_o,
  output logic [31:0]       t_wdata_o,
  input  logic [31:0]       t_rdata_i,
  input  logic              t_err_i,

  // Memory requesters (hb_mem)
  output logic              i_req_o,
  input  logic              i_gnt_i,
  output logic [MapW-1:0]   i_addr_o,
  input  logic              i_rvalid_i,
  input  logic [W-1:0]      i_rdata_i,
  input  logic              i_ue_i,
  output logic              c_req_o,
  input  logic              c_gnt_i,
  output logic              c_write_o,
  output logic [MapW-1:0]   c_addr_o,
  output logic [PieceW-1:0] c_piece_o,
  output logic [3:0]        c_be_o,
  output logic [31:0]       c_wdata_o,
  input  logic              c_rvalid_i,
  input  logic [W-1:0]      c_rdata_i,
  input  logic              c_ue_i,

  input  logic              irq_queue_i,  // levels: causes of the core's external interrupt
  input  logic              poison_i,
  output logic              irq_o         // level: HOST_IRQ is not zero
);

  if (WordBytes < 8 || WordBytes > 64 || (WordBytes & (WordBytes - 1)) != 0) begin : gen_bad_word
    $error("hb_controller: WordBytes must be 8, 16, 32 or 64");
  end
  if (CpuBytes < 2 * WordBytes || (CpuBytes & (CpuBytes - 1)) != 0 || CpuBytes > 32'h2000_0000) begin : gen_bad_cpu
    $error("hb_controller: CpuBytes must be a power of two, at least 2 words, at most 512 MiB");
  end

  // The core and what it asks for
  logic         run, halt, step, halted, wfi, lockup, retire, trap;
  logic         irq_software, irq_timer, irq_external, gpr_we, pc_we;
  logic [31:0]  start, pc, gpr, dbg_wdata;
  logic [4:0]   gpr_index;
  logic         f_req, f_gnt, f_err, d_req, d_gnt, d_write, d_rvalid, d_err;
  logic [31:0]  f_addr, d_addr, d_wdata, d_rdata;
  logic [3:0]   d_be;

  // Retirement, for a bench to look at
  /* verilator lint_off UNUSEDSIGNAL */
  logic [31:0]  ret_pc, ret_insn, ret_tval, ret_rd, ret_mem_addr, ret_mem_data;
  logic [4:0]   ret_cause;
  logic [3:0]   ret_mem_be;
  logic         ret_rd_we, ret_mem_write;
  /* verilator lint_on UNUSEDSIGNAL */

  // A reset clears RUN, and that resets the core. Reset itself stays out of it: it would reach the requests, and with them all
  // of the memory, on a path that a simulator evaluates twice a clock.
  hb_cpu #(.LineBytes(WordBytes), .ExtM(ExtM)) u_core (
    .clk_i, .rst_ni(1'b1),
    .run_i(run), .start_i(start), .halt_i(halt), .step_i(step), .halted_o(halted), .wfi_o(wfi), .lockup_o(lockup),
    .irq_software_i(irq_software), .irq_timer_i(irq_timer), .irq_external_i(irq_external),
    .i_req_o(f_req), .i_gnt_i(f_gnt), .i_addr_o(f_addr), .i_rdata_i(i_rdata_i), .i_err_i(f_err),
    .c_req_o(d_req), .c_gnt_i(d_gnt), .c_write_o(d_write), .c_addr_o(d_addr), .c_be_o(d_be), .c_wdata_o(d_wdata),
    .c_rvalid_i(d_rvalid), .c_rdata_i(d_rdata), .c_err_i(d_err),
    .dbg_gpr_i(gpr_index), .dbg_gpr_o(gpr), .dbg_gpr_we_i(gpr_we), .dbg_pc_we_i(pc_we), .dbg_wdata_i(dbg_wdata), .pc_o(pc),
    .ret_valid_o(retire), .ret_pc_o(ret_pc), .ret_insn_o(ret_insn), .ret_trap_o(trap), .ret_cause_o(ret_cause),
    .ret_tval_o(ret_tval), .ret_rd_we_o(ret_rd_we), .ret_rd_o(ret_rd), .ret_mem_be_o(ret_mem_be),
    .ret_mem_write_o(ret_mem_write), .ret_mem_addr_o(ret_mem_addr), .ret_mem_data_o(ret_mem_data)
  );

  logic        r_req, r_gnt, r_err;
  logic [31:0] r_rdata;

  hb_controller_bus #(
    .WordBytes(WordBytes), .DataBytes(DataBytes), .QueueBytes(QueueBytes), .CpuBytes(CpuBytes)
  ) u_bus (
    .clk_i, .rst_ni,
    .f_req_i(f_req), .f_gnt_o(f_gnt), .f_addr_i(f_addr), .f_err_o(f_err),
    .d_req_i(d_req), .d_gnt_o(d_gnt), .d_write_i(d_write), .d_addr_i(d_addr), .d_be_i(d_be), .d_wdata_i(d_wdata),
    .d_rvalid_o(d_rvalid), .d_rdata_o(d_rdata), .d_err_o(d_err),
    .i_req_o, .i_gnt_i, .i_addr_o, .i_rvalid_i, .i_ue_i,
    .c_req_o, .c_gnt_i, .c_write_o, .c_addr_o, .c_piece_o, .c_be_o, .c_wdata_o, .c_rvalid_i, .c_rdata_i, .c_ue_i,
    .r_req_o(r_req), .r_gnt_i(r_gnt), .r_rdata_i(r_rdata), .r_err_i(r_err)
  );

  // Registers: host port and core in turn, to the tile's block and to the controller's own
  logic [1:0]  reg_gnt;
  logic        reg_ready, reg_take, own, own_err;
  logic [31:0] own_rdata;

  hb_arbiter #(.NumReq(2)) u_arb (.clk_i, .rst_ni, .req_i({r_req, h_req_i}), .gnt_o(reg_gnt), .ready_i(reg_ready));

  assign {r_gnt, h_gnt_o} = reg_ready ? reg_gnt : '0;
  assign reg_take         = reg_ready && reg_gnt != '0;
  assign t_write_o        = reg_gnt[1] ? d_write : h_write_i;
  assign t_addr_o         = reg_gnt[1] ? d_addr[15:0] : h_addr_i;
  assign t_wdata_o        = reg_gnt[1] ? d_wdata : h_wdata_i;
  assign own              = t_addr_o[15:12] == hb_cpu_regs_pkg::Base[15:12];
  assign t_req_o          = reg_take && !own;
  assign r_rdata          = t_rdata_i | own_rdata;
  assign r_err            = t_err_i | own_err;
  assign h_rdata_o        = r_rdata;
  assign h_err_o          = r_err;

  hb_controller_regs #(.CpuBytes(CpuBytes), .ExtM(ExtM)) u_regs (
    .clk_i, .rst_ni,
    .ready_o(reg_ready), .req_i(reg_take && own), .core_i(reg_gnt[1]), .write_i(t_write_o), .addr_i(t_addr_o[11:0]),
    .wdata_i(t_wdata_o), .rdata_o(own_rdata), .err_o(own_err),
    .run_o(run), .start_o(start), .halt_o(halt), .step_o(step), .halted_i(halted), .wfi_i(wfi), .lockup_i(lockup),
    .retire_i(retire && !trap), .pc_i(pc), .gpr_i(gpr), .gpr_index_o(gpr_index), .gpr_we_o(gpr_we), .pc_we_o(pc_we),
    .dbg_wdata_o(dbg_wdata),
    .irq_software_o(irq_software), .irq_timer_o(irq_timer), .irq_external_o(irq_external),
    .irq_queue_i, .poison_i, .irq_o
  );

`ifndef SYNTHESIS
  // Promises of the ports, checked in simulation (rtl/README.md)
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      hb_controller_one_register_answers: assert (t_rdata_i == '0 || own_rdata == '0);
    end
  end
`endif

endmodule

`default_nettype wire
