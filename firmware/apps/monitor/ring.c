// SPDX-License-Identifier: Apache-2.0
// The shared area (monitor_abi.h).
#include "ring.h"

#include <mmio.h>

#define AREA_ALIGNMENT 64u

bool ring_fits(const struct tile_geometry* g, uint32_t base, uint32_t slots) {
  if (slots == 0 || slots > MONITOR_MOST_SLOTS || (slots & (slots - 1u)) != 0) return false;
  const uint32_t bytes = MONITOR_AREA_BYTES(slots);
  return base % AREA_ALIGNMENT == 0 && bytes <= g->data_bytes && base <= g->data_bytes - bytes &&
         g->word_bytes <= AREA_ALIGNMENT;
}

struct ring ring_default(const struct tile_geometry* g) {
  const struct ring ring = {g->data_bytes - MONITOR_AREA_BYTES(MONITOR_DEFAULT_SLOTS), MONITOR_DEFAULT_SLOTS};
  return ring;
}

struct region ring_region(const struct ring* ring) {
  const struct region region = {ring->base, ring->base + MONITOR_AREA_BYTES(ring->slots)};
  return region;
}

static uint32_t command_address(const struct ring* ring, uint32_t sequence) {
  return ring->base + MONITOR_COMMAND_AT(sequence & (ring->slots - 1u));
}

struct plan_verdict ring_read_head(const struct ring* ring, uint32_t sequence, uint32_t head[RING_HEAD_WORDS]) {
  struct plan_verdict verdict = {MONITOR_OK, 0};
  const uint32_t at = command_address(ring, sequence);
  uint32_t check;
  if (!mmio_load(at, head, RING_HEAD_WORDS) || !mmio_load(at + 4u * MONITOR_CMD_CHECK, &check, 1)) {
    __builtin_memset(head, 0, 4u * RING_HEAD_WORDS);
    verdict.status = MONITOR_UNREADABLE;
  } else if (head[MONITOR_CMD_SEQUENCE] != sequence) {
    verdict.status = MONITOR_BAD_SEQUENCE;
    verdict.field = MONITOR_CMD_SEQUENCE;
  } else if (check != ~sequence) {
    verdict.status = MONITOR_BAD_SEQUENCE;
    verdict.field = MONITOR_CMD_CHECK;
  }
  return verdict;
}

bool ring_read_rest(const struct ring* ring, uint32_t sequence, uint32_t command[MONITOR_COMMAND_WORDS]) {
  if (mmio_load(command_address(ring, sequence), command, MONITOR_COMMAND_WORDS)) return true;
  __builtin_memset(command, 0, MONITOR_COMMAND_BYTES);
  return false;
}

uint32_t ring_answer_address(const struct ring* ring, uint32_t sequence) {
  return ring->base + MONITOR_ANSWER_AT(ring->slots, sequence & (ring->slots - 1u));
}

enum ecc_stored ring_write_answer(const struct ring* ring, const uint32_t answer[MONITOR_ANSWER_WORDS]) {
  return ecc_store(ring_answer_address(ring, answer[MONITOR_ANS_SEQUENCE]), answer, MONITOR_ANSWER_WORDS);
}
