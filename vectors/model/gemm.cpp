// SPDX-License-Identifier: Apache-2.0
// The matrix product: a vectorised fast path for ordinary numbers, and dot_step for whatever it does not cover.
#include "hilbert/model/gemm.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <stdexcept>

#include "hilbert/model/cell.hpp"
#include "hilbert/model/encode.hpp"
#include "hilbert/model/operand.hpp"
#include "hilbert/model/stochastic.hpp"
#include "hilbert/sizes.hpp"

#include "bytes.hpp"

namespace hilbert::model {
namespace {

using u32 = std::uint32_t;

constexpr u32 fp32_infinity = 0x7F80'0000u;
constexpr std::size_t block_columns = 32;  // columns that advance together

bool is_special(u32 fp32) { return (fp32 & fp32_infinity) == fp32_infinity; }

void validate(const Gemm& job, std::size_t a, std::size_t b, std::size_t c) {
  const auto require = [](bool good, const char* what) {
    if (!good) throw std::invalid_argument(what);
  };
  const auto legal = [](FormatSpec f) {
    return static_cast<std::size_t>(f.format) < formats.size() && f.bias <= (has_tensor_bias(f.format) ? max_bias : 0);
  };
  require(job.depth == 1 || job.depth == 2 || job.depth == 4, "gemm: depth must be 1, 2 or 4");
  require(legal(job.a) && legal(job.b) && legal(job.d), "gemm: a format or its bias does not exist");
  require(job.a.format != Format::fp32 && job.b.format != Format::fp32, "gemm: fp32 is not an operand format");
  require(std::max({job.m, job.n, job.k}) <= max_size, max_size_text);
  const auto bytes = [](u32 rows, u32 cols, Format f) { return matrix_bytes(rows, cols, element_bytes(f)); };
  require(a == bytes(job.m, job.k, job.a.format), "gemm: A has not m * k elements");
  require(b == bytes(job.k, job.n, job.b.format), "gemm: B has not k * n elements");
  require(!job.accumulate || c == bytes(job.m, job.n, Format::fp32), "gemm: C has not m * n fp32 elements");
  require(fits_memory(bytes(job.m, job.n, job.d.format)), "gemm: D is beyond any memory");
}

/// Operands of a matrix, decoded once; zeros fill the rows and columns that round the sizes up.
struct Decoded {
  std::size_t rows, cols;  // padded
  std::vector<Operand> operands;

  Operand& at(std::size_t i, std::size_t j) { return operands[i * cols + j]; }
  const Operand& at(std::size_t i, std::size_t j) const { return operands[i * cols + j]; }
};

/// Codes of at most 16 bits decode by table where the matrix is larger than that.
Decoded decode_matrix(FormatSpec spec, std::span<const std::byte> codes, std::size_t rows, std::size_t cols,
                      std::size_t padded_rows, std::size_t padded_cols, bool literal, Flags& flags) {
  Decoded m{padded_rows, padded_cols, std::vector<Operand>(padded_rows * padded_cols)};
  const std::size_t bytes = element_bytes(spec.format);
  if (bytes == 1) {
    std::array<Operand, 256> table;
    std::array<Flags, 256> raised;
    for (u32 code = 0; code < 256; ++code) table[code] = decode(spec, code, literal, raised[code]);
    for (std::size_t i = 0; i < rows; ++i) {
      for (std::size_t j = 0; j < cols; ++j) {
        const auto code = std::to_integer<std::size_t>(codes[i * cols + j]);
        m.at(i, j) = table[code];
        flags |= raised[code];
      }
    }
    return m;
  }
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t j = 0; j < cols; ++j)
      m.at(i, j) = decode(spec, load_code(codes, i * cols + j, bytes), literal, flags);
  }
  return m;
}

/// An accumulator of D from C or zero.
u32 start_value(const Gemm& job, std::span<const std::byte> c, std::size_t index, Flags& flags) {
  if (!job.accumulate) return 0;
  const u32 v = load_code(c, index, 4);
  flags.raise_if(Flag::denormal, (v & fp32_infinity) == 0 && (v & ~0x8000'0000u) != 0);
  return v;
}

/// ReLU, conversion and storing of one element.
void finish(const Gemm& job, std::size_t i, std::size_t j, u32 v, GemmResult& result) {
  if (job.relu) v = relu(v);
  const std::size_t bytes = element_bytes(job.d.format);
  if (job.d.format != Format::fp32) {
    const Rounding rounding = job.stochastic ? Rounding::stochastic : Rounding::nearest;
    std::uint16_t r = 0;
    if (job.stochastic)
      r = random16(job.seed, static_cast<std::uint16_t>(job.row0 + i), static_cast<std::uint16_t>(job.col0 + j));
    v = encode(v, job.d, rounding, job.saturate, job.literal, r, result.flags);
  }
  store_code(result.d, i * job.n + j, bytes, v);
}

// ---- fast path ------------------------------------------------------------------------------------------------------

/// An exponent so low that a zero operand never anchors a step, whatever its partner.
constexpr int zero_x = -4096;

/// A's operand as the fast path wants it: significand already moved up by the window's 12 bits, with its sign.
struct Left {
  int sig;
  int x;
};

/// B's operands of one k and block_columns columns.
struct Right {
  std::int16_t sig[block_columns];
  std::int16_t x[block_columns];
};

int signed_sig(const Operand& v) { return v.sign ? -v.sig : v.sig; }
int anchored_x(const Operand& v) { return v.sig == 0 ? zero_x : v.x; }

/// One step of block_columns finite accumulators with finite operands: dot_step, kept in 32-bit lanes. `escaped` marks
/// the lanes whose result is not a normal number or zero; their value is wrong and dot_step must be asked. Returns
/// whether there are any.
template <unsigned D>
bool step_block(const Left* __restrict a, const Right* __restrict b, const u32* __restrict from, u32* __restrict to,
                u32* __restrict escaped) {
  // Branchless, so that compilers turn the loop into vector code: 7 times the speed.
  u32 any = 0;
  for (std::size_t j = 0; j < block_columns; ++j) {
    const u32 c = from[j];
    const int e_field = static_cast<int>(c >> 23 & 0xFFu);
    const int m_c = static_cast<int>(c & 0x007F'FFFFu) | std::min(e_field, 1) << 23;
    const int q_c = std::max(e_field, 1) + 126;

    int anchor = q_c;
    int q[D];
#pragma GCC unroll 4
    for (unsigned d = 0; d < D; ++d) {
      q[d] = a[d].x + b[d].x[j];
      anchor = std::max(anchor, q[d]);
    }
    const int c_sign = static_cast<int>(c) >> 31;
    int sum = (((m_c << sum_shift) >> std::min(anchor - q_c, 31)) ^ c_sign) - c_sign;
#pragma GCC unroll 4
    for (unsigned d = 0; d < D; ++d) {
      const int p = a[d].sig * b[d].sig[j];
      const int sign = p >> 31;
      sum += ((((p ^ sign) - sign) >> std::min(anchor - q[d], 31)) ^ sign) - sign;
    }
    // The machine's own conversion rounds the 31-bit sum to 24 bits, to nearest-even; then only the exponent moves.
    const u32 rounded = std::bit_cast<u32>(static_cast<float>(sum));
    const u32 nonzero = static_cast<u32>(-static_cast<int>(sum != 0));
    const int move = anchor - sum_weight;
    const u32 exponent = static_cast<u32>(static_cast<int>(rounded >> 23 & 0xFFu) + move);
    to[j] = rounded + (static_cast<u32>(move) << 23 & nonzero);
    escaped[j] = nonzero & static_cast<u32>(-static_cast<int>(exponent - 1u > 253u));
    any |= escaped[j];
  }
  return any != 0;
}

/// The operands and the decoded forms the two paths share.
struct Work {
  const Gemm& job;
  std::size_t steps;  // groups of `depth` along K
  Decoded a;          // m x steps * depth
  Decoded b;          // steps * depth x n, rounded up to block_columns
  std::vector<Left> left;
  std::vector<Right> right;  // [block][k]
  std::vector<char> special_row, special_block;
  bool int_mode;
};

u32 reference_step(const Work& w, std::size_t i, std::size_t g, std::size_t j, u32 c, Flags& flags) {
  std::array<Operand, max_depth> a, b;
  const unsigned depth = w.job.depth;
  for (unsigned d = 0; d < depth; ++d) {
    a[d] = w.a.at(i, g * depth + d);
    b[d] = w.b.at(g * depth + d, j);
  }
  return dot_step({a.data(), depth}, {b.data(), depth}, c, w.int_mode, flags);
}

/// Runs block_columns accumulators of row i through all steps.
template <unsigned D>
void run_block(const Work& w, std::size_t i, std::size_t block, u32* acc, Flags& flags) {
  bool special = w.special_row[i] || w.special_block[block];
  for (std::size_t j = 0; j < block_columns; ++j) special = special || is_special(acc[j]);

  const std::size_t columns = std::min(block_columns, w.job.n - block * block_columns);
  const std::size_t k_padded = w.steps * D;
  alignas(64) u32 next[block_columns];
  alignas(64) u32 escaped[block_columns];
  u32 largest = 0;
  std::size_t g = 0;
  for (; g < w.steps && !special; ++g) {
    if (step_block<D>(&w.left[i * k_padded + g * D], &w.right[block * k_padded + g * D], acc, next, escaped)) {
      for (std::size_t j = 0; j < columns; ++j) {
        if (escaped[j] == 0) continue;
        next[j] = reference_step(w, i, g, block * block_columns + j, acc[j], flags);
        special = special || is_special(next[j]);
      }
    }
    std::copy(next, next + block_columns, acc);
    if (w.int_mode) {
      for (std::size_t j = 0; j < block_columns; ++j) largest = std::max(largest, acc[j] & 0x7FFF'FFFFu);
    }
  }
  flags.raise_if(Flag::int_range, largest >= 0x4B80'0000u);
  for (; g < w.steps; ++g) {
    for (std::size_t j = 0; j < columns; ++j)
      acc[j] = reference_step(w, i, g, block * block_columns + j, acc[j], flags);
  }
}

Work prepare(const Gemm& job, std::span<const std::byte> a, std::span<const std::byte> b, Flags& flags) {
  const std::size_t steps = (std::size_t{job.k} + job.depth - 1) / job.depth;
  const std::size_t k_padded = steps * job.depth;
  const std::size_t blocks = (std::size_t{job.n} + block_columns - 1) / block_columns;
  Work w{job,
         steps,
         decode_matrix(job.a, a, job.m, job.k, job.m, k_padded, job.literal, flags),
         decode_matrix(job.b, b, job.k, job.n, k_padded, blocks * block_columns, job.literal, flags),
         {},
         {},
         {},
         {},
         job.a.format == Format::int8 && job.b.format == Format::int8};
  w.special_row.resize(job.m);
  w.special_block.resize(blocks);
  w.left.reserve(w.a.operands.size());
  for (std::size_t i = 0; i < job.m; ++i) {
    for (std::size_t k = 0; k < k_padded; ++k) {
      const Operand& v = w.a.at(i, k);
      w.left.push_back({signed_sig(v) * 4096, anchored_x(v)});
      if (v.cls != Class::finite) w.special_row[i] = 1;
    }
  }
  w.right.resize(blocks * k_padded);
  for (std::size_t k = 0; k < k_padded; ++k) {
    for (std::size_t j = 0; j < blocks * block_columns; ++j) {
      const Operand& v = w.b.at(k, j);
      Right& r = w.right[j / block_columns * k_padded + k];
      r.sig[j % block_columns] = static_cast<std::int16_t>(signed_sig(v));
      r.x[j % block_columns] = static_cast<std::int16_t>(anchored_x(v));
      if (v.cls != Class::finite) w.special_block[j / block_columns] = 1;
    }
  }
  return w;
}

}  // namespace

GemmResult gemm(const Gemm& job, std::span<const std::byte> a, std::span<const std::byte> b,
                std::span<const std::byte> c) {
  validate(job, a.size(), b.size(), c.size());
  GemmResult result{std::vector<std::byte>(std::size_t{job.m} * job.n * element_bytes(job.d.format)), {}};
  const Work work = prepare(job, a, b, result.flags);
  const auto run = job.depth == 1 ? run_block<1> : job.depth == 2 ? run_block<2> : run_block<4>;
  for (std::size_t block = 0; block * block_columns < job.n; ++block) {
    const std::size_t first = block * block_columns, columns = std::min(block_columns, job.n - first);
    for (std::size_t i = 0; i < job.m; ++i) {
      alignas(64) u32 acc[block_columns] = {};
      for (std::size_t j = 0; j < columns; ++j) acc[j] = start_value(job, c, i * job.n + first + j, result.flags);
      run(work, i, block, acc, result.flags);
      for (std::size_t j = 0; j < columns; ++j) finish(job, i, first + j, acc[j], result);
    }
  }
  return result;
}

GemmResult gemm_reference(const Gemm& job, std::span<const std::byte> a, std::span<const std::byte> b,
                          std::span<const std::byte> c) {
  validate(job, a.size(), b.size(), c.size());
  GemmResult result{std::vector<std::byte>(std::size_t{job.m} * job.n * element_bytes(job.d.format)), {}};
  const bool int_mode = job.a.format == Format::int8 && job.b.format == Format::int8;
  for (std::size_t i = 0; i < job.m; ++i) {
    for (std::size_t j = 0; j < job.n; ++j) {
      u32 acc = start_value(job, c, i * job.n + j, result.flags);
      for (std::size_t k = 0; k < job.k; k += job.depth) {
        std::array<Operand, max_depth> x{}, y{};
        for (std::size_t d = 0; d < job.depth && k + d < job.k; ++d) {
          x[d] = decode(job.a, load_code(a, i * job.k + k + d, element_bytes(job.a.format)), job.literal, result.flags);
          y[d] =
              decode(job.b, load_code(b, (k + d) * job.n + j, element_bytes(job.b.format)), job.literal, result.flags);
        }
        acc = dot_step({x.data(), job.depth}, {y.data(), job.depth}, acc, int_mode, result.flags);
      }
      finish(job, i, j, acc, result);
    }
  }
  return result;
}

}  // namespace hilbert::model
