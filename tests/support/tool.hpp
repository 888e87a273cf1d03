// SPDX-License-Identifier: Apache-2.0
// What the campaigns that are programs of their own have in common: errors, exit codes, standard streams. Their options
// are those of the program hilbert (cli/options.hpp).
#pragma once

#include <cli/limits.hpp>
#include <cli/options.hpp>
#include <exception>
#include <hilbert/error.hpp>
#include <hilbert/standard_streams.hpp>
#include <iostream>
#include <string>

namespace hilbert::test {

/// How many runs, flits, descriptors: numbers of the first and of how many are added, and multiplied by the batch.
inline constexpr Range<std::uint64_t> first_range{0, cli::most_clocks}, count_range{1, cli::most_clocks};

/// main(): `run`'s exit code, or that of the error that it threw.
template <class Run>
int exit_code_of(const std::string& tool, Run run) {
  occupy_standard_streams();
  try {
    return static_cast<int>(run());
  } catch (const Error& error) {
    std::cerr << tool << ": " << error.what() << '\n';
    return static_cast<int>(error.code());
  }
}

}  // namespace hilbert::test
