// SPDX-License-Identifier: Apache-2.0
// Products on the model, and on devices that share the rows.
#include "runtime/train_products.hpp"

#include <algorithm>
#include <future>
#include <utility>

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
    : runtimes_(std::move(runtimes)), geometry_(runtimes_.front().geometry()) {}

unsigned DeviceEngine::depth() const { return geometry_.depth; }

CodesResult DeviceEngine::multiply(const model::Gemm& job, std::span<const std::byte> a, std::span<const std::byte> b,
                                   std::span<const std::byte> c) {
  const auto panels = (job.m + geometry_.rows - 1) / geometry_.rows;
  const auto shares = static_cast<std::uint32_t>(std::min<std::size_t>(runtimes_.size(), std::max(panels, 1u)));
  const std::size_t a_row = std::size_t{job.k} * model::element_bytes(job.a.format);
  const std::size_t c_row = std::size_t{job.n} * 4;

  const auto share = [&](std::uint32_t index) {
    const auto from_row = [&](std::uint32_t i) {
      return std::min(static_cast<std::uint32_t>(std::uint64_t{panels} * i / shares) * geometry_.rows, job.m);
    };
    const std::uint32_t first = from_row(index);
    model::Gemm part = job;
    part.m = from_row(index + 1) - first;
    part.row0 = static_cast<std::uint16_t>(job.row0 + first);
    return runtimes_[index].gemm_codes(part, a.subspan(first * a_row, part.m * a_row), b,
                                       c.empty() ? c : c.subspan(first * c_row, part.m * c_row));
  };
  std::vector<std::future<CodesResult>> others;  // a future of std::async waits when destroyed, also by an exception
  for (std::uint32_t i = 1; i < shares; ++i) others.push_back(std::async(std::launch::async, share, i));
  CodesResult whole = share(0);
  for (auto& other : others) {
    const CodesResult part = other.get();
    whole.d.insert(whole.d.end(), part.d.begin(), part.d.end());
    whole.flags |= part.flags;
    whole.report += part.report;
  }
  return whole;
}

Report DeviceEngine::totals() const {
  Report sum;
  for (const Runtime& runtime : runtimes_) sum += runtime.totals();
  return sum;
}

}  // namespace hilbert::train
