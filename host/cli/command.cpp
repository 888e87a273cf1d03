// SPDX-License-Identifier: Apache-2.0
// Option parsing, help and suggestions shared by all subcommands.
#include "command.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cstdio>
#include <hilbert/device.hpp>
#include <hilbert/text.hpp>
#include <iostream>
#include <numeric>

namespace hilbert::cli {
namespace {

namespace po = boost::program_options;

std::vector<Command>& registry() {
  static std::vector<Command> all;
  return all;
}

/// Levenshtein's distance.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
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

std::string suggestion(std::string_view word, const std::vector<std::string>& known) {
  const auto nearest = std::ranges::min_element(known, {}, [&](const std::string& k) { return distance(word, k); });
  if (nearest == known.end() || distance(word, *nearest) > std::max<std::size_t>(word.size() / 3, 1)) return "";
  return fmt::format(", did you mean '{}'?", *nearest);
}

std::string device_help() {
  std::string text = "what to run on:";
  for (const std::string& uri : available_devices()) text += ' ' + uri;
  return text;
}

Options::Options(std::string usage, std::string about) : usage_(std::move(usage)), about_(std::move(about)) {
  options_.add_options()("help,h", "print this and exit")("verbose,v", "say on stderr what is being done");
}

void Options::example(std::string command_line, std::string effect) {
  examples_.emplace_back(std::move(command_line), std::move(effect));
}

std::string Options::where() const { return "hilbert " + usage_.substr(0, usage_.find(' ')); }

bool Options::parse(const Arguments& arguments) {
  const std::string help = fmt::format("{} --help lists the options", where());
  try {
    // No guessing of abbreviated options: scripts must not break when an option is added.
    const int style = po::command_line_style::unix_style & ~po::command_line_style::allow_guessing;
    po::store(po::command_line_parser(arguments).options(options_).positional(positional_).style(style).run(), values_);
    if (values_.count("help") != 0) {
      print_help();
      return false;
    }
    po::notify(values_);
  } catch (const po::unknown_option& error) {
    std::vector<std::string> known;
    for (const auto& option : options_.options()) known.push_back("--" + option->long_name());
    const std::string name = error.get_option_name();
    throw Error(ExitCode::bad_input, fmt::format("unknown option '{}'{}", name, suggestion(name, known)), where(),
                help);
  } catch (const po::error& error) {
    throw Error(ExitCode::bad_input, error.what(), where(), help);
  }
  if (values_.count("verbose") != 0) spdlog::set_level(spdlog::level::debug);
  return true;
}

bool Options::given(const std::string& name) const { return values_.count(name) != 0 && !values_[name].defaulted(); }

void Options::print_help() const {
  std::cout << fmt::format("usage: hilbert {} [options]\n\n{}\n\n", usage_, about_) << options_;
  if (!note_.empty()) std::cout << '\n' << note_ << '\n';
  if (!examples_.empty()) std::cout << "\nExamples:\n";
  for (const auto& [line, effect] : examples_) std::cout << fmt::format("  {}\n      {}\n", line, effect);
}

}  // namespace hilbert::cli
