// SPDX-License-Identifier: Apache-2.0
// Matrix-engine tile: identity, configuration, queue, semaphores, ECC and counters. Made from tile.toml by scripts/regmap.py: do not edit.

#pragma once

#include <hilbert/regs/register_map.hpp>

#include <cstdint>

namespace hilbert::regs::tile {

inline constexpr std::uint32_t base = 0x80000000;  // byte address of the block
inline constexpr std::uint32_t id_value = 0x48424C54;  // what ID reads
inline constexpr std::uint32_t version_value = 0x00010001;  // what VERSION reads
inline constexpr std::uint32_t hash_value = 0x02F9CCFE;  // what MAP_HASH reads
inline constexpr std::uint32_t size = 0x000000F8;  // bytes of the block
inline constexpr std::uint32_t id = 0x00000000;  // Identity: 0x48424C54, `HBLT`.
inline constexpr std::uint32_t version = 0x00000004;  // Version of the map: major 31:16, minor 15:0.
inline constexpr std::uint32_t map_hash = 0x00000008;  // First 32 bits of the SHA-256 of this map without its descriptions: host and firmware refuse another one.
inline constexpr std::uint32_t cfg_array = 0x0000000C;  // Synthesis parameters of the array.
inline constexpr std::uint32_t cfg_array_rows_lsb = 0x00000000;  // Rows
inline constexpr std::uint32_t cfg_array_rows_mask = 0x000000FF;
inline constexpr std::uint32_t cfg_array_cols_lsb = 0x00000008;  // Cols
inline constexpr std::uint32_t cfg_array_cols_mask = 0x0000FF00;
inline constexpr std::uint32_t cfg_array_depth_lsb = 0x00000010;  // Depth
inline constexpr std::uint32_t cfg_array_depth_mask = 0x00FF0000;
inline constexpr std::uint32_t cfg_array_window_lsb = 0x00000018;  // Width of the alignment window in bits
inline constexpr std::uint32_t cfg_array_window_mask = 0xFF000000;
inline constexpr std::uint32_t cfg_mem = 0x00000010;  // Synthesis parameters of the memory.
inline constexpr std::uint32_t cfg_mem_banks_lsb = 0x00000000;  // Data banks
inline constexpr std::uint32_t cfg_mem_banks_mask = 0x000000FF;
inline constexpr std::uint32_t cfg_mem_word_bytes_lsb = 0x00000008;  // Bytes of a word and of a host-port beat
inline constexpr std::uint32_t cfg_mem_word_bytes_mask = 0x0000FF00;
inline constexpr std::uint32_t cfg_mem_queue_slots_lsb = 0x00000010;  // Descriptor slots
inline constexpr std::uint32_t cfg_mem_queue_slots_mask = 0x00FF0000;
inline constexpr std::uint32_t cfg_mem_semaphores_lsb = 0x00000018;  // Semaphores
inline constexpr std::uint32_t cfg_mem_semaphores_mask = 0xFF000000;
inline constexpr std::uint32_t cfg_bank_bytes = 0x00000014;  // Bytes of a data bank.
inline constexpr std::uint32_t cfg_features = 0x00000018;  // Options built in.
inline constexpr std::uint32_t cfg_features_ecc_lsb = 0x00000000;  // SECDED on every memory
inline constexpr std::uint32_t cfg_features_ecc_mask = 0x00000001;
inline constexpr std::uint32_t cfg_features_scrub_lsb = 0x00000001;  // Scrubber
inline constexpr std::uint32_t cfg_features_scrub_mask = 0x00000002;
inline constexpr std::uint32_t cfg_features_controller_lsb = 0x00000002;  // Controller: the registers of cpu.toml and controller memory
inline constexpr std::uint32_t cfg_features_controller_mask = 0x00000004;
inline constexpr std::uint32_t cfg_features_network_lsb = 0x00000003;  // Links and network: the registers of link.toml and net.toml
inline constexpr std::uint32_t cfg_features_network_mask = 0x00000008;
inline constexpr std::uint32_t scratch = 0x0000001C;  // No function: for testing the host port.
inline constexpr std::uint32_t ctrl = 0x00000020;  // Control. ABORT, PERF_CLEAR and QUEUE_RESET act once and read 0.
inline constexpr std::uint32_t ctrl_enable_lsb = 0x00000000;  // Run the queue. 0: the job that runs or waits goes on, none starts, and descriptors not yet started are fetched again later
inline constexpr std::uint32_t ctrl_enable_mask = 0x00000001;
inline constexpr std::uint32_t ctrl_abort_lsb = 0x00000001;  // End the running job (or the wait for its semaphore) with ABORTED; what it wrote stays. Without such a job: nothing
inline constexpr std::uint32_t ctrl_abort_mask = 0x00000002;
inline constexpr std::uint32_t ctrl_perf_clear_lsb = 0x00000002;  // Zero every performance counter and the ECC counts
inline constexpr std::uint32_t ctrl_perf_clear_mask = 0x00000004;
inline constexpr std::uint32_t ctrl_queue_reset_lsb = 0x00000003;  // Only with ENABLE = 0 (before and in this write) and BUSY = 0, else nothing: QUEUE_TAIL and QUEUE_HEAD to 0, the error bits of STATUS cleared
inline constexpr std::uint32_t ctrl_queue_reset_mask = 0x00000008;
inline constexpr std::uint32_t status = 0x00000024;  // What the tile does now.
inline constexpr std::uint32_t status_busy_lsb = 0x00000000;  // A job is pending while ENABLE = 1, is being fetched or checked, waits or runs
inline constexpr std::uint32_t status_busy_mask = 0x00000001;
inline constexpr std::uint32_t status_waiting_lsb = 0x00000001;  // The job waits for its semaphore
inline constexpr std::uint32_t status_waiting_mask = 0x00000002;
inline constexpr std::uint32_t status_queue_error_lsb = 0x00000002;  // A QUEUE_TAIL more than QUEUE_SLOTS ahead of the head, or behind the tail, was refused
inline constexpr std::uint32_t status_queue_error_mask = 0x00000004;
inline constexpr std::uint32_t status_job_error_lsb = 0x00000003;  // A job ended with a status other than OK since QUEUE_RESET
inline constexpr std::uint32_t status_job_error_mask = 0x00000008;
inline constexpr std::uint32_t status_seq_state_lsb = 0x00000008;  // State of the sequencer, for hang reports: bit 3: the next descriptor is fetched, checked or ready; bits 2:0: SEQ_STATE
inline constexpr std::uint32_t status_seq_state_mask = 0x00000F00;
inline constexpr std::uint32_t status_stall_lsb = 0x0000000C;  // What the running job stands for now: a bit a STALL
inline constexpr std::uint32_t status_stall_mask = 0x0000F000;
inline constexpr std::uint32_t status_opcode_lsb = 0x00000010;  // Opcode of the running job
inline constexpr std::uint32_t status_opcode_mask = 0x00FF0000;
inline constexpr std::uint32_t queue_tail = 0x00000028;  // Descriptors submitted, 16 bits, free running. Writing it is the doorbell. A value more than QUEUE_SLOTS ahead of the head, or behind the tail, is refused: QUEUE_ERROR, the tail stays.
inline constexpr std::uint32_t queue_head = 0x0000002C;  // Descriptors completed, 16 bits, free running.
inline constexpr std::uint32_t irq_status = 0x00000030;  // Causes of the interrupt.
inline constexpr std::uint32_t irq_status_done_lsb = 0x00000000;  // A job with its irq bit completed
inline constexpr std::uint32_t irq_status_done_mask = 0x00000001;
inline constexpr std::uint32_t irq_status_error_lsb = 0x00000001;  // A job ended with a status other than OK, or QUEUE_ERROR
inline constexpr std::uint32_t irq_status_error_mask = 0x00000002;
inline constexpr std::uint32_t irq_status_uncorrectable_lsb = 0x00000002;  // An uncorrectable word was met
inline constexpr std::uint32_t irq_status_uncorrectable_mask = 0x00000004;
inline constexpr std::uint32_t irq_enable = 0x00000034;  // Which causes raise the interrupt; bits as IRQ_STATUS.
inline constexpr std::uint32_t last_error = 0x00000038;  // The last completion that was not OK: status 7:0, field 15:8, opcode 31:24.
inline constexpr std::uint32_t sem = 0x00000040;  // Semaphores, 16 bits. Writing sets the value.
inline constexpr std::uint32_t sem_count = 0x00000008;  // registers in the array
inline constexpr std::uint32_t sem_post = 0x00000060;  // Adds to a semaphore, as a job's signal does: saturates at 65535.
inline constexpr std::uint32_t sem_post_index_lsb = 0x00000000;  // Semaphore
inline constexpr std::uint32_t sem_post_index_mask = 0x00000007;
inline constexpr std::uint32_t sem_post_count_lsb = 0x00000010;  // How much to add
inline constexpr std::uint32_t sem_post_count_mask = 0xFFFF0000;
inline constexpr std::uint32_t scrub_interval = 0x00000080;  // Clocks from one scrubbed word to the next; 0 stops the scrubber; values below 16 count as 16.
inline constexpr std::uint32_t scrub_interval_reset = 0x00000400;  // value after reset
inline constexpr std::uint32_t scrub_addr = 0x00000084;  // Byte address that is scrubbed next.
inline constexpr std::uint32_t scrub_passes = 0x00000088;  // Complete passes over all memories.
inline constexpr std::uint32_t ecc_corrected = 0x0000008C;  // Words delivered corrected by a read, and words repaired by the scrubber (saturates).
inline constexpr std::uint32_t ecc_scrubbed = 0x00000090;  // Words repaired by the scrubber (saturates).
inline constexpr std::uint32_t ecc_uncorrectable = 0x00000094;  // Reads and scrubs that met an uncorrectable word (saturates).
inline constexpr std::uint32_t poison_addr = 0x00000098;  // Byte address of the first uncorrectable word since POISON_STATUS was cleared.
inline constexpr std::uint32_t poison_status = 0x0000009C;  // The poisoned-word report. Writing 1 to VALID makes room for the next report (and clears MORE); writing the word itself heals it.
inline constexpr std::uint32_t poison_status_valid_lsb = 0x00000000;  // POISON_ADDR holds an address
inline constexpr std::uint32_t poison_status_valid_mask = 0x00000001;
inline constexpr std::uint32_t poison_status_more_lsb = 0x00000001;  // Another uncorrectable word was met since
inline constexpr std::uint32_t poison_status_more_mask = 0x00000002;
inline constexpr std::uint32_t poison_status_source_lsb = 0x00000004;  // Who met it: SOURCE
inline constexpr std::uint32_t poison_status_source_mask = 0x00000070;
inline constexpr std::uint32_t inject_addr = 0x000000A0;  // Byte address of the word to disturb (data, queue or controller memory).
inline constexpr std::uint32_t inject_bits = 0x000000A4;  // Which bits of the stored word to flip, as positions in a lane of 72: 0..63 data, 64..71 check bits.
inline constexpr std::uint32_t inject_bits_bit0_lsb = 0x00000000;  // First bit
inline constexpr std::uint32_t inject_bits_bit0_mask = 0x0000007F;
inline constexpr std::uint32_t inject_bits_bit1_lsb = 0x00000008;  // Second bit; equal to BIT0: only one bit is flipped
inline constexpr std::uint32_t inject_bits_bit1_mask = 0x00007F00;
inline constexpr std::uint32_t inject_bits_lane_lsb = 0x00000010;  // 64-bit lane of the word
inline constexpr std::uint32_t inject_bits_lane_mask = 0x00070000;
inline constexpr std::uint32_t inject_go = 0x000000A8;  // Write 1: flip. Reads 1 while under way. An address outside memory, a bit above 71 or a lane the word does not have, or one still under way: nothing happens and ERROR is set.
inline constexpr std::uint32_t inject_go_go_lsb = 0x00000000;  // Start; under way
inline constexpr std::uint32_t inject_go_go_mask = 0x00000001;
inline constexpr std::uint32_t inject_go_error_lsb = 0x00000001;  // The last injection was refused
inline constexpr std::uint32_t inject_go_error_mask = 0x00000002;
inline constexpr std::uint32_t inject_count = 0x000000AC;  // Injections carried out.
inline constexpr std::uint32_t heal = 0x000000B0;  // Write the byte address of a word in a memory: if it is uncorrectable it becomes good zeros, in one locked access; any other word stays as it is. An address outside memory, or a write while BUSY: nothing happens and ERROR is set.
inline constexpr std::uint32_t heal_busy_lsb = 0x00000000;  // Under way
inline constexpr std::uint32_t heal_busy_mask = 0x00000001;
inline constexpr std::uint32_t heal_error_lsb = 0x00000001;  // The last write was refused
inline constexpr std::uint32_t heal_error_mask = 0x00000002;
inline constexpr std::uint32_t heal_count = 0x000000B4;  // Uncorrectable words made good by HEAL.
inline constexpr std::uint32_t perf_cycles = 0x000000C0;  // Clocks since reset or PERF_CLEAR, low and high word. Reading the low word holds the high word, and PERF_MACS of the same clock.
inline constexpr std::uint32_t perf_cycles_count = 0x00000002;  // registers in the array
inline constexpr std::uint32_t perf_macs = 0x000000C8;  // Multiply-accumulates inside M x N x K, low and high word, both as they were when PERF_CYCLES low was last read.
inline constexpr std::uint32_t perf_macs_count = 0x00000002;  // registers in the array
inline constexpr std::uint32_t perf_busy = 0x000000D0;  // Clocks in which a job was being checked, waited or ran.
inline constexpr std::uint32_t perf_steps = 0x000000D4;  // Clocks in which the array took a step.
inline constexpr std::uint32_t perf_stall_operand = 0x000000D8;  // Clocks of a running GEMM in which the array waited for operands.
inline constexpr std::uint32_t perf_stall_result = 0x000000DC;  // Clocks in which the array waited for the result path.
inline constexpr std::uint32_t perf_stall_c = 0x000000E0;  // Clocks in which the array waited for C.
inline constexpr std::uint32_t perf_wait_sem = 0x000000E4;  // Clocks in which a job waited for its semaphore.
inline constexpr std::uint32_t perf_conflicts = 0x000000E8;  // Memory requests that waited a clock for their bank, summed over the requesters.
inline constexpr std::uint32_t perf_jobs = 0x000000EC;  // Jobs completed.
inline constexpr std::uint32_t perf_errors = 0x000000F0;  // Jobs completed with a status other than OK.
inline constexpr std::uint32_t perf_host_beats = 0x000000F4;  // Data beats moved by the host port.

/// Bits 2:0 of STATUS.SEQ_STATE: where the job in hand is.
enum class SeqState : std::uint8_t {
  idle = 0,  ///< between jobs
  semaphore = 1,  ///< at the semaphore
  start = 2,  ///< starting
  run = 3,  ///< running
  complete = 4,  ///< writing completion
  retire = 5,  ///< retiring
  hand = 6,  ///< given to the network
};
inline constexpr Value seq_state_values[] = {
    {0, "IDLE", "between jobs"},
    {1, "SEMAPHORE", "at the semaphore"},
    {2, "START", "starting"},
    {3, "RUN", "running"},
    {4, "COMPLETE", "writing completion"},
    {5, "RETIRE", "retiring"},
    {6, "HAND", "given to the network"},
};
inline constexpr std::uint32_t seq_state_idle = 0;
inline constexpr std::uint32_t seq_state_semaphore = 1;
inline constexpr std::uint32_t seq_state_start = 2;
inline constexpr std::uint32_t seq_state_run = 3;
inline constexpr std::uint32_t seq_state_complete = 4;
inline constexpr std::uint32_t seq_state_retire = 5;
inline constexpr std::uint32_t seq_state_hand = 6;

/// Bits of STATUS.STALL: what the running job stands for.
enum class Stall : std::uint8_t {
  operand = 0,  ///< operands
  result = 1,  ///< the result path
  c = 2,  ///< C
  semaphore = 3,  ///< its semaphore
};
inline constexpr Value stall_values[] = {
    {0, "OPERAND", "operands"},
    {1, "RESULT", "the result path"},
    {2, "C", "C"},
    {3, "SEMAPHORE", "its semaphore"},
};
inline constexpr std::uint32_t stall_operand_mask = 0x00000001;
inline constexpr std::uint32_t stall_result_mask = 0x00000002;
inline constexpr std::uint32_t stall_c_mask = 0x00000004;
inline constexpr std::uint32_t stall_semaphore_mask = 0x00000008;

/// POISON_STATUS.SOURCE: who met the uncorrectable word.
enum class Source : std::uint8_t {
  a = 0,  ///< operand A
  b = 1,  ///< operand B
  s = 2,  ///< C or a source, or the network
  host = 3,  ///< host port
  scrubber = 4,  ///< scrubber
  sequencer = 5,  ///< sequencer
  fetch = 6,  ///< the controller's fetch
  load = 7,  ///< the controller's load or store
};
inline constexpr Value source_values[] = {
    {0, "A", "operand A"},
    {1, "B", "operand B"},
    {2, "S", "C or a source, or the network"},
    {3, "HOST", "host port"},
    {4, "SCRUBBER", "scrubber"},
    {5, "SEQUENCER", "sequencer"},
    {6, "FETCH", "the controller's fetch"},
    {7, "LOAD", "the controller's load or store"},
};
inline constexpr std::uint32_t source_a = 0;
inline constexpr std::uint32_t source_b = 1;
inline constexpr std::uint32_t source_s = 2;
inline constexpr std::uint32_t source_host = 3;
inline constexpr std::uint32_t source_scrubber = 4;
inline constexpr std::uint32_t source_sequencer = 5;
inline constexpr std::uint32_t source_fetch = 6;
inline constexpr std::uint32_t source_load = 7;

/// Every register, ascending by offset.
inline constexpr Register registers[] = {
    {"ID", 0x000, 1, Access::constant, 0x00000000, 0x00000000},
    {"VERSION", 0x004, 1, Access::constant, 0x00000000, 0x00000000},
    {"MAP_HASH", 0x008, 1, Access::constant, 0x00000000, 0x00000000},
    {"CFG_ARRAY", 0x00C, 1, Access::constant, 0x00000000, 0x00000000},
    {"CFG_MEM", 0x010, 1, Access::constant, 0x00000000, 0x00000000},
    {"CFG_BANK_BYTES", 0x014, 1, Access::constant, 0x00000000, 0x00000000},
    {"CFG_FEATURES", 0x018, 1, Access::constant, 0x00000000, 0x00000000},
    {"SCRATCH", 0x01C, 1, Access::rw, 0xFFFFFFFF, 0x00000000},
    {"CTRL", 0x020, 1, Access::rw, 0x00000001, 0x00000000},
    {"STATUS", 0x024, 1, Access::ro, 0x00000000, 0x00000000},
    {"QUEUE_TAIL", 0x028, 1, Access::rw, 0x0000FFFF, 0x00000000},
    {"QUEUE_HEAD", 0x02C, 1, Access::ro, 0x00000000, 0x00000000},
    {"IRQ_STATUS", 0x030, 1, Access::w1c, 0x00000007, 0x00000000},
    {"IRQ_ENABLE", 0x034, 1, Access::rw, 0x00000007, 0x00000000},
    {"LAST_ERROR", 0x038, 1, Access::ro, 0x00000000, 0x00000000},
    {"SEM", 0x040, 8, Access::rw, 0x0000FFFF, 0x00000000},
    {"SEM_POST", 0x060, 1, Access::wo, 0x00000000, 0x00000000},
    {"SCRUB_INTERVAL", 0x080, 1, Access::rw, 0xFFFFFFFF, 0x00000400},
    {"SCRUB_ADDR", 0x084, 1, Access::ro, 0x00000000, 0x00000000},
    {"SCRUB_PASSES", 0x088, 1, Access::ro, 0x00000000, 0x00000000},
    {"ECC_CORRECTED", 0x08C, 1, Access::ro, 0x00000000, 0x00000000},
    {"ECC_SCRUBBED", 0x090, 1, Access::ro, 0x00000000, 0x00000000},
    {"ECC_UNCORRECTABLE", 0x094, 1, Access::ro, 0x00000000, 0x00000000},
    {"POISON_ADDR", 0x098, 1, Access::ro, 0x00000000, 0x00000000},
    {"POISON_STATUS", 0x09C, 1, Access::w1c, 0x00000003, 0x00000000},
    {"INJECT_ADDR", 0x0A0, 1, Access::rw, 0xFFFFFFFF, 0x00000000},
    {"INJECT_BITS", 0x0A4, 1, Access::rw, 0x00077F7F, 0x00000000},
    {"INJECT_GO", 0x0A8, 1, Access::rw, 0x00000000, 0x00000000},
    {"INJECT_COUNT", 0x0AC, 1, Access::ro, 0x00000000, 0x00000000},
    {"HEAL", 0x0B0, 1, Access::rw, 0x00000000, 0x00000000},
    {"HEAL_COUNT", 0x0B4, 1, Access::ro, 0x00000000, 0x00000000},
    {"PERF_CYCLES", 0x0C0, 2, Access::ro, 0x00000000, 0x00000000},
    {"PERF_MACS", 0x0C8, 2, Access::ro, 0x00000000, 0x00000000},
    {"PERF_BUSY", 0x0D0, 1, Access::ro, 0x00000000, 0x00000000},
    {"PERF_STEPS", 0x0D4, 1, Access::ro, 0x00000000, 0x00000000},
    {"PERF_STALL_OPERAND", 0x0D8, 1, Access::ro, 0x00000000, 0x00000000},
    {"PERF_STALL_RESULT", 0x0DC, 1, Access::ro, 0x00000000, 0x00000000},
    {"PERF_STALL_C", 0x0E0, 1, Access::ro, 0x00000000, 0x00000000},
    {"PERF_WAIT_SEM", 0x0E4, 1, Access::ro, 0x00000000, 0x00000000},
    {"PERF_CONFLICTS", 0x0E8, 1, Access::ro, 0x00000000, 0x00000000},
    {"PERF_JOBS", 0x0EC, 1, Access::ro, 0x00000000, 0x00000000},
    {"PERF_ERRORS", 0x0F0, 1, Access::ro, 0x00000000, 0x00000000},
    {"PERF_HOST_BEATS", 0x0F4, 1, Access::ro, 0x00000000, 0x00000000},
};

}  // namespace hilbert::regs::tile
