// SPDX-License-Identifier: Apache-2.0
// The list of subcommands, and what their options have in common.
#include "command.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cstdio>
#include <hilbert/text.hpp>
#include <iostream>

#include "device/scheme.hpp"

namespace hilbert::cli {
namespace {

std::vector<Command>& registry() {
  static std::vector<Command> all;
  return all;
}

}  // namespace

Registration::Registration(const Command& command) { registry().push_back(command); }

const std::vector<Command>& commands() {
  std::ranges::sort(registry(), {}, &Command::name);
  return registry();
}

ExitCode run_action(const std::string& command, std::string_view about, std::span<const Action> actions,
                    const Arguments& arguments) {
  const std::string which = arguments.empty() ? "" : arguments.front();
  if (which == "--help" || which == "-h") {
    std::cout << fmt::format("usage: hilbert {} ACTION [options]\n\n{}\n\nActions:\n", command, about);
    for (const Action& action : actions) std::cout << fmt::format("  {:<10} {}\n", action.name, action.about);
    std::cout << fmt::format("\nhilbert {} ACTION --help explains one and shows examples.\n", command);
    return ExitCode::good;
  }
  std::vector<std::string> known;
  for (const Action& action : actions) {
    if (action.name == which) return action.run({arguments.begin() + 1, arguments.end()});
    known.emplace_back(action.name);
  }
  const std::string where = "hilbert " + command;
  if (which.empty())
    throw Error(ExitCode::bad_input, "ACTION is missing", where, fmt::format("there are {}", fmt::join(known, ", ")));
  require_known("action", which, known, where);
  return ExitCode::bad_input;  // not reached
}

void complain(std::string_view message) {
  // Not fmt::print: it throws where standard error cannot be written, and the exit code must tell all the same.
  std::fputs(fmt::format("hilbert: error: {}\n", printable(message)).c_str(), stderr);
}

std::string device_help() {
  std::string text = "what to run on:";
  for (const std::string& uri : available_devices()) text += ' ' + uri;
  return text;
}

std::string on_devices_that(bool Abilities::*can) { return fmt::format("on {} devices", device::schemes_that(can)); }

Options::Options(const std::string& usage, std::string about) : ProgramOptions("hilbert " + usage, std::move(about)) {
  flag("verbose,v", verbose_, "say on stderr what is being done");
}

bool Options::parse(const Arguments& arguments) {
  if (!ProgramOptions::parse(arguments)) return false;
  if (verbose_) spdlog::set_level(spdlog::level::debug);
  return true;
}

void require_known(std::string_view kind, const std::string& word, const std::vector<std::string>& known,
                   const std::string& where) {
  if (std::ranges::find(known, word) != known.end()) return;
  throw Error(ExitCode::bad_input, fmt::format("no {} '{}'{}", kind, word, suggestion(word, known)), where,
              fmt::format("there are {}", fmt::join(known, ", ")));
}

}  // namespace hilbert::cli
