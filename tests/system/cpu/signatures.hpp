// SPDX-License-Identifier: Apache-2.0
// What the programs' signatures must be: published values, or this machine's own arithmetic.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace hilbert::test {

/// Empty if the signature of this program ("sort", "sort_m", ...) is right, else what is wrong.
std::string signature_error(const std::string& program, const std::vector<std::uint32_t>& signature);

}  // namespace hilbert::test
