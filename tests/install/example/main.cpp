// SPDX-License-Identifier: Apache-2.0
// A matrix product in three lines.
#include <cstdio>
#include <hilbert/runtime.hpp>

int main() {
  hilbert::Runtime runtime("model:small");
  const hilbert::Matrix<float> a(2, 3, {1, 2, 3, 4, 5, 6}), b(3, 2, {7, 8, 9, 10, 11, 12});
  const auto d = runtime.gemm(a, b, {.a = "bf16", .b = "bf16"}).d;
  std::printf("%g %g %g %g\n", d(0, 0), d(0, 1), d(1, 0), d(1, 1));
}
