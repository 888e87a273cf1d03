// SPDX-License-Identifier: Apache-2.0
// A product on matrices that lie in tile memory, as one job of either path.
#pragma once

#include <algorithm>
#include <hilbert/runtime.hpp>
#include <vector>

#include "bench/product.hpp"

namespace hilbert::bench {

/// `job` must fit a descriptor (M, N, K up to 65535). With accumulate the result replaces C.
inline model::Descriptor gemm_job(const model::Gemm& job, const DeviceMatrix& a, const DeviceMatrix& b,
                                  const DeviceMatrix& d) {
  model::Descriptor out;
  out.opcode = model::Opcode::gemm;
  out.accumulate = job.accumulate;
  out.a = job.a, out.b = job.b, out.d = job.d;
  out.m = static_cast<std::uint16_t>(job.m), out.n = static_cast<std::uint16_t>(job.n);
  out.k = static_cast<std::uint16_t>(job.k);
  out.a_at = a.region(), out.b_at = b.region(), out.d_at = d.region();
  if (job.accumulate) out.c_at = d.region();
  return out;
}

/// A product whose operands have been uploaded to the device of a runtime, on whichever path, with room for up to four
/// results, written in turn. The firmware gets batches of as many as it takes.
struct PlacedProduct {
  PlacedProduct(Runtime& runtime, const Product& product)
      : runtime_(runtime),
        product_(product),
        a_(runtime.place(product.job.m, product.job.k, product.job.a, Role::a)),
        b_(runtime.place(product.job.n, product.job.k, product.job.b, Role::b)) {
    runtime.upload(a_, product.a);
    runtime.upload(b_, product.b, model::Order::transposed);
    do {
      d_.push_back(runtime.place(product.job.m, product.job.n, product.job.d, Role::d));
    } while (d_.size() < 4 && has_room(d_.front().buffer.bytes()));
  }

  /// Hands the job over `times`, waits for all, and checks the last result in each place. Returns the device's clocks
  /// from the first submission to the last end that the host sees.
  std::uint64_t run(unsigned times) {
    const std::uint64_t start = runtime_.device().clocks();
    model::Flags flags;
    if (runtime_.path() == JobPath::direct) {
      Ticket last = 0;
      for (unsigned i = 0; i < times; ++i)
        last = runtime_.queue().submit(gemm_job(product_.job, a_, b_, d_[i % d_.size()]));
      const model::Completion& done = runtime_.queue().wait(last);
      require_ok(done);
      flags = done.flags;
    } else {
      Monitor& monitor = runtime_.monitor();
      MonitorTicket last = 0;
      for (unsigned i = 0; i < times;) {
        std::vector<model::Words> batch;
        while (batch.size() < monitor.batch_limit() && i < times) {
          batch.push_back(gemm_job(product_.job, a_, b_, d_[i++ % d_.size()]).pack());
        }
        last = monitor.submit(batch);
      }
      const MonitorAnswer& done = runtime_.monitor().wait(last);
      require_ok(done);
      flags = done.flags;
    }
    const std::uint64_t clocks = runtime_.device().clocks() - start;
    for (unsigned i = 0; i < std::min<std::size_t>(times, d_.size()); ++i) {
      product_.require(runtime_.download(d_[i]), flags, runtime_.capabilities().uri);
    }
    return clocks;
  }

 private:
  /// In a bank that holds no operand, if there are as many.
  [[nodiscard]] bool has_room(std::uint32_t bytes) const {
    for (std::uint32_t bank = 2; bank < runtime_.geometry().banks; ++bank) {
      if (runtime_.memory().largest_free(bank) >= bytes) return true;
    }
    return false;
  }

  Runtime& runtime_;
  const Product& product_;
  DeviceMatrix a_, b_;
  std::vector<DeviceMatrix> d_;
};

}  // namespace hilbert::bench
