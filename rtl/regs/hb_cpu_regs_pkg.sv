// SPDX-License-Identifier: Apache-2.0
// Controller of a tile: RV32I core, its debug port, timer, watchdog and mailbox. Made from cpu.toml by scripts/regmap.py: do not edit.
`default_nettype none

// No unit uses all of it.
/* verilator lint_off UNUSEDPARAM */
package hb_cpu_regs_pkg;
  localparam logic [31:0] Base = 32'h80001000;  // byte address of the block
  localparam logic [31:0] IdValue = 32'h48424350;  // what ID reads
  localparam logic [31:0] VersionValue = 32'h00010000;  // what VERSION reads
  localparam logic [31:0] HashValue = 32'h9A2CE0CC;  // what MAP_HASH reads
  localparam logic [31:0] Size = 32'h000000C8;  // bytes of the block
  localparam logic [31:0] WatchdogKey = 32'h600DD061;  // written to WDT_KICK: restarts the period
  localparam logic [31:0] Id = 32'h00000000;  // Identity: 0x48424350, `HBCP`.
  localparam logic [31:0] Version = 32'h00000004;  // Version of the map: major 31:16, minor 15:0.
  localparam logic [31:0] MapHash = 32'h00000008;  // First 32 bits of the SHA-256 of this map without its descriptions.
  localparam logic [31:0] Cfg = 32'h0000000C;  // Synthesis parameters of the controller.
  localparam logic [31:0] CfgPresentLsb = 32'h00000000;  // There is a core
  localparam logic [31:0] CfgPresentMask = 32'h00000001;
  localparam logic [31:0] CfgExtMLsb = 32'h00000001;  // Multiply and divide
  localparam logic [31:0] CfgExtMMask = 32'h00000002;
  localparam logic [31:0] CfgMemBytes = 32'h00000010;  // Bytes of controller memory (region CONTROLLER of job.toml).
  localparam logic [31:0] Ctrl = 32'h00000014;  // Control of the core.
  localparam logic [31:0] CtrlRunLsb = 32'h00000000;  // 0 holds the core in reset; 1 lets it run from START
  localparam logic [31:0] CtrlRunMask = 32'h00000001;
  localparam logic [31:0] CtrlHaltLsb = 32'h00000001;  // Stop between two instructions, and stay
  localparam logic [31:0] CtrlHaltMask = 32'h00000002;
  localparam logic [31:0] CtrlStepLsb = 32'h00000002;  // With RUN and HALT, once the core is halted: retire one instruction or take one trap. Reads 1 until it has begun
  localparam logic [31:0] CtrlStepMask = 32'h00000004;
  localparam logic [31:0] Status = 32'h00000018;  // What the core does now.
  localparam logic [31:0] StatusRunningLsb = 32'h00000000;  // Out of reset and not halted
  localparam logic [31:0] StatusRunningMask = 32'h00000001;
  localparam logic [31:0] StatusHaltedLsb = 32'h00000001;  // Halted, and no step is pending: PC and GPR_* may be used
  localparam logic [31:0] StatusHaltedMask = 32'h00000002;
  localparam logic [31:0] StatusWfiLsb = 32'h00000002;  // Waits for an interrupt
  localparam logic [31:0] StatusWfiMask = 32'h00000004;
  localparam logic [31:0] StatusLockupLsb = 32'h00000003;  // Trapped in its trap handler; halted until RUN = 0 or the watchdog resets it
  localparam logic [31:0] StatusLockupMask = 32'h00000008;
  localparam logic [31:0] Start = 32'h0000001C;  // Where the core starts; the two low bits do not count.
  localparam logic [31:0] StartReset = 32'h60000000;  // value after reset
  localparam logic [31:0] Pc = 32'h00000020;  // Address of the next instruction; writable while halted.
  localparam logic [31:0] GprIndex = 32'h00000024;  // Which of x0..x31 GPR_DATA means.
  localparam logic [31:0] GprData = 32'h00000028;  // That register; 0 and ignored unless halted.
  localparam logic [31:0] ResetReason = 32'h0000002C;  // Why the core last started.
  localparam logic [31:0] ResetReasonWatchdogLsb = 32'h00000000;  // The watchdog; 0: the host set RUN
  localparam logic [31:0] ResetReasonWatchdogMask = 32'h00000001;
  localparam logic [31:0] ResetReasonCountLsb = 32'h00000010;  // Watchdog resets since reset (saturates)
  localparam logic [31:0] ResetReasonCountMask = 32'hFFFF0000;
  localparam logic [31:0] Msip = 32'h00000030;  // Bit 0: software interrupt of the core.
  localparam logic [31:0] Mtime = 32'h00000034;  // Clocks since reset, 64 bits, low and high word. Reading the low word holds the high word for the same reader, host or core, and the high word reads what was last held.
  localparam logic [31:0] MtimeCount = 32'h00000002;  // registers in the array
  localparam logic [31:0] Mtimecmp = 32'h0000003C;  // Timer interrupt while MTIME >= MTIMECMP; all ones after reset.
  localparam logic [31:0] MtimecmpCount = 32'h00000002;  // registers in the array
  localparam logic [31:0] MtimecmpReset = 32'hFFFFFFFF;  // value after reset
  localparam logic [31:0] WdtPeriod = 32'h00000044;  // Clocks from a kick, or from writing this, to the reset of the core; 0 switches the watchdog off. Counts while RUN = 1 and HALT = 0, in a lock-up too; starts anew with the core.
  localparam logic [31:0] WdtKick = 32'h00000048;  // Writing WATCHDOG_KEY restarts the period; any other value resets the core at once, as the watchdog does, if RUN = 1.
  localparam logic [31:0] Doorbell = 32'h0000004C;  // Host to core: the host sets bits, the core clears them with DOORBELL_CLEAR.
  localparam logic [31:0] DoorbellClear = 32'h00000050;  // Clears the bits of DOORBELL that are 1.
  localparam logic [31:0] HostIrq = 32'h00000054;  // Core to host; while not zero the chip's interrupt line is high. Hardware sets the bits HOST_IRQ.
  localparam logic [31:0] HostIrqClear = 32'h00000058;  // Clears the bits of HOST_IRQ that are 1.
  localparam logic [31:0] IrqPending = 32'h0000005C;  // Causes of the core's external interrupt.
  localparam logic [31:0] IrqPendingDoorbellLsb = 32'h00000000;  // DOORBELL is not zero
  localparam logic [31:0] IrqPendingDoorbellMask = 32'h00000001;
  localparam logic [31:0] IrqPendingQueueLsb = 32'h00000001;  // IRQ_STATUS of the tile has DONE or ERROR (whatever IRQ_ENABLE)
  localparam logic [31:0] IrqPendingQueueMask = 32'h00000002;
  localparam logic [31:0] IrqPendingPoisonLsb = 32'h00000002;  // POISON_STATUS.VALID of the tile
  localparam logic [31:0] IrqPendingPoisonMask = 32'h00000004;
  localparam logic [31:0] IrqEnable = 32'h00000060;  // Which causes raise the core's external interrupt; bits as IRQ_PENDING.
  localparam logic [31:0] Mailbox = 32'h00000080;  // Words for firmware and host to agree on; zero after reset; survive a watchdog reset.
  localparam logic [31:0] MailboxCount = 32'h00000010;  // registers in the array
  localparam logic [31:0] Instret = 32'h000000C0;  // Instructions retired since reset of the chip, low and high word; read like MTIME.
  localparam logic [31:0] InstretCount = 32'h00000002;  // registers in the array

  // Bits of HOST_IRQ that hardware sets; all others are the firmware's.
  localparam int unsigned HostIrqWatchdog = 30;  // a watchdog reset
  localparam int unsigned HostIrqLockup = 31;  // a lock-up
  localparam int unsigned NumHostIrq = 2;
endpackage : hb_cpu_regs_pkg
/* verilator lint_on UNUSEDPARAM */

`default_nettype wire
