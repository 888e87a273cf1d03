// SPDX-License-Identifier: Apache-2.0
// What every subcommand is made of. To add one: a file cmd_NAME.cpp with a function and a Registration, in a namespace
// of its own (NAME_command), since several are compiled as one.
#pragma once

#include <hilbert/device.hpp>
#include <hilbert/error.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "options.hpp"

namespace hilbert::cli {

struct Command {
  std::string_view name;
  std::string_view summary;  ///< one line for `hilbert --help`
  ExitCode (*run)(const Arguments& arguments);
};

/// Makes a command known to main: a constant of namespace scope in the command's file.
class Registration {
 public:
  explicit Registration(const Command& command);
};

/// One of several things that a command does, each with options of its own.
struct Action {
  std::string_view name, about;
  ExitCode (*run)(const Arguments& arguments);
};
/// "hilbert COMMAND ACTION ...": runs the action with what follows it, or says for --help which there are.
ExitCode run_action(const std::string& command, std::string_view about, std::span<const Action> actions,
                    const Arguments& arguments);

/// All registered commands by name.
const std::vector<Command>& commands();

/// The options of one subcommand. --help, --verbose and errors are the same in all of them.
class Options : public ProgramOptions {
 public:
  /// `usage`: what follows "hilbert " in the usage line, without "[options]".
  Options(const std::string& usage, std::string about);
  /// As ProgramOptions'; --verbose has its effect.
  [[nodiscard]] bool parse(const Arguments& arguments);

 private:
  bool verbose_ = false;
};

/// Prints "hilbert: error: MESSAGE" on stderr, one line whatever bytes are in it.
void complain(std::string_view message);

/// The text of --device in every command.
std::string device_help();
/// "on sim: devices", for ProgramOptions::only().
std::string on_devices_that(bool Abilities::*can);

/// Error (exit code 2) with a suggestion for a `word` that is none of `known`: "no action 'shwo', did you mean
/// 'show'?".
void require_known(std::string_view kind, const std::string& word, const std::vector<std::string>& known,
                   const std::string& where);

}  // namespace hilbert::cli
