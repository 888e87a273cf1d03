// SPDX-License-Identifier: Apache-2.0
// The controller's own block (rtl/cpu/README.md).
#include "controller.h"

#include <hilbert/regs/cpu.h>
#include <mmio.h>

uint32_t mailbox_read(uint32_t index) { return mmio_read(CPU_BASE + CPU_MAILBOX + 4u * index); }
void mailbox_write(uint32_t index, uint32_t value) { mmio_write(CPU_BASE + CPU_MAILBOX + 4u * index, value); }

uint32_t doorbell_take(void) {
  const uint32_t bits = mmio_read(CPU_BASE + CPU_DOORBELL);
  if (bits != 0) mmio_write(CPU_BASE + CPU_DOORBELL_CLEAR, bits);
  return bits;
}

void doorbell_ring_host(uint32_t bits) { mmio_write(CPU_BASE + CPU_HOST_IRQ, bits); }
void doorbell_enable_causes(uint32_t causes) { mmio_write(CPU_BASE + CPU_IRQ_ENABLE, causes); }

uint32_t timer_now(void) { return mmio_read(CPU_BASE + CPU_MTIME); }

uint64_t timer_now64(void) {
  const uint32_t low = mmio_read(CPU_BASE + CPU_MTIME);  // holds the high word
  return (uint64_t)mmio_read(CPU_BASE + CPU_MTIME + 4u) << 32 | low;
}

void timer_wake_at(uint64_t clocks) {
  mmio_write(CPU_BASE + CPU_MTIMECMP + 4u, 0xFFFFFFFFu);  // never early on the way
  mmio_write(CPU_BASE + CPU_MTIMECMP, (uint32_t)clocks);
  mmio_write(CPU_BASE + CPU_MTIMECMP + 4u, (uint32_t)(clocks >> 32));
}

void watchdog_set_period(uint32_t clocks) { mmio_write(CPU_BASE + CPU_WDT_PERIOD, clocks); }
void watchdog_kick(void) { mmio_write(CPU_BASE + CPU_WDT_KICK, CPU_WATCHDOG_KEY); }
void watchdog_reset_core(void) { mmio_write(CPU_BASE + CPU_WDT_KICK, 0); }

uint32_t reset_read_reason(void) { return mmio_read(CPU_BASE + CPU_RESET_REASON); }
bool reset_by_watchdog(uint32_t reason) { return (reason & CPU_RESET_REASON_WATCHDOG_MASK) != 0; }
