// SPDX-License-Identifier: Apache-2.0
// The few things that only the core has.
#pragma once

// Interrupts wake the core from rv32_wait() but are never taken: mstatus.MIE stays 0 and the loop looks for itself.
static inline void rv32_enable_wakeups(void) {
  const unsigned software = 1u << 3, timer = 1u << 7, external = 1u << 11;
  __asm__ volatile(
      ".option push\n .option arch, +zicsr\n csrw mie, %0\n .option pop" ::"r"(software | timer | external));
}
static inline void rv32_wait(void) { __asm__ volatile("wfi" ::: "memory"); }
