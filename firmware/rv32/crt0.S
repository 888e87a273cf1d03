# SPDX-License-Identifier: Apache-2.0
# Start and traps. Every start, the watchdog's too, copies .data from its load copy and zeroes .bss.
  .option arch, +zicsr  // -march=rv32i finds the compiler's libgcc; the control registers are there all the same
  .section .text.start, "ax"
  .globl _start
_start:
  .option push
  .option norelax
  la      gp, __global_pointer$
  la      sp, stack_top
  .option pop
  la      t0, trap
  csrw    mtvec, t0
  csrw    mie, zero
  la      a0, data_start
  la      a1, data_end
  la      a2, data_load
1:bgeu    a0, a1, 2f
  lw      t0, 0(a2)
  sw      t0, 0(a0)
  addi    a0, a0, 4
  addi    a2, a2, 4
  j       1b
2:la      a0, bss_start
  la      a1, bss_end
3:bgeu    a0, a1, 4f
  sw      zero, 0(a0)
  addi    a0, a0, 4
  j       3b
4:call    main
5:wfi
  j       5b

# A trap at a guarded access goes back to say that it failed; mmio_load and mmio_store are functions, so that t0 and t1
# are free. Any other trap is fatal: it may have come with any stack, so it takes a fresh one.
  .balign 4
trap:
  csrr    t0, mepc
  la      t1, guarded_load
  beq     t0, t1, 1f
  la      t1, guarded_store
  beq     t0, t1, 1f
  .option push
  .option norelax
  la      sp, stack_top
  .option pop
  csrr    a0, mcause
  csrr    a1, mepc
  csrr    a2, mtval
  call    monitor_fatal
2:wfi
  j       2b
1:la      t0, guard_failed
  csrw    mepc, t0
  mret

# bool mmio_load(uint32_t address, uint32_t *words, uint32_t count)
  .text
  .globl mmio_load
mmio_load:
  beqz    a2, guard_passed
guarded_load:
  lw      t0, 0(a0)
  sw      t0, 0(a1)
  addi    a0, a0, 4
  addi    a1, a1, 4
  addi    a2, a2, -1
  bnez    a2, guarded_load
guard_passed:
  li      a0, 1
  ret

# bool mmio_store(uint32_t address, const uint32_t *words, uint32_t count): loads first, so that only the store can fail
  .globl mmio_store
mmio_store:
  beqz    a2, guard_passed
1:lw      t0, 0(a1)
guarded_store:
  sw      t0, 0(a0)
  addi    a0, a0, 4
  addi    a1, a1, 4
  addi    a2, a2, -1
  bnez    a2, 1b
  j       guard_passed
guard_failed:
  li      a0, 0
  ret
