// SPDX-License-Identifier: Apache-2.0
// Registers of the tile: every one of rtl/regs/tile.toml, at the other side of the host port's register port.
`default_nettype none

module hb_csr #(
  parameter  int unsigned Rows       = 8,
  parameter  int unsigned Cols       = 8,
  parameter  int unsigned Depth      = 4,
  parameter  int unsigned Banks      = 4,
  parameter  int unsigned BankBytes  = 32768,
  parameter  int unsigned QueueSlots = 8,
  parameter  int unsigned CpuBytes   = 0,
  parameter  bit          Net        = 0,
  localparam int unsigned WordBytes  = hb_chip_pkg::word_bytes(Rows, Cols, Depth),
  localparam int unsigned MacsW      = $clog2(Rows * Cols * Depth + 1),
  localparam int unsigned NumSem     = hb_tile_regs_pkg::SemCount
) (
  input  logic                 clk_i,
  input  logic                 rst_ni,

  // Register port: a request a clock, answered on the next one
  input  logic                 reg_req_i,
  input  logic                 reg_write_i,
  input  logic [15:0]          reg_addr_i,      // byte offset
  input  logic [31:0]          reg_wdata_i,
  output logic [31:0]          reg_rdata_o,     // zero unless a register was read
  output logic                 reg_err_o,       // no such register, or a write to one that cannot be written: no effect

  // Sequencer (hb_seq)
  output hb_tile_pkg::queue_t      queue_o,
  output logic                     abort_o,        // pulse
  output logic                     queue_reset_o,  // pulse, only while not busy
  input  hb_tile_pkg::seq_report_t seq_i,

  // Semaphores (hb_sem)
  output hb_tile_pkg::sem_op_t     sem_op_o,
  input  logic [NumSem*16-1:0]     sem_values_i,

  // Memory (hb_mem)
  output hb_mem_pkg::control_t     mem_o,          // what goes with inject_go or heal_go was checked
  input  hb_mem_pkg::report_t      mem_i,

  // Events counted
  input  hb_tile_pkg::activity_t   activity_i,
  input  logic [MacsW-1:0]         macs_i,
  input  logic                     beat_i,

  output logic                 irq_o,           // level: an enabled cause stands
  output logic                 irq_queue_o,     // level: IRQ_STATUS has DONE or ERROR
  output logic                 poison_o         // level: POISON_STATUS.VALID
);

  localparam int unsigned DataBytes  = Banks * BankBytes;
  localparam int unsigned QueueBytes = 2 * hb_job_pkg::DescriptorBytes * QueueSlots;
  localparam int unsigned EccLanes   = WordBytes / 8;

  logic [31:0]      scratch_q, scrub_interval_q, scrub_passes_q, inject_addr_q, inject_count_q, heal_count_q, poison_addr_q;
  logic [31:0]      ecc_corrected_q, ecc_scrubbed_q, ecc_ue_q;
  logic             enable_q, queue_error_q, job_error_q, inject_error_q, heal_error_q, poison_valid_q, poison_more_q;
  logic [15:0]      tail_q;
  logic [2:0]       irq_status_q, irq_enable_q, poison_source_q;
  logic [7:0]       error_status_q, error_field_q, error_opcode_q;
  logic [6:0]       inject_bit0_q, inject_bit1_q;
  logic [2:0]       inject_lane_q;
  logic [31:0]      perf_cycles;
  logic [3*32-1:0]  perf_held;
  logic [10*32-1:0] perf_count;

  // Decode and read
  logic [31:0] addr, rdata, reg_rdata_q;
  logic        reg_err_q, known, writable, is_sem, is_perf, write;
  assign addr    = {16'd0, reg_addr_i};
  assign is_sem  = addr >= hb_tile_regs_pkg::Sem && addr < hb_tile_regs_pkg::Sem + 4 * hb_tile_regs_pkg::SemCount &&
                   addr[1:0] == '0;
  assign is_perf = addr >= hb_tile_regs_pkg::PerfBusy && addr <= hb_tile_regs_pkg::PerfHostBeats && addr[1:0] == '0;
  assign write   = reg_req_i && reg_write_i && known && writable;

  always_comb begin
    rdata    = '0;
    known    = 1'b1;
    writable = 1'b0;
    unique case (addr)
      hb_tile_regs_pkg::Id:           rdata = hb_tile_regs_pkg::IdValue;
      hb_tile_regs_pkg::Version:      rdata = hb_tile_regs_pkg::VersionValue;
      hb_tile_regs_pkg::MapHash:      rdata = hb_tile_regs_pkg::HashValue;
      hb_tile_regs_pkg::CfgArray:     rdata = {8'(hb_job_pkg::Window), 8'(Depth), 8'(Cols), 8'(Rows)};
      hb_tile_regs_pkg::CfgMem:       rdata = {8'(NumSem), 8'(QueueSlots), 8'(WordBytes), 8'(Banks)};
      hb_tile_regs_pkg::CfgBankBytes: rdata = 32'(BankBytes);
      hb_tile_regs_pkg::CfgFeatures:  rdata = hb_tile_regs_pkg::CfgFeaturesEccMask | hb_tile_regs_pkg::CfgFeaturesScrubMask |
                                              ((CpuBytes != 0) ? hb_tile_regs_pkg::CfgFeaturesControllerMask : '0) |
                                              (Net ? hb_tile_regs_pkg::CfgFeaturesNetworkMask : '0);
      hb_tile_regs_pkg::Scratch: begin
        writable = 1'b1;
        rdata    = scratch_q;
      end
      hb_tile_regs_pkg::Ctrl: begin
        writable = 1'b1;
        rdata    = {31'd0, enable_q};
      end
      hb_tile_regs_pkg::Status: rdata = {8'd0, seq_i.opcode, seq_i.waiting, activity_i.stall_c, activity_i.stall_result,
                                         activity_i.stall_operand, seq_i.state,
                                         4'd0, job_error_q, queue_error_q, seq_i.waiting, seq_i.busy};
      hb_tile_regs_pkg::QueueTail: begin
        writable = 1'b1;
        rdata    = {16'd0, tail_q};
      end
      hb_tile_regs_pkg::QueueHead: rdata = {16'd0, seq_i.head};
      hb_tile_regs_pkg::IrqStatus: begin
        writable = 1'b1;
        rdata    = {29'd0, irq_status_q};
      end
      hb_tile_regs_pkg::IrqEnable: begin
        writable = 1'b1;
        rdata    = {29'd0, irq_enable_q};
      end
      hb_tile_regs_pkg::LastError: rdata = {error_opcode_q, 8'd0, error_field_q, error_status_q};
      hb_tile_regs_pkg::SemPost:   writable = 1'b1;
      hb_tile_regs_pkg::ScrubInterval: begin
        writable = 1'b1;
        rdata    = scrub_interval_q;
      end
      hb_tile_regs_pkg::ScrubAddr:        rdata = mem_i.scrub_addr;
      hb_tile_regs_pkg::ScrubPasses:      rdata = scrub_passes_q;
      hb_tile_regs_pkg::EccCorrected:     rdata = ecc_corrected_q;
      hb_tile_regs_pkg::EccScrubbed:      rdata = ecc_scrubbed_q;
      hb_tile_regs_pkg::EccUncorrectable: rdata = ecc_ue_q;
      hb_tile_regs_pkg::PoisonAddr:       rdata = poison_addr_q;
      hb_tile_regs_pkg::PoisonStatus: begin
        writable = 1'b1;
        rdata    = {25'd0, poison_source_q, 2'd0, poison_more_q, poison_valid_q};
      end
      hb_tile_regs_pkg::InjectAddr: begin
        writable = 1'b1;
        rdata    = inject_addr_q;
      end
      hb_tile_regs_pkg::InjectBits: begin
        writable = 1'b1;
        rdata    = {13'd0, inject_lane_q, 1'b0, inject_bit1_q, 1'b0, inject_bit0_q};
      end
      hb_tile_regs_pkg::InjectGo: begin
        writable = 1'b1;
        rdata    = {30'd0, inject_error_q, mem_i.inject_busy};
      end
      hb_tile_regs_pkg::InjectCount:       rdata = inject_count_q;
      hb_tile_regs_pkg::Heal: begin
        writable = 1'b1;
        rdata    = {30'd0, heal_error_q, mem_i.heal_busy};
      end
      hb_tile_regs_pkg::HealCount:         rdata = heal_count_q;
      hb_tile_regs_pkg::PerfCycles:        rdata = perf_cycles;
      hb_tile_regs_pkg::PerfCycles + 32'd4: rdata = perf_held[31:0];
      hb_tile_regs_pkg::PerfMacs:          rdata = perf_held[63:32];
      hb_tile_regs_pkg::PerfMacs + 32'd4:  rdata = perf_held[95:64];
      default: begin
        known    = is_sem || is_perf;
        writable = is_sem;
        if (is_sem) rdata = {16'd0, sem_values_i[{addr[4:2], 4'd0} +: 16]};
        if (is_perf) rdata = perf_count[{addr[5:2] - 4'd4, 5'd0} +: 32];
      end
    endcase
  end

  always_ff @(posedge clk_i) begin
    reg_rdata_q <= (reg_req_i && !reg_write_i) ? rdata : '0;
    reg_err_q   <= reg_req_i && !(known && (writable || !reg_write_i));
  end

  assign reg_rdata_o = reg_rdata_q;
  assign reg_err_o   = reg_err_q;

  // Pulses of CTRL
  logic ctrl_write, perf_clear;
  assign ctrl_write    = write && addr == hb_tile_regs_pkg::Ctrl;
  assign abort_o       = ctrl_write && reg_wdata_i[hb_tile_regs_pkg::CtrlAbortLsb];
  assign perf_clear    = ctrl_write && reg_wdata_i[hb_tile_regs_pkg::CtrlPerfClearLsb];
  assign queue_reset_o = ctrl_write && reg_wdata_i[hb_tile_regs_pkg::CtrlQueueResetLsb] && !seq_i.busy && !enable_q &&
                         !reg_wdata_i[hb_tile_regs_pkg::CtrlEnableLsb];

  // The queue's tail moves forward only, and at most QueueSlots ahead of the head.
  logic        tail_write, tail_ok, job_failed;
  logic [15:0] queued, added;
  assign queued     = tail_q - seq_i.head;
  assign added      = reg_wdata_i[15:0] - tail_q;
  assign tail_write = write && addr == hb_tile_regs_pkg::QueueTail;
  assign tail_ok    = {1'b0, queued} + {1'b0, added} <= 17'(QueueSlots);
  assign job_failed = seq_i.retire && seq_i.retire_status != hb_job_pkg::StOk;

  function automatic logic in_memory(input logic [31:0] where);
    in_memory = where < DataBytes || where - hb_job_pkg::QueueBase < QueueBytes ||
                (where >= hb_job_pkg::ControllerBase && where < hb_job_pkg::ControllerBase + CpuBytes);
  endfunction

  // Injection and healing
  logic inject_write, inject_ok, heal_write, heal_ok;
  assign inject_write = write && addr == hb_tile_regs_pkg::InjectGo && reg_wdata_i[hb_tile_regs_pkg::InjectGoGoLsb];
  assign inject_ok    = !mem_i.inject_busy && inject_bit0_q < 7'd72 && inject_bit1_q < 7'd72 &&
                        32'(inject_lane_q) < EccLanes && in_memory(inject_addr_q);

  assign mem_o.scrub_interval = scrub_interval_q;
  assign mem_o.inject_go      = inject_write && inject_ok;
  assign mem_o.inject_addr    = inject_addr_q;
  assign mem_o.inject_bit0    = inject_bit0_q;
  assign mem_o.inject_bit1    = inject_bit1_q;
  assign mem_o.inject_lane    = inject_lane_q;
  assign mem_o.heal_go        = heal_write && heal_ok;
  assign mem_o.heal_addr      = reg_wdata_i;

  assign heal_write  = write && addr == hb_tile_regs_pkg::Heal;
  assign heal_ok     = !mem_i.heal_busy && in_memory(reg_wdata_i);

  // Semaphores
  assign sem_op_o.valid = write && (is_sem || addr == hb_tile_regs_pkg::SemPost);
  assign sem_op_o.sets  = is_sem;
  assign sem_op_o.index = is_sem ? addr[4:2] : reg_wdata_i[2:0];
  assign sem_op_o.value = is_sem ? reg_wdata_i[15:0] : reg_wdata_i[31:16];

  // A cause that comes in the clock in which it is cleared stands.
  logic [2:0] irq_set, irq_clear;
  assign irq_set   = {mem_i.ecc_ue != '0, job_failed || (tail_write && !tail_ok), seq_i.retire && seq_i.retire_irq};
  assign irq_clear = (write && addr == hb_tile_regs_pkg::IrqStatus) ? reg_wdata_i[2:0] : '0;

  logic       poison_write, poison_room;
  assign poison_write = write && addr == hb_tile_regs_pkg::PoisonStatus;
  assign poison_room  = !poison_valid_q || (poison_write && reg_wdata_i[0]);

  function automatic logic [31:0] saturating_add(input logic [31:0] count, input logic [4:0] amount);
    logic [32:0] sum;
    sum = {1'b0, count} + 33'(amount);
    saturating_add = sum[32] ? '1 : sum[31:0];
  endfunction

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      scratch_q        <= '0;
      enable_q         <= 1'b0;
      tail_q           <= '0;
      queue_error_q    <= 1'b0;
      job_error_q      <= 1'b0;
      irq_status_q     <= '0;
      irq_enable_q     <= '0;
      error_status_q   <= '0;
      error_field_q    <= '0;
      error_opcode_q   <= '0;
      scrub_interval_q <= hb_tile_regs_pkg::ScrubIntervalReset;
      scrub_passes_q   <= '0;
      ecc_corrected_q  <= '0;
      ecc_scrubbed_q   <= '0;
      ecc_ue_q         <= '0;
      poison_valid_q   <= 1'b0;
      poison_more_q    <= 1'b0;
      poison_addr_q    <= '0;
      poison_source_q  <= '0;
      inject_addr_q    <= '0;
      inject_bit0_q    <= '0;
      inject_bit1_q    <= '0;
      inject_lane_q    <= '0;
      inject_error_q   <= 1'b0;
      inject_count_q   <= '0;
      heal_error_q     <= 1'b0;
      heal_count_q     <= '0;
    end else begin
      if (write && addr == hb_tile_regs_pkg::Scratch) scratch_q <= reg_wdata_i;
      if (write && addr == hb_tile_regs_pkg::IrqEnable) irq_enable_q <= reg_wdata_i[2:0];
      if (write && addr == hb_tile_regs_pkg::ScrubInterval) scrub_interval_q <= reg_wdata_i;
      if (write && addr == hb_tile_regs_pkg::InjectAddr) inject_addr_q <= reg_wdata_i;
      if (write && addr == hb_tile_regs_pkg::InjectBits) begin
        inject_bit0_q <= reg_wdata_i[6:0];
        inject_bit1_q <= reg_wdata_i[14:8];
        inject_lane_q <= reg_wdata_i[18:16];
      end
      if (ctrl_write) enable_q <= reg_wdata_i[hb_tile_regs_pkg::CtrlEnableLsb];

      if (tail_write && tail_ok) tail_q <= reg_wdata_i[15:0];
      if (tail_write && !tail_ok) queue_error_q <= 1'b1;
      if (job_failed) begin
        job_error_q    <= 1'b1;
        error_status_q <= seq_i.retire_status;
        error_field_q  <= seq_i.retire_field;
        error_opcode_q <= seq_i.opcode;
      end
      if (queue_reset_o) begin
        tail_q        <= '0;
        queue_error_q <= 1'b0;
        job_error_q   <= 1'b0;
      end
      irq_status_q <= (irq_status_q & ~irq_clear) | irq_set;

      if (mem_i.scrub_pass) scrub_passes_q <= scrub_passes_q + 32'd1;
      ecc_corrected_q <= perf_clear ? '0 : saturating_add(ecc_corrected_q, {1'b0, mem_i.ecc_corrected} + 5'(mem_i.scrub_fixed));
      ecc_scrubbed_q  <= perf_clear ? '0 : saturating_add(ecc_scrubbed_q, 5'(mem_i.scrub_fixed));
      ecc_ue_q        <= perf_clear ? '0 : saturating_add(ecc_ue_q, {1'b0, mem_i.ecc_ue});

      if (poison_room) begin
        poison_valid_q <= mem_i.poison_valid;
        if (mem_i.poison_valid) begin
          poison_addr_q   <= mem_i.poison_addr;
          poison_source_q <= mem_i.poison_source;
        end
      end
      poison_more_q <= (poison_more_q && !(poison_write && reg_wdata_i[1:0] != '0)) ||
                       (mem_i.poison_valid && (!poison_room || mem_i.ecc_ue > 4'd1));

      if (inject_write) inject_error_q <= !inject_ok;
      if (mem_i.inject_done) inject_count_q <= inject_count_q + 32'd1;
      if (heal_write) heal_error_q <= !heal_ok;
      if (mem_i.healed) heal_count_q <= heal_count_q + 32'd1;
    end
  end

  hb_perf #(.MacsW(MacsW)) u_perf (
    .clk_i,
    .rst_ni,
    .clear_i (perf_clear),
    .hold_i  (reg_req_i && !reg_write_i && addr == hb_tile_regs_pkg::PerfCycles),
    .macs_i,
    .inc_i   ({3'd0, beat_i, 3'd0, job_failed, 3'd0, seq_i.retire, mem_i.conflict, 3'd0, seq_i.waiting, 3'd0, activity_i.stall_c,
               3'd0, activity_i.stall_result, 3'd0, activity_i.stall_operand, 3'd0, activity_i.step, 3'd0, seq_i.busy}),
    .cycles_o(perf_cycles),
    .held_o  (perf_held),
    .count_o (perf_count)
  );

  assign queue_o.enable = enable_q;
  assign queue_o.tail   = tail_q;
  assign irq_o          = (irq_status_q & irq_enable_q) != '0;
  assign irq_queue_o    = irq_status_q[1:0] != '0;
  assign poison_o       = poison_valid_q;

`ifndef SYNTHESIS
  // Promises of the ports, checked in simulation (rtl/README.md)
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      hb_csr_tail_within_slots:    assert (16'(tail_q - seq_i.head) <= 16'(QueueSlots));
      hb_csr_reset_only_when_idle: assert (!queue_reset_o || !seq_i.busy);
    end
  end
`endif

endmodule

`default_nettype wire
