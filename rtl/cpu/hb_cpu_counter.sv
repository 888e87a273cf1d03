// SPDX-License-Identifier: Apache-2.0
// A 64-bit counter that is written by halves; a write takes the place of the count in its clock.
`default_nettype none

module hb_cpu_counter (
  input  logic        clk_i,
  input  logic        rst_ni,
  input  logic        count_i,
  input  logic        we_low_i,
  input  logic        we_high_i,   // not with we_low_i
  input  logic [31:0] wdata_i,
  output logic [63:0] value_o
);

  logic [31:0] low_q, high_q;
  assign value_o = {high_q, low_q};

  // The write enable is an addend, where it does not matter, so that sum and choice fit one 4-input table a bit.
  always_ff @(posedge clk_i) begin
    if (!rst_ni) low_q <= '0;
    else if (!we_high_i) low_q <= we_low_i ? wdata_i : low_q + {32{we_low_i}} + 32'(count_i);
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) high_q <= '0;
    else if (we_high_i || (count_i && !we_low_i && low_q == '1)) begin
      high_q <= we_high_i ? wdata_i : high_q + {32{we_high_i}} + 32'd1;
    end
  end

endmodule

`default_nettype wire
