// SPDX-License-Identifier: Apache-2.0
// Cutting a job into blocks. K is innermost and carries fp32 sums, so that the cuts change no bit of the result
// (vectors/README.md, "GEMM order").
#include "plan.h"

#include "check.h"
#include "powers.h"

#define FIELD_LIMIT 65535u  // M, N and K of a descriptor have 16 bits
// Work of one descriptor where the host does not choose: long enough that fetching descriptors costs under 1 %, short
// enough that a block run again, or an ABORT, costs little.
#define BLOCK_STEPS 16384u      // of the array
#define BLOCK_BYTES (1u << 18)  // of a CONVERT, COPY or FILL

static uint32_t at_least_1(uint32_t x) { return x == 0 ? 1 : x; }
static uint32_t least(uint32_t a, uint32_t b) { return a < b ? a : b; }

// Columns of a panel that fill whole words in every matrix cut there: a multiple of `unit`; all powers of two.
static uint32_t cut_step(const struct tile_geometry* g, uint32_t unit, uint32_t row_bytes) {
  const uint32_t columns = row_bytes == 0 ? 1 : at_least_1(power_div(g->word_bytes, row_bytes));
  return columns > unit ? columns : unit;
}

// `wanted` columns (0: `choice`) as a multiple of `step`, at least one step, within the descriptor's field.
static uint32_t block_of(uint32_t wanted, uint32_t choice, uint32_t step) {
  const uint32_t most = FIELD_LIMIT & ~(step - 1u);
  const uint32_t size = wanted == 0 ? choice : wanted;
  if (size >= most) return most;
  return (at_least_1(size) + step - 1u) & ~(step - 1u);
}

static void choose_blocks(const struct tile_geometry* g, struct plan* p) {
  const uint32_t* c = p->command;
  if ((c[MONITOR_CMD_OPCODE] & 0xFFu) == MONITOR_GEMM) {
    uint32_t step_n = cut_step(g, p->panel_n, p->d_row);
    step_n = cut_step(g, step_n, p->s_row);
    uint32_t step_k = cut_step(g, g->depth, p->a_row);
    step_k = cut_step(g, step_k, p->b_row);
    p->block_k = block_of(c[MONITOR_CMD_BLOCK_K], FIELD_LIMIT, step_k);
    const uint32_t groups = power_ceil_div(least(p->k, p->block_k), g->depth);
    const uint32_t columns = at_least_1(BLOCK_STEPS / groups);
    p->block_n = block_of(c[MONITOR_CMD_BLOCK_N], least(columns, power_div(p->n, p->panel_n) + 1) * p->panel_n, step_n);
    const uint32_t steps = groups * power_ceil_div(least(p->n, p->block_n), p->panel_n);
    p->block_m = block_of(c[MONITOR_CMD_BLOCK_M], at_least_1(BLOCK_STEPS / steps) * p->panel_m, p->panel_m);
    return;
  }
  const uint32_t step_n = cut_step(g, cut_step(g, p->panel_n, p->d_row), p->s_row);
  p->block_k = 1;
  p->block_n = block_of(c[MONITOR_CMD_BLOCK_N], FIELD_LIMIT, step_n);
  const uint32_t panel_bytes = at_least_1(least(p->n, p->block_n) * p->d_row);
  p->block_m = block_of(c[MONITOR_CMD_BLOCK_M], at_least_1(BLOCK_BYTES / panel_bytes) * p->panel_m, p->panel_m);
}

struct plan_verdict plan_make(const struct tile_geometry* g, const uint32_t command[MONITOR_COMMAND_WORDS],
                              struct region guarded, struct plan* out) {
  if (check_again(g, command, guarded, out)) return (struct plan_verdict){MONITOR_OK, 0};
  struct plan_verdict verdict = check_job(g, command, out);
  if (verdict.status != MONITOR_OK) return verdict;
  choose_blocks(g, out);
  verdict = check_blocks(g, out, guarded);
  out->reusable = verdict.status == MONITOR_OK && (command[MONITOR_CMD_OPCODE] & MONITOR_HAS_SUMS) == 0;
  return verdict;
}

static bool has_sums(const struct plan* p) { return (p->command[MONITOR_CMD_OPCODE] & MONITOR_HAS_SUMS) != 0; }

void plan_descriptor(const struct tile_geometry* g, const struct plan* p, const struct plan_position* at, uint32_t tag,
                     uint32_t d[JOB_DESCRIPTOR_WORDS]) {
  (void)g;
  const uint32_t* c = p->command;
  const uint32_t options = c[MONITOR_CMD_OPCODE] & COMMAND_OPTIONS;
  const uint32_t opcode = c[MONITOR_CMD_OPCODE] & 0xFFu;
  const uint32_t m = least(p->block_m, p->m - at->m), n = least(p->block_n, p->n - at->n);
  const uint32_t k = least(p->block_k, p->k - at->k);
  uint32_t to_a = 0, to_b = 0, to_c = 0, to_d = 0;  // bytes before this block
  if ((at->m | at->n | at->k) != 0) {
    const uint32_t row = power_div(at->m, p->panel_m);
    to_a = row * c[MONITOR_CMD_A_STRIDE] + (opcode == MONITOR_GEMM ? at->k * p->a_row : at->n * p->s_row);
    to_b = power_div(at->n, p->panel_n) * c[MONITOR_CMD_B_STRIDE] + at->k * p->b_row;
    to_c = row * c[MONITOR_CMD_C_STRIDE] + at->n * p->s_row;
    to_d = row * c[MONITOR_CMD_D_STRIDE] + at->n * p->d_row;
  }
  d[JOB_OPCODE_WORD] = opcode | options | JOB_OPTION_IRQ;
  d[JOB_TAG_WORD] = tag;
  d[JOB_FORMAT_A_WORD] = c[MONITOR_CMD_FORMATS];
  d[JOB_M_WORD] = m << JOB_M_LSB | n << JOB_N_LSB;
  d[JOB_K_WORD] = d[JOB_BASE_A_WORD] = d[JOB_BASE_B_WORD] = d[JOB_BASE_C_WORD] = 0;
  d[JOB_BASE_D_WORD] = c[MONITOR_CMD_D] + to_d;
  d[JOB_STRIDE_A_WORD] = d[JOB_STRIDE_B_WORD] = d[JOB_STRIDE_C_WORD] = 0;
  d[JOB_STRIDE_D_WORD] = c[MONITOR_CMD_D_STRIDE];
  d[JOB_SEED_WORD] = c[MONITOR_CMD_SEED];
  d[JOB_ROW0_WORD] = d[JOB_WAIT_SEM_WORD] = 0;
  if ((options & JOB_OPTION_STOCHASTIC) != 0) {
    const uint32_t row = JOB_FIELD_IN(c[MONITOR_CMD_ORIGIN], ROW0), col = JOB_FIELD_IN(c[MONITOR_CMD_ORIGIN], COL0);
    d[JOB_ROW0_WORD] = ((row + at->m) << JOB_ROW0_LSB & JOB_ROW0_MASK) | (col + at->n) << JOB_COL0_LSB;
  }
  if (opcode == MONITOR_FILL) return;
  d[JOB_BASE_A_WORD] = c[MONITOR_CMD_A] + to_a;
  d[JOB_STRIDE_A_WORD] = c[MONITOR_CMD_A_STRIDE];
  if (opcode != MONITOR_GEMM) return;
  d[JOB_K_WORD] = k;
  d[JOB_BASE_B_WORD] = c[MONITOR_CMD_B] + to_b;
  d[JOB_STRIDE_B_WORD] = c[MONITOR_CMD_B_STRIDE];
  if ((options & JOB_OPTION_ACCUMULATE) != 0) {
    d[JOB_BASE_C_WORD] = c[MONITOR_CMD_C] + to_c;
    d[JOB_STRIDE_C_WORD] = c[MONITOR_CMD_C_STRIDE];
  }
  const bool first = at->k == 0, last = at->k + k == p->k;
  if (first && last) return;
  // A cut sum: fp32, without the conversion of the result, in the room for sums or in D, which then is fp32.
  const uint32_t sums = has_sums(p) ? c[MONITOR_CMD_SUMS] : d[JOB_BASE_D_WORD];
  const uint32_t sums_stride = has_sums(p) ? c[MONITOR_CMD_SUMS_STRIDE] : d[JOB_STRIDE_D_WORD];
  if (!first) {
    d[JOB_OPCODE_WORD] |= JOB_OPTION_ACCUMULATE;
    d[JOB_BASE_C_WORD] = sums;
    d[JOB_STRIDE_C_WORD] = sums_stride;
  }
  if (!last) {
    d[JOB_OPCODE_WORD] &= ~(JOB_OPTION_RELU | JOB_OPTION_SATURATE | JOB_OPTION_STOCHASTIC);
    d[JOB_FORMAT_A_WORD] &= ~COMMAND_D_FORMAT;  // fp32 is code 0
    d[JOB_BASE_D_WORD] = sums;
    d[JOB_STRIDE_D_WORD] = sums_stride;
    d[JOB_SEED_WORD] = 0;
    d[JOB_ROW0_WORD] = 0;
  }
}

bool plan_advance(const struct plan* p, struct plan_position* at) {
  at->k += least(p->block_k, p->k - at->k);
  if (at->k < p->k) return true;
  at->k = 0;
  at->n += least(p->block_n, p->n - at->n);
  if (at->n < p->n) return true;
  at->n = 0;
  at->m += least(p->block_m, p->m - at->m);
  return at->m < p->m;
}

bool plan_independent(const struct plan* x, const struct plan* y) {
  for (uint32_t i = 0; i < PLAN_WRITES; ++i) {
    for (uint32_t j = 0; j < PLAN_WRITES; ++j) {
      if (regions_meet(x->writes[i], y->writes[j])) return false;
    }
    for (uint32_t j = 0; j < PLAN_READS; ++j) {
      if (regions_meet(x->writes[i], y->reads[j]) || regions_meet(y->writes[i], x->reads[j])) return false;
    }
  }
  return true;
}
