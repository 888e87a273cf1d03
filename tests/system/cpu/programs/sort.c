// SPDX-License-Identifier: Apache-2.0
// Heap sort of 200 pseudo-random numbers (Numerical Recipes' linear congruential generator, from 1).
#include "program.h"

SIGNATURE(200);

static void sift(uint32_t* a, uint32_t root, uint32_t end) {
  for (uint32_t child; (child = 2 * root + 1) < end; root = child) {
    if (child + 1 < end && a[child] < a[child + 1]) ++child;
    if (a[root] >= a[child]) return;
    const uint32_t swap = a[root];
    a[root] = a[child];
    a[child] = swap;
  }
}

int main(void) {
  static uint32_t a[200];
  uint32_t x = 1;
  for (uint32_t i = 0; i < 200; ++i) a[i] = x = x * 1664525u + 1013904223u;
  for (uint32_t i = 100; i-- > 0;) sift(a, i, 200);
  for (uint32_t end = 200; --end > 0;) {
    const uint32_t largest = a[0];
    a[0] = a[end];
    a[end] = largest;
    sift(a, 0, end);
  }
  for (uint32_t i = 0; i < 200; ++i) signature[i] = a[i];
  for (uint32_t i = 1; i < 200; ++i) {
    if (a[i - 1] > a[i]) return 1;
  }
  return 0;
}
