// SPDX-License-Identifier: Apache-2.0
// A command of the host as a plan: checked whole, then cut into descriptors.
#pragma once

#include "command.h"

// First element of the next descriptor.
struct plan_position {
  uint32_t m, n, k;
};

// Checks a job (GEMM, CONVERT, COPY, FILL) and chooses its blocks. `guarded` must not be written. `out` is the plan of
// an earlier command of the same geometry, or not reusable.
struct plan_verdict plan_make(const struct tile_geometry* g, const uint32_t command[MONITOR_COMMAND_WORDS],
                              struct region guarded, struct plan* out);
// The descriptor at a position.
void plan_descriptor(const struct tile_geometry* g, const struct plan* plan, const struct plan_position* at,
                     uint32_t tag, uint32_t descriptor[16]);
// To the next position; false at the end.
bool plan_advance(const struct plan* plan, struct plan_position* at);
// Whether two jobs may run in any order: neither writes what the other touches.
bool plan_independent(const struct plan* x, const struct plan* y);
