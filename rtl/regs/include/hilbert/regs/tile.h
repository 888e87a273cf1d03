// SPDX-License-Identifier: Apache-2.0
// Matrix-engine tile: identity, configuration, queue, semaphores, ECC and counters. Made from tile.toml by scripts/regmap.py: do not edit.

#pragma once

#define TILE_BASE 0x80000000u  // byte address of the block
#define TILE_ID_VALUE 0x48424C54u  // what ID reads
#define TILE_VERSION_VALUE 0x00010001u  // what VERSION reads
#define TILE_HASH_VALUE 0x02F9CCFEu  // what MAP_HASH reads
#define TILE_SIZE 0x000000F8u  // bytes of the block
#define TILE_ID 0x00000000u  // Identity: 0x48424C54, `HBLT`.
#define TILE_VERSION 0x00000004u  // Version of the map: major 31:16, minor 15:0.
#define TILE_MAP_HASH 0x00000008u  // First 32 bits of the SHA-256 of this map without its descriptions: host and firmware refuse another one.
#define TILE_CFG_ARRAY 0x0000000Cu  // Synthesis parameters of the array.
#define TILE_CFG_ARRAY_ROWS_LSB 0x00000000u  // Rows
#define TILE_CFG_ARRAY_ROWS_MASK 0x000000FFu
#define TILE_CFG_ARRAY_COLS_LSB 0x00000008u  // Cols
#define TILE_CFG_ARRAY_COLS_MASK 0x0000FF00u
#define TILE_CFG_ARRAY_DEPTH_LSB 0x00000010u  // Depth
#define TILE_CFG_ARRAY_DEPTH_MASK 0x00FF0000u
#define TILE_CFG_ARRAY_WINDOW_LSB 0x00000018u  // Width of the alignment window in bits
#define TILE_CFG_ARRAY_WINDOW_MASK 0xFF000000u
#define TILE_CFG_MEM 0x00000010u  // Synthesis parameters of the memory.
#define TILE_CFG_MEM_BANKS_LSB 0x00000000u  // Data banks
#define TILE_CFG_MEM_BANKS_MASK 0x000000FFu
#define TILE_CFG_MEM_WORD_BYTES_LSB 0x00000008u  // Bytes of a word and of a host-port beat
#define TILE_CFG_MEM_WORD_BYTES_MASK 0x0000FF00u
#define TILE_CFG_MEM_QUEUE_SLOTS_LSB 0x00000010u  // Descriptor slots
#define TILE_CFG_MEM_QUEUE_SLOTS_MASK 0x00FF0000u
#define TILE_CFG_MEM_SEMAPHORES_LSB 0x00000018u  // Semaphores
#define TILE_CFG_MEM_SEMAPHORES_MASK 0xFF000000u
#define TILE_CFG_BANK_BYTES 0x00000014u  // Bytes of a data bank.
#define TILE_CFG_FEATURES 0x00000018u  // Options built in.
#define TILE_CFG_FEATURES_ECC_LSB 0x00000000u  // SECDED on every memory
#define TILE_CFG_FEATURES_ECC_MASK 0x00000001u
#define TILE_CFG_FEATURES_SCRUB_LSB 0x00000001u  // Scrubber
#define TILE_CFG_FEATURES_SCRUB_MASK 0x00000002u
#define TILE_CFG_FEATURES_CONTROLLER_LSB 0x00000002u  // Controller: the registers of cpu.toml and controller memory
#define TILE_CFG_FEATURES_CONTROLLER_MASK 0x00000004u
#define TILE_CFG_FEATURES_NETWORK_LSB 0x00000003u  // Links and network: the registers of link.toml and net.toml
#define TILE_CFG_FEATURES_NETWORK_MASK 0x00000008u
#define TILE_SCRATCH 0x0000001Cu  // No function: for testing the host port.
#define TILE_CTRL 0x00000020u  // Control. ABORT, PERF_CLEAR and QUEUE_RESET act once and read 0.
#define TILE_CTRL_ENABLE_LSB 0x00000000u  // Run the queue. 0: the job that runs or waits goes on, none starts, and descriptors not yet started are fetched again later
#define TILE_CTRL_ENABLE_MASK 0x00000001u
#define TILE_CTRL_ABORT_LSB 0x00000001u  // End the running job (or the wait for its semaphore) with ABORTED; what it wrote stays. Without such a job: nothing
#define TILE_CTRL_ABORT_MASK 0x00000002u
#define TILE_CTRL_PERF_CLEAR_LSB 0x00000002u  // Zero every performance counter and the ECC counts
#define TILE_CTRL_PERF_CLEAR_MASK 0x00000004u
#define TILE_CTRL_QUEUE_RESET_LSB 0x00000003u  // Only with ENABLE = 0 (before and in this write) and BUSY = 0, else nothing: QUEUE_TAIL and QUEUE_HEAD to 0, the error bits of STATUS cleared
#define TILE_CTRL_QUEUE_RESET_MASK 0x00000008u
#define TILE_STATUS 0x00000024u  // What the tile does now.
#define TILE_STATUS_BUSY_LSB 0x00000000u  // A job is pending while ENABLE = 1, is being fetched or checked, waits or runs
#define TILE_STATUS_BUSY_MASK 0x00000001u
#define TILE_STATUS_WAITING_LSB 0x00000001u  // The job waits for its semaphore
#define TILE_STATUS_WAITING_MASK 0x00000002u
#define TILE_STATUS_QUEUE_ERROR_LSB 0x00000002u  // A QUEUE_TAIL more than QUEUE_SLOTS ahead of the head, or behind the tail, was refused
#define TILE_STATUS_QUEUE_ERROR_MASK 0x00000004u
#define TILE_STATUS_JOB_ERROR_LSB 0x00000003u  // A job ended with a status other than OK since QUEUE_RESET
#define TILE_STATUS_JOB_ERROR_MASK 0x00000008u
#define TILE_STATUS_SEQ_STATE_LSB 0x00000008u  // State of the sequencer, for hang reports: bit 3: the next descriptor is fetched, checked or ready; bits 2:0: SEQ_STATE
#define TILE_STATUS_SEQ_STATE_MASK 0x00000F00u
#define TILE_STATUS_STALL_LSB 0x0000000Cu  // What the running job stands for now: a bit a STALL
#define TILE_STATUS_STALL_MASK 0x0000F000u
#define TILE_STATUS_OPCODE_LSB 0x00000010u  // Opcode of the running job
#define TILE_STATUS_OPCODE_MASK 0x00FF0000u
#define TILE_QUEUE_TAIL 0x00000028u  // Descriptors submitted, 16 bits, free running. Writing it is the doorbell. A value more than QUEUE_SLOTS ahead of the head, or behind the tail, is refused: QUEUE_ERROR, the tail stays.
#define TILE_QUEUE_HEAD 0x0000002Cu  // Descriptors completed, 16 bits, free running.
#define TILE_IRQ_STATUS 0x00000030u  // Causes of the interrupt.
#define TILE_IRQ_STATUS_DONE_LSB 0x00000000u  // A job with its irq bit completed
#define TILE_IRQ_STATUS_DONE_MASK 0x00000001u
#define TILE_IRQ_STATUS_ERROR_LSB 0x00000001u  // A job ended with a status other than OK, or QUEUE_ERROR
#define TILE_IRQ_STATUS_ERROR_MASK 0x00000002u
#define TILE_IRQ_STATUS_UNCORRECTABLE_LSB 0x00000002u  // An uncorrectable word was met
#define TILE_IRQ_STATUS_UNCORRECTABLE_MASK 0x00000004u
#define TILE_IRQ_ENABLE 0x00000034u  // Which causes raise the interrupt; bits as IRQ_STATUS.
#define TILE_LAST_ERROR 0x00000038u  // The last completion that was not OK: status 7:0, field 15:8, opcode 31:24.
#define TILE_SEM 0x00000040u  // Semaphores, 16 bits. Writing sets the value.
#define TILE_SEM_COUNT 0x00000008u  // registers in the array
#define TILE_SEM_POST 0x00000060u  // Adds to a semaphore, as a job's signal does: saturates at 65535.
#define TILE_SEM_POST_INDEX_LSB 0x00000000u  // Semaphore
#define TILE_SEM_POST_INDEX_MASK 0x00000007u
#define TILE_SEM_POST_COUNT_LSB 0x00000010u  // How much to add
#define TILE_SEM_POST_COUNT_MASK 0xFFFF0000u
#define TILE_SCRUB_INTERVAL 0x00000080u  // Clocks from one scrubbed word to the next; 0 stops the scrubber; values below 16 count as 16.
#define TILE_SCRUB_INTERVAL_RESET 0x00000400u  // value after reset
#define TILE_SCRUB_ADDR 0x00000084u  // Byte address that is scrubbed next.
#define TILE_SCRUB_PASSES 0x00000088u  // Complete passes over all memories.
#define TILE_ECC_CORRECTED 0x0000008Cu  // Words delivered corrected by a read, and words repaired by the scrubber (saturates).
#define TILE_ECC_SCRUBBED 0x00000090u  // Words repaired by the scrubber (saturates).
#define TILE_ECC_UNCORRECTABLE 0x00000094u  // Reads and scrubs that met an uncorrectable word (saturates).
#define TILE_POISON_ADDR 0x00000098u  // Byte address of the first uncorrectable word since POISON_STATUS was cleared.
#define TILE_POISON_STATUS 0x0000009Cu  // The poisoned-word report. Writing 1 to VALID makes room for the next report (and clears MORE); writing the word itself heals it.
#define TILE_POISON_STATUS_VALID_LSB 0x00000000u  // POISON_ADDR holds an address
#define TILE_POISON_STATUS_VALID_MASK 0x00000001u
#define TILE_POISON_STATUS_MORE_LSB 0x00000001u  // Another uncorrectable word was met since
#define TILE_POISON_STATUS_MORE_MASK 0x00000002u
#define TILE_POISON_STATUS_SOURCE_LSB 0x00000004u  // Who met it: SOURCE
#define TILE_POISON_STATUS_SOURCE_MASK 0x00000070u
#define TILE_INJECT_ADDR 0x000000A0u  // Byte address of the word to disturb (data, queue or controller memory).
#define TILE_INJECT_BITS 0x000000A4u  // Which bits of the stored word to flip, as positions in a lane of 72: 0..63 data, 64..71 check bits.
#define TILE_INJECT_BITS_BIT0_LSB 0x00000000u  // First bit
#define TILE_INJECT_BITS_BIT0_MASK 0x0000007Fu
#define TILE_INJECT_BITS_BIT1_LSB 0x00000008u  // Second bit; equal to BIT0: only one bit is flipped
#define TILE_INJECT_BITS_BIT1_MASK 0x00007F00u
#define TILE_INJECT_BITS_LANE_LSB 0x00000010u  // 64-bit lane of the word
#define TILE_INJECT_BITS_LANE_MASK 0x00070000u
#define TILE_INJECT_GO 0x000000A8u  // Write 1: flip. Reads 1 while under way. An address outside memory, a bit above 71 or a lane the word does not have, or one still under way: nothing happens and ERROR is set.
#define TILE_INJECT_GO_GO_LSB 0x00000000u  // Start; under way
#define TILE_INJECT_GO_GO_MASK 0x00000001u
#define TILE_INJECT_GO_ERROR_LSB 0x00000001u  // The last injection was refused
#define TILE_INJECT_GO_ERROR_MASK 0x00000002u
#define TILE_INJECT_COUNT 0x000000ACu  // Injections carried out.
#define TILE_HEAL 0x000000B0u  // Write the byte address of a word in a memory: if it is uncorrectable it becomes good zeros, in one locked access; any other word stays as it is. An address outside memory, or a write while BUSY: nothing happens and ERROR is set.
#define TILE_HEAL_BUSY_LSB 0x00000000u  // Under way
#define TILE_HEAL_BUSY_MASK 0x00000001u
#define TILE_HEAL_ERROR_LSB 0x00000001u  // The last write was refused
#define TILE_HEAL_ERROR_MASK 0x00000002u
#define TILE_HEAL_COUNT 0x000000B4u  // Uncorrectable words made good by HEAL.
#define TILE_PERF_CYCLES 0x000000C0u  // Clocks since reset or PERF_CLEAR, low and high word. Reading the low word holds the high word, and PERF_MACS of the same clock.
#define TILE_PERF_CYCLES_COUNT 0x00000002u  // registers in the array
#define TILE_PERF_MACS 0x000000C8u  // Multiply-accumulates inside M x N x K, low and high word, both as they were when PERF_CYCLES low was last read.
#define TILE_PERF_MACS_COUNT 0x00000002u  // registers in the array
#define TILE_PERF_BUSY 0x000000D0u  // Clocks in which a job was being checked, waited or ran.
#define TILE_PERF_STEPS 0x000000D4u  // Clocks in which the array took a step.
#define TILE_PERF_STALL_OPERAND 0x000000D8u  // Clocks of a running GEMM in which the array waited for operands.
#define TILE_PERF_STALL_RESULT 0x000000DCu  // Clocks in which the array waited for the result path.
#define TILE_PERF_STALL_C 0x000000E0u  // Clocks in which the array waited for C.
#define TILE_PERF_WAIT_SEM 0x000000E4u  // Clocks in which a job waited for its semaphore.
#define TILE_PERF_CONFLICTS 0x000000E8u  // Memory requests that waited a clock for their bank, summed over the requesters.
#define TILE_PERF_JOBS 0x000000ECu  // Jobs completed.
#define TILE_PERF_ERRORS 0x000000F0u  // Jobs completed with a status other than OK.
#define TILE_PERF_HOST_BEATS 0x000000F4u  // Data beats moved by the host port.

// Bits 2:0 of STATUS.SEQ_STATE: where the job in hand is.
#define TILE_SEQ_IDLE 0x0u  // between jobs
#define TILE_SEQ_SEMAPHORE 0x1u  // at the semaphore
#define TILE_SEQ_START 0x2u  // starting
#define TILE_SEQ_RUN 0x3u  // running
#define TILE_SEQ_COMPLETE 0x4u  // writing completion
#define TILE_SEQ_RETIRE 0x5u  // retiring
#define TILE_SEQ_HAND 0x6u  // given to the network
#define TILE_SEQ_STATE_COUNT 7u

// Bits of STATUS.STALL: what the running job stands for.
#define TILE_STALL_OPERAND 0x1u  // operands
#define TILE_STALL_RESULT 0x2u  // the result path
#define TILE_STALL_C 0x4u  // C
#define TILE_STALL_SEMAPHORE 0x8u  // its semaphore
#define TILE_STALL_COUNT 4u

// POISON_STATUS.SOURCE: who met the uncorrectable word.
#define TILE_SOURCE_A 0x0u  // operand A
#define TILE_SOURCE_B 0x1u  // operand B
#define TILE_SOURCE_S 0x2u  // C or a source, or the network
#define TILE_SOURCE_HOST 0x3u  // host port
#define TILE_SOURCE_SCRUBBER 0x4u  // scrubber
#define TILE_SOURCE_SEQUENCER 0x5u  // sequencer
#define TILE_SOURCE_FETCH 0x6u  // the controller's fetch
#define TILE_SOURCE_LOAD 0x7u  // the controller's load or store
#define TILE_SOURCE_COUNT 8u
