// SPDX-License-Identifier: Apache-2.0
// What broadcast, all-gather and all-reduce take of the links they go over.
#pragma once

#include <string>

#include "bench/suites.hpp"

namespace hilbert::bench {

/// On boards of `chip`, a verilated one with links: exact counts of clocks.
void measure_collectives(const SuiteOptions& options, const std::string& chip);

}  // namespace hilbert::bench
