// SPDX-License-Identifier: Apache-2.0
// Registers of the controller: every one of rtl/regs/cpu.toml, with timer, watchdog, mailbox and run control of the core.
`default_nettype none

module hb_controller_regs #(
  parameter int unsigned CpuBytes = 65536,
  parameter bit          ExtM     = 1'b0
) (
  input  logic        clk_i,
  input  logic        rst_ni,

  // Register port: a request a clock, with ready_o only, answered on the next one
  output logic        ready_o,         // low while the mailbox is cleared, 16 clocks after reset
  input  logic        req_i,
  input  logic        core_i,          // the core asks, not the host
  input  logic        write_i,
  input  logic [11:0] addr_i,          // byte offset in the block
  input  logic [31:0] wdata_i,
  output logic [31:0] rdata_o,         // zero unless a register was read
  output logic        err_o,           // no such register, or a write to one that cannot be written: no effect

  // Core (hb_cpu)
  output logic        run_o,
  output logic [31:0] start_o,
  output logic        halt_o,
  output logic        step_o,
  input  logic        halted_i,
  input  logic        wfi_i,
  input  logic        lockup_i,
  input  logic        retire_i,        // an instruction retires
  input  logic [31:0] pc_i,
  input  logic [31:0] gpr_i,           // of gpr_index_o, one clock later
  output logic [4:0]  gpr_index_o,
  output logic        gpr_we_o,        // with dbg_wdata_o, only while halted_i
  output logic        pc_we_o,
  output logic [31:0] dbg_wdata_o,
  output logic        irq_software_o,
  output logic        irq_timer_o,
  output logic        irq_external_o,

  input  logic        irq_queue_i,
  input  logic        poison_i,
  output logic        irq_o            // level: HOST_IRQ is not zero
);

  logic [31:0] addr, rdata, rdata_q, mail_rdata;
  logic        known, writable, is_mail, mail1_q, err_q, write, read;
  assign addr    = {20'd0, addr_i};
  assign is_mail = addr >= hb_cpu_regs_pkg::Mailbox &&
                   addr < hb_cpu_regs_pkg::Mailbox + 4 * hb_cpu_regs_pkg::MailboxCount && addr[1:0] == '0;
  assign write   = req_i && write_i && known && writable;
  assign read    = req_i && !write_i;

  logic        run_q, halt_q, step_q, bite_q, reason_q, lockup_q, msip_q, timer_q;
  logic [15:0] bites_q;
  logic [29:0] start_q;
  logic [4:0]  gpr_index_q;
  logic [63:0] mtime_q, mtimecmp_q, instret_q;
  logic [31:0] period_q, watchdog_q, doorbell_q, host_irq_q, host_held_q, core_held_q, held, high;
  logic [2:0]  irq_enable_q, pending;
  logic        hold;
  logic        halted;  // and no step is about to end that
  assign halted  = halted_i && !step_q;
  assign held    = core_i ? core_held_q : host_held_q;
  assign hold    = read && (addr == hb_cpu_regs_pkg::Mtime || addr == hb_cpu_regs_pkg::Instret);
  assign high    = (addr == hb_cpu_regs_pkg::Mtime) ? mtime_q[63:32] : instret_q[63:32];
  assign pending = {poison_i, irq_queue_i, doorbell_q != '0};

  // Decode and read
  always_comb begin
    rdata    = '0;
    known    = 1'b1;
    writable = 1'b1;
    unique case (addr)
      hb_cpu_regs_pkg::Id:            {writable, rdata} = {1'b0, hb_cpu_regs_pkg::IdValue};
      hb_cpu_regs_pkg::Version:       {writable, rdata} = {1'b0, hb_cpu_regs_pkg::VersionValue};
      hb_cpu_regs_pkg::MapHash:       {writable, rdata} = {1'b0, hb_cpu_regs_pkg::HashValue};
      hb_cpu_regs_pkg::Cfg:           {writable, rdata} = {1'b0, 30'd0, ExtM, 1'b1};
      hb_cpu_regs_pkg::CfgMemBytes:   {writable, rdata} = {1'b0, 32'(CpuBytes)};
      hb_cpu_regs_pkg::Ctrl:          rdata = {29'd0, step_q, halt_q, run_q};
      hb_cpu_regs_pkg::Status:        {writable, rdata} = {1'b0, 28'd0, lockup_i, wfi_i, halted, run_o && !halted_i};
      hb_cpu_regs_pkg::Start:         rdata = {start_q, 2'b00};
      hb_cpu_regs_pkg::Pc:            rdata = pc_i;
      hb_cpu_regs_pkg::GprIndex:      rdata = {27'd0, gpr_index_q};
      hb_cpu_regs_pkg::GprData:       rdata = halted ? gpr_i : '0;
      hb_cpu_regs_pkg::ResetReason:   {writable, rdata} = {1'b0, bites_q, 15'd0, reason_q};
      hb_cpu_regs_pkg::Msip:          rdata = {31'd0, msip_q};
      hb_cpu_regs_pkg::Mtime:         rdata = mtime_q[31:0];
      hb_cpu_regs_pkg::Mtime + 4:     rdata = held;
      hb_cpu_regs_pkg::Mtimecmp:      rdata = mtimecmp_q[31:0];
      hb_cpu_regs_pkg::Mtimecmp + 4:  rdata = mtimecmp_q[63:32];
      hb_cpu_regs_pkg::WdtPeriod:     rdata = period_q;
      hb_cpu_regs_pkg::WdtKick:       ;
      hb_cpu_regs_pkg::Doorbell:      rdata = doorbell_q;
      hb_cpu_regs_pkg::DoorbellClear: ;
      hb_cpu_regs_pkg::HostIrq:       rdata = host_irq_q;
      hb_cpu_regs_pkg::HostIrqClear:  ;
      hb_cpu_regs_pkg::IrqPending:    {writable, rdata} = {1'b0, 29'd0, pending};
      hb_cpu_regs_pkg::IrqEnable:     rdata = {29'd0, irq_enable_q};
      hb_cpu_regs_pkg::Instret:       {writable, rdata} = {1'b0, instret_q[31:0]};
      hb_cpu_regs_pkg::Instret + 4:   {writable, rdata} = {1'b0, held};
      default:                        known = is_mail;
    endcase
  end

  always_ff @(posedge clk_i) begin
    rdata_q <= read ? rdata : '0;
    mail1_q <= read && is_mail;
    err_q   <= req_i && !(known && (writable || !write_i));
  end
  assign err_o   = err_q;
  assign rdata_o = mail1_q ? mail_rdata : rdata_q;

  // Mailbox: a small RAM, cleared after reset
  logic [4:0] clear_q;
  assign ready_o = clear_q[4];
  always_ff @(posedge clk_i) begin
    if (!rst_ni)       clear_q <= '0;
    else if (!ready_o) clear_q <= clear_q + 5'd1;
  end
  hb_ram_1rw #(.Width(32), .Depth(hb_cpu_regs_pkg::MailboxCount)) u_mailbox (
    .clk_i, .en_i(!ready_o || (req_i && is_mail)), .we_i(!ready_o || write_i),
    .addr_i(ready_o ? addr_i[5:2] : clear_q[3:0]), .wdata_i(ready_o ? wdata_i : '0), .rdata_o(mail_rdata)
  );

  // Run control and watchdog. A bite holds the core in reset for one clock.
  logic ctrl_write, restart, bad_kick, bite;
  assign ctrl_write = write && addr == hb_cpu_regs_pkg::Ctrl;
  assign restart    = write && (addr == hb_cpu_regs_pkg::WdtPeriod || addr == hb_cpu_regs_pkg::WdtKick);
  assign bad_kick   = write && addr == hb_cpu_regs_pkg::WdtKick && wdata_i != hb_cpu_regs_pkg::WatchdogKey;
  assign bite       = run_o && (bad_kick || (period_q != '0 && !halt_q && !restart && watchdog_q >= period_q - 32'd1));

  assign run_o       = run_q && !bite_q;
  assign start_o     = {start_q, 2'b00};
  assign halt_o      = halt_q;
  assign step_o      = step_q && halted_i;
  assign gpr_index_o = gpr_index_q;
  assign gpr_we_o    = write && addr == hb_cpu_regs_pkg::GprData && halted;
  assign pc_we_o     = write && addr == hb_cpu_regs_pkg::Pc && halted;
  assign dbg_wdata_o = wdata_i;

  // Interrupts of the core: levels
  assign irq_software_o = msip_q;
  assign irq_timer_o    = timer_q;
  assign irq_external_o = (pending & irq_enable_q) != '0;
  assign irq_o          = host_irq_q != '0;

  logic [31:0] host_irq_set;
  always_comb begin
    host_irq_set = (write && addr == hb_cpu_regs_pkg::HostIrq) ? wdata_i : '0;
    if (lockup_i && !lockup_q) host_irq_set[hb_cpu_regs_pkg::HostIrqLockup] = 1'b1;
    if (bite) host_irq_set[hb_cpu_regs_pkg::HostIrqWatchdog] = 1'b1;
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      run_q        <= 1'b0;
      halt_q       <= 1'b0;
      step_q       <= 1'b0;
      bite_q       <= 1'b0;
      bites_q      <= '0;
      reason_q     <= 1'b0;
      lockup_q     <= 1'b0;
      start_q      <= hb_cpu_regs_pkg::StartReset[31:2];
      gpr_index_q  <= '0;
      msip_q       <= 1'b0;
      timer_q      <= 1'b0;
      mtime_q      <= '0;
      mtimecmp_q   <= '1;
      instret_q    <= '0;
      period_q     <= '0;
      watchdog_q   <= '0;
      doorbell_q   <= '0;
      host_irq_q   <= '0;
      irq_enable_q <= '0;
      core_held_q  <= '0;
      host_held_q  <= '0;
    end else begin
      if (step_o || !run_o) step_q <= 1'b0;
      if (ctrl_write) begin
        run_q  <= wdata_i[hb_cpu_regs_pkg::CtrlRunLsb];
        halt_q <= wdata_i[hb_cpu_regs_pkg::CtrlHaltLsb];
        step_q <= wdata_i[hb_cpu_regs_pkg::CtrlRunLsb] && wdata_i[hb_cpu_regs_pkg::CtrlHaltLsb] &&
                  wdata_i[hb_cpu_regs_pkg::CtrlStepLsb];
        if (!run_q) reason_q <= 1'b0;
      end

      bite_q     <= bite;
      watchdog_q <= (restart || bite || !run_o) ? '0 : halt_q ? watchdog_q : watchdog_q + 32'd1;
      if (bite) begin
        reason_q <= 1'b1;
        if (bites_q != '1) bites_q <= bites_q + 16'd1;
      end
      lockup_q <= lockup_i;

      mtime_q <= mtime_q + 64'd1;
      timer_q <= mtime_q >= mtimecmp_q;
      if (retire_i) instret_q <= instret_q + 64'd1;
      if (hold && core_i)  core_held_q <= high;
      if (hold && !core_i) host_held_q <= high;

      if (write) begin
        unique case (addr)
          hb_cpu_regs_pkg::Start:        start_q            <= wdata_i[31:2];
          hb_cpu_regs_pkg::GprIndex:     gpr_index_q        <= wdata_i[4:0];
          hb_cpu_regs_pkg::Msip:         msip_q             <= wdata_i[0];
          hb_cpu_regs_pkg::Mtime:        mtime_q[31:0]      <= wdata_i;
          hb_cpu_regs_pkg::Mtime + 4:    mtime_q[63:32]     <= wdata_i;
          hb_cpu_regs_pkg::Mtimecmp:     mtimecmp_q[31:0]   <= wdata_i;
          hb_cpu_regs_pkg::Mtimecmp + 4: mtimecmp_q[63:32]  <= wdata_i;
          hb_cpu_regs_pkg::WdtPeriod:    period_q           <= wdata_i;
          hb_cpu_regs_pkg::IrqEnable:    irq_enable_q       <= wdata_i[2:0];
          default: ;
        endcase
      end

      // A cause that comes in the clock in which it is cleared stands.
      doorbell_q <= (doorbell_q & ~((write && addr == hb_cpu_regs_pkg::DoorbellClear) ? wdata_i : '0)) |
                    ((write && addr == hb_cpu_regs_pkg::Doorbell) ? wdata_i : '0);
      host_irq_q <= (host_irq_q & ~((write && addr == hb_cpu_regs_pkg::HostIrqClear) ? wdata_i : '0)) | host_irq_set;
    end
  end

`ifndef SYNTHESIS
  // Promises of the ports, checked in simulation (rtl/README.md)
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      hb_controller_regs_only_when_ready: assert (!req_i || ready_o);
    end
  end
`endif

endmodule

`default_nettype wire
