// SPDX-License-Identifier: Apache-2.0
// The tile's registers as a table. Offsets and field masks come from the generated map alone.
#include "register_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cpu_regs.hpp>
#include <hilbert/device.hpp>
#include <tile_regs.hpp>

namespace hilbert::device {

namespace {

namespace r = regs::tile;
constexpr std::uint32_t all = 0xFFFF'FFFF;
constexpr std::uint32_t low16 = 0xFFFF;
constexpr std::uint32_t irq_mask =
    r::irq_status_done_mask | r::irq_status_error_mask | r::irq_status_uncorrectable_mask;

constexpr std::array table{
    Register{"ID", r::id, 1, Access::constant, 0, 0},
    Register{"VERSION", r::version, 1, Access::constant, 0, 0},
    Register{"MAP_HASH", r::map_hash, 1, Access::constant, 0, 0},
    Register{"CFG_ARRAY", r::cfg_array, 1, Access::constant, 0, 0},
    Register{"CFG_MEM", r::cfg_mem, 1, Access::constant, 0, 0},
    Register{"CFG_BANK_BYTES", r::cfg_bank_bytes, 1, Access::constant, 0, 0},
    Register{"CFG_FEATURES", r::cfg_features, 1, Access::constant, 0, 0},
    Register{"SCRATCH", r::scratch, 1, Access::rw, all, 0},
    Register{"CTRL", r::ctrl, 1, Access::rw, r::ctrl_enable_mask, 0},
    Register{"STATUS", r::status, 1, Access::ro, 0, 0},
    Register{"QUEUE_TAIL", r::queue_tail, 1, Access::rw, low16, 0},
    Register{"QUEUE_HEAD", r::queue_head, 1, Access::ro, 0, 0},
    Register{"IRQ_STATUS", r::irq_status, 1, Access::w1c, irq_mask, 0},
    Register{"IRQ_ENABLE", r::irq_enable, 1, Access::rw, irq_mask, 0},
    Register{"LAST_ERROR", r::last_error, 1, Access::ro, 0, 0},
    Register{"SEM", r::sem, r::sem_count, Access::rw, low16, 0},
    Register{"SEM_POST", r::sem_post, 1, Access::wo, 0, 0},
    Register{"SCRUB_INTERVAL", r::scrub_interval, 1, Access::rw, all, r::scrub_interval_reset},
    Register{"SCRUB_ADDR", r::scrub_addr, 1, Access::ro, 0, 0},
    Register{"SCRUB_PASSES", r::scrub_passes, 1, Access::ro, 0, 0},
    Register{"ECC_CORRECTED", r::ecc_corrected, 1, Access::ro, 0, 0},
    Register{"ECC_SCRUBBED", r::ecc_scrubbed, 1, Access::ro, 0, 0},
    Register{"ECC_UNCORRECTABLE", r::ecc_uncorrectable, 1, Access::ro, 0, 0},
    Register{"POISON_ADDR", r::poison_addr, 1, Access::ro, 0, 0},
    Register{"POISON_STATUS", r::poison_status, 1, Access::w1c,
             r::poison_status_valid_mask | r::poison_status_more_mask, 0},
    Register{"INJECT_ADDR", r::inject_addr, 1, Access::rw, all, 0},
    Register{"INJECT_BITS", r::inject_bits, 1, Access::rw,
             r::inject_bits_bit0_mask | r::inject_bits_bit1_mask | r::inject_bits_lane_mask, 0},
    Register{"INJECT_GO", r::inject_go, 1, Access::rw, 0, 0},
    Register{"INJECT_COUNT", r::inject_count, 1, Access::ro, 0, 0},
    Register{"HEAL", r::heal, 1, Access::rw, 0, 0},
    Register{"HEAL_COUNT", r::heal_count, 1, Access::ro, 0, 0},
    Register{"PERF_CYCLES", r::perf_cycles, r::perf_cycles_count, Access::ro, 0, 0},
    Register{"PERF_MACS", r::perf_macs, r::perf_macs_count, Access::ro, 0, 0},
    Register{"PERF_BUSY", r::perf_busy, 1, Access::ro, 0, 0},
    Register{"PERF_STEPS", r::perf_steps, 1, Access::ro, 0, 0},
    Register{"PERF_STALL_OPERAND", r::perf_stall_operand, 1, Access::ro, 0, 0},
    Register{"PERF_STALL_RESULT", r::perf_stall_result, 1, Access::ro, 0, 0},
    Register{"PERF_STALL_C", r::perf_stall_c, 1, Access::ro, 0, 0},
    Register{"PERF_WAIT_SEM", r::perf_wait_sem, 1, Access::ro, 0, 0},
    Register{"PERF_CONFLICTS", r::perf_conflicts, 1, Access::ro, 0, 0},
    Register{"PERF_JOBS", r::perf_jobs, 1, Access::ro, 0, 0},
    Register{"PERF_ERRORS", r::perf_errors, 1, Access::ro, 0, 0},
    Register{"PERF_HOST_BEATS", r::perf_host_beats, 1, Access::ro, 0, 0},
};

namespace c = regs::cpu;
constexpr std::uint32_t cpu = c::base - r::base;  ///< where the controller's block begins
constexpr std::uint32_t irq_enable_mask =
    c::irq_pending_doorbell_mask | c::irq_pending_queue_mask | c::irq_pending_poison_mask;

constexpr std::array cpu_table{
    Register{"CPU_ID", cpu + c::id, 1, Access::constant, 0, 0},
    Register{"CPU_VERSION", cpu + c::version, 1, Access::constant, 0, 0},
    Register{"CPU_MAP_HASH", cpu + c::map_hash, 1, Access::constant, 0, 0},
    Register{"CPU_CFG", cpu + c::cfg, 1, Access::constant, 0, 0},
    Register{"CPU_CFG_MEM_BYTES", cpu + c::cfg_mem_bytes, 1, Access::constant, 0, 0},
    Register{"CPU_CTRL", cpu + c::ctrl, 1, Access::rw, c::ctrl_run_mask | c::ctrl_halt_mask | c::ctrl_step_mask, 0},
    Register{"CPU_STATUS", cpu + c::status, 1, Access::ro, 0, 0},
    Register{"CPU_START", cpu + c::start, 1, Access::rw, ~3u, c::start_reset},
    Register{"CPU_PC", cpu + c::pc, 1, Access::rw, ~3u, 0},
    Register{"CPU_GPR_INDEX", cpu + c::gpr_index, 1, Access::rw, 31, 0},
    Register{"CPU_GPR_DATA", cpu + c::gpr_data, 1, Access::rw, all, 0},
    Register{"CPU_RESET_REASON", cpu + c::reset_reason, 1, Access::ro, 0, 0},
    Register{"CPU_MSIP", cpu + c::msip, 1, Access::rw, 1, 0},
    Register{"CPU_MTIME", cpu + c::mtime, c::mtime_count, Access::rw, all, 0},
    Register{"CPU_MTIMECMP", cpu + c::mtimecmp, c::mtimecmp_count, Access::rw, all, all},
    Register{"CPU_WDT_PERIOD", cpu + c::wdt_period, 1, Access::rw, all, 0},
    Register{"CPU_WDT_KICK", cpu + c::wdt_kick, 1, Access::wo, 0, 0},
    Register{"CPU_DOORBELL", cpu + c::doorbell, 1, Access::w1s, all, 0},
    Register{"CPU_DOORBELL_CLEAR", cpu + c::doorbell_clear, 1, Access::wo, 0, 0},
    Register{"CPU_HOST_IRQ", cpu + c::host_irq, 1, Access::w1s, all, 0},
    Register{"CPU_HOST_IRQ_CLEAR", cpu + c::host_irq_clear, 1, Access::wo, 0, 0},
    Register{"CPU_IRQ_PENDING", cpu + c::irq_pending, 1, Access::ro, 0, 0},
    Register{"CPU_IRQ_ENABLE", cpu + c::irq_enable, 1, Access::rw, irq_enable_mask, 0},
    Register{"CPU_MAILBOX", cpu + c::mailbox, c::mailbox_count, Access::rw, all, 0},
    Register{"CPU_INSTRET", cpu + c::instret, c::instret_count, Access::ro, 0, 0},
};

template <class Table>
constexpr bool is_sound(const Table& entries, std::uint32_t end) {
  for (std::size_t i = 1; i < entries.size(); ++i) {
    if (entries[i].offset < entries[i - 1].offset + 4 * entries[i - 1].count) return false;
  }
  return entries.back().offset + 4 * entries.back().count == end;
}
static_assert(is_sound(table, r::size), "ascending, without overlap, up to the end of the generated map");
static_assert(is_sound(cpu_table, cpu + c::size), "ascending, without overlap, up to the end of the generated map");

}  // namespace

std::span<const Register> registers() { return table; }

std::span<const Register> cpu_registers() { return cpu_table; }

const Register* find_register(std::uint32_t offset) {
  if (offset % 4 != 0) return nullptr;
  const std::span<const Register> entries = offset < cpu ? registers() : cpu_registers();
  const auto after = std::upper_bound(entries.begin(), entries.end(), offset,
                                      [](std::uint32_t value, const Register& entry) { return value < entry.offset; });
  if (after == entries.begin()) return nullptr;
  const Register& entry = *std::prev(after);
  return offset < entry.offset + 4 * entry.count ? &entry : nullptr;
}

std::string register_name(std::uint32_t address) {
  const Register* entry = find_register(address - register_base);
  if (entry == nullptr) return fmt::format("address {:#010x}, where there is no register", address);
  if (entry->count == 1) return std::string(entry->name);
  return fmt::format("{}[{}]", entry->name, (address - register_base - entry->offset) / 4);
}

}  // namespace hilbert::device
