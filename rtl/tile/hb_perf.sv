// SPDX-License-Identifier: Apache-2.0
// Performance counters PERF_* (rtl/regs/tile.toml); they wrap.
`default_nettype none

module hb_perf #(
  parameter int unsigned MacsW = 9
) (
  input  logic              clk_i,
  input  logic              rst_ni,    // zero
  input  logic              clear_i,   // zero, the held values too
  input  logic              hold_i,    // take the 64-bit counters to held_o, as they are before this clock
  input  logic [MacsW-1:0]  macs_i,    // added in each clock
  input  logic [10*4-1:0]   inc_i,     // likewise, four bits a 32-bit counter
  output logic [31:0]       cycles_o,  // low word of the clocks since the last clear
  output logic [3*32-1:0]   held_o,    // high word of the clocks, low and high word of the MACs
  output logic [10*32-1:0]  count_o    // PERF_BUSY to PERF_HOST_BEATS in the order of their addresses
);

  logic [63:0]     cycles_q, macs_q;
  logic [3*32-1:0] held_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni || clear_i) begin
      cycles_q <= '0;
      macs_q   <= '0;
      held_q   <= '0;
    end else begin
      cycles_q <= cycles_q + 64'd1;
      macs_q   <= macs_q + 64'(macs_i);
      if (hold_i) held_q <= {macs_q, cycles_q[63:32]};
    end
  end

  for (genvar i = 0; i < 10; i++) begin : gen_counter
    logic [31:0] count_q;
    always_ff @(posedge clk_i) begin
      if (!rst_ni || clear_i) count_q <= '0;
      else count_q <= count_q + 32'(inc_i[i*4 +: 4]);
    end
    assign count_o[i*32 +: 32] = count_q;
  end

  assign cycles_o = cycles_q[31:0];
  assign held_o   = held_q;

endmodule

`default_nettype wire
