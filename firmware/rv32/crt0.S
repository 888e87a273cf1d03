# SPDX-License-Identifier: Apache-2.0
# Start and traps. Every start, the watchdog's too, makes the variables and the stack good zeros; one after the watchdog
# first looks whether the image is still what was loaded.
#include <hilbert/regs/cpu.h>
#include <hilbert/regs/tile.h>

  .equ START_CLOCKS, 1 << 20  // the watchdog's period until the monitor has read its own: some ten times what a start takes

  .option arch, +zicsr  // -march=rv32i finds the compiler's libgcc; the control registers are there all the same
  .section .text.start, "ax"
  .globl _start
_start:
  la      t0, damaged  # until the image is known to be good
  csrw    mtvec, t0
  csrw    mie, zero
  .option push
  .option norelax
  la      gp, __global_pointer$
  la      sp, stack_top
  .option pop
  li      a5, CPU_BASE
  li      t0, START_CLOCKS
  sw      t0, CPU_WDT_PERIOD(a5)
  lw      t0, CPU_RESET_REASON(a5)
  andi    t0, t0, CPU_RESET_REASON_WATCHDOG_MASK
  beqz    t0, 2f
  # The words of the image add up to zero (seal.py).
  la      a0, _start
  la      a1, image_end
  li      a2, 0
1:lw      t0, 0(a0)
  lw      t1, 4(a0)
  lw      t2, 8(a0)
  lw      t3, 12(a0)
  add     a2, a2, t0
  add     a2, a2, t1
  add     a2, a2, t2
  add     a2, a2, t3
  addi    a0, a0, 16
  bltu    a0, a1, 1b
  bnez    a2, damaged
2:la      t0, heal
  csrw    mtvec, t0
  la      a0, bss_start
  la      a1, bss_end
  call    clear
  la      a0, stack_bottom
  la      a1, stack_top
  call    clear
  la      t0, trap
  csrw    mtvec, t0
  call    main
3:wfi
  j       3b

# Zeros from a0 to a1. A store that traps heals its word; both ends are ends of memory words.
clear:
  sw      zero, 0(a0)
  addi    a0, a0, 4
  bltu    a0, a1, clear
  ret
  .balign 4
heal:
  csrr    t0, mcause
  addi    t0, t0, -7
  bnez    t0, damaged
  csrr    t0, mtval
  li      t1, TILE_BASE + TILE_HEAL
  sw      t0, 0(t1)
1:lw      t0, 0(t1)
  andi    t0, t0, TILE_HEAL_BUSY_MASK
  bnez    t0, 1b
  mret

  .balign 4
damaged:
  j       monitor_damaged

# An access fault at a guarded access goes back to say that it failed; mmio_load and mmio_store are functions, so that t0
# and t1 are free. Any other trap is fatal: it may have come with any stack, so it takes a fresh one.
  .balign 4
trap:
  csrr    t0, mcause
  csrr    t1, mepc
  addi    t0, t0, -5  # load access fault
  beqz    t0, 1f
  addi    t0, t0, -2  # store access fault
  bnez    t0, 2f
  la      t0, guarded_stores
  bltu    t1, t0, 2f
  la      t0, guarded_stores_end
  bltu    t1, t0, 4f
  j       2f
1:la      t0, guarded_loads
  bltu    t1, t0, 2f
  la      t0, guarded_loads_end
  bltu    t1, t0, 4f
2:  .option push
  .option norelax
  la      sp, stack_top
  .option pop
  csrr    a0, mcause
  csrr    a1, mepc
  csrr    a2, mtval
  call    monitor_fatal
3:wfi
  j       3b
4:la      t0, guard_failed
  csrw    mepc, t0
  mret

# bool mmio_load(uint32_t address, uint32_t *words, uint32_t count): four words a turn, then one. Between the labels only
# what is guarded loads.
  .text
  .globl mmio_load
mmio_load:
  addi    a2, a2, -4
guarded_loads:
  bltz    a2, 2f
1:lw      t0, 0(a0)
  lw      t1, 4(a0)
  lw      t2, 8(a0)
  lw      a3, 12(a0)
  sw      t0, 0(a1)
  sw      t1, 4(a1)
  sw      t2, 8(a1)
  sw      a3, 12(a1)
  addi    a0, a0, 16
  addi    a1, a1, 16
  addi    a2, a2, -4
  bgez    a2, 1b
2:addi    a2, a2, 4
  beqz    a2, guard_passed
3:lw      t0, 0(a0)
  sw      t0, 0(a1)
  addi    a0, a0, 4
  addi    a1, a1, 4
  addi    a2, a2, -1
  bnez    a2, 3b
guarded_loads_end:
guard_passed:
  li      a0, 1
  ret

# bool mmio_store(uint32_t address, const uint32_t *words, uint32_t count): the same; only what is guarded stores.
  .globl mmio_store
mmio_store:
  addi    a2, a2, -4
guarded_stores:
  bltz    a2, 2f
1:lw      t0, 0(a1)
  lw      t1, 4(a1)
  lw      t2, 8(a1)
  lw      a3, 12(a1)
  sw      t0, 0(a0)
  sw      t1, 4(a0)
  sw      t2, 8(a0)
  sw      a3, 12(a0)
  addi    a0, a0, 16
  addi    a1, a1, 16
  addi    a2, a2, -4
  bgez    a2, 1b
2:addi    a2, a2, 4
  beqz    a2, guard_passed
3:lw      t0, 0(a1)
  sw      t0, 0(a0)
  addi    a0, a0, 4
  addi    a1, a1, 4
  addi    a2, a2, -1
  bnez    a2, 3b
guarded_stores_end:
  j       guard_passed
guard_failed:
  li      a0, 0
  ret
