// SPDX-License-Identifier: Apache-2.0
// Decodes an instruction, or what comes instead of one: an interrupt, a failed fetch. What is not listed is illegal.
`default_nettype none

module hb_cpu_decode #(
  parameter bit ExtM = 1'b0
) (
  input  logic [31:0]       insn_i,
  input  logic              irq_i,        // an interrupt is taken instead,
  input  logic [3:0]        irq_cause_i,  // of this cause
  input  logic              err_i,        // it could not be fetched
  output hb_cpu_pkg::ctrl_t ctrl_o,
  output logic [31:0]       imm_o,        // of a trap without a_pc: mtval
  output logic              rs1_zero_o,   // the first register operand reads zero, whatever the field says
  output logic              rs2_zero_o
);

  localparam logic [4:0] OpLoad   = 5'b00000;
  localparam logic [4:0] OpFence  = 5'b00011;
  localparam logic [4:0] OpImm    = 5'b00100;
  localparam logic [4:0] OpAuipc  = 5'b00101;
  localparam logic [4:0] OpStore  = 5'b01000;
  localparam logic [4:0] OpReg    = 5'b01100;
  localparam logic [4:0] OpLui    = 5'b01101;
  localparam logic [4:0] OpBranch = 5'b11000;
  localparam logic [4:0] OpJalr   = 5'b11001;
  localparam logic [4:0] OpJal    = 5'b11011;
  localparam logic [4:0] OpSystem = 5'b11100;

  logic [4:0]  opcode;
  logic [2:0]  f3;
  logic [6:0]  f7;
  logic [11:0] csr;
  assign opcode = insn_i[6:2];
  assign f3     = insn_i[14:12];
  assign f7     = insn_i[31:25];
  assign csr    = insn_i[31:20];

  // CSRs in the register file: mscratch, mepc, mcause, mtval, mtvec
  logic csr_ram, csr_exists, csr_writes;
  assign csr_ram    = csr[11:2] == 10'h0D0 || csr == 12'h305;
  assign csr_writes = f3[1:0] == 2'b01 || insn_i[19:15] != 5'd0;

  always_comb begin
    csr_exists = csr_ram;
    unique case (csr[11:5])
      7'h18:   // mstatus, misa, mie, mstatush
        if (csr[4:0] == 5'h00 || csr[4:0] == 5'h01 || csr[4:0] == 5'h04 || csr[4:0] == 5'h10) csr_exists = 1'b1;
      7'h19:   // mcountinhibit, mhpmevent3..31: read zero
        if (csr[4:0] == 5'h00 || csr[4:0] > 5'h02) csr_exists = 1'b1;
      7'h1A:   // mip
        if (csr[4:0] == 5'h04) csr_exists = 1'b1;
      7'h58, 7'h5C:  // mcycle, minstret, mhpmcounter3..31 (read zero), and their upper halves
        if (csr[4:0] != 5'h01) csr_exists = 1'b1;
      7'h78:   // mvendorid, marchid, mimpid, mhartid, mconfigptr: read-only
        if (csr[4:0] >= 5'h11 && csr[4:0] <= 5'h15) csr_exists = !csr_writes;
      default: ;
    endcase
  end

  logic legal;

  always_comb begin
    ctrl_o     = '0;
    imm_o      = {{20{insn_i[31]}}, insn_i[31:20]};
    rs1_zero_o = insn_i[19:15] == 5'd0;
    rs2_zero_o = insn_i[24:20] == 5'd0 && opcode != OpSystem;
    legal      = 1'b0;

    unique case (opcode)
      OpLui, OpAuipc: begin
        legal        = 1'b1;
        ctrl_o.a_pc  = opcode == OpAuipc;
        ctrl_o.rd_we = 1'b1;
        imm_o        = {insn_i[31:12], 12'd0};
        rs1_zero_o   = 1'b1;
      end
      OpJal: begin
        legal        = 1'b1;
        ctrl_o.jump  = 1'b1;
        ctrl_o.a_pc  = 1'b1;
        ctrl_o.rd_we = 1'b1;
        imm_o        = {{12{insn_i[31]}}, insn_i[19:12], insn_i[20], insn_i[30:21], 1'b0};
      end
      OpJalr: begin
        legal        = f3 == 3'd0;
        ctrl_o.jump  = 1'b1;
        ctrl_o.jalr  = 1'b1;
        ctrl_o.rd_we = 1'b1;
      end
      OpBranch: begin
        legal         = f3[2:1] != 2'b01;
        ctrl_o.branch = 1'b1;
        imm_o         = {{20{insn_i[31]}}, insn_i[7], insn_i[30:25], insn_i[11:8], 1'b0};
      end
      OpLoad: begin
        legal        = f3[1:0] != 2'b11 && f3 != 3'b110;
        ctrl_o.load  = 1'b1;
        ctrl_o.rd_we = 1'b1;
      end
      OpStore: begin
        legal        = !f3[2] && f3[1:0] != 2'b11;
        ctrl_o.store = 1'b1;
        imm_o        = {{20{insn_i[31]}}, insn_i[31:25], insn_i[11:7]};
      end
      OpImm: begin
        legal        = f3[1:0] != 2'b01 || f7 == 7'h00 || (f3[2] && f7 == 7'h20);
        ctrl_o.alu   = 1'b1;
        ctrl_o.alt   = f3[2] && insn_i[30];
        ctrl_o.rd_we = 1'b1;
      end
      OpReg: begin
        legal         = f7 == 7'h00 || (f7 == 7'h20 && (f3 == 3'b000 || f3 == 3'b101)) || (ExtM && f7 == 7'h01);
        ctrl_o.alu    = !ExtM || !insn_i[25];
        ctrl_o.alt    = insn_i[30];
        ctrl_o.muldiv = ExtM && insn_i[25];
        ctrl_o.rd_we  = 1'b1;
      end
      OpFence: begin
        legal          = f3[2:1] == 2'b00;
        ctrl_o.fence_i = f3[0];
      end
      OpSystem: begin
        rs1_zero_o = rs1_zero_o || f3[2];
        if (f3[1:0] != 2'b00) begin
          legal          = csr_exists;
          ctrl_o.csr     = 1'b1;
          ctrl_o.csr_ram = csr_ram;
          ctrl_o.rd_we   = 1'b1;
        end else begin
          legal       = insn_i[31:7] == {12'h302, 13'd0} || insn_i[31:7] == {12'h105, 13'd0};
          ctrl_o.mret = insn_i[29];
          ctrl_o.wfi  = !insn_i[29];
        end
      end
      default: ;
    endcase
    ctrl_o.b_imm = !ctrl_o.branch && opcode != OpReg;
    if (insn_i[11:7] == 5'd0) ctrl_o.rd_we = 1'b0;

    // Traps, the one that counts last
    if (!legal || insn_i[1:0] != 2'b11) begin
      ctrl_o       = '0;
      ctrl_o.trap  = 1'b1;
      ctrl_o.cause = {1'b0, hb_cpu_pkg::Illegal};
      imm_o        = insn_i;
      rs1_zero_o   = 1'b1;
    end
    if (insn_i == 32'h0000_0073 || insn_i == 32'h0010_0073) begin
      ctrl_o.cause = {1'b0, insn_i[20] ? hb_cpu_pkg::Breakpoint : hb_cpu_pkg::EcallM};
      ctrl_o.a_pc  = insn_i[20];
      imm_o        = '0;
    end
    if (err_i || irq_i) begin
      ctrl_o       = '0;
      ctrl_o.trap  = 1'b1;
      ctrl_o.cause = irq_i ? {1'b1, irq_cause_i} : {1'b0, hb_cpu_pkg::FetchFault};
      ctrl_o.a_pc  = !irq_i;
      imm_o        = '0;
      rs1_zero_o   = 1'b1;
    end
  end

endmodule

`default_nettype wire
