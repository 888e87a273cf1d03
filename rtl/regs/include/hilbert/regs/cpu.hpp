// SPDX-License-Identifier: Apache-2.0
// Controller of a tile: RV32I core, its debug port, timer, watchdog and mailbox. Made from cpu.toml by scripts/regmap.py: do not edit.

#pragma once

#include <hilbert/regs/register_map.hpp>

#include <cstdint>

namespace hilbert::regs::cpu {

inline constexpr std::uint32_t base = 0x80001000;  // byte address of the block
inline constexpr std::uint32_t id_value = 0x48424350;  // what ID reads
inline constexpr std::uint32_t version_value = 0x00010000;  // what VERSION reads
inline constexpr std::uint32_t hash_value = 0x9A2CE0CC;  // what MAP_HASH reads
inline constexpr std::uint32_t size = 0x000000C8;  // bytes of the block
inline constexpr std::uint32_t watchdog_key = 0x600DD061;  // written to WDT_KICK: restarts the period
inline constexpr std::uint32_t id = 0x00000000;  // Identity: 0x48424350, `HBCP`.
inline constexpr std::uint32_t version = 0x00000004;  // Version of the map: major 31:16, minor 15:0.
inline constexpr std::uint32_t map_hash = 0x00000008;  // First 32 bits of the SHA-256 of this map without its descriptions.
inline constexpr std::uint32_t cfg = 0x0000000C;  // Synthesis parameters of the controller.
inline constexpr std::uint32_t cfg_present_lsb = 0x00000000;  // There is a core
inline constexpr std::uint32_t cfg_present_mask = 0x00000001;
inline constexpr std::uint32_t cfg_ext_m_lsb = 0x00000001;  // Multiply and divide
inline constexpr std::uint32_t cfg_ext_m_mask = 0x00000002;
inline constexpr std::uint32_t cfg_mem_bytes = 0x00000010;  // Bytes of controller memory (region CONTROLLER of job.toml).
inline constexpr std::uint32_t ctrl = 0x00000014;  // Control of the core.
inline constexpr std::uint32_t ctrl_run_lsb = 0x00000000;  // 0 holds the core in reset; 1 lets it run from START
inline constexpr std::uint32_t ctrl_run_mask = 0x00000001;
inline constexpr std::uint32_t ctrl_halt_lsb = 0x00000001;  // Stop between two instructions, and stay
inline constexpr std::uint32_t ctrl_halt_mask = 0x00000002;
inline constexpr std::uint32_t ctrl_step_lsb = 0x00000002;  // With RUN and HALT, once the core is halted: retire one instruction or take one trap. Reads 1 until it has begun
inline constexpr std::uint32_t ctrl_step_mask = 0x00000004;
inline constexpr std::uint32_t status = 0x00000018;  // What the core does now.
inline constexpr std::uint32_t status_running_lsb = 0x00000000;  // Out of reset and not halted
inline constexpr std::uint32_t status_running_mask = 0x00000001;
inline constexpr std::uint32_t status_halted_lsb = 0x00000001;  // Halted, and no step is pending: PC and GPR_* may be used
inline constexpr std::uint32_t status_halted_mask = 0x00000002;
inline constexpr std::uint32_t status_wfi_lsb = 0x00000002;  // Waits for an interrupt
inline constexpr std::uint32_t status_wfi_mask = 0x00000004;
inline constexpr std::uint32_t status_lockup_lsb = 0x00000003;  // Trapped in its trap handler; halted until RUN = 0 or the watchdog resets it
inline constexpr std::uint32_t status_lockup_mask = 0x00000008;
inline constexpr std::uint32_t start = 0x0000001C;  // Where the core starts; the two low bits do not count.
inline constexpr std::uint32_t start_reset = 0x60000000;  // value after reset
inline constexpr std::uint32_t pc = 0x00000020;  // Address of the next instruction; writable while halted.
inline constexpr std::uint32_t gpr_index = 0x00000024;  // Which of x0..x31 GPR_DATA means.
inline constexpr std::uint32_t gpr_data = 0x00000028;  // That register; 0 and ignored unless halted.
inline constexpr std::uint32_t reset_reason = 0x0000002C;  // Why the core last started.
inline constexpr std::uint32_t reset_reason_watchdog_lsb = 0x00000000;  // The watchdog; 0: the host set RUN
inline constexpr std::uint32_t reset_reason_watchdog_mask = 0x00000001;
inline constexpr std::uint32_t reset_reason_count_lsb = 0x00000010;  // Watchdog resets since reset (saturates)
inline constexpr std::uint32_t reset_reason_count_mask = 0xFFFF0000;
inline constexpr std::uint32_t msip = 0x00000030;  // Bit 0: software interrupt of the core.
inline constexpr std::uint32_t mtime = 0x00000034;  // Clocks since reset, 64 bits, low and high word. Reading the low word holds the high word for the same reader, host or core, and the high word reads what was last held.
inline constexpr std::uint32_t mtime_count = 0x00000002;  // registers in the array
inline constexpr std::uint32_t mtimecmp = 0x0000003C;  // Timer interrupt while MTIME >= MTIMECMP; all ones after reset.
inline constexpr std::uint32_t mtimecmp_count = 0x00000002;  // registers in the array
inline constexpr std::uint32_t mtimecmp_reset = 0xFFFFFFFF;  // value after reset
inline constexpr std::uint32_t wdt_period = 0x00000044;  // Clocks from a kick, or from writing this, to the reset of the core; 0 switches the watchdog off. Counts while RUN = 1 and HALT = 0, in a lock-up too; starts anew with the core.
inline constexpr std::uint32_t wdt_kick = 0x00000048;  // Writing WATCHDOG_KEY restarts the period; any other value resets the core at once, as the watchdog does, if RUN = 1.
inline constexpr std::uint32_t doorbell = 0x0000004C;  // Host to core: the host sets bits, the core clears them with DOORBELL_CLEAR.
inline constexpr std::uint32_t doorbell_clear = 0x00000050;  // Clears the bits of DOORBELL that are 1.
inline constexpr std::uint32_t host_irq = 0x00000054;  // Core to host; while not zero the chip's interrupt line is high. Hardware sets the bits HOST_IRQ.
inline constexpr std::uint32_t host_irq_clear = 0x00000058;  // Clears the bits of HOST_IRQ that are 1.
inline constexpr std::uint32_t irq_pending = 0x0000005C;  // Causes of the core's external interrupt.
inline constexpr std::uint32_t irq_pending_doorbell_lsb = 0x00000000;  // DOORBELL is not zero
inline constexpr std::uint32_t irq_pending_doorbell_mask = 0x00000001;
inline constexpr std::uint32_t irq_pending_queue_lsb = 0x00000001;  // IRQ_STATUS of the tile has DONE or ERROR (whatever IRQ_ENABLE)
inline constexpr std::uint32_t irq_pending_queue_mask = 0x00000002;
inline constexpr std::uint32_t irq_pending_poison_lsb = 0x00000002;  // POISON_STATUS.VALID of the tile
inline constexpr std::uint32_t irq_pending_poison_mask = 0x00000004;
inline constexpr std::uint32_t irq_enable = 0x00000060;  // Which causes raise the core's external interrupt; bits as IRQ_PENDING.
inline constexpr std::uint32_t mailbox = 0x00000080;  // Words for firmware and host to agree on; zero after reset; survive a watchdog reset.
inline constexpr std::uint32_t mailbox_count = 0x00000010;  // registers in the array
inline constexpr std::uint32_t instret = 0x000000C0;  // Instructions retired since reset of the chip, low and high word; read like MTIME.
inline constexpr std::uint32_t instret_count = 0x00000002;  // registers in the array

/// Bits of HOST_IRQ that hardware sets; all others are the firmware's.
enum class HostIrq : std::uint8_t {
  watchdog = 30,  ///< a watchdog reset
  lockup = 31,  ///< a lock-up
};
inline constexpr Value host_irq_values[] = {
    {30, "WATCHDOG", "a watchdog reset"},
    {31, "LOCKUP", "a lock-up"},
};
inline constexpr std::uint32_t host_irq_watchdog_mask = 0x40000000;
inline constexpr std::uint32_t host_irq_lockup_mask = 0x80000000;

/// Every register, ascending by offset.
inline constexpr Register registers[] = {
    {"ID", 0x000, 1, Access::constant, 0x00000000, 0x00000000},
    {"VERSION", 0x004, 1, Access::constant, 0x00000000, 0x00000000},
    {"MAP_HASH", 0x008, 1, Access::constant, 0x00000000, 0x00000000},
    {"CFG", 0x00C, 1, Access::constant, 0x00000000, 0x00000000},
    {"CFG_MEM_BYTES", 0x010, 1, Access::constant, 0x00000000, 0x00000000},
    {"CTRL", 0x014, 1, Access::rw, 0x00000007, 0x00000000},
    {"STATUS", 0x018, 1, Access::ro, 0x00000000, 0x00000000},
    {"START", 0x01C, 1, Access::rw, 0xFFFFFFFC, 0x60000000},
    {"PC", 0x020, 1, Access::rw, 0xFFFFFFFC, 0x00000000},
    {"GPR_INDEX", 0x024, 1, Access::rw, 0x0000001F, 0x00000000},
    {"GPR_DATA", 0x028, 1, Access::rw, 0xFFFFFFFF, 0x00000000},
    {"RESET_REASON", 0x02C, 1, Access::ro, 0x00000000, 0x00000000},
    {"MSIP", 0x030, 1, Access::rw, 0x00000001, 0x00000000},
    {"MTIME", 0x034, 2, Access::rw, 0xFFFFFFFF, 0x00000000},
    {"MTIMECMP", 0x03C, 2, Access::rw, 0xFFFFFFFF, 0xFFFFFFFF},
    {"WDT_PERIOD", 0x044, 1, Access::rw, 0xFFFFFFFF, 0x00000000},
    {"WDT_KICK", 0x048, 1, Access::wo, 0x00000000, 0x00000000},
    {"DOORBELL", 0x04C, 1, Access::w1s, 0xFFFFFFFF, 0x00000000},
    {"DOORBELL_CLEAR", 0x050, 1, Access::wo, 0x00000000, 0x00000000},
    {"HOST_IRQ", 0x054, 1, Access::w1s, 0xFFFFFFFF, 0x00000000},
    {"HOST_IRQ_CLEAR", 0x058, 1, Access::wo, 0x00000000, 0x00000000},
    {"IRQ_PENDING", 0x05C, 1, Access::ro, 0x00000000, 0x00000000},
    {"IRQ_ENABLE", 0x060, 1, Access::rw, 0x00000007, 0x00000000},
    {"MAILBOX", 0x080, 16, Access::rw, 0xFFFFFFFF, 0x00000000},
    {"INSTRET", 0x0C0, 2, Access::ro, 0x00000000, 0x00000000},
};

}  // namespace hilbert::regs::cpu
