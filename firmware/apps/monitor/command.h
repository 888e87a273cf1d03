// SPDX-License-Identifier: Apache-2.0
// What a command of the host is while the monitor works on it. check.h says whether it is good, plan.h cuts it.
#pragma once

#include <hilbert/monitor_abi.h>
#include <stdbool.h>
#include <stdint.h>
#include <tile.h>

// Bytes from base to end of data memory; empty if they are equal.
struct region {
  uint32_t base, end;
};

static inline bool regions_meet(struct region x, struct region y) {
  return x.base < x.end && y.base < y.end && x.base < y.end && y.base < x.end;
}

#define PLAN_READS 3u
#define PLAN_WRITES 2u

struct plan {
  uint32_t command[MONITOR_COMMAND_WORDS];
  uint32_t m, n, k;                     // extent in elements; COPY, FILL: rows and words; k = 1 where there is none
  uint32_t block_m, block_n, block_k;   // of one descriptor, at most
  uint32_t panel_m, panel_n;            // rows, and columns, where a panel ends and another begins
  uint32_t groups;                      // columns that lie together: Depth; COPY, FILL: 1
  uint32_t a_row, b_row, s_row, d_row;  // bytes from one column (k or n) of a panel to the next: A, B, C or source, D
  struct region reads[PLAN_READS], writes[PLAN_WRITES];
  bool repeatable;  // a block can be run again: it does not overwrite its own C
  bool reusable;    // a good command's, without room for sums: the next of that shape needs no new one
};

// Of word 0: what a descriptor has too. Of the word of formats: that of D with its bias.
#define COMMAND_OPTIONS (JOB_OPTIONS_GEMM & ~JOB_OPTION_IRQ)
#define COMMAND_D_FORMAT (JOB_FORMAT_D_MASK | JOB_BIAS_D_MASK)

struct plan_verdict {
  uint32_t status, field;  // of the answer
};
