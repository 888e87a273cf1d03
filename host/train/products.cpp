// SPDX-License-Identifier: Apache-2.0
// Products on the model, and on devices that share the rows.
#include "train/products.hpp"

#include <algorithm>
#include <utility>

#include "runtime/product.hpp"

namespace hilbert::train {
namespace {

std::vector<Runtime> open_all(std::string_view uri, unsigned count, const RuntimeOptions& options) {
  std::vector<Runtime> runtimes;
  for (unsigned i = 0; i < std::max(count, 1u); ++i) runtimes.emplace_back(uri, options);
  return runtimes;
}

}  // namespace

CodesResult ModelEngine::multiply(const model::Gemm& job, std::span<const std::byte> a, std::span<const std::byte> b,
                                  std::span<const std::byte> c) {
  model::GemmResult result = model::gemm(job, a, b, c);
  return {std::move(result.d), result.flags, {}};
}

DeviceEngine::DeviceEngine(std::string_view uri, unsigned count, const RuntimeOptions& options)
    : DeviceEngine(open_all(uri, count, options)) {}
DeviceEngine::DeviceEngine(std::vector<Runtime> runtimes)
    : runtimes_(std::move(runtimes)),
      geometry_(runtimes_.front().geometry()),
      crew_(static_cast<unsigned>(runtimes_.size())) {}

unsigned DeviceEngine::depth() const { return geometry_.depth; }

CodesResult DeviceEngine::multiply(const model::Gemm& job, std::span<const std::byte> a, std::span<const std::byte> b,
                                   std::span<const std::byte> c) {
  check_job(job, depth());
  check_codes(job, a, b, c);
  const std::uint32_t panels = ceil_div(job.m, geometry_.rows);
  const auto shares = static_cast<std::uint32_t>(std::min<std::size_t>(runtimes_.size(), std::max(panels, 1u)));
  const std::size_t a_row = std::size_t{job.k} * model::element_bytes(job.a.format);
  const std::size_t c_row = std::size_t{job.n} * 4;

  std::vector<CodesResult> parts(shares);
  crew_.each(shares, [&](std::size_t index) {
    const auto from_row = [&](std::size_t i) {
      return std::min(static_cast<std::uint32_t>(panels * std::uint64_t{i} / shares) * geometry_.rows, job.m);
    };
    const std::uint32_t first = from_row(index);
    model::Gemm part = job;
    part.m = from_row(index + 1) - first;
    part.row0 = static_cast<std::uint16_t>(job.row0 + first);
    parts[index] = runtimes_[index].gemm_codes(part, a.subspan(first * a_row, part.m * a_row), b,
                                               job.accumulate ? c.subspan(first * c_row, part.m * c_row) : c);
  });
  CodesResult whole = std::move(parts.front());
  for (std::uint32_t i = 1; i < shares; ++i) {
    whole.d.insert(whole.d.end(), parts[i].d.begin(), parts[i].d.end());
    whole.flags |= parts[i].flags;
    whole.report += parts[i].report;
  }
  return whole;
}

Report DeviceEngine::totals() const {
  Report sum;
  for (const Runtime& runtime : runtimes_) sum += runtime.totals();
  return sum;
}

}  // namespace hilbert::train
