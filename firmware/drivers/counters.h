// SPDX-License-Identifier: Apache-2.0
// The tile's performance counters.
#pragma once

#include <stdint.h>

struct counters {
  uint64_t clocks, macs;  // of the same clock
  uint32_t busy, steps, stall_operand, stall_result, stall_c, jobs, errors;
};

struct counters counters_read(void);
// Zeroes every performance counter and the ECC counts; the queue goes on.
void counters_clear(void);
