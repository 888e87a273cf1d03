// SPDX-License-Identifier: Apache-2.0
// A main() whose result, doubled in 32 bits, is 0.
#include "program.h"

int main(void) { return (int)0x80000000u; }
