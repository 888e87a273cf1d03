// SPDX-License-Identifier: Apache-2.0
// One look at where a descriptor writes, cheap enough for every one: shifts, and a product with the number of panels.
#include "batch.h"

#include <spare.h>

static uint32_t log2_of(uint32_t power) {
  uint32_t shift = 0;
  while ((power >>= 1) != 0) ++shift;
  return shift;
}

struct batch_limits batch_limits(const struct tile_geometry* g, struct region guarded, uint32_t slots) {
  const uint32_t share = MONITOR_BATCH_SHARE(slots);
  const struct batch_limits limits = {.room = spare_room(),
                                      .share = share,
                                      .slot_mask = slots - 1u,
                                      .slot_shift = log2_of(share * MONITOR_DESCRIPTOR_BYTES),
                                      .guarded = guarded,
                                      .rows_shift = log2_of(g->rows),
                                      .depth_mask = g->depth - 1u,
                                      .word_mask = g->word_bytes - 1u,
                                      .word_shift = log2_of(g->word_bytes)};
  return limits;
}

struct plan_verdict batch_check(const struct batch_limits* limits, const uint32_t* command) {
  if (command[MONITOR_CMD_OPCODE] != MONITOR_BATCH)
    return (struct plan_verdict){MONITOR_BAD_OPTION, MONITOR_CMD_OPCODE};
  const uint32_t count = command[MONITOR_CMD_COUNT];
  if (count == 0 || count > limits->share) return (struct plan_verdict){MONITOR_BAD_SIZE, MONITOR_CMD_COUNT};
  return (struct plan_verdict){MONITOR_OK, 0};
}

// x * y in as many turns as y has bits: there are few panels, and rv32i has no instruction for it.
static uint32_t times(uint32_t x, uint32_t y) {
  uint32_t product = 0;
  for (; y != 0; y >>= 1, x <<= 1) {
    if ((y & 1u) != 0) product += x;
  }
  return product;
}

struct plan_verdict batch_check_descriptor(const struct batch_limits* l, const uint32_t d[MONITOR_DESCRIPTOR_WORDS]) {
  const uint32_t opcode = JOB_FIELD(d, OPCODE);
  // The others reach other chips, whose shared area nobody here knows.
  if (!job_opcode_is_local(opcode)) return (struct plan_verdict){MONITOR_BAD_OPCODE, 0};
  if (opcode == JOB_OP_SYNC) return (struct plan_verdict){MONITOR_OK, 0};
  // A sum that wraps belongs to a descriptor that the tile refuses: one that it takes ends within data memory.
  uint32_t panels = JOB_FIELD(d, M), bytes = JOB_FIELD(d, N);
  if (!job_opcode_has_formats(opcode)) {
    bytes <<= l->word_shift;
  } else {
    const uint32_t format = JOB_FIELD(d, FORMAT_D), wider = job_format_bytes_log(format);
    panels = (panels + (1u << l->rows_shift) - 1u) >> l->rows_shift;
    bytes = ((bytes + l->depth_mask) & ~l->depth_mask) << (l->rows_shift + wider);
    bytes = (bytes + l->word_mask) & ~l->word_mask;
  }
  const struct region writes = {d[JOB_BASE_D_WORD],
                                d[JOB_BASE_D_WORD] + times(d[JOB_STRIDE_D_WORD], panels - 1u) + bytes};
  if (regions_meet(writes, l->guarded)) return (struct plan_verdict){MONITOR_PROTECTED, JOB_BASE_D_WORD};
  return (struct plan_verdict){MONITOR_OK, 0};
}
