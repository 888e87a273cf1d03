// SPDX-License-Identifier: Apache-2.0
// A program's results, for its host to judge: `signature`, between begin_signature and end_signature.
#pragma once

#include <stdint.h>

#define SIGNATURE(words)                        \
  extern volatile uint32_t signature[];         \
  volatile uint32_t signature[words];           \
  __asm__(                                      \
      ".globl begin_signature, end_signature\n" \
      ".set begin_signature, signature\n"       \
      ".set end_signature, signature + 4 * " #words)

int main(void);
