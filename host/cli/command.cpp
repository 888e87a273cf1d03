// SPDX-License-Identifier: Apache-2.0
// The list of subcommands, and what their options have in common.
#include "command.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cstdio>
#include <hilbert/device.hpp>
#include <hilbert/text.hpp>

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

void complain(std::string_view message) {
  // Not fmt::print: it throws where standard error cannot be written, and the exit code must tell all the same.
  std::fputs(fmt::format("hilbert: error: {}\n", printable(message)).c_str(), stderr);
}

std::string device_help() {
  std::string text = "what to run on:";
  for (const std::string& uri : available_devices()) text += ' ' + uri;
  return text;
}

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
