// SPDX-License-Identifier: Apache-2.0
// RV32I + Zicsr core, machine mode only: fetch, one instruction in execution, register file; precise traps, debug, retirement port.

module hb_cpu #(
  parameter int unsigned LineBytes = 8,    // of a word of instruction memory: a power of two, 8 to 64
  parameter bit          ExtM      = 1'b0  // multiply and divide, serially
) (
  input  logic                   clk_i,
  input  logic                   rst_ni,

  // Run control. The core is in reset while run_i is low (of which it needs one clock); then it clears its registers (64
  // clocks) and starts at start_i. An answer on c to a request from before must come within these 64 clocks.
  input  logic                   run_i,
  input  logic [31:0]            start_i,         // read while run_i is low; its two low bits do not count
  input  logic                   halt_i,          // stops between two instructions; runs on when low
  input  logic                   step_i,          // pulse, with halted_o: one instruction retires or one trap is taken
  output logic                   halted_o,        // nothing is in execution, and halt_i or lockup_o
  output logic                   wfi_o,           // waits for an interrupt
  output logic                   lockup_o,        // 4 traps with nothing retired in between; stays until run_i is low

  // Levels. An interrupt is taken between two instructions.
  input  logic                   irq_software_i,
  input  logic                   irq_timer_i,
  input  logic                   irq_external_i,

  // Fetch: whole lines. A request holds until granted or run_i low, and is answered exactly two clocks after its grant.
  output logic                   i_req_o,
  input  logic                   i_gnt_i,
  output logic [31:0]            i_addr_o,        // a multiple of LineBytes
  input  logic [LineBytes*8-1:0] i_rdata_i,
  input  logic                   i_err_i,         // with the answer: traps (cause 1) if an instruction of it would be executed

  // Load and store: one access at a time. A request holds until granted or run_i low; one answer follows, from the next clock on.
  output logic                   c_req_o,
  input  logic                   c_gnt_i,
  output logic                   c_write_o,
  output logic [31:0]            c_addr_o,        // a multiple of 4
  output logic [3:0]             c_be_o,          // bytes accessed, of loads too: 1, 2 (aligned) or 4 of them
  output logic [31:0]            c_wdata_o,       // bytes not written are unknown
  input  logic                   c_rvalid_i,      // the answer, to stores too
  input  logic [31:0]            c_rdata_i,       // bytes not loaded are ignored
  input  logic                   c_err_i,         // with the answer: nothing was loaded or stored; traps (cause 5, 7)

  // Debug; only while halted_o.
  input  logic [4:0]             dbg_gpr_i,       // which register
  output logic [31:0]            dbg_gpr_o,       // its value, one clock later
  input  logic                   dbg_gpr_we_i,    // writes dbg_wdata_i to it
  input  logic                   dbg_pc_we_i,     // writes dbg_wdata_i to the PC
  input  logic [31:0]            dbg_wdata_i,
  output logic [31:0]            pc_o,            // address of the next instruction

  // Retirement: every instruction that retires and every trap, in order, one a clock at most.
  output logic                   ret_valid_o,
  output logic [31:0]            ret_pc_o,        // of the instruction; of an interrupt: of the one that it came before
  output logic [31:0]            ret_insn_o,      // unknown if its fetch trapped
  output logic                   ret_trap_o,      // it did not retire: trap or interrupt; then only:
  output logic [4:0]             ret_cause_o,     // bit 4 interrupt, the rest as in mcause
  output logic [31:0]            ret_tval_o,      // what mtval has got
  output logic                   ret_rd_we_o,     // rd (of the instruction) was written, x0 never, with
  output logic [31:0]            ret_rd_o,
  output logic [3:0]             ret_mem_be_o,    // bytes loaded or stored at mem_addr, 0 if none
  output logic                   ret_mem_write_o,
  output logic [31:0]            ret_mem_addr_o,  // a multiple of 4
  output logic [31:0]            ret_mem_data_o   // these bytes in their lanes, the others unknown
);

endmodule
