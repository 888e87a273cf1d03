// SPDX-License-Identifier: Apache-2.0
// A product on matrices that lie in tile memory, as one job.
#pragma once

#include <hilbert/runtime.hpp>

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

}  // namespace hilbert::bench
