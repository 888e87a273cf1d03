// SPDX-License-Identifier: Apache-2.0
// Self-tests of registers and timer.
#include <controller.h>
#include <hilbert/regs/cpu.h>
#include <hilbert/regs/tile.h>
#include <mmio.h>

#include "selftest.h"

static void check_bits(uint32_t step, uint32_t address, uint32_t written, uint32_t kept) {
  mmio_write(address, written);
  const uint32_t found = mmio_read(address);
  if (found != (written & kept)) selftest_fail(step, address, written & kept, found);
}

// Steps: 0 SCRATCH, a walking one and a walking zero; 1 the semaphores, all different, then zero.
bool test_registers(const struct selftest_place* at) {
  (void)at;
  for (uint32_t bit = 0; bit < 32; ++bit) {
    check_bits(0, TILE_BASE + TILE_SCRATCH, 1u << bit, 0xFFFFFFFFu);
    check_bits(0, TILE_BASE + TILE_SCRATCH, ~(1u << bit), 0xFFFFFFFFu);
  }
  for (uint32_t i = 0; i < TILE_SEM_COUNT; ++i) mmio_write(TILE_BASE + TILE_SEM + 4u * i, 0xA5A0u + i);
  for (uint32_t i = 0; i < TILE_SEM_COUNT; ++i) {
    const uint32_t address = TILE_BASE + TILE_SEM + 4u * i, found = mmio_read(address);
    if (found != 0xA5A0u + i) selftest_fail(1, address, 0xA5A0u + i, found);
    check_bits(1, address, 0, 0xFFFFu);
  }
  return false;
}

// MTIME advances, and 64 bits of it never go back.
bool test_timer(const struct selftest_place* at) {
  (void)at;
  const uint64_t first = timer_now64();
  uint64_t last = first;
  for (uint32_t i = 0; i < 64; ++i) {
    const uint64_t now = timer_now64();
    if (now < last) selftest_fail(i, CPU_BASE + CPU_MTIME, (uint32_t)last, (uint32_t)now);
    last = now;
  }
  if (last == first) selftest_fail(64, CPU_BASE + CPU_MTIME, (uint32_t)first + 1u, (uint32_t)last);
  return false;
}
