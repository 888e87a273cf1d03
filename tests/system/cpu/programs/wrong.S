// SPDX-License-Identifier: Apache-2.0
// Compiled for what the core is not, and refused.
  .section .text.init, "ax"
  .globl _start
_start:
  addi a0, a0, 1
  j _start
