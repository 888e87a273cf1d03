// SPDX-License-Identifier: Apache-2.0
// One line that runs a failing test again, to be pasted into a shell.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace hilbert {

/// For the test that runs: "reproduce: HILBERT_SEED=7 /.../bin/net_test --gtest_filter='Net/0.Random'". `variables` may
/// add to the environment: "HILBERT_CPU_PROGRAMS=1".
///
/// main() of the tests prints it, with the seed of the run, for every test that failed. One that tries many seeds adds
/// its own, with the seed that failed.
std::string reproduce(std::uint64_t seed, std::string_view variables = {});

}  // namespace hilbert
