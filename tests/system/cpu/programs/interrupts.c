// SPDX-License-Identifier: Apache-2.0
// Interrupts of the tile, vectored: priority of three pending at once, WFI with and without being taken, a timer that
// interrupts a computation. The signature is the causes in the order in which they were taken, and the sum at its end.
#include <hilbert/regs/cpu.h>
#include "program.h"

SIGNATURE(16);

static volatile uint32_t ticks, logged;

static uint32_t get(uint32_t offset) { return *(volatile uint32_t*)(CPU_BASE + offset); }
static void set(uint32_t offset, uint32_t value) { *(volatile uint32_t*)(CPU_BASE + offset) = value; }
static void log_word(uint32_t word) { signature[logged++] = word; }

/// High word first at its largest, so that no moment between is due.
static void set_timer(uint64_t at) {
  set(CPU_MTIMECMP + 4, ~0u);
  set(CPU_MTIMECMP, (uint32_t)at);
  set(CPU_MTIMECMP + 4, (uint32_t)(at >> 32));
}
static uint64_t now(void) {
  const uint32_t low = get(CPU_MTIME);  // holds the high word
  return low | (uint64_t)get(CPU_MTIME + 4) << 32;
}

__attribute__((interrupt, used)) static void on_software(void) {
  set(CPU_MSIP, 0);
  log_word(3);
}
__attribute__((interrupt, used)) static void on_timer(void) {
  if (ticks == 0) {
    set_timer(~0ull);
    log_word(7);
  } else {  // the storm
    --ticks;
    set_timer(ticks == 0 ? ~0ull : now() + 90);
  }
}
__attribute__((interrupt, used)) static void on_external(void) {
  set(CPU_DOORBELL_CLEAR, ~0u);
  log_word(11);
}

__asm__(
    ".text\n.balign 64\n"
    "vectors: j unexpected\n j unexpected\n j unexpected\n j on_software\n j unexpected\n j unexpected\n j unexpected\n"
    "j on_timer\n j unexpected\n j unexpected\n j unexpected\n j on_external\n");

static void enable(void) { __asm__ volatile("csrsi mstatus, 8" ::: "memory"); }
static void disable(void) { __asm__ volatile("csrci mstatus, 8" ::: "memory"); }
static void wait(void) { __asm__ volatile("wfi" ::: "memory"); }

int main(void) {
  __asm__ volatile("la t0, vectors\n addi t0, t0, 1\n csrw mtvec, t0\n csrw mie, %0" ::"r"(0x888) : "t0");
  set(CPU_IRQ_ENABLE, CPU_IRQ_PENDING_DOORBELL_MASK);

  // All at once: external, software, timer
  set(CPU_MSIP, 1);
  set_timer(0);
  set(CPU_DOORBELL, 1);
  enable();
  disable();
  if (logged != 3) return 1;

  // Asleep with interrupts enabled: taken. Disabled: only woken.
  enable();
  for (uint32_t i = 1; i <= 3; ++i) {
    set_timer(now() + 200);
    while (logged != 3 + i) wait();
  }
  disable();
  set_timer(now() + 200);
  wait();
  uint32_t pending;
  __asm__ volatile("csrr %0, mip" : "=r"(pending));
  log_word(pending);
  set_timer(~0ull);

  // A sum, interrupted 100 times
  ticks = 100;
  set_timer(now() + 90);
  enable();
  uint32_t sum = 0;
  for (uint32_t i = 0; i < 1000 || ticks != 0; ++i) sum += i < 1000 ? i * i : 0;
  disable();
  log_word(sum);
  return ticks == 0 ? 0 : 2;
}
