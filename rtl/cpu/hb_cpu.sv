// SPDX-License-Identifier: Apache-2.0
// RV32I + Zicsr core, machine mode only: fetch, one instruction in execution, register file; precise traps, debug, retirement port.

module hb_cpu #(
  parameter int unsigned LineBytes = 8,    // of a word of instruction memory: a power of two, 8 to 64
  parameter bit          ExtM      = 1'b0  // multiply and divide, serially
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

  // The instruction in execution (x), with what decoding gave
  logic              x_valid_q;
  logic [2:0]        phase_q;
  logic [31:0]       insn_q, imm_q;
  logic [31:2]       pc_q;
  logic [4:0]        cause_q;
  hb_cpu_pkg::ctrl_t ctrl_q;
  logic [2:0]        f3;
  assign f3 = insn_q[14:12];

  // Fetch and decode of the one behind it; f_pc is also the link of a jump in execution.
  logic        f_valid, f_err, advance, set_pc, flush, irq;
  logic [3:0]  irq_cause;
  logic [31:0] f_pc, f_insn, f_imm, next_pc;
  logic        f_rs1_zero, f_rs2_zero;

  hb_cpu_pkg::ctrl_t f_ctrl;

  hb_cpu_fetch #(.LineBytes(LineBytes)) u_fetch (
    .clk_i, .rst_ni(core_rst_n),
    .pc_o(f_pc), .valid_o(f_valid), .insn_o(f_insn), .err_o(f_err),
    .take_i(advance), .set_i(set_pc), .set_pc_i(next_pc), .flush_i(flush),
    .i_req_o, .i_gnt_i, .i_addr_o, .i_rdata_i, .i_err_i
  );

  hb_cpu_decode #(.ExtM(ExtM)) u_decode (
    .insn_i(f_insn), .irq_i(irq), .irq_cause_i(irq_cause), .err_i(f_err),
    .ctrl_o(f_ctrl), .imm_o(f_imm), .rs1_zero_o(f_rs1_zero), .rs2_zero_o(f_rs2_zero)
  );

  // Phases of an instruction
  logic exec, is_mem, misaligned, taken, trap, retire, done, muldiv_done;
  logic [31:0] sum, target;
  assign exec   = x_valid_q && phase_q == hb_cpu_pkg::PhExec;
  assign is_mem = ctrl_q.load || ctrl_q.store;

  logic trap_exec, trap_mem;
  assign trap_exec = exec && (ctrl_q.trap || (is_mem && misaligned) || (taken && target[1]));
  assign trap_mem  = phase_q == hb_cpu_pkg::PhMem && c_rvalid_i && c_err_i;
  assign trap      = trap_exec || trap_mem;

  logic [2:0] phase_d;
  always_comb begin
    phase_d = phase_q;
    retire  = 1'b0;
    done    = 1'b0;
    unique case (phase_q)
      hb_cpu_pkg::PhExec: begin
        if (ctrl_q.csr) phase_d = hb_cpu_pkg::PhCsr;
        else if (ctrl_q.mret) phase_d = hb_cpu_pkg::PhJump;
        else if (ctrl_q.muldiv) phase_d = hb_cpu_pkg::PhMulDiv;
        else if (!is_mem) retire = 1'b1;
        else if (c_gnt_i) phase_d = hb_cpu_pkg::PhMem;
      end
      hb_cpu_pkg::PhMem:       retire  = c_rvalid_i;
      hb_cpu_pkg::PhMulDiv:    retire  = muldiv_done;
      hb_cpu_pkg::PhCsr:       retire  = 1'b1;
      hb_cpu_pkg::PhTrapVal:   phase_d = hb_cpu_pkg::PhTrapCause;
      hb_cpu_pkg::PhTrapCause: phase_d = hb_cpu_pkg::PhTrapEpc;
      hb_cpu_pkg::PhTrapEpc:   phase_d = hb_cpu_pkg::PhJump;
      default: begin
        retire = ctrl_q.mret;
        done   = 1'b1;
      end
    endcase
    if (!x_valid_q || trap) retire = 1'b0;
    if (retire || done) begin
      done    = 1'b1;
      phase_d = hb_cpu_pkg::PhExec;
    end
    if (trap) phase_d = hb_cpu_pkg::PhTrapVal;
    if (!x_valid_q) phase_d = hb_cpu_pkg::PhExec;
  end

  // Ways on: a jump or branch, the end of a trap or mret, the debugger, the start
  logic jumps, redirect;
  assign jumps    = exec && taken && !trap;
  assign redirect = jumps || (x_valid_q && phase_q == hb_cpu_pkg::PhJump);
  assign target   = ctrl_q.jalr ? sum : {pc_q, 2'b00} + imm_q;
  assign flush    = exec && ctrl_q.fence_i;
  assign set_pc   = !core_rst_n || redirect || (halted_o && dbg_pc_we_i);

  always_comb begin
    if (!core_rst_n) next_pc = start_i;
    else if (!x_valid_q) next_pc = dbg_wdata_i;
    else if (phase_q == hb_cpu_pkg::PhJump) next_pc = sum;
    else next_pc = target;
  end

  // May the next one enter? Behind what changes its address, its bytes or whether interrupts are taken, not before the next clock.
  logic [6:0] init_q;  // registers cleared
  logic       step_q, wfi_q, lockup_q, hold, wake, alone;
  assign hold    = !init_q[6] || lockup_q || (halt_i && !step_q) || (wfi_q && !wake && !step_q);
  assign alone   = redirect || ctrl_q.csr || ctrl_q.wfi || ctrl_q.fence_i;
  assign advance = f_valid && !hold && (!x_valid_q || (retire && !alone));

  assign halted_o = init_q[6] && !x_valid_q && (lockup_q || (halt_i && !step_q));
  assign wfi_o    = wfi_q;
  assign lockup_o = lockup_q;
  assign pc_o     = f_pc;

  logic [1:0] traps_q;  // since an instruction last retired
  logic       trapped;
  assign trapped = phase_q == hb_cpu_pkg::PhTrapVal;

  always_ff @(posedge clk_i) begin
    if (!core_rst_n) begin
      init_q    <= '0;
      x_valid_q <= 1'b0;
      phase_q   <= hb_cpu_pkg::PhExec;
      ctrl_q    <= '0;
      step_q    <= 1'b0;
      wfi_q     <= 1'b0;
      lockup_q  <= 1'b0;
      traps_q   <= '0;
    end else begin
      if (!init_q[6]) init_q <= init_q + 7'd1;
      phase_q <= phase_d;
      if (advance) x_valid_q <= 1'b1;
      else if (done) x_valid_q <= 1'b0;
      if (advance) ctrl_q <= f_ctrl;
      step_q <= (step_i && halted_o) || (step_q && !advance);
      wfi_q  <= (retire && ctrl_q.wfi) || (wfi_q && !advance);
      if (retire) traps_q <= '0;
      else if (trapped) traps_q <= traps_q + 2'd1;
      if (trapped && traps_q == 2'd3) lockup_q <= 1'b1;
    end
    if (advance) begin
      insn_q <= f_insn;
      imm_q  <= f_imm;
      pc_q   <= f_pc[31:2];
    end
    if (trap) begin
      if (ctrl_q.trap) cause_q <= ctrl_q.cause;
      else if (ctrl_q.load) cause_q <= {1'b0, trap_mem ? hb_cpu_pkg::LoadFault : hb_cpu_pkg::LoadMisaligned};
      else if (ctrl_q.store) cause_q <= {1'b0, trap_mem ? hb_cpu_pkg::StoreFault : hb_cpu_pkg::StoreMisaligned};
      else cause_q <= {1'b0, hb_cpu_pkg::FetchMisaligned};
    end
  end

  // Register file: what each phase writes, and reads for the next
  logic        rf_we, rf_re2, csr_writes, mret_now;
  logic [5:0]  rf_waddr, rf_raddr2;
  logic [31:0] rf_wdata, rs1, rs2, result, load_value, muldiv_result, csr_old, csr_new;
  assign csr_writes = f3[1:0] == 2'd1 || insn_q[19:15] != 5'd0;
  assign mret_now   = exec && ctrl_q.mret;

  always_comb begin
    rf_we    = retire && ctrl_q.rd_we;
    rf_waddr = {1'b0, insn_q[11:7]};
    unique case (phase_q)
      hb_cpu_pkg::PhExec: begin
        if (ctrl_q.csr) rf_waddr = {1'b1, insn_q[24:20]};
        if (exec && ctrl_q.csr_ram && csr_writes) rf_we = 1'b1;
      end
      hb_cpu_pkg::PhTrapVal:   {rf_we, rf_waddr} = {1'b1, hb_cpu_pkg::RowMtval};
      hb_cpu_pkg::PhTrapCause: {rf_we, rf_waddr} = {1'b1, hb_cpu_pkg::RowMcause};
      hb_cpu_pkg::PhTrapEpc:   {rf_we, rf_waddr} = {1'b1, hb_cpu_pkg::RowMepc};
      default: ;
    endcase
    if (!x_valid_q) begin
      rf_we    = !init_q[6] || (halted_o && dbg_gpr_we_i && dbg_gpr_i != 5'd0);
      rf_waddr = init_q[6] ? {1'b0, dbg_gpr_i} : init_q[5:0];
    end
  end

  always_comb begin
    rf_wdata = result;
    if (ctrl_q.jump) rf_wdata = f_pc;
    if (ctrl_q.load) rf_wdata = load_value;
    if (ctrl_q.csr) rf_wdata = (phase_q == hb_cpu_pkg::PhExec) ? csr_new : csr_old;
    if (ctrl_q.muldiv) rf_wdata = muldiv_result;
    if (trapped) rf_wdata = {sum[31:1], sum[0] && !ctrl_q.jalr};
    if (phase_q == hb_cpu_pkg::PhTrapCause) rf_wdata = {cause_q[4], 27'd0, cause_q[3:0]};
    if (phase_q == hb_cpu_pkg::PhTrapEpc) rf_wdata = {pc_q, 2'b00};
    if (!x_valid_q) rf_wdata = init_q[6] ? dbg_wdata_i : '0;
  end

  assign rf_re2    = advance || mret_now || phase_q == hb_cpu_pkg::PhTrapEpc;
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

  // Operands: trapped, the address or what else mtval gets; at the end of a trap, mtvec and where in it
  logic        by_cause;
  logic [31:0] a, b;
  logic        equal, less, below;
  assign by_cause = phase_q == hb_cpu_pkg::PhJump && !ctrl_q.mret && cause_q[4] && rs2[0];

  always_comb begin
    a = (ctrl_q.a_pc || (trapped && ctrl_q.branch)) && phase_q != hb_cpu_pkg::PhJump ? {pc_q, 2'b00} : rs1;
    if (by_cause) a[5:2] = cause_q[3:0];
    b = (ctrl_q.b_imm && phase_q != hb_cpu_pkg::PhJump) || trapped ? imm_q : rs2;
  end

  hb_cpu_alu u_alu (
    .a_i(a), .b_i(b),
    .sub_i(!trapped && phase_q != hb_cpu_pkg::PhJump && (ctrl_q.branch || (ctrl_q.alu && (f3[2:1] == 2'b01 || ctrl_q.alt)))),
    .op_i(ctrl_q.alu), .f3_i(f3), .alt_i(ctrl_q.alt),
    .sum_o(sum), .result_o(result), .equal_o(equal), .less_o(less), .below_o(below)
  );
  assign taken = ctrl_q.jump || (ctrl_q.branch && (f3[0] ^ (f3[2] ? (f3[1] ? below : less) : equal)));

  hb_cpu_align u_align (
    .f3_i(f3), .addr_i(sum[1:0]), .misaligned_o(misaligned), .be_o(c_be_o),
    .store_i(rs2), .lanes_o(c_wdata_o), .lanes_i(c_rdata_i), .load_o(load_value)
  );
  assign c_req_o   = exec && is_mem && !misaligned;
  assign c_write_o = ctrl_q.store;
  assign c_addr_o  = {sum[31:2], 2'b00};

  hb_cpu_csr #(.ExtM(ExtM)) u_csr (
    .clk_i, .rst_ni(core_rst_n),
    .addr_i(insn_q[31:20]), .op_i(f3[1:0]), .operand_i(f3[2] ? {27'd0, insn_q[19:15]} : rs1),
    .ram_i(ctrl_q.csr_ram), .row_i(rs2), .old_o(csr_old), .new_o(csr_new),
    .we_i(retire && ctrl_q.csr && csr_writes),
    .trap_i(phase_q == hb_cpu_pkg::PhTrapEpc), .mret_i(retire && ctrl_q.mret), .retire_i(retire),
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
  assign ret_cause_o     = cause_q;
  assign ret_tval_o      = rf_wdata;
  assign ret_rd_we_o     = ctrl_q.rd_we;
  assign ret_rd_o        = rf_wdata;
  assign ret_mem_be_o    = is_mem ? c_be_o : '0;
  assign ret_mem_write_o = ctrl_q.store;
  assign ret_mem_addr_o  = c_addr_o;
  assign ret_mem_data_o  = ctrl_q.store ? c_wdata_o : c_rdata_i;

endmodule
