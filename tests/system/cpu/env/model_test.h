// SPDX-License-Identifier: Apache-2.0
// The target-specific macros of the RISC-V Architectural Test Format (version 3: model_test.h), for the tile's
// controller. Interrupts come from its own registers: MSIP and MTIMECMP (rtl/regs/cpu_regs.md).
#pragma once
// clang-format off

// These programs use every register, gp too: nothing may be addressed relative to it.
  .option norelax

#define RVMODEL_BOOT

// The end of a test: the signature is complete.
#define RVMODEL_HALT \
  fence;             \
  la t0, tohost;     \
  li t1, 1;          \
  sw t1, 0(t0);      \
1:  j 1b;

#define RVMODEL_DATA_SECTION             \
  .pushsection .tohost, "aw", @progbits; \
  .balign 64;                            \
  .globl tohost;                         \
tohost:                                \
  .word 0, 0;                            \
  .balign 64;                            \
  .globl fromhost;                       \
fromhost:                              \
  .word 0, 0;                            \
  .popsection;

#define RVMODEL_DATA_BEGIN \
  RVMODEL_DATA_SECTION     \
  .balign 16;              \
  .globl begin_signature;  \
begin_signature:

// References of suite 3 end where the program's words end; those of suite 2 are padded with zeros: -DSIGNATURE_ALIGN=16.
#ifndef SIGNATURE_ALIGN
#define SIGNATURE_ALIGN 4
#endif
#define RVMODEL_DATA_END   \
  .balign SIGNATURE_ALIGN; \
  .globl end_signature;    \
end_signature:

// No console: the signature is all there is.
#define RVMODEL_IO_INIT
#define RVMODEL_IO_WRITE_STR(register, text)
#define RVMODEL_IO_CHECK()
#define RVMODEL_IO_ASSERT_GPR_EQ(scratch, register, value)
#define RVMODEL_IO_ASSERT_SFPR_EQ(scratch, register, value)
#define RVMODEL_IO_ASSERT_DFPR_EQ(scratch, register, value)

#define RVMODEL_SET_MSW_INT \
  li t1, 1;                 \
  li t2, 0x80001030;        \
  sw t1, 0(t2);

#define RVMODEL_CLEAR_MSW_INT \
  li t0, 0x80001030;          \
  sw zero, 0(t0);

// MTIMECMP to its largest value, high word first.
#define RVMODEL_CLEAR_MTIMER_INT \
  li t0, 0x8000103c;             \
  li t2, -1;                     \
  sw t2, 4(t0);                  \
  sw t2, 0(t0);

#define RVMODEL_CLEAR_MEXT_INT
#define RVMODEL_CLR_MEXT_INT
