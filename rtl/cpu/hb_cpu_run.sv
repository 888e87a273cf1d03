// SPDX-License-Identifier: Apache-2.0
// Whether the core goes on: clearing its registers, halt and step, sleep, lock-up.
`default_nettype none

module hb_cpu_run (
  input  logic       clk_i,
  input  logic       rst_ni,

  input  logic       halt_i,
  input  logic       step_i,
  input  logic       busy_i,      // an instruction is in execution
  input  logic       enter_i,     // one enters
  input  logic       retire_i,    // one retires,
  input  logic       wfi_i,       // with retire_i: and is WFI
  input  logic       trap_i,      // one clock of every trap
  input  logic       wake_i,      // an interrupt is pending and enabled

  output logic       clear_o,     // after reset, for 64 clocks: clear this row of the register file
  output logic [5:0] row_o,
  output logic       hold_o,      // nothing may enter
  output logic       halted_o,
  output logic       wfi_o,
  output logic       lockup_o
);

  logic [6:0] cleared_q;  // rows
  logic       step_q, wfi_q, lockup_q, stop;
  logic [1:0] traps_q;    // since an instruction last retired

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      cleared_q <= '0;
      step_q    <= 1'b0;
      wfi_q     <= 1'b0;
      lockup_q  <= 1'b0;
      traps_q   <= '0;
    end else begin
      if (clear_o) cleared_q <= cleared_q + 7'd1;
      step_q <= (step_i && halted_o) || (step_q && !enter_i);
      wfi_q  <= (retire_i && wfi_i) || (wfi_q && !enter_i);
      if (retire_i) traps_q <= '0;
      else if (trap_i) traps_q <= traps_q + 2'd1;
      if (trap_i && traps_q == 2'd3) lockup_q <= 1'b1;
    end
  end

  assign clear_o  = !cleared_q[6];
  assign row_o    = cleared_q[5:0];
  assign stop     = lockup_q || (halt_i && !step_q);
  assign hold_o   = clear_o || stop || (wfi_q && !wake_i && !step_q);
  assign halted_o = !clear_o && !busy_i && stop;
  assign wfi_o    = wfi_q;
  assign lockup_o = lockup_q;

endmodule

`default_nettype wire
