// SPDX-License-Identifier: Apache-2.0
// The seven counters of a completion, in the order of its words 4 to 10.
`default_nettype none

module hb_job_counters (
  input  logic          clk_i,
  input  logic          clear_i,  // to zero, whatever inc_i says
  input  logic [7*4-1:0]  inc_i,  // added in each clock, four bits a counter
  output logic [7*32-1:0] count_o
);

  for (genvar i = 0; i < 7; i++) begin : gen_counter
    logic [31:0] count_q;
    always_ff @(posedge clk_i) begin
      if (clear_i) count_q <= '0;
      else count_q <= count_q + 32'(inc_i[i*4 +: 4]);
    end
    assign count_o[i*32 +: 32] = count_q;
  end

endmodule

`default_nettype wire
