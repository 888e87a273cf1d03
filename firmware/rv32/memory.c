// SPDX-License-Identifier: Apache-2.0
// What the compiler may call without being asked.
#include <stddef.h>
#include <stdint.h>

__attribute__((used)) void* memcpy(void* restrict to, const void* restrict from, size_t bytes);
__attribute__((used)) void* memset(void* to, int value, size_t bytes);

void* memcpy(void* restrict to, const void* restrict from, size_t bytes) {
  unsigned char* t = to;
  const unsigned char* f = from;
  if ((((uintptr_t)t | (uintptr_t)f) & 3u) == 0) {
    for (; bytes >= 4; bytes -= 4, t += 4, f += 4) *(uint32_t*)(void*)t = *(const uint32_t*)(const void*)f;
  }
  while (bytes-- != 0) *t++ = *f++;
  return to;
}

void* memset(void* to, int value, size_t bytes) {
  unsigned char* t = to;
  if (((uintptr_t)t & 3u) == 0) {
    uint32_t word = (unsigned char)value;
    word |= word << 8;
    word |= word << 16;
    for (; bytes >= 4; bytes -= 4, t += 4) *(uint32_t*)(void*)t = word;
  }
  while (bytes-- != 0) *t++ = (unsigned char)value;
  return to;
}
