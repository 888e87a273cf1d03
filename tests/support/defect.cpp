// SPDX-License-Identifier: Apache-2.0
// The number for hb_defect_pkg.sv: what the environment's HILBERT_DEFECT says, or none.
#include <cstdlib>

extern "C" int hilbert_defect() {
  const char* number = std::getenv("HILBERT_DEFECT");
  return number == nullptr ? 0 : std::atoi(number);
}
