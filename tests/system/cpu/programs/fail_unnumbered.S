// SPDX-License-Identifier: Apache-2.0
// Fails before its first case, or, with NUMBER, under a number whose double is 0 in 32 bits: both are failures all the same.
#include "riscv_test.h"

RVTEST_RV32U
RVTEST_CODE_BEGIN
#ifdef NUMBER
  li TESTNUM, NUMBER
#endif
  RVTEST_FAIL
RVTEST_CODE_END
