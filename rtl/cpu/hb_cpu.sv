// SPDX-License-Identifier: Apache-2.0
// RV32I + Zicsr core, machine mode only: fetch, one instruction in execution, register file; precise traps, debug, retirement port.
`default_nettype none

module hb_cpu #(
  parameter int unsigned LineBytes = 8,    // of a word of instruction memory: a power of two, 8 to 64
  parameter bit          ExtM      = 1'b0, // multiply and divide, serially
  parameter bit          Counters  = 1'b1  // mcycle and minstret; otherwise they read zero
) (
  input  logic                   clk_i,
  input  logic                   rst_ni,

  // Run control. The core is in reset while run_i is low (of which it needs one clock); then it clears its registers (64
  // clocks) and starts at start_i. An answer on c to a request from before must come within these 64 clocks.
  input  logic                   run_i,
  input  logic [31:0]            start_i,         // read while run_i is low; its two low bits do not count
  input  logic                   halt_i,          // stops between two instructions; runs on when low
  input  logic                   step_i,          // pulse, with halted_o: one instruction retires or one trap is taken
  output logic                   halted_o,        // nothing is in execution, and halt_i or lockup_o
  output logic                   wfi_o,           // waits for an interrupt
  output logic                   lockup_o,        // 4 traps with nothing retired in between; stays until run_i is low

  // Levels. An interrupt is taken between two instructions.
  input  logic                   irq_software_i,
  input  logic                   irq_timer_i,
  input  logic                   irq_external_i,

  // Fetch: whole lines. A request holds until granted or run_i low, and is answered exactly two clocks after its grant.
  output logic                   i_req_o,
  input  logic                   i_gnt_i,
  output logic [31:0]            i_addr_o,        // a multiple of LineBytes
  input  logic [LineBytes*8-1:0] i_rdata_i,
  input  logic                   i_err_i,         // with the answer: traps (cause 1) if an instruction of it would be executed

  // Load and store: one access at a time. A request holds until granted or run_i low; one answer follows, from the next clock on.
  output logic                   c_req_o,
  input  logic                   c_gnt_i,
  output logic                   c_write_o,
  output logic [31:0]            c_addr_o,        // a multiple of 4
  output logic [3:0]             c_be_o,          // bytes accessed, of loads too: 1, 2 (aligned) or 4 of them
  output logic [31:0]            c_wdata_o,       // bytes not written are unknown
  input  logic                   c_rvalid_i,      // the answer, to stores too
  input  logic [31:0]            c_rdata_i,       // bytes not loaded are ignored
  input  logic                   c_err_i,         // with the answer: nothing was loaded or stored; traps (cause 5, 7)

  // Debug; only while halted_o.
  input  logic [4:0]             dbg_gpr_i,       // which register
  output logic [31:0]            dbg_gpr_o,       // its value, one clock later
  input  logic                   dbg_gpr_we_i,    // writes dbg_wdata_i to it
  input  logic                   dbg_pc_we_i,     // writes dbg_wdata_i to the PC
  input  logic [31:0]            dbg_wdata_i,
  output logic [31:0]            pc_o,            // address of the next instruction

  // Retirement: every instruction that retires and every trap, in order, one a clock at most.
  output logic                   ret_valid_o,
  output logic [31:0]            ret_pc_o,        // of the instruction; of an interrupt: of the one that it came before
  output logic [31:0]            ret_insn_o,      // unknown if its fetch trapped
  output logic                   ret_trap_o,      // it did not retire: trap or interrupt; then only:
  output logic [4:0]             ret_cause_o,     // bit 4 interrupt, the rest as in mcause
  output logic [31:0]            ret_tval_o,      // what mtval has got
  output logic                   ret_rd_we_o,     // rd (of the instruction) was written, x0 never, with
  output logic [31:0]            ret_rd_o,
  output logic [3:0]             ret_mem_be_o,    // bytes loaded or stored at mem_addr, 0 if none
  output logic                   ret_mem_write_o,
  output logic [31:0]            ret_mem_addr_o,  // a multiple of 4
  output logic [31:0]            ret_mem_data_o   // these bytes in their lanes, the others unknown
);

  if (LineBytes < 8 || LineBytes > 64 || (1 << $clog2(LineBytes)) != LineBytes) begin : gen_bad_parameters
    $error("hb_cpu: LineBytes must be 8, 16, 32 or 64");
  end

  logic core_rst_n;
  assign core_rst_n = rst_ni && run_i;

  // The instruction in execution (x), with what decoding gave; all zero if there is none
  logic              x_valid_q, invert_q;
  logic [31:0]       insn_q, imm_q;
  logic [31:2]       pc_q;
  hb_cpu_pkg::ctrl_t ctrl_q;
  logic [2:0]        f3;
  assign f3 = insn_q[14:12];

  // Fetch and decode of the one behind it; f_pc is also the link of a jump in execution.
  logic        f_valid, f_err, f_guess, advance, set_pc, flush, irq;
  logic [3:0]  irq_cause;
  logic [31:0] f_pc, f_insn, f_imm, next_pc;
  logic        f_rs1_zero, f_rs2_zero;

  hb_cpu_pkg::ctrl_t f_ctrl;

  hb_cpu_fetch #(.LineBytes(LineBytes)) u_fetch (
    .clk_i, .rst_ni(core_rst_n),
    .pc_o(f_pc), .valid_o(f_valid), .insn_o(f_insn), .err_o(f_err),
    .take_i(advance), .branch_i(f_ctrl.branch), .offset_i(f_imm[31:1]), .guess_o(f_guess),
    .set_i(set_pc), .set_pc_i(next_pc), .flush_i(flush),
    .i_req_o, .i_gnt_i, .i_addr_o, .i_rdata_i, .i_err_i
  );

  hb_cpu_decode #(.ExtM(ExtM)) u_decode (
    .insn_i(f_insn), .irq_i(irq), .irq_cause_i(irq_cause), .err_i(f_err),
    .ctrl_o(f_ctrl), .imm_o(f_imm), .rs1_zero_o(f_rs1_zero), .rs2_zero_o(f_rs2_zero)
  );

  logic        exec, trapped, taken, retire, done, trap, misaligned, muldiv_done;
  logic [2:0]  phase;
  logic [4:0]  cause;
  logic [31:0] sum, target;

  hb_cpu_phase u_phase (
    .clk_i, .rst_ni(core_rst_n),
    .valid_i(x_valid_q), .ctrl_i(ctrl_q), .misaligned_i(misaligned),
    .bad_target_i(taken && (ctrl_q.jalr ? sum[1] : target[1])),
    .c_gnt_i, .c_rvalid_i, .c_err_i, .muldiv_done_i(muldiv_done),
    .phase_o(phase), .retire_o(retire), .done_o(done), .trap_o(trap), .cause_o(cause)
  );
  assign exec    = phase == hb_cpu_pkg::PhExec;
  assign trapped = phase == hb_cpu_pkg::PhTrapVal;

  logic       clear, hold, wake, alone, redirect;
  logic [5:0] clear_row;

  hb_cpu_run u_run (
    .clk_i, .rst_ni(core_rst_n),
    .halt_i, .step_i, .busy_i(x_valid_q), .enter_i(advance), .retire_i(retire), .wfi_i(ctrl_q.wfi), .trap_i(trapped),
    .wake_i(wake), .clear_o(clear), .row_o(clear_row), .hold_o(hold), .halted_o, .wfi_o, .lockup_o
  );

  // The next one enters behind what changes its address, its bytes or whether interrupts are taken not before the next clock.
  assign alone   = redirect || ctrl_q.csr || ctrl_q.wfi || ctrl_q.fence_i;
  assign advance = f_valid && !hold && (!x_valid_q || (retire && !alone));

  always_ff @(posedge clk_i) begin
    if (!core_rst_n) begin
      x_valid_q <= 1'b0;
      ctrl_q    <= '0;
    end else if (advance) begin
      x_valid_q <= 1'b1;
      ctrl_q    <= f_ctrl;
    end else if (done) begin
      x_valid_q <= 1'b0;
      ctrl_q    <= '0;
    end
    if (advance || trapped) begin
      imm_q <= f_imm;
      if (f_guess) imm_q <= 32'd4;
      if (trapped) imm_q <= '0;
    end
    if (advance) begin
      insn_q   <= f_insn;
      pc_q     <= f_pc[31:2];
      invert_q <= f_insn[12] ^ f_guess;
    end
  end

  // Ways on: a jump or branch, the end of a trap or mret, the debugger, the start
  assign redirect = (exec && taken && !trap) || phase == hb_cpu_pkg::PhJump;
  assign target   = {pc_q, 2'b00} + imm_q;
  assign flush    = exec && ctrl_q.fence_i;
  assign set_pc   = !core_rst_n || redirect || (halted_o && dbg_pc_we_i);
  assign pc_o     = f_pc;

  always_comb begin
    if (!core_rst_n) next_pc = start_i;
    else if (!x_valid_q) next_pc = dbg_wdata_i;
    else if (ctrl_q.jalr || phase == hb_cpu_pkg::PhJump) next_pc = sum;
    else next_pc = target;
  end

  // Register file: what each phase writes, and reads for the next
  logic        rf_we, rf_re2, csr_writes, mret_now;
  logic [5:0]  rf_waddr, rf_raddr2;
  logic [31:0] rf_wdata, rs1, rs2, result, load_value, muldiv_result, csr_value;
  assign csr_writes = f3[1:0] == 2'd1 || insn_q[19:15] != 5'd0;
  assign mret_now   = exec && ctrl_q.mret;

  always_comb begin
    rf_we    = retire && ctrl_q.rd_we;
    rf_waddr = {1'b0, insn_q[11:7]};
    unique case (phase)
      hb_cpu_pkg::PhExec:      if (ctrl_q.csr) {rf_we, rf_waddr} = {ctrl_q.csr_ram && csr_writes, 1'b1, insn_q[24:20]};
      hb_cpu_pkg::PhTrapVal:   {rf_we, rf_waddr} = {1'b1, hb_cpu_pkg::RowMtval};
      hb_cpu_pkg::PhTrapCause: {rf_we, rf_waddr} = {1'b1, hb_cpu_pkg::RowMcause};
      hb_cpu_pkg::PhTrapEpc:   {rf_we, rf_waddr} = {1'b1, hb_cpu_pkg::RowMepc};
      default: ;
    endcase
    if (!x_valid_q) begin
      rf_we    = clear || (halted_o && dbg_gpr_we_i && dbg_gpr_i != 5'd0);
      rf_waddr = clear ? clear_row : {1'b0, dbg_gpr_i};
    end
  end

  // At most one of these is not zero.
  logic [31:0] other;
  always_comb begin
    other = '0;
    if (exec && ctrl_q.jump) other = f_pc;
    if (halted_o) other = dbg_wdata_i;
    if (phase == hb_cpu_pkg::PhTrapCause) {other[31], other[3:0]} = cause;
    rf_wdata = result | load_value | csr_value | muldiv_result | other;
    if (trapped && ctrl_q.jalr) rf_wdata[0] = 1'b0;
  end

  assign rf_re2    = advance || mret_now || phase == hb_cpu_pkg::PhTrapEpc;
  assign rf_raddr2 = mret_now ? hb_cpu_pkg::RowMepc : x_valid_q && !retire ? hb_cpu_pkg::RowMtvec :
                     {f_insn[6:4] == 3'b111, f_insn[24:20]};

  hb_cpu_regfile u_regfile (
    .clk_i, .rst_ni(core_rst_n),
    .we_i(rf_we), .waddr_i(rf_waddr), .wdata_i(rf_wdata),
    .re1_i(advance || halted_o), .raddr1_i(halted_o ? dbg_gpr_i : f_insn[19:15]),
    .zero1_i(halted_o ? dbg_gpr_i == 5'd0 : (advance && f_rs1_zero) || trapped), .rdata1_o(rs1),
    .re2_i(rf_re2), .raddr2_i(rf_raddr2), .zero2_i(advance && f_rs2_zero), .rdata2_o(rs2)
  );
  assign dbg_gpr_o = rs1;

  // Operands of the ALU. On the way into a trap it adds up mtval, zero (rs1 reads zero from then on), the PC, the handler.
  logic        a_pc, b_imm, equal, less, below;
  logic [31:0] a, b;
  assign a_pc   = (ctrl_q.a_pc && phase != hb_cpu_pkg::PhTrapCause && phase != hb_cpu_pkg::PhJump) ||
                  (ctrl_q.branch && trapped) || phase == hb_cpu_pkg::PhTrapEpc;
  assign b_imm  = (ctrl_q.b_imm && phase != hb_cpu_pkg::PhJump) || trapped ||
                  phase == hb_cpu_pkg::PhTrapCause || phase == hb_cpu_pkg::PhTrapEpc;

  always_comb begin
    a = a_pc ? {pc_q, 2'b00} : rs1;
    if (phase == hb_cpu_pkg::PhJump && !ctrl_q.mret && cause[4] && rs2[0]) a[5:2] = cause[3:0];  // mtvec.MODE = 1
    b = b_imm ? imm_q : rs2;
  end

  hb_cpu_alu u_alu (
    .a_i(a), .b_i(b),
    .sub_i((exec && ctrl_q.branch) || (ctrl_q.alu && (f3[2:1] == 2'b01 || (ctrl_q.alt && !f3[2])))),
    .en_i(x_valid_q && !(phase == hb_cpu_pkg::PhMem || ctrl_q.csr || ctrl_q.muldiv || (exec && ctrl_q.jump))),
    .op_i(ctrl_q.alu), .f3_i(f3), .alt_i(ctrl_q.alt),
    .sum_o(sum), .result_o(result), .equal_o(equal), .less_o(less), .below_o(below)
  );
  assign taken = ctrl_q.jump || (ctrl_q.branch && (invert_q ^ (f3[2] ? (f3[1] ? below : less) : equal)));

  hb_cpu_align u_align (
    .f3_i(f3), .addr_i(sum[1:0]), .misaligned_o(misaligned), .be_o(c_be_o),
    .store_i(rs2), .lanes_o(c_wdata_o), .lanes_i(c_rdata_i),
    .load_i(ctrl_q.load && phase == hb_cpu_pkg::PhMem), .load_o(load_value)
  );
  assign c_req_o   = exec && (ctrl_q.load || ctrl_q.store) && !misaligned;
  assign c_write_o = ctrl_q.store;
  assign c_addr_o  = {sum[31:2], 2'b00};

  hb_cpu_csr #(.ExtM(ExtM), .Counters(Counters)) u_csr (
    .clk_i, .rst_ni(core_rst_n),
    .en_i(ctrl_q.csr), .addr_i(insn_q[31:20]), .ram_i(ctrl_q.csr_ram), .row_i(rs2),
    .op_i(f3[1:0]), .operand_i(rs1 | (f3[2] ? 32'(insn_q[19:15]) : '0)), .write_i(exec),
    .value_o(csr_value), .we_i(phase == hb_cpu_pkg::PhCsr && csr_writes),
    .trap_i(phase == hb_cpu_pkg::PhTrapEpc), .mret_i(retire && ctrl_q.mret), .retire_i(retire),
    .irq_software_i, .irq_timer_i, .irq_external_i, .irq_o(irq), .irq_cause_o(irq_cause), .wake_o(wake)
  );

  if (ExtM) begin : gen_muldiv
    hb_cpu_muldiv u_muldiv (
      .clk_i, .rst_ni(core_rst_n), .start_i(exec && ctrl_q.muldiv), .f3_i(f3), .a_i(rs1), .b_i(rs2),
      .done_o(muldiv_done), .result_o(muldiv_result)
    );
  end else begin : gen_no_muldiv
    assign muldiv_done   = 1'b0;
    assign muldiv_result = '0;
  end

  assign ret_valid_o     = retire || trapped;
  assign ret_pc_o        = {pc_q, 2'b00};
  assign ret_insn_o      = insn_q;
  assign ret_trap_o      = trapped;
  assign ret_cause_o     = cause;
  assign ret_tval_o      = rf_wdata;
  assign ret_rd_we_o     = ctrl_q.rd_we;
  assign ret_rd_o        = rf_wdata;
  assign ret_mem_be_o    = ctrl_q.load || ctrl_q.store ? c_be_o : '0;
  assign ret_mem_write_o = ctrl_q.store;
  assign ret_mem_addr_o  = c_addr_o;
  assign ret_mem_data_o  = ctrl_q.store ? c_wdata_o : c_rdata_i;

`ifndef SYNTHESIS
  // Promises of the ports, checked in simulation (rtl/README.md)
  hb_held #(.Width(32)) hb_cpu_i_held (
    .clk_i, .rst_ni(core_rst_n), .valid_i(i_req_o), .ready_i(i_gnt_i), .data_i(i_addr_o)
  );
  hb_held #(.Width(37)) hb_cpu_c_held (
    .clk_i, .rst_ni(core_rst_n), .valid_i(c_req_o), .ready_i(c_gnt_i), .data_i({c_write_o, c_addr_o, c_be_o})
  );
`endif

endmodule

`default_nettype wire
