// SPDX-License-Identifier: Apache-2.0
// A program for rom.ld: its start copies .data to where it runs and leaves .bss to the loader.
#include <stdint.h>

extern uint32_t data_start[], data_end[], data_load[];

static volatile uint32_t bss[1500];
static volatile uint32_t values[] = {0x01234567, 0x89ABCDEF, 0xDEADBEEF};
volatile uint32_t begin_signature[5] = {1, 2, 3, 4, 5};
__asm__(".globl end_signature\n.set end_signature, begin_signature + 20");
volatile uint32_t tohost;

static const char text[] = "odd length, so that .data begins in the word in which the code ends";

__attribute__((naked, section(".text.start"))) void _start(void) { __asm__("la sp, stack_top\n call run"); }

__attribute__((noreturn, used)) void run(void) {
  for (uint32_t *to = data_start, *from = data_load; to != data_end;) *to++ = *from++;
  uint32_t sum = 0;
  for (uint32_t i = 0; i < sizeof bss / sizeof *bss; ++i) sum |= bss[i];
  for (uint32_t i = 0; i < 3; ++i) begin_signature[i] = values[i];
  for (const volatile char* c = text; *c; ++c) sum += (uint8_t)*c;
  begin_signature[3] = sum;
  tohost = 1;
  for (;;) {
  }
}
