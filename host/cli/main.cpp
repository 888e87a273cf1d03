// SPDX-License-Identifier: Apache-2.0
// The program hilbert: finds the subcommand, runs it, and turns its error into a message and an exit code.
#include <fmt/format.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <cstdio>
#include <exception>
#include <hilbert/error.hpp>
#include <hilbert/renamed.hpp>
#include <hilbert/standard_streams.hpp>
#include <iostream>
#include <new>
#include <stdexcept>

#include "command.hpp"
#include "interrupt.hpp"

namespace hilbert::cli {
namespace {

void print_help() {
  std::cout << "usage: hilbert COMMAND [options]\n\n"
               "Runs matrix jobs on an AI accelerator tile: its reference model, its verilated RTL, or hardware.\n\n"
               "Commands:\n";
  for (const Command& command : commands()) std::cout << fmt::format("  {:<10} {}\n", command.name, command.summary);
  std::cout
      << "\nhilbert COMMAND --help explains a command and shows examples.   hilbert --version prints the version.\n"
         "Exit codes: 0 good, 1 a check failed, 2 bad usage or input, 3 the device or the machine failed. A signal "
         "ends it\n"
         "by that signal (in a shell 128 + its number, 130 for Ctrl-C); regress and train say first what they know.\n";
}

ExitCode run(Arguments arguments) {
  if (arguments.empty()) {
    print_help();
    return ExitCode::bad_input;
  }
  const std::string name = arguments.front();
  if (name == "--help" || name == "-h" || name == "help") {
    print_help();
    return ExitCode::good;
  }
  if (name == "--version") {
    std::cout << "hilbert " HILBERT_VERSION "\n";
    return ExitCode::good;
  }
  std::vector<std::string> known;
  for (const Command& command : commands()) {
    if (command.name == name) return command.run({arguments.begin() + 1, arguments.end()});
    known.emplace_back(command.name);
  }
  if (const std::string now = new_spelling("hilbert", name); !now.empty()) {
    throw Error(ExitCode::bad_input, now, "", "hilbert --help lists the commands");
  }
  throw Error(ExitCode::bad_input, fmt::format("unknown command '{}'{}", name, suggestion(name, known)), "",
              "hilbert --help lists the commands");
}

}  // namespace
}  // namespace hilbert::cli

int main(int argc, char** argv) {
  using hilbert::ExitCode;
  hilbert::occupy_standard_streams();
  spdlog::set_default_logger(spdlog::stderr_logger_mt("hilbert"));
  spdlog::set_pattern("hilbert: %v");
  spdlog::set_level(spdlog::level::warn);
  hilbert::cli::end_without_litter();
  // What cannot be said must not end the program otherwise.
  const auto fail = [](ExitCode code, const char* message) noexcept {
    try {
      hilbert::cli::complain(message);
    } catch (const std::bad_alloc&) {
      std::fputs("hilbert: error: out of memory\n", stderr);
    }
    hilbert::cli::end_by_noted_signal();
    return static_cast<int>(code);
  };
  constexpr const char* out_of_memory =
      "out of memory (give it more, or ask for less at once: smaller --jobs, matrices)";
  try {
    const ExitCode code = hilbert::cli::run({argv + 1, argv + argc});
    std::cout.flush();
    hilbert::cli::end_by_noted_signal();
    if (!std::cout) return fail(ExitCode::machine, "cannot write to standard output");
    return static_cast<int>(code);
  } catch (const hilbert::Error& error) {
    return fail(error.code(), error.what());
  } catch (const std::bad_alloc&) {
    return fail(ExitCode::machine, out_of_memory);
  } catch (const std::length_error&) {  // a container asked for more than any memory
    return fail(ExitCode::machine, out_of_memory);
  } catch (const std::exception& error) {
    return fail(ExitCode::machine, error.what());
  }
}
