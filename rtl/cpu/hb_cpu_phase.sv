// SPDX-License-Identifier: Apache-2.0
// Leads the instruction in execution through its phases, to its retirement or into a trap.
`default_nettype none

module hb_cpu_phase (
  input  logic              clk_i,
  input  logic              rst_ni,

  input  logic              valid_i,           // there is one;
  input  hb_cpu_pkg::ctrl_t ctrl_i,            // all zero if not
  input  logic              misaligned_i,      // its address, if it loads or stores
  input  logic              bad_target_i,      // it is about to go to an address that no instruction can have
  input  logic              c_gnt_i,
  input  logic              c_rvalid_i,
  input  logic              c_err_i,
  input  logic              muldiv_done_i,

  output logic [2:0]        phase_o,
  output logic              retire_o,          // its last clock, if it does not trap
  output logic              done_o,            // its last clock
  output logic              trap_o,            // this clock shows that it traps
  output logic [4:0]        cause_o            // from the next clock on: why
);

  logic [2:0] phase_q, phase_d;
  logic [4:0] cause_q;
  logic       is_mem, early, late;
  assign is_mem  = ctrl_i.load || ctrl_i.store;
  assign early   = phase_q == hb_cpu_pkg::PhExec && (ctrl_i.trap || (is_mem && misaligned_i) || bad_target_i);
  assign late    = phase_q == hb_cpu_pkg::PhMem && c_rvalid_i && c_err_i;
  assign trap_o  = early || late;
  assign phase_o = phase_q;
  assign cause_o = cause_q;

  always_comb begin
    phase_d  = phase_q;
    retire_o = 1'b0;
    done_o   = 1'b0;
    unique case (phase_q)
      hb_cpu_pkg::PhExec: begin
        if (ctrl_i.csr) phase_d = hb_cpu_pkg::PhCsr;
        else if (ctrl_i.mret) phase_d = hb_cpu_pkg::PhJump;
        else if (ctrl_i.muldiv) phase_d = hb_cpu_pkg::PhMulDiv;
        else if (!is_mem) retire_o = valid_i && !trap_o;
        else if (c_gnt_i) phase_d = hb_cpu_pkg::PhMem;
      end
      hb_cpu_pkg::PhMem:       retire_o = c_rvalid_i && !trap_o;
      hb_cpu_pkg::PhMulDiv:    retire_o = muldiv_done_i;
      hb_cpu_pkg::PhCsr:       retire_o = 1'b1;
      hb_cpu_pkg::PhTrapVal:   phase_d = hb_cpu_pkg::PhTrapCause;
      hb_cpu_pkg::PhTrapCause: phase_d = hb_cpu_pkg::PhTrapEpc;
      hb_cpu_pkg::PhTrapEpc:   phase_d = hb_cpu_pkg::PhJump;
      default: begin
        retire_o = ctrl_i.mret;
        done_o   = 1'b1;
      end
    endcase
    if (retire_o) done_o = 1'b1;
    if (done_o) phase_d = hb_cpu_pkg::PhExec;
    if (trap_o) phase_d = hb_cpu_pkg::PhTrapVal;
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) phase_q <= hb_cpu_pkg::PhExec;
    else phase_q <= phase_d;
    if (trap_o) begin
      if (ctrl_i.trap) cause_q <= ctrl_i.cause;
      else if (ctrl_i.load) cause_q <= {1'b0, late ? hb_cpu_pkg::LoadFault : hb_cpu_pkg::LoadMisaligned};
      else if (ctrl_i.store) cause_q <= {1'b0, late ? hb_cpu_pkg::StoreFault : hb_cpu_pkg::StoreMisaligned};
      else cause_q <= {1'b0, hb_cpu_pkg::FetchMisaligned};
    end
  end

  logic unused;  // most of it
  assign unused = ^ctrl_i;

endmodule

`default_nettype wire
