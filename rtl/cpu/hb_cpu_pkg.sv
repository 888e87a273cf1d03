// SPDX-License-Identifier: Apache-2.0
// What the units of the core tell each other: decoded instructions, phases of the one in execution, causes of traps.
`default_nettype none

package hb_cpu_pkg;

  // A decoded instruction. All zero: nothing happens but that it retires.
  typedef struct packed {
    logic       trap;     // traps at once; then nothing below but a_pc (with the immediate: mtval) is set
    logic [4:0] cause;    // of that trap: bit 4 interrupt, the rest as in mcause
    logic       load;
    logic       store;
    logic       branch;
    logic       jump;     // JAL, JALR
    logic       jalr;
    logic       csr;
    logic       csr_ram;  // the CSR lives in the register file
    logic       mret;
    logic       wfi;
    logic       fence_i;
    logic       muldiv;
    logic       alu;      // funct3 and alt choose the operation; otherwise the ALU adds
    logic       alt;      // subtract, shift arithmetically
    logic       a_pc;     // first operand: the instruction's address instead of rs1
    logic       b_imm;    // second operand: the immediate instead of rs2
    logic       rd_we;
  } ctrl_t;

  // The instruction in execution; every code is used, so that no upset leaves the machine without a way on.
  localparam logic [2:0] PhExec      = 3'd0;  // first clock, and waiting for the grant of a load or store
  localparam logic [2:0] PhMem       = 3'd1;  // waiting for the answer of a load or store
  localparam logic [2:0] PhMulDiv    = 3'd2;
  localparam logic [2:0] PhCsr       = 3'd3;  // a CSR in the register file was written in PhExec, others are here; rd gets the old value
  localparam logic [2:0] PhTrapVal   = 3'd4;  // mtval, mcause and mepc go into the register file one a clock, ...
  localparam logic [2:0] PhTrapCause = 3'd5;
  localparam logic [2:0] PhTrapEpc   = 3'd6;
  localparam logic [2:0] PhJump      = 3'd7;  // ... then to mtvec; mret: to mepc

  // mcause without its top bit, of exceptions
  localparam logic [3:0] FetchMisaligned = 4'd0;
  localparam logic [3:0] FetchFault      = 4'd1;
  localparam logic [3:0] Illegal         = 4'd2;
  localparam logic [3:0] Breakpoint      = 4'd3;
  localparam logic [3:0] LoadMisaligned  = 4'd4;
  localparam logic [3:0] LoadFault       = 4'd5;
  localparam logic [3:0] StoreMisaligned = 4'd6;
  localparam logic [3:0] StoreFault      = 4'd7;
  localparam logic [3:0] EcallM          = 4'd11;

  // Rows of the register file behind x0..x31: CSRs, at 32 + the low bits of their address
  localparam logic [5:0] RowMepc   = 6'd33;
  localparam logic [5:0] RowMcause = 6'd34;
  localparam logic [5:0] RowMtval  = 6'd35;
  localparam logic [5:0] RowMtvec  = 6'd37;

endpackage

`default_nettype wire
