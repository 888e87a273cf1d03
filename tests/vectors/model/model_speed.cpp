// SPDX-License-Identifier: Apache-2.0
// Measures gemm() on one core: 256 x 256 x 1024, fp32 result, the best of five runs.
#include <algorithm>
#include <bit>
#include <chrono>
#include <cstdio>
#include <random>

#include "hilbert/model/gemm.hpp"
#include "support/random.hpp"

namespace hm = hilbert::model;

namespace {

std::vector<std::byte> ordinary_numbers(std::size_t elements, hm::Format format, hilbert::Random& random) {
  std::vector<std::byte> codes;
  std::normal_distribution<float> gauss;
  for (std::size_t i = 0; i < elements; ++i) {
    if (format == hm::Format::bf16) {
      const std::uint32_t bits = std::bit_cast<std::uint32_t>(gauss(random));
      codes.push_back(static_cast<std::byte>(bits >> 16));
      codes.push_back(static_cast<std::byte>(bits >> 24));
    } else {
      codes.push_back(static_cast<std::byte>(random.bits32()));
    }
  }
  return codes;
}

}  // namespace

int main() {
  for (const char* name : {"bf16", "cf8_143:7", "int8"}) {
    for (const unsigned depth : {1u, 2u, 4u}) {
      const hm::FormatSpec format = *hm::parse_format(name);
      const hm::Gemm job{.m = 256, .n = 256, .k = 1024, .a = format, .b = format, .d = {}, .depth = depth};
      hilbert::Random random(hilbert::seed_of(1));
      const auto a = ordinary_numbers(std::size_t{job.m} * job.k, format.format, random);
      const auto b = ordinary_numbers(std::size_t{job.k} * job.n, format.format, random);
      double best_s = 1e9;
      for (int i = 0; i < 5; ++i) {
        const auto start = std::chrono::steady_clock::now();
        (void)hm::gemm(job, a, b);
        best_s = std::min(best_s, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
      }
      std::printf("%-10s depth %u  %7.0f M MAC/s\n", name, depth, double{256} * 256 * 1024 / best_s / 1e6);
    }
  }
  return 0;
}
