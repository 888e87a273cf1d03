// SPDX-License-Identifier: Apache-2.0
// A ring of timed entries in tile memory, which the host reads and a restart of the core does not touch.
#pragma once

#include <stdint.h>

// The ring is at `address`; `written` entries have been written before.
void log_open(uint32_t address, uint32_t written, uint32_t restarts);
// Appends; overwrites the oldest. Entries on an uncorrectable word are lost: they become zero when it is healed.
__attribute__((cold)) void log_write(uint32_t code, uint32_t value0, uint32_t value1);
