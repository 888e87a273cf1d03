// SPDX-License-Identifier: Apache-2.0
// The CSRs that are not in the register file: interrupt enables, counters, identity; and whether an interrupt is due.
`default_nettype none

module hb_cpu_csr #(
  parameter bit ExtM     = 1'b0,
  parameter bit Counters = 1'b1   // mcycle and minstret count; otherwise they read zero
) (
  input  logic        clk_i,
  input  logic        rst_ni,

  // An access takes two clocks, for the register file has one write port: a CSR there is written in the first, others in the
  // second; rd is written in the second.
  input  logic        en_i,           // in both
  input  logic [11:0] addr_i,         // exists
  input  logic        ram_i,          // it is in the register file and reads, in both:
  input  logic [31:0] row_i,
  input  logic [1:0]  op_i,           // 1 write, 2 set, 3 clear
  input  logic [31:0] operand_i,
  input  logic        write_i,        // value_o is what it becomes; otherwise what it is
  output logic [31:0] value_o,        // zero without en_i
  input  logic        we_i,           // in the second: it is written; without effect if ram_i

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
  logic [63:0] mcycle, minstret;

  logic [31:0] value, old, becomes;
  assign old     = ({32{ram_i}} & row_i) | value;

  always_comb begin
    unique case (op_i)
      2'd2:    becomes = old | operand_i;
      2'd3:    becomes = old & ~operand_i;
      default: becomes = operand_i;
    endcase
  end

  always_comb begin
    value_o = write_i && en_i ? becomes : old;
    // In the register file: the low bits of mepc are zero, and bit 1 of mtvec
    if (ram_i && addr_i[1:0] == 2'b01) value_o[1:0] = {1'b0, value_o[0] && addr_i[2]};
  end

  logic we_mstatus, we_mie;
  assign we_mstatus = we_i && addr_i == 12'h300;
  assign we_mie     = we_i && addr_i == 12'h304;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      mie_q     <= 1'b0;
      mpie_q    <= 1'b0;
      enable_q  <= '0;
      pending_q <= '0;
    end else begin
      pending_q <= {irq_external_i, irq_timer_i, irq_software_i};
      if (we_mie) enable_q <= {becomes[11], becomes[7], becomes[3]};
      if (trap_i) begin
        mie_q  <= 1'b0;
        mpie_q <= mie_q;
      end else if (mret_i) begin
        mie_q  <= mpie_q;
        mpie_q <= 1'b1;
      end else if (we_mstatus) begin
        mie_q  <= becomes[3];
        mpie_q <= becomes[7];
      end
    end
  end

  // mcycle, minstret: bit 1 of the address says which, bit 7 which half
  logic       counter;
  logic [1:0] is_low, is_high;
  assign counter = en_i && addr_i[11:8] == 4'hB && addr_i[4:2] == 3'd0 && !addr_i[0];
  assign is_low  = {addr_i[1], !addr_i[1]} & {2{counter && !addr_i[7]}};
  assign is_high = {addr_i[1], !addr_i[1]} & {2{counter && addr_i[7]}};

  if (Counters) begin : gen_counters
    hb_cpu_counter u_mcycle (
      .clk_i, .rst_ni, .count_i(1'b1), .we_low_i(we_i && is_low[0]), .we_high_i(we_i && is_high[0]),
      .wdata_i(becomes), .value_o(mcycle)
    );

    hb_cpu_counter u_minstret (
      .clk_i, .rst_ni, .count_i(retire_i), .we_low_i(we_i && is_low[1]), .we_high_i(we_i && is_high[1]),
      .wdata_i(becomes), .value_o(minstret)
    );
  end else begin : gen_no_counters
    assign mcycle   = '0;
    assign minstret = '0;
    logic unused;
    assign unused = retire_i;
  end

  always_comb begin
    value = ({32{is_low[0]}} & mcycle[31:0]) | ({32{is_high[0]}} & mcycle[63:32]) |
            ({32{is_low[1]}} & minstret[31:0]) | ({32{is_high[1]}} & minstret[63:32]);
    if (en_i && addr_i == 12'h300) {value[12:11], value[7], value[3]} = {2'b11, mpie_q, mie_q};
    if (en_i && addr_i == 12'h301) value = Misa;
    if (en_i && addr_i == 12'h304) {value[11], value[7], value[3]} = enable_q;
    if (en_i && addr_i == 12'h344) {value[11], value[7], value[3]} = pending_q;
    if (en_i && addr_i == 12'hF13) value = Mimpid;
  end

  // External before software before timer
  logic [2:0] due;
  assign due         = pending_q & enable_q;
  assign wake_o      = due != '0;
  assign irq_o       = mie_q && wake_o;
  assign irq_cause_o = due[2] ? 4'd11 : due[0] ? 4'd3 : 4'd7;

endmodule

`default_nettype wire
