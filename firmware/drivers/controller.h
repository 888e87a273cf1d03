// SPDX-License-Identifier: Apache-2.0
// The controller's own block: mailbox, doorbells, timer, watchdog, reset reason.
#pragma once

#include <stdbool.h>
#include <stdint.h>

uint32_t mailbox_read(uint32_t index);
void mailbox_write(uint32_t index, uint32_t value);

// Takes the host's doorbell bits: returns and clears them.
uint32_t doorbell_take(void);
// Raises bits of HOST_IRQ.
void doorbell_ring_host(uint32_t bits);
// Which causes wake the core (bits of IRQ_PENDING).
void doorbell_enable_causes(uint32_t causes);

uint32_t timer_now(void);  // clocks, low word
uint64_t timer_now64(void);
void timer_wake_at(uint64_t clocks);

// 0 switches it off.
void watchdog_set_period(uint32_t clocks);
void watchdog_kick(void);
// Resets the core at once. Returns only where there is no watchdog.
void watchdog_reset_core(void);

// RESET_REASON; whether it was the watchdog.
uint32_t reset_read_reason(void);
bool reset_by_watchdog(uint32_t reason);
