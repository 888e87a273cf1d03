// SPDX-License-Identifier: Apache-2.0
// Random programs with a trap handler that carries on, for the lock-step.
#pragma once

#include <cstdint>
#include <vector>

#include "support/random.hpp"

namespace hilbert::test {

struct Program {
  std::uint32_t address;  ///< of its first word, where it also starts
  std::vector<std::uint32_t> words;
};

/// From the generator's state alone. Whatever it does is defined: the handler resumes behind an exception, at the start
/// after a jump to where nothing is.
Program random_program(Random& random);

}  // namespace hilbert::test
