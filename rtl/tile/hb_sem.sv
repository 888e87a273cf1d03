// SPDX-License-Identifier: Apache-2.0
// Semaphores: one operation a clock, the host's before the network's before the sequencer's, so that each is atomic.
`default_nettype none

module hb_sem (
  input  logic                                     clk_i,
  input  logic                                     rst_ni,        // all zero

  input  hb_tile_pkg::sem_op_t                     host_i,

  input  logic                                     net_valid_i,   // the count is to be added,
  input  logic [2:0]                               net_index_i,
  input  logic [7:0]                               net_count_i,
  output logic                                     net_gnt_o,     // in this clock it is

  input  logic                                     job_valid_i,   // wanted in this clock
  input  logic                                     job_signal_i,  // 1: add the count; 0: wait until >= count, then subtract
  input  logic [2:0]                               job_index_i,
  input  logic [7:0]                               job_count_i,
  output logic                                     job_gnt_o,     // carried out in this clock

  output logic [hb_tile_regs_pkg::SemCount*16-1:0] values_o       // sums saturate at 65535
);

  logic [hb_tile_regs_pkg::SemCount*16-1:0] sem_q;
  logic                                     take, first;
  logic [2:0]                               index;
  logic [15:0]                              value, operand, result;
  logic [16:0]                              sum;

  assign first   = host_i.valid || net_valid_i;  // somebody goes before the sequencer
  assign take    = !first && !job_signal_i;
  assign index   = host_i.valid ? host_i.index : net_valid_i ? net_index_i : job_index_i;
  assign value   = sem_q[{index, 4'd0} +: 16];
  assign operand = host_i.valid ? host_i.value : {8'd0, net_valid_i ? net_count_i : job_count_i};

  // Taking adds the two's complement; then the carry says that nothing was borrowed, value >= count.
  assign sum = {1'b0, value} + {1'b0, take ? ~operand : operand} + 17'(take);

  assign net_gnt_o = net_valid_i && !host_i.valid;
  assign job_gnt_o = job_valid_i && !first && (job_signal_i || sum[16]);

  always_comb begin
    result = sum[15:0];
    if (host_i.valid && host_i.sets) result = host_i.value;
    else if (!take && sum[16]) result = '1;
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      sem_q <= '0;
    end else if (first || job_gnt_o) begin
      sem_q[{index, 4'd0} +: 16] <= result;
    end
  end

  assign values_o = sem_q;

`ifndef SYNTHESIS
  // Promises of the ports, checked in simulation (rtl/README.md)
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      hb_sem_one_operation_a_clock: assert (2'(host_i.valid) + 2'(net_gnt_o) + 2'(job_gnt_o) <= 2'd1);
    end
  end
`endif

endmodule

`default_nettype wire
