// SPDX-License-Identifier: Apache-2.0
// The monitor on the core: a loop that sleeps while there is nothing to do.
#include <controller.h>
#include <hilbert/monitor_abi.h>
#include <hilbert/regs/cpu.h>
#include <mmio.h>
#include <rv32.h>

#include "monitor.h"

_Noreturn void monitor_damaged(void);

#define WAKE_CLOCKS 65536u  // at least that often, for scrubbing; a quarter of the watchdog's period if that is less

// Before anything in memory is sure, so without a stack: after a restart the image is not what was loaded.
_Noreturn void monitor_damaged(void) {
  mmio_write(CPU_BASE + CPU_WDT_PERIOD, 0);
  mmio_write(CPU_BASE + CPU_MAILBOX + 4u * MONITOR_BOX_PHASE, MONITOR_DAMAGED);
  mmio_write(CPU_BASE + CPU_HOST_IRQ, MONITOR_HOST_IRQ);
  for (;;) rv32_wait();
}

int main(void) {
  monitor_start();
  const uint32_t period = mailbox_read(MONITOR_BOX_WATCHDOG);
  const uint32_t wake = period != 0 && period / 4u < WAKE_CLOCKS ? period / 4u : WAKE_CLOCKS;
  rv32_enable_wakeups();
  for (;;) {
    if (monitor_poll()) continue;
    timer_wake_at(timer_now64() + wake);
    rv32_wait();
  }
}
