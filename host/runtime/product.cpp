// SPDX-License-Identifier: Apache-2.0
// Checks, packing, flags and rounding of operands, for products on one device and on many.
#include "runtime/product.hpp"

#include <fmt/format.h>

#include <cstring>
#include <hilbert/convert.hpp>
#include <hilbert/error.hpp>
#include <hilbert/model/operand.hpp>
#include <hilbert/sizes.hpp>

#include "runtime/panels.hpp"

namespace hilbert {
namespace {

using model::Format;

[[noreturn]] void refuse(std::string what, std::string next = {}) {
  throw Error(ExitCode::bad_input, std::move(what), "GEMM", std::move(next));
}

void check_format(const char* name, model::FormatSpec spec, bool operand) {
  const auto code = static_cast<unsigned>(spec.format);
  if (code >= model::formats.size()) refuse(fmt::format("format code {} of {} does not exist", code, name), "0..6");
  if (operand && spec.format == Format::fp32) {
    refuse(fmt::format("fp32 cannot be the format of operand {}", name), "bf16 is the widest operand format");
  }
  if (model::has_tensor_bias(spec.format) ? spec.bias > model::max_bias : spec.bias != 0) {
    refuse(fmt::format("bias {} of {} does not fit {}", spec.bias, name, model::info(spec.format).name),
           "0..63 for CFloat8, 0 for others");
  }
}

void check_bytes(const char* name, std::size_t have, std::uint64_t rows, std::uint64_t cols, std::uint64_t element) {
  const std::uint64_t right = matrix_bytes(rows, cols, element);
  if (have != right) {
    refuse(fmt::format("{} has {} bytes, {} x {} elements of {} bytes are {}", name, have, rows, cols, element, right));
  }
}

bool any_denormal(model::FormatSpec spec, bool literal, std::span<const std::byte> codes) {
  const std::size_t bytes = model::element_bytes(spec.format);
  model::Flags flags;
  for (std::size_t at = 0; at < codes.size() && !flags.has(model::Flag::denormal); at += bytes) {
    std::uint32_t code = 0;
    std::memcpy(&code, codes.data() + at, bytes);
    model::to_fp32(spec, code, literal, flags);
  }
  return flags.has(model::Flag::denormal);
}

std::string shape(std::size_t rows, std::size_t cols) { return fmt::format("{} x {}", rows, cols); }

std::uint32_t size32(std::size_t size) {
  return static_cast<std::uint32_t>(checked_matrix_bytes(size, 1, 1, "GEMM"));  // bytes of a column of bytes
}

}  // namespace

void check_job(const model::Gemm& job, unsigned device_depth) {
  if (job.m == 0 || job.n == 0 || job.k == 0) {
    refuse(fmt::format("{} x {} by {} x {} is empty", job.m, job.k, job.k, job.n), "M, N and K must be at least 1");
  }
  check_format("A", job.a, true);
  check_format("B", job.b, true);
  check_format("D", job.d, false);
  (void)checked_matrix_bytes(job.m, job.k, model::element_bytes(job.a.format), "GEMM: A");
  (void)checked_matrix_bytes(job.k, job.n, model::element_bytes(job.b.format), "GEMM: B");
  (void)checked_matrix_bytes(job.m, job.n, 4, "GEMM: sums");
  if (job.depth != device_depth) {
    refuse(fmt::format("the job is for Depth {}, the device has Depth {}: other bits would come out", job.depth,
                       device_depth),
           "open a device with that Depth");
  }
}

void check_codes(const model::Gemm& job, std::span<const std::byte> a, std::span<const std::byte> b,
                 std::span<const std::byte> c) {
  check_bytes("A", a.size(), job.m, job.k, model::element_bytes(job.a.format));
  check_bytes("B", b.size(), job.k, job.n, model::element_bytes(job.b.format));
  if (job.accumulate) check_bytes("C", c.size(), job.m, job.n, 4);
}

std::vector<std::byte> packed(const model::PanelLayout& layout, std::span<const std::byte> codes, model::Order order) {
  std::vector<std::byte> image(layout.extent(layout.panel_bytes()));
  pack(layout, codes, image, layout.panel_bytes(), order);
  return image;
}

model::Flags resolve_denormal(const model::Gemm& job, model::Flags first, model::Flags later,
                              std::span<const std::byte> a, std::span<const std::byte> b,
                              std::span<const std::byte> c) {
  model::Flags all = first;
  all |= later;
  if (!later.has(model::Flag::denormal) || first.has(model::Flag::denormal)) return all;
  const bool real = any_denormal(job.a, job.literal, a) || any_denormal(job.b, job.literal, b) ||
                    any_denormal({Format::fp32, 0}, job.literal, c);
  if (!real) all.bits = static_cast<std::uint8_t>(all.bits & ~(1u << static_cast<unsigned>(model::Flag::denormal)));
  return all;
}

Report work_of(const model::Completion& done) {
  Report work;
  work.jobs = 1;
  work.job_clocks = done.clocks;
  work.steps = done.busy;
  work.wait_operands = done.wait_operands;
  work.wait_result = done.wait_result;
  work.wait_c = done.wait_c;
  work.wait_semaphore = done.wait_semaphore;
  work.corrected = done.corrected;
  return work;
}

model::Gemm gemm_job(const GemmOptions& options, unsigned depth, MatrixSize a, MatrixSize b) {
  if (a.cols != b.rows) {
    throw Error(ExitCode::bad_input,
                fmt::format("A is {}, B is {}: the inner sizes differ", shape(a.rows, a.cols), shape(b.rows, b.cols)),
                "GEMM", "A is M x K, B is K x N");
  }
  if (options.c && (options.c->rows != a.rows || options.c->cols != b.cols)) {
    throw Error(ExitCode::bad_input,
                fmt::format("C is {}, A * B is {}", shape(options.c->rows, options.c->cols), shape(a.rows, b.cols)),
                "GEMM");
  }
  model::Gemm job;
  job.m = size32(a.rows), job.n = size32(b.cols), job.k = size32(a.cols);
  job.a = options.a, job.b = options.b, job.d = options.d;
  job.accumulate = options.c.has_value();
  job.relu = options.relu, job.saturate = options.saturate, job.stochastic = options.stochastic;
  job.literal = options.literal, job.seed = options.seed, job.row0 = options.row0, job.col0 = options.col0;
  job.depth = depth;
  check_job(job, depth);
  return job;
}

GemmResult gemm_of_floats(MatrixView<const float> a, MatrixView<const float> b, const GemmOptions& options,
                          unsigned depth, const CodesProduct& multiply) {
  const model::Gemm job = gemm_job(options, depth, {a.rows, a.cols}, {b.rows, b.cols});
  EncodeOptions rounding;
  rounding.saturate = options.saturate;
  rounding.literal = options.literal;
  const CodeMatrix a_codes = encode_matrix(a, options.a, rounding), b_codes = encode_matrix(b, options.b, rounding);
  CodeMatrix c_codes;
  if (options.c) c_codes = encode_matrix(*options.c, model::FormatSpec{}, rounding);
  CodesResult codes = multiply(job, a_codes.codes, b_codes.codes, c_codes.codes);

  GemmResult result;
  result.d = Matrix<float>(a.rows, b.cols);
  decode_codes(codes.d, job.d, job.literal, result.d.elements());
  result.flags = codes.flags;
  result.operand_flags = a_codes.flags;
  result.operand_flags |= b_codes.flags;
  result.report = codes.report;
  return result;
}

}  // namespace hilbert
