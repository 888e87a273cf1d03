// SPDX-License-Identifier: Apache-2.0
// Products, quotients and remainders of 32 and 64 bits, as the compiler makes them: calls without the M extension,
// instructions with it.
#include "program.h"

// 10 x 10 pairs, 8 words each
SIGNATURE(800);

int main(void) {
  // As in signatures.cpp; volatile, so that nothing is computed by the compiler.
  static volatile const uint32_t values[10] = {1,          2,          3,          7,          10,
                                               0x7FFFFFFF, 0x80000000, 0x80000001, 0xFFFFFFFE, 0xFFFFFFFF};
  volatile uint32_t* out = signature;
  for (unsigned i = 0; i < 10; ++i) {
    for (unsigned j = 0; j < 10; ++j, out += 8) {
      const uint32_t a = values[i], b = values[j];
      const uint64_t product = (uint64_t)a * b, wide = (uint64_t)a << 32 | b;
      const int64_t signed_product = (int64_t)(int32_t)a * (int32_t)b;
      const int overflow = a == 0x80000000u && b == 0xFFFFFFFFu;
      out[0] = (uint32_t)product;
      out[1] = (uint32_t)(product >> 32);
      out[2] = (uint32_t)((uint64_t)signed_product >> 32);
      out[3] = a / b;
      out[4] = a % b;
      out[5] = overflow ? 0 : (uint32_t)((int32_t)a / (int32_t)b);
      out[6] = overflow ? 0 : (uint32_t)((int32_t)a % (int32_t)b);
      out[7] = (uint32_t)(wide / (b | 0x100000000u)) ^ (uint32_t)(wide % (b | 0x100000000u));
    }
  }
  return 0;
}
