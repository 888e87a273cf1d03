// SPDX-License-Identifier: Apache-2.0
// Controller of a tile: RV32I core, its debug port, timer, watchdog and mailbox. Made from cpu.toml by scripts/regmap.py: do not edit.

#pragma once

#define CPU_BASE 0x80001000u  // byte address of the block
#define CPU_ID_VALUE 0x48424350u  // what ID reads
#define CPU_VERSION_VALUE 0x00010000u  // what VERSION reads
#define CPU_HASH_VALUE 0x9A2CE0CCu  // what MAP_HASH reads
#define CPU_SIZE 0x000000C8u  // bytes of the block
#define CPU_WATCHDOG_KEY 0x600DD061u  // written to WDT_KICK: restarts the period
#define CPU_ID 0x00000000u  // Identity: 0x48424350, `HBCP`.
#define CPU_VERSION 0x00000004u  // Version of the map: major 31:16, minor 15:0.
#define CPU_MAP_HASH 0x00000008u  // First 32 bits of the SHA-256 of this map without its descriptions.
#define CPU_CFG 0x0000000Cu  // Synthesis parameters of the controller.
#define CPU_CFG_PRESENT_LSB 0x00000000u  // There is a core
#define CPU_CFG_PRESENT_MASK 0x00000001u
#define CPU_CFG_EXT_M_LSB 0x00000001u  // Multiply and divide
#define CPU_CFG_EXT_M_MASK 0x00000002u
#define CPU_CFG_MEM_BYTES 0x00000010u  // Bytes of controller memory (region CONTROLLER of job.toml).
#define CPU_CTRL 0x00000014u  // Control of the core.
#define CPU_CTRL_RUN_LSB 0x00000000u  // 0 holds the core in reset; 1 lets it run from START
#define CPU_CTRL_RUN_MASK 0x00000001u
#define CPU_CTRL_HALT_LSB 0x00000001u  // Stop between two instructions, and stay
#define CPU_CTRL_HALT_MASK 0x00000002u
#define CPU_CTRL_STEP_LSB 0x00000002u  // With RUN and HALT, once the core is halted: retire one instruction or take one trap. Reads 1 until it has begun
#define CPU_CTRL_STEP_MASK 0x00000004u
#define CPU_STATUS 0x00000018u  // What the core does now.
#define CPU_STATUS_RUNNING_LSB 0x00000000u  // Out of reset and not halted
#define CPU_STATUS_RUNNING_MASK 0x00000001u
#define CPU_STATUS_HALTED_LSB 0x00000001u  // Halted, and no step is pending: PC and GPR_* may be used
#define CPU_STATUS_HALTED_MASK 0x00000002u
#define CPU_STATUS_WFI_LSB 0x00000002u  // Waits for an interrupt
#define CPU_STATUS_WFI_MASK 0x00000004u
#define CPU_STATUS_LOCKUP_LSB 0x00000003u  // Trapped in its trap handler; halted until RUN = 0 or the watchdog resets it
#define CPU_STATUS_LOCKUP_MASK 0x00000008u
#define CPU_START 0x0000001Cu  // Where the core starts; the two low bits do not count.
#define CPU_START_RESET 0x60000000u  // value after reset
#define CPU_PC 0x00000020u  // Address of the next instruction; writable while halted.
#define CPU_GPR_INDEX 0x00000024u  // Which of x0..x31 GPR_DATA means.
#define CPU_GPR_DATA 0x00000028u  // That register; 0 and ignored unless halted.
#define CPU_RESET_REASON 0x0000002Cu  // Why the core last started.
#define CPU_RESET_REASON_WATCHDOG_LSB 0x00000000u  // The watchdog; 0: the host set RUN
#define CPU_RESET_REASON_WATCHDOG_MASK 0x00000001u
#define CPU_RESET_REASON_COUNT_LSB 0x00000010u  // Watchdog resets since reset (saturates)
#define CPU_RESET_REASON_COUNT_MASK 0xFFFF0000u
#define CPU_MSIP 0x00000030u  // Bit 0: software interrupt of the core.
#define CPU_MTIME 0x00000034u  // Clocks since reset, 64 bits, low and high word. Reading the low word holds the high word for the same reader, host or core, and the high word reads what was last held.
#define CPU_MTIME_COUNT 0x00000002u  // registers in the array
#define CPU_MTIMECMP 0x0000003Cu  // Timer interrupt while MTIME >= MTIMECMP; all ones after reset.
#define CPU_MTIMECMP_COUNT 0x00000002u  // registers in the array
#define CPU_MTIMECMP_RESET 0xFFFFFFFFu  // value after reset
#define CPU_WDT_PERIOD 0x00000044u  // Clocks from a kick, or from writing this, to the reset of the core; 0 switches the watchdog off. Counts while RUN = 1 and HALT = 0, in a lock-up too; starts anew with the core.
#define CPU_WDT_KICK 0x00000048u  // Writing WATCHDOG_KEY restarts the period; any other value resets the core at once, as the watchdog does, if RUN = 1.
#define CPU_DOORBELL 0x0000004Cu  // Host to core: the host sets bits, the core clears them with DOORBELL_CLEAR.
#define CPU_DOORBELL_CLEAR 0x00000050u  // Clears the bits of DOORBELL that are 1.
#define CPU_HOST_IRQ 0x00000054u  // Core to host; while not zero the chip's interrupt line is high. Hardware sets the bits HOST_IRQ.
#define CPU_HOST_IRQ_CLEAR 0x00000058u  // Clears the bits of HOST_IRQ that are 1.
#define CPU_IRQ_PENDING 0x0000005Cu  // Causes of the core's external interrupt.
#define CPU_IRQ_PENDING_DOORBELL_LSB 0x00000000u  // DOORBELL is not zero
#define CPU_IRQ_PENDING_DOORBELL_MASK 0x00000001u
#define CPU_IRQ_PENDING_QUEUE_LSB 0x00000001u  // IRQ_STATUS of the tile has DONE or ERROR (whatever IRQ_ENABLE)
#define CPU_IRQ_PENDING_QUEUE_MASK 0x00000002u
#define CPU_IRQ_PENDING_POISON_LSB 0x00000002u  // POISON_STATUS.VALID of the tile
#define CPU_IRQ_PENDING_POISON_MASK 0x00000004u
#define CPU_IRQ_ENABLE 0x00000060u  // Which causes raise the core's external interrupt; bits as IRQ_PENDING.
#define CPU_MAILBOX 0x00000080u  // Words for firmware and host to agree on; zero after reset; survive a watchdog reset.
#define CPU_MAILBOX_COUNT 0x00000010u  // registers in the array
#define CPU_INSTRET 0x000000C0u  // Instructions retired since reset of the chip, low and high word; read like MTIME.
#define CPU_INSTRET_COUNT 0x00000002u  // registers in the array

// Bits of HOST_IRQ that hardware sets; all others are the firmware's.
#define CPU_HOST_IRQ_WATCHDOG 0x40000000u  // a watchdog reset
#define CPU_HOST_IRQ_LOCKUP 0x80000000u  // a lock-up
#define CPU_HOST_IRQ_COUNT 2u
