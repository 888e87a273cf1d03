// SPDX-License-Identifier: Apache-2.0
// The CSRs that are not in the register file: interrupt enables, counters, identity; and whether an interrupt is due.

module hb_cpu_csr #(
  parameter bit ExtM = 1'b0
) (
  input  logic        clk_i,
  input  logic        rst_ni,

  input  logic [11:0] addr_i,         // exists
  input  logic [1:0]  op_i,           // low bits of funct3: 1 write, 2 set, 3 clear
  input  logic [31:0] operand_i,
  input  logic        ram_i,          // it is in the register file and reads:
  input  logic [31:0] row_i,
  output logic [31:0] old_o,          // what it reads
  output logic [31:0] new_o,          // what it is to become
  input  logic        we_i,           // it becomes that; without effect if ram_i

  input  logic        trap_i,         // an interrupt or exception is taken
  input  logic        mret_i,
  input  logic        retire_i,       // an instruction retires

  input  logic        irq_software_i,
  input  logic        irq_timer_i,
  input  logic        irq_external_i,
  output logic        irq_o,          // an interrupt is to be taken,
  output logic [3:0]  irq_cause_o,    // this one
  output logic        wake_o          // one is pending and enabled, whatever mstatus.MIE
);

  localparam logic [31:0] Misa   = 32'h4000_0100 | (ExtM ? 32'h0000_1000 : 32'h0);
  localparam logic [31:0] Mimpid = 32'h0000_0001;

  logic        mie_q, mpie_q;               // mstatus
  logic [2:0]  enable_q, pending_q;         // external, timer, software: mie, mip
  logic [63:0] mcycle_q, minstret_q;

  logic [31:0] value;
  assign old_o = ram_i ? row_i : value;

  always_comb begin
    unique case (op_i)
      2'd2:    new_o = old_o | operand_i;
      2'd3:    new_o = old_o & ~operand_i;
      default: new_o = operand_i;
    endcase
    // In the register file: the low bits of mepc are zero, and bit 1 of mtvec
    if (ram_i && addr_i[1:0] == 2'b01) new_o[1:0] = {1'b0, new_o[0] && addr_i[2]};
  end

  logic we_mstatus, we_mie, we_count;
  assign we_mstatus = we_i && addr_i == 12'h300;
  assign we_mie     = we_i && addr_i == 12'h304;
  assign we_count   = we_i && addr_i[11:8] == 4'hB && addr_i[4:2] == 3'd0 && !addr_i[0];

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      mie_q     <= 1'b0;
      mpie_q    <= 1'b0;
      enable_q  <= '0;
      pending_q <= '0;
    end else begin
      pending_q <= {irq_external_i, irq_timer_i, irq_software_i};
      if (we_mie) enable_q <= {new_o[11], new_o[7], new_o[3]};
      if (trap_i) begin
        mie_q  <= 1'b0;
        mpie_q <= mie_q;
      end else if (mret_i) begin
        mie_q  <= mpie_q;
        mpie_q <= 1'b1;
      end else if (we_mstatus) begin
        mie_q  <= new_o[3];
        mpie_q <= new_o[7];
      end
    end
  end

  // A write takes the place of the count in its clock.
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      mcycle_q   <= '0;
      minstret_q <= '0;
    end else begin
      mcycle_q <= mcycle_q + 64'd1;
      if (retire_i) minstret_q <= minstret_q + 64'd1;
      if (we_count) begin
        unique case ({addr_i[7], addr_i[1]})
          2'b00:   mcycle_q   <= {mcycle_q[63:32], new_o};
          2'b01:   minstret_q <= {minstret_q[63:32], new_o};
          2'b10:   mcycle_q   <= {new_o, mcycle_q[31:0]};
          default: minstret_q <= {new_o, minstret_q[31:0]};
        endcase
      end
    end
  end

  always_comb begin
    value = '0;
    unique case (addr_i)
      12'h300: value = {19'd0, 2'b11, 3'd0, mpie_q, 3'd0, mie_q, 3'd0};
      12'h301: value = Misa;
      12'h304: value = {20'd0, enable_q[2], 3'd0, enable_q[1], 3'd0, enable_q[0], 3'd0};
      12'h344: value = {20'd0, pending_q[2], 3'd0, pending_q[1], 3'd0, pending_q[0], 3'd0};
      12'hB00: value = mcycle_q[31:0];
      12'hB02: value = minstret_q[31:0];
      12'hB80: value = mcycle_q[63:32];
      12'hB82: value = minstret_q[63:32];
      12'hF13: value = Mimpid;
      default: ;
    endcase
  end

  // External before software before timer
  logic [2:0] due;
  assign due         = pending_q & enable_q;
  assign wake_o      = due != '0;
  assign irq_o       = mie_q && wake_o;
  assign irq_cause_o = due[2] ? 4'd11 : due[0] ? 4'd3 : 4'd7;

endmodule
