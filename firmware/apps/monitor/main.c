// SPDX-License-Identifier: Apache-2.0
// The monitor on the core: a loop that sleeps while there is nothing to do.
#include <controller.h>
#include <monitor_abi.h>
#include <rv32.h>

#include "monitor.h"

#define WAKE_CLOCKS 65536u  // at least that often, for scrubbing; a quarter of the watchdog's period if that is less

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
