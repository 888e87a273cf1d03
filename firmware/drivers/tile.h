// SPDX-License-Identifier: Apache-2.0
// What the tile is: identity and geometry, read and never assumed.
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct tile_geometry {
  uint32_t rows, cols, depth;
  uint32_t banks, bank_bytes, data_bytes;
  uint32_t word_bytes;
  uint32_t queue_slots;
};

// False if the identity, the major version or the map's hash of the tile or of its controller is not the compiled one.
bool tile_identify(void);
struct tile_geometry tile_read_geometry(void);
