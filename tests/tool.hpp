// SPDX-License-Identifier: Apache-2.0
// What the campaigns that are programs of their own have in common: options, help, errors, exit codes.
#pragma once

#include <boost/program_options.hpp>
#include <hilbert/error.hpp>
#include <iostream>
#include <string>

namespace hilbert::test {

/// Whether to go on: false after --help (h), which it has answered. Error(bad_input) for what `options` do not have.
inline bool parse(boost::program_options::options_description& options, int argc, char** argv) {
  namespace po = boost::program_options;
  options.add_options()("help,h", "this text");
  try {
    po::variables_map given;
    po::store(po::parse_command_line(argc, argv, options), given);
    po::notify(given);
    if (given.count("help") == 0) return true;
  } catch (const po::error& error) {
    throw Error(ExitCode::bad_input, error.what(), {}, "--help lists the options");
  }
  std::cout << options;
  return false;
}

/// main(): `run`'s exit code, or that of the error that it threw.
template <class Run>
int exit_code_of(const std::string& tool, Run run) {
  try {
    return static_cast<int>(run());
  } catch (const Error& error) {
    std::cerr << tool << ": " << error.what() << '\n';
    return static_cast<int>(error.code());
  }
}

}  // namespace hilbert::test
