// SPDX-License-Identifier: Apache-2.0
// The checks of a command. No product of two words of the host is formed before it is known to fit: 32 bits do.
#include "check.h"

#include "powers.h"

// What an opcode uses, as bits.
enum use { USE_A = 1, USE_B = 2, USE_C = 4, USE_D = 8, USE_FORMAT_A = 16, USE_FORMAT_D = 32, USE_SEED = 64 };

static const struct plan_verdict good = {MONITOR_OK, 0};
static struct plan_verdict bad(uint32_t status, uint32_t field) {
  const struct plan_verdict verdict = {status, field};
  return verdict;
}

static uint32_t options_of(uint32_t opcode) {
  switch (opcode) {
    case MONITOR_GEMM:
      return (JOB_OPTIONS_GEMM & ~JOB_OPTION_IRQ) | MONITOR_HAS_SUMS;
    case MONITOR_CONVERT:
      return (JOB_OPTIONS_CONVERT & ~JOB_OPTION_IRQ);
    default:
      return 0;
  }
}

static uint32_t uses_of(uint32_t opcode, uint32_t options) {
  const uint32_t seed = (options & JOB_OPTION_STOCHASTIC) != 0 ? USE_SEED : 0;
  switch (opcode) {
    case MONITOR_GEMM:
      return USE_A | USE_B | USE_D | USE_FORMAT_A | USE_FORMAT_D | seed |
             ((options & JOB_OPTION_ACCUMULATE) != 0 ? USE_C : 0);
    case MONITOR_CONVERT:
      return USE_A | USE_D | USE_FORMAT_A | USE_FORMAT_D | seed;
    case MONITOR_COPY:
      return USE_A | USE_D;
    default:
      return USE_D | USE_SEED;
  }
}

// One format.
static bool format_good(uint32_t code, uint32_t bias, bool used, bool operand) {
  if (!used) return code == 0 && bias == 0;
  if (code >= JOB_FORMAT_COUNT || (operand && job_format_result_only(code))) return false;
  return job_format_may_have(code, bias);
}

struct plan_verdict check_unused(const uint32_t c[MONITOR_COMMAND_WORDS], uint32_t first, uint32_t last) {
  for (uint32_t word = first; word <= last; ++word) {
    if (c[word] != 0) return bad(MONITOR_UNUSED, word);
  }
  return good;
}

// Bases and strides of A, B, C, D.
static uint32_t base_word(uint32_t i) { return MONITOR_CMD_A + i; }
static uint32_t stride_word(uint32_t i) { return MONITOR_CMD_A_STRIDE + i; }

static struct plan_verdict check_words(const struct tile_geometry* g, const uint32_t* c, uint32_t uses) {
  for (uint32_t word = MONITOR_CMD_A; word <= MONITOR_CMD_D_STRIDE; ++word) {
    const uint32_t use = 1u << (word - MONITOR_CMD_A) % 4u;
    if ((uses & use) != 0 && (c[word] & (g->word_bytes - 1u)) != 0) return bad(MONITOR_MISALIGNED, word);
  }
  for (uint32_t word = MONITOR_CMD_A; word <= MONITOR_CMD_D_STRIDE; ++word) {
    const uint32_t use = 1u << (word - MONITOR_CMD_A) % 4u;
    if ((uses & use) == 0 && c[word] != 0) return bad(MONITOR_UNUSED, word);
  }
  const bool fill = (c[MONITOR_CMD_OPCODE] & 0xFFu) == MONITOR_FILL;
  if ((uses & USE_SEED) == 0 && c[MONITOR_CMD_SEED] != 0) return bad(MONITOR_UNUSED, MONITOR_CMD_SEED);
  if (((uses & USE_SEED) == 0 || fill) && c[MONITOR_CMD_ORIGIN] != 0) return bad(MONITOR_UNUSED, MONITOR_CMD_ORIGIN);
  return good;
}

// Whether the last of `panels` begins within `room`.
static bool runs_fit(uint32_t panels, uint32_t stride, uint32_t room) {
  if (stride == 0 || panels == 1) return true;
  if (panels <= 0xFFFFu && stride <= 0xFFFFu) return (panels - 1u) * stride <= room;
  return panels - 1u <= room / stride;
}

// `panels` (at least 1) runs of `bytes`, `stride` apart; the field of base or stride if they leave data memory.
static struct plan_verdict place(const struct tile_geometry* g, uint32_t base, uint32_t stride, uint32_t panels,
                                 uint32_t bytes, uint32_t base_field, uint32_t stride_field, struct region* out) {
  if (base > g->data_bytes) return bad(MONITOR_OUT_OF_RANGE, base_field);
  if (stride > g->data_bytes) return bad(MONITOR_OUT_OF_RANGE, stride_field);
  const uint32_t room = g->data_bytes - base;
  if (bytes > room) return bad(MONITOR_OUT_OF_RANGE, base_field);
  if (!runs_fit(panels, stride, room - bytes)) return bad(MONITOR_OUT_OF_RANGE, base_field);
  out->base = base;
  out->end = base + (panels - 1u) * stride + bytes;
  return good;
}

// Bytes of a panel with `columns` columns of `row` bytes, rounded up to words; 2^32 - 1 if it cannot fit.
static uint32_t panel_bytes(const struct tile_geometry* g, const struct plan* p, uint32_t columns, uint32_t row) {
  if (row == 0) return 0;
  if (columns > power_div(g->data_bytes, row)) return 0xFFFFFFFFu;
  const uint32_t unit = p->groups;
  return power_ceil_div(power_ceil_div(columns, unit) * unit * row, g->word_bytes) * g->word_bytes;
}

static void measure(const struct tile_geometry* g, struct plan* p) {
  const uint32_t* c = p->command;
  const uint32_t opcode = c[MONITOR_CMD_OPCODE] & 0xFFu, formats = c[MONITOR_CMD_FORMATS];
  p->m = c[MONITOR_CMD_M];
  p->n = c[MONITOR_CMD_N];
  p->k = opcode == MONITOR_GEMM ? c[MONITOR_CMD_K] : 1;
  if (opcode == MONITOR_COPY || opcode == MONITOR_FILL) {
    p->panel_m = p->panel_n = p->groups = 1;
    p->a_row = p->b_row = 0;
    p->s_row = p->d_row = g->word_bytes;
    return;
  }
  p->panel_m = g->rows;
  p->groups = g->depth;
  p->panel_n = opcode == MONITOR_GEMM ? g->cols : g->depth;
  const uint32_t a = g->rows * job_format_bytes(JOB_FIELD_IN(formats, FORMAT_A));
  p->a_row = opcode == MONITOR_GEMM ? a : 0;
  p->b_row = opcode == MONITOR_GEMM ? g->cols * job_format_bytes(JOB_FIELD_IN(formats, FORMAT_B)) : 0;
  p->s_row = opcode == MONITOR_GEMM ? 4u * g->rows : a;
  p->d_row = g->rows * job_format_bytes(JOB_FIELD_IN(formats, FORMAT_D));
}

// Whether C, where there is one, is D.
static bool adds_in_place(const uint32_t* c) {
  return c[MONITOR_CMD_C] == c[MONITOR_CMD_D] && c[MONITOR_CMD_C_STRIDE] == c[MONITOR_CMD_D_STRIDE] &&
         (c[MONITOR_CMD_FORMATS] & COMMAND_D_FORMAT) == 0;
}

static struct plan_verdict check_places(const struct tile_geometry* g, struct plan* p, uint32_t uses) {
  const uint32_t* c = p->command;
  const bool gemm = (c[MONITOR_CMD_OPCODE] & 0xFFu) == MONITOR_GEMM;
  const uint32_t row_panels = power_ceil_div(p->m, p->panel_m);
  const uint32_t panels[4] = {row_panels, power_ceil_div(p->n, g->cols), row_panels, row_panels};
  const uint32_t d_bytes = panel_bytes(g, p, p->n, p->d_row);
  const uint32_t bytes[4] = {gemm ? panel_bytes(g, p, p->k, p->a_row) : panel_bytes(g, p, p->n, p->s_row),
                             panel_bytes(g, p, p->k, p->b_row), panel_bytes(g, p, p->n, p->s_row), d_bytes};
  struct region* const regions[4] = {&p->reads[0], &p->reads[1], &p->reads[2], &p->writes[0]};
  for (uint32_t i = 0; i < 4; ++i) {
    if ((uses & 1u << i) == 0) continue;
    const struct plan_verdict v =
        place(g, c[base_word(i)], c[stride_word(i)], panels[i], bytes[i], base_word(i), stride_word(i), regions[i]);
    if (v.status != MONITOR_OK) return v;
  }
  if (row_panels > 1 && c[MONITOR_CMD_D_STRIDE] < d_bytes) return bad(MONITOR_OVERLAP, MONITOR_CMD_D_STRIDE);
  const bool in_place = (uses & USE_C) != 0 && adds_in_place(c);
  for (uint32_t i = 0; i < 3; ++i) {
    if (i == 2 && in_place) continue;
    if (regions_meet(*regions[i], p->writes[0])) return bad(MONITOR_OVERLAP, MONITOR_CMD_D);
  }
  p->repeatable = !in_place;
  return good;
}

struct plan_verdict check_job(const struct tile_geometry* g, const uint32_t c[MONITOR_COMMAND_WORDS],
                              struct plan* out) {
  const uint32_t opcode = c[MONITOR_CMD_OPCODE] & 0xFFu, options = c[MONITOR_CMD_OPCODE] & ~0xFFu;
  const uint32_t formats = c[MONITOR_CMD_FORMATS];
  if (opcode < MONITOR_GEMM || opcode > MONITOR_FILL) return bad(MONITOR_BAD_OPCODE, MONITOR_CMD_OPCODE);
  if ((options & ~options_of(opcode)) != 0) return bad(MONITOR_BAD_OPTION, MONITOR_CMD_OPCODE);
  const bool gemm = opcode == MONITOR_GEMM, sums = (options & MONITOR_HAS_SUMS) != 0;
  const uint32_t uses = uses_of(opcode, options);

  if (!format_good(JOB_FIELD_IN(formats, FORMAT_A), JOB_FIELD_IN(formats, BIAS_A), (uses & USE_FORMAT_A) != 0, gemm) ||
      !format_good(JOB_FIELD_IN(formats, FORMAT_B), JOB_FIELD_IN(formats, BIAS_B), gemm, gemm) ||
      !format_good(JOB_FIELD_IN(formats, FORMAT_D), JOB_FIELD_IN(formats, BIAS_D), (uses & USE_FORMAT_D) != 0, false) ||
      formats >> (JOB_BIAS_D_LSB + JOB_BIAS_D_BITS) != 0) {
    return bad(MONITOR_BAD_FORMAT, MONITOR_CMD_FORMATS);
  }
  if (c[MONITOR_CMD_M] == 0) return bad(MONITOR_BAD_SIZE, MONITOR_CMD_M);
  if (c[MONITOR_CMD_N] == 0) return bad(MONITOR_BAD_SIZE, MONITOR_CMD_N);
  if ((c[MONITOR_CMD_K] == 0) == gemm) return bad(MONITOR_BAD_SIZE, MONITOR_CMD_K);
  struct plan_verdict v = check_words(g, c, uses);
  if (v.status != MONITOR_OK) return v;

  // What a command has beyond a descriptor.
  if (sums && (formats & COMMAND_D_FORMAT) == 0) return bad(MONITOR_BAD_OPTION, MONITOR_CMD_OPCODE);
  v = sums ? good : check_unused(c, MONITOR_CMD_SUMS, MONITOR_CMD_SUMS_STRIDE);
  if (v.status == MONITOR_OK && !gemm) v = check_unused(c, MONITOR_CMD_BLOCK_K, MONITOR_CMD_BLOCK_K);
  if (v.status == MONITOR_OK) v = check_unused(c, MONITOR_CMD_ARGUMENT, MONITOR_CMD_CHECK - 1u);
  if (v.status != MONITOR_OK) return v;

  __builtin_memset(out, 0, sizeof *out);
  __builtin_memcpy(out->command, c, sizeof out->command);
  measure(g, out);
  return check_places(g, out, uses);
}

struct plan_verdict check_blocks(const struct tile_geometry* g, struct plan* p, struct region guarded) {
  const uint32_t* c = p->command;
  const bool sums = (c[MONITOR_CMD_OPCODE] & MONITOR_HAS_SUMS) != 0;
  const bool converted = (c[MONITOR_CMD_FORMATS] & COMMAND_D_FORMAT) != 0;
  if (p->k > p->block_k && converted && !sums) {
    return bad(MONITOR_BAD_SIZE, c[MONITOR_CMD_BLOCK_K] != 0 ? MONITOR_CMD_BLOCK_K : MONITOR_CMD_K);
  }
  if (sums) {
    const uint32_t stride = c[MONITOR_CMD_SUMS_STRIDE];
    if (c[MONITOR_CMD_SUMS] % g->word_bytes != 0) return bad(MONITOR_MISALIGNED, MONITOR_CMD_SUMS);
    if (stride % g->word_bytes != 0) return bad(MONITOR_MISALIGNED, MONITOR_CMD_SUMS_STRIDE);
    const uint32_t m = p->m < p->block_m ? p->m : p->block_m, n = p->n < p->block_n ? p->n : p->block_n;
    const uint32_t panels = power_ceil_div(m, p->panel_m), bytes = panel_bytes(g, p, n, 4u * g->rows);
    const struct plan_verdict v =
        place(g, c[MONITOR_CMD_SUMS], stride, panels, bytes, MONITOR_CMD_SUMS, MONITOR_CMD_SUMS_STRIDE, &p->writes[1]);
    if (v.status != MONITOR_OK) return v;
    if (panels > 1 && stride < bytes) return bad(MONITOR_OVERLAP, MONITOR_CMD_SUMS_STRIDE);
    if (regions_meet(p->writes[0], p->writes[1])) return bad(MONITOR_OVERLAP, MONITOR_CMD_SUMS);
    for (uint32_t i = 0; i < PLAN_READS; ++i) {
      if (regions_meet(p->reads[i], p->writes[1])) return bad(MONITOR_OVERLAP, MONITOR_CMD_SUMS);
    }
  }
  if (regions_meet(p->writes[0], guarded)) return bad(MONITOR_PROTECTED, MONITOR_CMD_D);
  if (regions_meet(p->writes[1], guarded)) return bad(MONITOR_PROTECTED, MONITOR_CMD_SUMS);
  return good;
}

// Bits of the words that make the shape and are not those of the plan, or are set where a command has zeros.
static uint32_t differs(const uint32_t* c, const uint32_t* plan) {
  uint32_t bits = c[MONITOR_CMD_OPCODE] ^ plan[MONITOR_CMD_OPCODE];
  bits |= c[MONITOR_CMD_FORMATS] ^ plan[MONITOR_CMD_FORMATS];
  bits |= c[MONITOR_CMD_M] ^ plan[MONITOR_CMD_M];
  bits |= c[MONITOR_CMD_N] ^ plan[MONITOR_CMD_N];
  bits |= c[MONITOR_CMD_K] ^ plan[MONITOR_CMD_K];
  bits |= c[MONITOR_CMD_A_STRIDE] ^ plan[MONITOR_CMD_A_STRIDE];
  bits |= c[MONITOR_CMD_B_STRIDE] ^ plan[MONITOR_CMD_B_STRIDE];
  bits |= c[MONITOR_CMD_C_STRIDE] ^ plan[MONITOR_CMD_C_STRIDE];
  bits |= c[MONITOR_CMD_D_STRIDE] ^ plan[MONITOR_CMD_D_STRIDE];
  bits |= c[MONITOR_CMD_BLOCK_M] ^ plan[MONITOR_CMD_BLOCK_M];
  bits |= c[MONITOR_CMD_BLOCK_N] ^ plan[MONITOR_CMD_BLOCK_N];
  bits |= c[MONITOR_CMD_BLOCK_K] ^ plan[MONITOR_CMD_BLOCK_K];
  if ((c[MONITOR_CMD_OPCODE] & JOB_OPTION_STOCHASTIC) == 0) {  // else any seed and origin are good
    bits |= c[MONITOR_CMD_SEED] ^ plan[MONITOR_CMD_SEED];
    bits |= c[MONITOR_CMD_ORIGIN] ^ plan[MONITOR_CMD_ORIGIN];
  }
  bits |= c[MONITOR_CMD_SUMS] | c[MONITOR_CMD_SUMS_STRIDE] | c[22] | c[23] | c[24];
  return bits | c[25] | c[26] | c[27] | c[28] | c[29] | c[30];
}

// Moves what a plan touches to another base; false if it leaves data memory. What a command does not use is empty and
// has base 0.
static bool move(const struct tile_geometry* g, struct region from, uint32_t base, struct region* to) {
  const uint32_t bytes = from.end - from.base;
  to->base = base;
  to->end = base + bytes;
  return bytes == 0 ? base == 0 : base <= g->data_bytes - bytes;
}

bool check_again(const struct tile_geometry* g, const uint32_t c[MONITOR_COMMAND_WORDS], struct region guarded,
                 struct plan* p) {
  if (!p->reusable || differs(c, p->command) != 0) return false;
  const uint32_t bases = c[MONITOR_CMD_A] | c[MONITOR_CMD_B] | c[MONITOR_CMD_C] | c[MONITOR_CMD_D];
  if ((bases & (g->word_bytes - 1u)) != 0) return false;
  struct region a, b, addend, d;
  if (!move(g, p->reads[0], c[MONITOR_CMD_A], &a) || !move(g, p->reads[1], c[MONITOR_CMD_B], &b) ||
      !move(g, p->reads[2], c[MONITOR_CMD_C], &addend) || !move(g, p->writes[0], c[MONITOR_CMD_D], &d)) {
    return false;
  }
  if (regions_meet(a, d) || regions_meet(b, d) || regions_meet(d, guarded)) return false;
  const bool in_place = addend.base != addend.end && adds_in_place(c);
  if (!in_place && regions_meet(addend, d)) return false;
  p->reads[0] = a;
  p->reads[1] = b;
  p->reads[2] = addend;
  p->writes[0] = d;
  p->repeatable = !in_place;
  p->command[MONITOR_CMD_SEQUENCE] = c[MONITOR_CMD_SEQUENCE];
  p->command[MONITOR_CMD_TAG] = c[MONITOR_CMD_TAG];
  p->command[MONITOR_CMD_A] = c[MONITOR_CMD_A];
  p->command[MONITOR_CMD_B] = c[MONITOR_CMD_B];
  p->command[MONITOR_CMD_C] = c[MONITOR_CMD_C];
  p->command[MONITOR_CMD_D] = c[MONITOR_CMD_D];
  p->command[MONITOR_CMD_SEED] = c[MONITOR_CMD_SEED];
  p->command[MONITOR_CMD_ORIGIN] = c[MONITOR_CMD_ORIGIN];
  p->command[MONITOR_CMD_CHECK] = c[MONITOR_CMD_CHECK];
  return true;
}
