// SPDX-License-Identifier: Apache-2.0
// Every kind of state that a model can have, and wires behind it.
module hb_faults_inner (
  input  logic        clk_i,
  input  logic        bit_i,
  output logic [15:0] shift_o
);
  /*verilator no_inline_module*/
  logic [15:0] shift_q;
  always_ff @(posedge clk_i) shift_q <= {shift_q[14:0], bit_i};
  assign shift_o = ~shift_q;
endmodule

module hb_faults_bench (
  input  logic        clk_i,
  input  logic [7:0]  in_i,
  input  logic        we_i,
  input  logic [1:0]  addr_i,
  output logic [7:0]  sum_o,
  output logic [69:0] word_o,
  output logic [15:0] inner_o
);
  logic [31:2] count_q;  // its lowest bit is called 2
  logic [69:0] mem_q [4];
  logic [1:0][7:0] lanes;

  always_ff @(posedge clk_i) begin
    count_q <= count_q + 30'd1;
    if (we_i) mem_q[addr_i] <= {in_i[5:0], {8{in_i}}};
  end

  for (genvar l = 0; l < 2; l++) begin : gen_lane
    logic [7:0] lane_q;
    always_ff @(posedge clk_i) lane_q <= lane_q + in_i + 8'(l);
    assign lanes[l] = lane_q;
  end

  hb_faults_inner u_inner (.clk_i, .bit_i(in_i[0]), .shift_o(inner_o));

  assign sum_o  = lanes[0] ^ lanes[1] ^ count_q[9:2];
  assign word_o = mem_q[addr_i];
endmodule
