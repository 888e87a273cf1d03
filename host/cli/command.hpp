// SPDX-License-Identifier: Apache-2.0
// What every subcommand is made of. To add one: a file cmd_NAME.cpp with a function and a Registration, in a namespace
// of its own (NAME_command), since several are compiled as one.
#pragma once

#include <boost/program_options.hpp>
#include <hilbert/error.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace hilbert::cli {

using Arguments = std::vector<std::string>;

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

/// All registered commands by name.
const std::vector<Command>& commands();

/// The options of one subcommand. --help, --verbose and errors are the same in all of them.
class Options {
 public:
  /// `usage`: what follows "hilbert " in the usage line, without "[options]". `about`: what it does, in a sentence or
  /// two.
  Options(std::string usage, std::string about);

  /// boost::program_options syntax: add()("name", value(&x)->required()->value_name("X"), "text").
  boost::program_options::options_description_easy_init add() { return options_.add_options(); }
  /// Names the values without a dash, in order; `most` of the last (-1: any number).
  void positional(const char* name, int most) { positional_.add(name, most); }
  /// A command line for the help and what it does.
  void example(std::string command_line, std::string effect);
  /// Free text after the options.
  void note(std::string text) { note_ = std::move(text); }

  /// False if --help was asked for and printed: return ExitCode::good. Error (exit code 2) with a suggestion for an
  /// unknown option, and for a missing or bad value.
  [[nodiscard]] bool parse(const Arguments& arguments);
  /// Whether the option was given on the command line.
  [[nodiscard]] bool given(const std::string& name) const;

 private:
  void print_help() const;
  [[nodiscard]] std::string where() const;

  std::string usage_, about_, note_;
  std::vector<std::pair<std::string, std::string>> examples_;
  boost::program_options::options_description options_{"Options", 100, 50};
  boost::program_options::positional_options_description positional_;
  boost::program_options::variables_map values_;
};

/// ", did you mean 'gemm'?" for the known word nearest to `word`; "" if none is near.
std::string suggestion(std::string_view word, const std::vector<std::string>& known);

/// The text of --device in every command.
std::string device_help();

}  // namespace hilbert::cli
