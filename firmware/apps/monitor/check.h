// SPDX-License-Identifier: Apache-2.0
// The checks of a command, in the order in which the tile checks a descriptor (rtl/README.md), so that both name the
// same field.
#pragma once

#include "command.h"

// Fills in the plan's command, extents and regions; the blocks are not chosen yet.
struct plan_verdict check_job(const struct tile_geometry* g, const uint32_t command[MONITOR_COMMAND_WORDS],
                              struct plan* out);
// Whether a command has the shape of a reusable plan and is good where it lies; the plan is then that command's. False
// says nothing, and changes nothing.
bool check_again(const struct tile_geometry* g, const uint32_t command[MONITOR_COMMAND_WORDS], struct region guarded,
                 struct plan* plan);
// With the blocks chosen: the room for sums, and what must not be written.
struct plan_verdict check_blocks(const struct tile_geometry* g, struct plan* plan, struct region guarded);
// A command that is no job: every word from `first` to `last` is zero.
struct plan_verdict check_unused(const uint32_t command[MONITOR_COMMAND_WORDS], uint32_t first, uint32_t last);
