// SPDX-License-Identifier: Apache-2.0
// Registers and memory by their address. On the core plain accesses; elsewhere whoever runs the drivers provides them.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__riscv) && __riscv_xlen == 32
static inline uint32_t mmio_read(uint32_t address) { return *(const volatile uint32_t*)address; }
static inline void mmio_write(uint32_t address, uint32_t value) { *(volatile uint32_t*)address = value; }
#else
uint32_t mmio_read(uint32_t address);
void mmio_write(uint32_t address, uint32_t value);
#endif

// Copies `count` 32-bit words from or to data or queue memory; `address` is a multiple of 4. False if a memory word on
// the way is uncorrectable: a load then has not filled `words`, a store has not changed that word (ecc_store() heals
// it). Never traps for that.
bool mmio_load(uint32_t address, uint32_t* words, uint32_t count);
bool mmio_store(uint32_t address, const uint32_t* words, uint32_t count);

#ifdef __cplusplus
}
#endif
