// SPDX-License-Identifier: Apache-2.0
// Identity and geometry of the tile.
#include "tile.h"

#include <hilbert/regs/cpu.h>
#include <hilbert/regs/tile.h>
#include <mmio.h>

bool tile_identify(void) {
  return mmio_read(TILE_BASE + TILE_ID) == TILE_ID_VALUE && mmio_read(TILE_BASE + TILE_MAP_HASH) == TILE_HASH_VALUE &&
         mmio_read(TILE_BASE + TILE_VERSION) >> 16 == TILE_VERSION_VALUE >> 16 &&
         mmio_read(CPU_BASE + CPU_ID) == CPU_ID_VALUE && mmio_read(CPU_BASE + CPU_MAP_HASH) == CPU_HASH_VALUE &&
         mmio_read(CPU_BASE + CPU_VERSION) >> 16 == CPU_VERSION_VALUE >> 16;
}

struct tile_geometry tile_read_geometry(void) {
  const uint32_t array = mmio_read(TILE_BASE + TILE_CFG_ARRAY);
  const uint32_t memory = mmio_read(TILE_BASE + TILE_CFG_MEM);
  struct tile_geometry g;
  g.rows = (array & TILE_CFG_ARRAY_ROWS_MASK) >> TILE_CFG_ARRAY_ROWS_LSB;
  g.cols = (array & TILE_CFG_ARRAY_COLS_MASK) >> TILE_CFG_ARRAY_COLS_LSB;
  g.depth = (array & TILE_CFG_ARRAY_DEPTH_MASK) >> TILE_CFG_ARRAY_DEPTH_LSB;
  g.banks = (memory & TILE_CFG_MEM_BANKS_MASK) >> TILE_CFG_MEM_BANKS_LSB;
  g.bank_bytes = mmio_read(TILE_BASE + TILE_CFG_BANK_BYTES);
  g.data_bytes = g.banks * g.bank_bytes;
  g.word_bytes = (memory & TILE_CFG_MEM_WORD_BYTES_MASK) >> TILE_CFG_MEM_WORD_BYTES_LSB;
  g.queue_slots = (memory & TILE_CFG_MEM_QUEUE_SLOTS_MASK) >> TILE_CFG_MEM_QUEUE_SLOTS_LSB;
  return g;
}
