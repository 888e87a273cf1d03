// SPDX-License-Identifier: Apache-2.0
// The environment that tests in the shape of riscv-tests are compiled in: macros of this name and meaning, for a core
// with machine mode alone. A test ends by storing 1 (pass) or 2 * TESTNUM + 1 (failure) to tohost.
#pragma once
// clang-format off

#if __has_include("encoding.h")
#include "encoding.h"
#else
#include "causes.h"
#endif

// Every kind of test begins in machine mode. User and supervisor mode do not exist here; what is left of their tests runs.
#define RVTEST_RV32U
#define RVTEST_RV32M
#define RVTEST_RV32S
#define RVTEST_RV64U
#define RVTEST_RV64M
#define RVTEST_RV64S

// So gp is no pointer: nothing may be addressed relative to it.
#define TESTNUM gp
  .option norelax

// Traps go to mtvec_handler, if the test has one; otherwise any trap is a failure: 500 + mcause (of an interrupt 756 + cause).
// A failure without a number is number 499: 2 * 0 + 1 would be a pass, and so would 2^31, whose double is 0 in 32 bits.
#define RVTEST_CODE_BEGIN                   \
  .pushsection .tohost, "aw", @progbits;    \
  .balign 64;                               \
  .globl tohost;                            \
tohost:                                   \
  .word 0, 0;                               \
  .balign 64;                               \
  .globl fromhost;                          \
fromhost:                                 \
  .word 0, 0;                               \
  .popsection;                              \
  .section .text.init, "ax";                \
  .weak mtvec_handler;                      \
  .globl _start;                            \
_start:                                   \
  la t0, mtvec_handler;                     \
  bnez t0, hilbert_begin;                   \
  la t0, hilbert_unexpected;                \
hilbert_begin:                            \
  csrw mtvec, t0;                           \
  li TESTNUM, 0;                            \
  j hilbert_test;                           \
  .balign 4;                                \
hilbert_unexpected:                       \
  csrr t0, mcause;                          \
  srli TESTNUM, t0, 31;                     \
  slli TESTNUM, TESTNUM, 8;                 \
  andi t0, t0, 255;                         \
  add TESTNUM, TESTNUM, t0;                 \
  addi TESTNUM, TESTNUM, 500;               \
hilbert_fail:                             \
  slli TESTNUM, TESTNUM, 1;                 \
  bnez TESTNUM, hilbert_numbered;           \
  li TESTNUM, 2 * 499;                      \
hilbert_numbered:                         \
  ori TESTNUM, TESTNUM, 1;                  \
hilbert_end:                              \
  la t0, tohost;                            \
  sw TESTNUM, 0(t0);                        \
1:  j 1b;                                 \
  .section .text, "ax";                     \
hilbert_test:

#define RVTEST_CODE_END \
  .balign 4;            \
  .word 0

#define RVTEST_PASS \
  fence;            \
  li TESTNUM, 1;    \
  j hilbert_end

#define RVTEST_FAIL \
  fence;            \
  j hilbert_fail

#define RVTEST_DATA_BEGIN  \
  .balign 16;              \
  .globl begin_signature;  \
begin_signature:

#define RVTEST_DATA_END  \
  .balign 4;             \
  .globl end_signature;  \
end_signature:
