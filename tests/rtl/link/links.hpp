// SPDX-License-Identifier: Apache-2.0
// The ends of links that the tests verilate.
#pragma once

#include <string>
#include <vector>

#include "hilbert/tb/link_pair.hpp"

namespace hilbert::test {

/// Names: full, small, and full with a check of 8 and of 12 bits.
std::vector<std::string> link_names();
/// Throws Error(bad_input) for any other name.
tb::LinkMaker link_maker(const std::string& name);

}  // namespace hilbert::test
