// SPDX-License-Identifier: Apache-2.0
// Memory regions, descriptors, number formats and completions. Made from job.toml by scripts/regmap.py: do not edit.

#pragma once

#include <stdbool.h>
#include <stdint.h>

#define JOB_QUEUE_BASE 0x40000000u  // queue memory: descriptors and completions; below it data memory
#define JOB_CONTROLLER_BASE 0x60000000u  // controller memory
#define JOB_REGISTERS_BASE 0x80000000u  // registers: the blocks of the register maps, 64 KiB
#define JOB_DESCRIPTOR_WORDS 0x10u  // 32-bit words of a descriptor and of a completion
#define JOB_DESCRIPTOR_BYTES 0x40u  // bytes of a descriptor and of a completion
#define JOB_FIELD_DESCRIPTOR 0xFFu  // field of a POISONED completion whose descriptor itself could not be read
#define JOB_WINDOW 0x1Cu  // bits of the cell's alignment window: five of them sum into 31 bits and a sign (vectors/README.md, section 2)
#define JOB_CANONICAL_NAN 0x7FC00000u  // the one NaN that hardware makes
#define JOB_MOST_BIAS 0x3Fu  // largest bias of a tensor
#define JOB_FLIT_BYTES 0x400u  // bytes of a flit behind its header, at most (net/README.md)

// Bits of descriptor word 0 above the opcode.
#define JOB_OPTION_ACCUMULATE 0x00000100u  // start from C
#define JOB_OPTION_RELU 0x00000200u  // negative results become zero
#define JOB_OPTION_SATURATE 0x00000400u  // beyond the largest finite value: that value
#define JOB_OPTION_STOCHASTIC 0x00000800u  // stochastic rounding
#define JOB_OPTION_LITERAL 0x00001000u  // subnormal_literal: CFloat8 subnormals as Tesla's paper prints them
#define JOB_OPTION_IRQ 0x00002000u  // interrupt on completion
#define JOB_OPTION_COUNT 6u

// First byte of a packet at the host port.
#define JOB_PORT_READ 0x01u
#define JOB_PORT_WRITE 0x02u
#define JOB_PORT_OP_COUNT 2u

// Status of a response of the host port.
#define JOB_PORT_ST_OK 0x0u  // ok
#define JOB_PORT_ST_BAD_OP 0x1u  // bad op
#define JOB_PORT_ST_BAD_ADDRESS 0x2u  // bad address
#define JOB_PORT_ST_MISALIGNED 0x3u  // misaligned
#define JOB_PORT_ST_POISONED 0x4u  // poisoned
#define JOB_PORT_ST_BAD_COUNT 0x5u  // bad count or length
#define JOB_PORT_STATUS_COUNT 6u

// Kinds of flits of the network: header, bits 3:0 (net/README.md).
#define JOB_FLIT_WRITE 0x1u
#define JOB_FLIT_READ 0x2u
#define JOB_FLIT_DATA 0x3u
#define JOB_FLIT_SIGNAL 0x4u
#define JOB_FLIT_COUNT 4u

// What of a descriptor an opcode and its options use.
#define JOB_USE_A 0x0001u  // A, or a source
#define JOB_USE_B 0x0002u
#define JOB_USE_C 0x0004u
#define JOB_USE_D 0x0008u
#define JOB_USE_FORMAT_A 0x0010u  // A is numbers; without it words of memory
#define JOB_USE_FORMAT_B 0x0020u
#define JOB_USE_FORMAT_D 0x0040u
#define JOB_USE_SIZE 0x0080u  // M and N
#define JOB_USE_K 0x0100u
#define JOB_USE_SEED 0x0200u
#define JOB_USE_ORIGIN 0x0400u  // row and column of the first element
#define JOB_USE_PLACE 0x0800u  // another chip: A and D lie in two memories
#define JOB_USE_THERE 0x1000u  // a semaphore there
#define JOB_USE_COUNT 13u

// How a job ended; 1 to 9 in the order of the checks (rtl/README.md).
#define JOB_ST_OK 0x00u  // it ended well
#define JOB_ST_BAD_OPCODE 0x01u  // no such opcode
#define JOB_ST_BAD_OPTION 0x02u  // an option that the opcode does not have, or a reserved bit
#define JOB_ST_BAD_FORMAT 0x03u  // a format that the opcode does not take
#define JOB_ST_BAD_SIZE 0x04u  // M, N or K
#define JOB_ST_MISALIGNED 0x05u  // a base or stride that is no multiple of a memory word
#define JOB_ST_UNUSED 0x06u  // a word that the opcode does not use is not zero
#define JOB_ST_BAD_SEMAPHORE 0x07u  // reserved bits of word 15
#define JOB_ST_OUT_OF_RANGE 0x08u  // a matrix leaves data memory
#define JOB_ST_OVERLAP 0x09u  // the result meets itself or an operand
#define JOB_ST_POISONED 0x0Au  // it read an uncorrectable word: the result must not be used
#define JOB_ST_ABORTED 0x0Bu  // ended by CTRL.ABORT
#define JOB_STATUS_COUNT 12u

// Sticky flags of a completion (vectors/README.md, section 5).
#define JOB_FLAG_INVALID 0x01u
#define JOB_FLAG_DENORMAL 0x02u
#define JOB_FLAG_OVERFLOW 0x04u
#define JOB_FLAG_UNDERFLOW 0x08u
#define JOB_FLAG_INEXACT 0x10u
#define JOB_FLAG_INT_RANGE 0x20u
#define JOB_FLAG_COUNT 6u

// Opcodes: descriptor word 0, bits 7:0.
#define JOB_OP_GEMM 0x01u  // D = A B, or A B + C
#define JOB_OP_CONVERT 0x02u  // D = A in another format
#define JOB_OP_COPY 0x03u  // words from A to D
#define JOB_OP_FILL 0x04u  // a 32-bit pattern to D
#define JOB_OP_SYNC 0x05u  // semaphores alone
#define JOB_OP_SEND 0x06u  // words to another chip
#define JOB_OP_GET 0x07u  // words from another chip
#define JOB_OP_SIGNAL 0x08u  // a semaphore of another chip
#define JOB_OPCODE_COUNT 8u

// Codes of the number formats.
#define JOB_FMT_FP32 0x0u  // IEEE 754 binary32
#define JOB_FMT_BF16 0x1u  // bfloat16
#define JOB_FMT_CF8_143 0x2u  // CFloat8 with 4 bits of exponent
#define JOB_FMT_CF8_152 0x3u  // CFloat8 with 5 bits of exponent
#define JOB_FMT_E4M3 0x4u  // OCP E4M3
#define JOB_FMT_E5M2 0x5u  // OCP E5M2
#define JOB_FMT_INT8 0x6u  // two's complement
#define JOB_FORMAT_COUNT 7u

// Fields of a descriptor: word, lowest bit, number of bits, and these in their place.
#define JOB_OPCODE_WORD 0u  // opcode; above it the options
#define JOB_OPCODE_LSB 0u
#define JOB_OPCODE_BITS 8u
#define JOB_OPCODE_MASK 0x000000FFu
#define JOB_TAG_WORD 1u  // returned in the completion
#define JOB_TAG_LSB 0u
#define JOB_TAG_BITS 32u
#define JOB_TAG_MASK 0xFFFFFFFFu
#define JOB_FORMAT_A_WORD 2u  // format of A, or of the source
#define JOB_FORMAT_A_LSB 0u
#define JOB_FORMAT_A_BITS 4u
#define JOB_FORMAT_A_MASK 0x0000000Fu
#define JOB_BIAS_A_WORD 2u  // its bias
#define JOB_BIAS_A_LSB 4u
#define JOB_BIAS_A_BITS 6u
#define JOB_BIAS_A_MASK 0x000003F0u
#define JOB_FORMAT_B_WORD 2u  // format of B
#define JOB_FORMAT_B_LSB 10u
#define JOB_FORMAT_B_BITS 4u
#define JOB_FORMAT_B_MASK 0x00003C00u
#define JOB_BIAS_B_WORD 2u  // its bias
#define JOB_BIAS_B_LSB 14u
#define JOB_BIAS_B_BITS 6u
#define JOB_BIAS_B_MASK 0x000FC000u
#define JOB_FORMAT_D_WORD 2u  // format of D
#define JOB_FORMAT_D_LSB 20u
#define JOB_FORMAT_D_BITS 4u
#define JOB_FORMAT_D_MASK 0x00F00000u
#define JOB_BIAS_D_WORD 2u  // its bias
#define JOB_BIAS_D_LSB 24u
#define JOB_BIAS_D_BITS 6u
#define JOB_BIAS_D_MASK 0x3F000000u
#define JOB_M_WORD 3u  // rows
#define JOB_M_LSB 0u
#define JOB_M_BITS 16u
#define JOB_M_MASK 0x0000FFFFu
#define JOB_N_WORD 3u  // columns in elements; without formats: memory words in a row
#define JOB_N_LSB 16u
#define JOB_N_BITS 16u
#define JOB_N_MASK 0xFFFF0000u
#define JOB_K_WORD 4u  // columns of A, rows of B
#define JOB_K_LSB 0u
#define JOB_K_BITS 16u
#define JOB_K_MASK 0x0000FFFFu
#define JOB_BASE_A_WORD 5u  // byte address of A, or of the source
#define JOB_BASE_A_LSB 0u
#define JOB_BASE_A_BITS 32u
#define JOB_BASE_A_MASK 0xFFFFFFFFu
#define JOB_BASE_B_WORD 6u  // byte address of B
#define JOB_BASE_B_LSB 0u
#define JOB_BASE_B_BITS 32u
#define JOB_BASE_B_MASK 0xFFFFFFFFu
#define JOB_BASE_C_WORD 7u  // byte address of C, always fp32
#define JOB_BASE_C_LSB 0u
#define JOB_BASE_C_BITS 32u
#define JOB_BASE_C_MASK 0xFFFFFFFFu
#define JOB_BASE_D_WORD 8u  // byte address of D
#define JOB_BASE_D_LSB 0u
#define JOB_BASE_D_BITS 32u
#define JOB_BASE_D_MASK 0xFFFFFFFFu
#define JOB_STRIDE_A_WORD 9u  // bytes from a panel, or a row, of A to the next
#define JOB_STRIDE_A_LSB 0u
#define JOB_STRIDE_A_BITS 32u
#define JOB_STRIDE_A_MASK 0xFFFFFFFFu
#define JOB_STRIDE_B_WORD 10u  // of B
#define JOB_STRIDE_B_LSB 0u
#define JOB_STRIDE_B_BITS 32u
#define JOB_STRIDE_B_MASK 0xFFFFFFFFu
#define JOB_STRIDE_C_WORD 11u  // of C
#define JOB_STRIDE_C_LSB 0u
#define JOB_STRIDE_C_BITS 32u
#define JOB_STRIDE_C_MASK 0xFFFFFFFFu
#define JOB_STRIDE_D_WORD 12u  // of D
#define JOB_STRIDE_D_LSB 0u
#define JOB_STRIDE_D_BITS 32u
#define JOB_STRIDE_D_MASK 0xFFFFFFFFu
#define JOB_SEED_WORD 13u  // of stochastic rounding; FILL: the pattern
#define JOB_SEED_LSB 0u
#define JOB_SEED_BITS 32u
#define JOB_SEED_MASK 0xFFFFFFFFu
#define JOB_PLACE_X_WORD 13u  // column of the other chip
#define JOB_PLACE_X_LSB 0u
#define JOB_PLACE_X_BITS 4u
#define JOB_PLACE_X_MASK 0x0000000Fu
#define JOB_PLACE_Y_WORD 13u  // its row
#define JOB_PLACE_Y_LSB 4u
#define JOB_PLACE_Y_BITS 4u
#define JOB_PLACE_Y_MASK 0x000000F0u
#define JOB_ROW0_WORD 14u  // row of the first element, for stochastic rounding
#define JOB_ROW0_LSB 0u
#define JOB_ROW0_BITS 16u
#define JOB_ROW0_MASK 0x0000FFFFu
#define JOB_COL0_WORD 14u  // its column
#define JOB_COL0_LSB 16u
#define JOB_COL0_BITS 16u
#define JOB_COL0_MASK 0xFFFF0000u
#define JOB_THERE_SEM_WORD 14u  // semaphore of the other chip to signal
#define JOB_THERE_SEM_LSB 0u
#define JOB_THERE_SEM_BITS 3u
#define JOB_THERE_SEM_MASK 0x00000007u
#define JOB_THERE_COUNT_WORD 14u  // count to add there; 0: none
#define JOB_THERE_COUNT_LSB 8u
#define JOB_THERE_COUNT_BITS 8u
#define JOB_THERE_COUNT_MASK 0x0000FF00u
#define JOB_WAIT_SEM_WORD 15u  // semaphore to wait for
#define JOB_WAIT_SEM_LSB 0u
#define JOB_WAIT_SEM_BITS 3u
#define JOB_WAIT_SEM_MASK 0x00000007u
#define JOB_WAIT_COUNT_WORD 15u  // wait until it is at least that, and subtract it; 0: do not wait
#define JOB_WAIT_COUNT_LSB 8u
#define JOB_WAIT_COUNT_BITS 8u
#define JOB_WAIT_COUNT_MASK 0x0000FF00u
#define JOB_SIGNAL_SEM_WORD 15u  // semaphore to signal when the job ends well
#define JOB_SIGNAL_SEM_LSB 16u
#define JOB_SIGNAL_SEM_BITS 3u
#define JOB_SIGNAL_SEM_MASK 0x00070000u
#define JOB_SIGNAL_COUNT_WORD 15u  // count to add; 0: none
#define JOB_SIGNAL_COUNT_LSB 24u
#define JOB_SIGNAL_COUNT_BITS 8u
#define JOB_SIGNAL_COUNT_MASK 0xFF000000u
// A field of the text of its word, and of all the words.
#define JOB_FIELD_IN(text, field) (((text) & JOB_##field##_MASK) >> JOB_##field##_LSB)
#define JOB_FIELD(words, field) JOB_FIELD_IN((words)[JOB_##field##_WORD], field)
#define JOB_OPTIONS_GEMM 0x00003F00u
#define JOB_OPTIONS_CONVERT 0x00003E00u
#define JOB_OPTIONS_COPY 0x00002000u
#define JOB_OPTIONS_FILL 0x00002000u
#define JOB_OPTIONS_SYNC 0x00002000u
#define JOB_OPTIONS_SEND 0x00002000u
#define JOB_OPTIONS_GET 0x00002000u
#define JOB_OPTIONS_SIGNAL 0x00002000u

// Whether it is an opcode of every chip, with links or without.
static inline bool job_opcode_is_local(uint32_t op) { return op != 0 && op < JOB_OP_SEND; }
// Whether its result is numbers of a format, not memory words.
static inline bool job_opcode_has_formats(uint32_t op) { return op == JOB_OP_GEMM || op == JOB_OP_CONVERT; }

// Bytes of an element, and their log2.
static inline uint32_t job_format_bytes(uint32_t code) { return code == JOB_FMT_FP32 ? 4u : code == JOB_FMT_BF16 ? 2u : 1u; }
static inline uint32_t job_format_bytes_log(uint32_t code) { return code == JOB_FMT_FP32 ? 2u : code == JOB_FMT_BF16; }
// Whether a descriptor may give that bias: 0, if not the format's is the tensor's.
static inline bool job_format_may_have(uint32_t code, uint32_t bias) { return bias == 0 || code == JOB_FMT_CF8_143 || code == JOB_FMT_CF8_152; }
// Whether it is no operand of a GEMM.
static inline bool job_format_result_only(uint32_t code) { return code == JOB_FMT_FP32; }
