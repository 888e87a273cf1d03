// SPDX-License-Identifier: Apache-2.0
// The product of main.cpp as a function that another program, in any language, can load.
#include <hilbert/runtime.hpp>

extern "C" void multiply(float d[4]) {
  hilbert::Runtime runtime("model:small");
  const hilbert::Matrix<float> a(2, 3, {1, 2, 3, 4, 5, 6}), b(3, 2, {7, 8, 9, 10, 11, 12});
  const auto product = runtime.gemm(a, b, {.a = "bf16", .b = "bf16"}).d;
  for (unsigned i = 0; i < 4; ++i) d[i] = product(i / 2, i % 2);
}
