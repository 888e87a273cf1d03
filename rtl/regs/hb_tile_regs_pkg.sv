// SPDX-License-Identifier: Apache-2.0
// Matrix-engine tile: identity, configuration, queue, semaphores, ECC and counters. Made from tile.toml by scripts/regmap.py: do not edit.
`default_nettype none

// No unit uses all of it.
/* verilator lint_off UNUSEDPARAM */
package hb_tile_regs_pkg;
  localparam logic [31:0] Base = 32'h80000000;  // byte address of the block
  localparam logic [31:0] IdValue = 32'h48424C54;  // what ID reads
  localparam logic [31:0] VersionValue = 32'h00010001;  // what VERSION reads
  localparam logic [31:0] HashValue = 32'h02F9CCFE;  // what MAP_HASH reads
  localparam logic [31:0] Size = 32'h000000F8;  // bytes of the block
  localparam logic [31:0] Id = 32'h00000000;  // Identity: 0x48424C54, `HBLT`.
  localparam logic [31:0] Version = 32'h00000004;  // Version of the map: major 31:16, minor 15:0.
  localparam logic [31:0] MapHash = 32'h00000008;  // First 32 bits of the SHA-256 of this map without its descriptions: host and firmware refuse another one.
  localparam logic [31:0] CfgArray = 32'h0000000C;  // Synthesis parameters of the array.
  localparam logic [31:0] CfgArrayRowsLsb = 32'h00000000;  // Rows
  localparam logic [31:0] CfgArrayRowsMask = 32'h000000FF;
  localparam logic [31:0] CfgArrayColsLsb = 32'h00000008;  // Cols
  localparam logic [31:0] CfgArrayColsMask = 32'h0000FF00;
  localparam logic [31:0] CfgArrayDepthLsb = 32'h00000010;  // Depth
  localparam logic [31:0] CfgArrayDepthMask = 32'h00FF0000;
  localparam logic [31:0] CfgArrayWindowLsb = 32'h00000018;  // Width of the alignment window in bits
  localparam logic [31:0] CfgArrayWindowMask = 32'hFF000000;
  localparam logic [31:0] CfgMem = 32'h00000010;  // Synthesis parameters of the memory.
  localparam logic [31:0] CfgMemBanksLsb = 32'h00000000;  // Data banks
  localparam logic [31:0] CfgMemBanksMask = 32'h000000FF;
  localparam logic [31:0] CfgMemWordBytesLsb = 32'h00000008;  // Bytes of a word and of a host-port beat
  localparam logic [31:0] CfgMemWordBytesMask = 32'h0000FF00;
  localparam logic [31:0] CfgMemQueueSlotsLsb = 32'h00000010;  // Descriptor slots
  localparam logic [31:0] CfgMemQueueSlotsMask = 32'h00FF0000;
  localparam logic [31:0] CfgMemSemaphoresLsb = 32'h00000018;  // Semaphores
  localparam logic [31:0] CfgMemSemaphoresMask = 32'hFF000000;
  localparam logic [31:0] CfgBankBytes = 32'h00000014;  // Bytes of a data bank.
  localparam logic [31:0] CfgFeatures = 32'h00000018;  // Options built in.
  localparam logic [31:0] CfgFeaturesEccLsb = 32'h00000000;  // SECDED on every memory
  localparam logic [31:0] CfgFeaturesEccMask = 32'h00000001;
  localparam logic [31:0] CfgFeaturesScrubLsb = 32'h00000001;  // Scrubber
  localparam logic [31:0] CfgFeaturesScrubMask = 32'h00000002;
  localparam logic [31:0] CfgFeaturesControllerLsb = 32'h00000002;  // Controller: the registers of cpu.toml and controller memory
  localparam logic [31:0] CfgFeaturesControllerMask = 32'h00000004;
  localparam logic [31:0] CfgFeaturesNetworkLsb = 32'h00000003;  // Links and network: the registers of link.toml and net.toml
  localparam logic [31:0] CfgFeaturesNetworkMask = 32'h00000008;
  localparam logic [31:0] Scratch = 32'h0000001C;  // No function: for testing the host port.
  localparam logic [31:0] Ctrl = 32'h00000020;  // Control. ABORT, PERF_CLEAR and QUEUE_RESET act once and read 0.
  localparam logic [31:0] CtrlEnableLsb = 32'h00000000;  // Run the queue. 0: the job that runs or waits goes on, none starts, and descriptors not yet started are fetched again later
  localparam logic [31:0] CtrlEnableMask = 32'h00000001;
  localparam logic [31:0] CtrlAbortLsb = 32'h00000001;  // End the running job (or the wait for its semaphore) with ABORTED; what it wrote stays. Without such a job: nothing
  localparam logic [31:0] CtrlAbortMask = 32'h00000002;
  localparam logic [31:0] CtrlPerfClearLsb = 32'h00000002;  // Zero every performance counter and the ECC counts
  localparam logic [31:0] CtrlPerfClearMask = 32'h00000004;
  localparam logic [31:0] CtrlQueueResetLsb = 32'h00000003;  // Only with ENABLE = 0 (before and in this write) and BUSY = 0, else nothing: QUEUE_TAIL and QUEUE_HEAD to 0, the error bits of STATUS cleared
  localparam logic [31:0] CtrlQueueResetMask = 32'h00000008;
  localparam logic [31:0] Status = 32'h00000024;  // What the tile does now.
  localparam logic [31:0] StatusBusyLsb = 32'h00000000;  // A job is pending while ENABLE = 1, is being fetched or checked, waits or runs
  localparam logic [31:0] StatusBusyMask = 32'h00000001;
  localparam logic [31:0] StatusWaitingLsb = 32'h00000001;  // The job waits for its semaphore
  localparam logic [31:0] StatusWaitingMask = 32'h00000002;
  localparam logic [31:0] StatusQueueErrorLsb = 32'h00000002;  // A QUEUE_TAIL more than QUEUE_SLOTS ahead of the head, or behind the tail, was refused
  localparam logic [31:0] StatusQueueErrorMask = 32'h00000004;
  localparam logic [31:0] StatusJobErrorLsb = 32'h00000003;  // A job ended with a status other than OK since QUEUE_RESET
  localparam logic [31:0] StatusJobErrorMask = 32'h00000008;
  localparam logic [31:0] StatusSeqStateLsb = 32'h00000008;  // State of the sequencer, for hang reports: bit 3: the next descriptor is fetched, checked or ready; bits 2:0: SEQ_STATE
  localparam logic [31:0] StatusSeqStateMask = 32'h00000F00;
  localparam logic [31:0] StatusStallLsb = 32'h0000000C;  // What the running job stands for now: a bit a STALL
  localparam logic [31:0] StatusStallMask = 32'h0000F000;
  localparam logic [31:0] StatusOpcodeLsb = 32'h00000010;  // Opcode of the running job
  localparam logic [31:0] StatusOpcodeMask = 32'h00FF0000;
  localparam logic [31:0] QueueTail = 32'h00000028;  // Descriptors submitted, 16 bits, free running. Writing it is the doorbell. A value more than QUEUE_SLOTS ahead of the head, or behind the tail, is refused: QUEUE_ERROR, the tail stays.
  localparam logic [31:0] QueueHead = 32'h0000002C;  // Descriptors completed, 16 bits, free running.
  localparam logic [31:0] IrqStatus = 32'h00000030;  // Causes of the interrupt.
  localparam logic [31:0] IrqStatusDoneLsb = 32'h00000000;  // A job with its irq bit completed
  localparam logic [31:0] IrqStatusDoneMask = 32'h00000001;
  localparam logic [31:0] IrqStatusErrorLsb = 32'h00000001;  // A job ended with a status other than OK, or QUEUE_ERROR
  localparam logic [31:0] IrqStatusErrorMask = 32'h00000002;
  localparam logic [31:0] IrqStatusUncorrectableLsb = 32'h00000002;  // An uncorrectable word was met
  localparam logic [31:0] IrqStatusUncorrectableMask = 32'h00000004;
  localparam logic [31:0] IrqEnable = 32'h00000034;  // Which causes raise the interrupt; bits as IRQ_STATUS.
  localparam logic [31:0] LastError = 32'h00000038;  // The last completion that was not OK: status 7:0, field 15:8, opcode 31:24.
  localparam logic [31:0] Sem = 32'h00000040;  // Semaphores, 16 bits. Writing sets the value.
  localparam logic [31:0] SemCount = 32'h00000008;  // registers in the array
  localparam logic [31:0] SemPost = 32'h00000060;  // Adds to a semaphore, as a job's signal does: saturates at 65535.
  localparam logic [31:0] SemPostIndexLsb = 32'h00000000;  // Semaphore
  localparam logic [31:0] SemPostIndexMask = 32'h00000007;
  localparam logic [31:0] SemPostCountLsb = 32'h00000010;  // How much to add
  localparam logic [31:0] SemPostCountMask = 32'hFFFF0000;
  localparam logic [31:0] ScrubInterval = 32'h00000080;  // Clocks from one scrubbed word to the next; 0 stops the scrubber; values below 16 count as 16.
  localparam logic [31:0] ScrubIntervalReset = 32'h00000400;  // value after reset
  localparam logic [31:0] ScrubAddr = 32'h00000084;  // Byte address that is scrubbed next.
  localparam logic [31:0] ScrubPasses = 32'h00000088;  // Complete passes over all memories.
  localparam logic [31:0] EccCorrected = 32'h0000008C;  // Words delivered corrected by a read, and words repaired by the scrubber (saturates).
  localparam logic [31:0] EccScrubbed = 32'h00000090;  // Words repaired by the scrubber (saturates).
  localparam logic [31:0] EccUncorrectable = 32'h00000094;  // Reads and scrubs that met an uncorrectable word (saturates).
  localparam logic [31:0] PoisonAddr = 32'h00000098;  // Byte address of the first uncorrectable word since POISON_STATUS was cleared.
  localparam logic [31:0] PoisonStatus = 32'h0000009C;  // The poisoned-word report. Writing 1 to VALID makes room for the next report (and clears MORE); writing the word itself heals it.
  localparam logic [31:0] PoisonStatusValidLsb = 32'h00000000;  // POISON_ADDR holds an address
  localparam logic [31:0] PoisonStatusValidMask = 32'h00000001;
  localparam logic [31:0] PoisonStatusMoreLsb = 32'h00000001;  // Another uncorrectable word was met since
  localparam logic [31:0] PoisonStatusMoreMask = 32'h00000002;
  localparam logic [31:0] PoisonStatusSourceLsb = 32'h00000004;  // Who met it: SOURCE
  localparam logic [31:0] PoisonStatusSourceMask = 32'h00000070;
  localparam logic [31:0] InjectAddr = 32'h000000A0;  // Byte address of the word to disturb (data, queue or controller memory).
  localparam logic [31:0] InjectBits = 32'h000000A4;  // Which bits of the stored word to flip, as positions in a lane of 72: 0..63 data, 64..71 check bits.
  localparam logic [31:0] InjectBitsBit0Lsb = 32'h00000000;  // First bit
  localparam logic [31:0] InjectBitsBit0Mask = 32'h0000007F;
  localparam logic [31:0] InjectBitsBit1Lsb = 32'h00000008;  // Second bit; equal to BIT0: only one bit is flipped
  localparam logic [31:0] InjectBitsBit1Mask = 32'h00007F00;
  localparam logic [31:0] InjectBitsLaneLsb = 32'h00000010;  // 64-bit lane of the word
  localparam logic [31:0] InjectBitsLaneMask = 32'h00070000;
  localparam logic [31:0] InjectGo = 32'h000000A8;  // Write 1: flip. Reads 1 while under way. An address outside memory, a bit above 71 or a lane the word does not have, or one still under way: nothing happens and ERROR is set.
  localparam logic [31:0] InjectGoGoLsb = 32'h00000000;  // Start; under way
  localparam logic [31:0] InjectGoGoMask = 32'h00000001;
  localparam logic [31:0] InjectGoErrorLsb = 32'h00000001;  // The last injection was refused
  localparam logic [31:0] InjectGoErrorMask = 32'h00000002;
  localparam logic [31:0] InjectCount = 32'h000000AC;  // Injections carried out.
  localparam logic [31:0] Heal = 32'h000000B0;  // Write the byte address of a word in a memory: if it is uncorrectable it becomes good zeros, in one locked access; any other word stays as it is. An address outside memory, or a write while BUSY: nothing happens and ERROR is set.
  localparam logic [31:0] HealBusyLsb = 32'h00000000;  // Under way
  localparam logic [31:0] HealBusyMask = 32'h00000001;
  localparam logic [31:0] HealErrorLsb = 32'h00000001;  // The last write was refused
  localparam logic [31:0] HealErrorMask = 32'h00000002;
  localparam logic [31:0] HealCount = 32'h000000B4;  // Uncorrectable words made good by HEAL.
  localparam logic [31:0] PerfCycles = 32'h000000C0;  // Clocks since reset or PERF_CLEAR, low and high word. Reading the low word holds the high word, and PERF_MACS of the same clock.
  localparam logic [31:0] PerfCyclesCount = 32'h00000002;  // registers in the array
  localparam logic [31:0] PerfMacs = 32'h000000C8;  // Multiply-accumulates inside M x N x K, low and high word, both as they were when PERF_CYCLES low was last read.
  localparam logic [31:0] PerfMacsCount = 32'h00000002;  // registers in the array
  localparam logic [31:0] PerfBusy = 32'h000000D0;  // Clocks in which a job was being checked, waited or ran.
  localparam logic [31:0] PerfSteps = 32'h000000D4;  // Clocks in which the array took a step.
  localparam logic [31:0] PerfStallOperand = 32'h000000D8;  // Clocks of a running GEMM in which the array waited for operands.
  localparam logic [31:0] PerfStallResult = 32'h000000DC;  // Clocks in which the array waited for the result path.
  localparam logic [31:0] PerfStallC = 32'h000000E0;  // Clocks in which the array waited for C.
  localparam logic [31:0] PerfWaitSem = 32'h000000E4;  // Clocks in which a job waited for its semaphore.
  localparam logic [31:0] PerfConflicts = 32'h000000E8;  // Memory requests that waited a clock for their bank, summed over the requesters.
  localparam logic [31:0] PerfJobs = 32'h000000EC;  // Jobs completed.
  localparam logic [31:0] PerfErrors = 32'h000000F0;  // Jobs completed with a status other than OK.
  localparam logic [31:0] PerfHostBeats = 32'h000000F4;  // Data beats moved by the host port.

  // Bits 2:0 of STATUS.SEQ_STATE: where the job in hand is.
  typedef enum logic [2:0] {
    SeqIdle = 3'd0,  // between jobs
    SeqSemaphore = 3'd1,  // at the semaphore
    SeqStart = 3'd2,  // starting
    SeqRun = 3'd3,  // running
    SeqComplete = 3'd4,  // writing completion
    SeqRetire = 3'd5,  // retiring
    SeqHand = 3'd6  // given to the network
  } seq_state_e;
  localparam int unsigned NumSeqState = 7;

  // Bits of STATUS.STALL: what the running job stands for.
  localparam int unsigned StallOperand = 0;  // operands
  localparam int unsigned StallResult = 1;  // the result path
  localparam int unsigned StallC = 2;  // C
  localparam int unsigned StallSemaphore = 3;  // its semaphore
  localparam int unsigned NumStall = 4;

  // POISON_STATUS.SOURCE: who met the uncorrectable word.
  typedef enum logic [2:0] {
    SourceA = 3'd0,  // operand A
    SourceB = 3'd1,  // operand B
    SourceS = 3'd2,  // C or a source, or the network
    SourceHost = 3'd3,  // host port
    SourceScrubber = 3'd4,  // scrubber
    SourceSequencer = 3'd5,  // sequencer
    SourceFetch = 3'd6,  // the controller's fetch
    SourceLoad = 3'd7  // the controller's load or store
  } source_e;
  localparam int unsigned NumSource = 8;
endpackage : hb_tile_regs_pkg
/* verilator lint_on UNUSEDPARAM */

`default_nettype wire
