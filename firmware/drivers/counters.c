// SPDX-License-Identifier: Apache-2.0
// The tile's performance counters (rtl/regs/tile.toml).
#include "counters.h"

#include <hilbert/regs/tile.h>
#include <mmio.h>

static uint32_t read(uint32_t offset) { return mmio_read(TILE_BASE + offset); }

struct counters counters_read(void) {
  struct counters c;
  const uint32_t low = read(TILE_PERF_CYCLES);  // holds the high word and PERF_MACS
  c.clocks = (uint64_t)read(TILE_PERF_CYCLES + 4u) << 32 | low;
  c.macs = (uint64_t)read(TILE_PERF_MACS + 4u) << 32 | read(TILE_PERF_MACS);
  c.busy = read(TILE_PERF_BUSY);
  c.steps = read(TILE_PERF_STEPS);
  c.stall_operand = read(TILE_PERF_STALL_OPERAND);
  c.stall_result = read(TILE_PERF_STALL_RESULT);
  c.stall_c = read(TILE_PERF_STALL_C);
  c.jobs = read(TILE_PERF_JOBS);
  c.errors = read(TILE_PERF_ERRORS);
  return c;
}

void counters_clear(void) {
  const uint32_t enabled = read(TILE_CTRL) & TILE_CTRL_ENABLE_MASK;
  mmio_write(TILE_BASE + TILE_CTRL, enabled | TILE_CTRL_PERF_CLEAR_MASK);
}
