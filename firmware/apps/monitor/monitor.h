// SPDX-License-Identifier: Apache-2.0
// The monitor: runs the host's commands on the tile, looks after its memory, and survives its own restarts.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Begins, or begins again: everything it knows comes from RESET_REASON, the mailbox and the shared area.
void monitor_start(void);
// One bounded slice of work, ending with a kick of the watchdog. False if there is nothing to do before an interrupt
// (bits of IRQ_PENDING) or the timer.
bool monitor_poll(void);
// A trap that was not expected, with its mcause, mepc and mtval: leaves word and resets the core.
void monitor_fatal(uint32_t cause, uint32_t pc, uint32_t value);

#ifdef __cplusplus
}
#endif
