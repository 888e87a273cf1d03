// SPDX-License-Identifier: Apache-2.0
// x0..x31, and some CSRs in the rows behind them: two equal block RAMs, one a read port, with what block RAM lacks: a read sees
// the write of its clock, and zero can be read instead.
`default_nettype none

module hb_cpu_regfile (
  input  logic        clk_i,
  input  logic        rst_ni,

  input  logic        we_i,
  input  logic [5:0]  waddr_i,
  input  logic [31:0] wdata_i,

  // A value read stays until the next read of its port. After reset both are zero.
  input  logic        re1_i,
  input  logic [4:0]  raddr1_i,
  input  logic        zero1_i,   // with re1_i or without: the value is zero from the next clock until the next read
  output logic [31:0] rdata1_o,
  input  logic        re2_i,
  input  logic [5:0]  raddr2_i,
  input  logic        zero2_i,   // with re2_i
  output logic [31:0] rdata2_o
);

  logic [31:0] copy1_q [32];
  logic [31:0] copy2_q [64];
  logic [31:0] row1_q, row2_q, new_q;
  logic        new1_q, new2_q, zero1_q, zero2_q;

  always_ff @(posedge clk_i) begin
    if (we_i && !waddr_i[5]) copy1_q[waddr_i[4:0]] <= wdata_i;
    if (re1_i) row1_q <= copy1_q[raddr1_i];
    if (re1_i && we_i && waddr_i == {1'b0, raddr1_i}) row1_q <= 'x;  // new_q is read instead
  end

  always_ff @(posedge clk_i) begin
    if (we_i) copy2_q[waddr_i] <= wdata_i;
    if (re2_i) row2_q <= copy2_q[raddr2_i];
    if (re2_i && we_i && waddr_i == raddr2_i) row2_q <= 'x;
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      zero1_q <= 1'b1;
      zero2_q <= 1'b1;
    end else begin
      if (re1_i || zero1_i) zero1_q <= zero1_i;
      if (re2_i) zero2_q <= zero2_i;
    end
    if (re1_i) new1_q <= we_i && waddr_i == {1'b0, raddr1_i};
    if (re2_i) new2_q <= we_i && waddr_i == raddr2_i;
    if (re1_i || re2_i) new_q <= wdata_i;
  end

  assign rdata1_o = zero1_q ? '0 : new1_q ? new_q : row1_q;
  assign rdata2_o = zero2_q ? '0 : new2_q ? new_q : row2_q;

endmodule

`default_nettype wire
