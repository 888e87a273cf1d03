// SPDX-License-Identifier: Apache-2.0
// Division where the divisor is a power of two, as every measure of the tile is: rv32i has no instruction for the
// others.
#pragma once

#include <stdint.h>

static inline uint32_t power_div(uint32_t a, uint32_t power) {
  while ((power >>= 1) != 0) a >>= 1;
  return a;
}
static inline uint32_t power_ceil_div(uint32_t a, uint32_t power) {
  return power_div(a, power) + ((a & (power - 1u)) != 0);
}
