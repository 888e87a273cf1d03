// SPDX-License-Identifier: Apache-2.0
// Boost.Program_options finds the words; what they may be is decided here.
#include "options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/program_options.hpp>
#include <cctype>
#include <hilbert/renamed.hpp>
#include <hilbert/standard_streams.hpp>
#include <iostream>
#include <map>

namespace hilbert::cli {
namespace {

namespace po = boost::program_options;

/// The option as it was typed: "--clocks" of "--clocks=5", "-n" of "-n5".
std::string as_typed(const po::option& option) {
  const std::string& word = option.original_tokens.empty() ? option.string_key : option.original_tokens.front();
  if (!word.starts_with('-')) return "--" + option.string_key;
  return word.starts_with("--") ? word.substr(0, word.find('=')) : word.substr(0, 2);
}

std::string long_name(const std::string& name) { return name.substr(0, name.find(',')); }

/// A text that may be left out, as help shows it.
class OptionalFile : public po::typed_value<std::string> {
 public:
  OptionalFile() : po::typed_value<std::string>(nullptr) {}
  [[nodiscard]] std::string name() const override { return "[FILE]"; }
};

}  // namespace

struct ProgramOptions::Parts {
  struct Argument {
    std::string name, about;
    std::string* one = nullptr;  ///< or
    std::vector<std::string>* many = nullptr;
  };

  std::string usage, about, note;
  std::vector<std::pair<std::string, std::string>> examples;
  po::options_description options{"Options", 100, 50};
  po::variables_map values;
  std::map<std::string, Take> takers;
  std::map<std::string, std::string*> outputs;
  std::vector<Argument> arguments;
  bool has_json = false;
  std::string json_word;  ///< that stood behind --json and was taken for its FILE

  /// The program and its commands: "hilbert vectors gen".
  [[nodiscard]] std::string name() const {
    std::size_t end = usage.find(' ');
    while (end < usage.size() && std::islower(static_cast<unsigned char>(usage[end + 1])) != 0)
      end = usage.find(' ', end + 1);
    return usage.substr(0, end);
  }
  /// "hilbert board [options] ACTION FILE"
  [[nodiscard]] std::string usage_line() const { return name() + " [options]" + usage.substr(name().size()); }
  [[nodiscard]] std::string help_line() const { return fmt::format("{} --help lists the options", name()); }
  po::typed_value<std::string>* add(const std::string& option, const std::string& value_name, const std::string& text,
                                    Take take) {
    auto* value = po::value<std::string>()->value_name(value_name);
    options.add_options()(option.c_str(), value, text.c_str());
    takers[long_name(option)] = std::move(take);
    return value;
  }
};

ProgramOptions::ProgramOptions(std::string usage, std::string about) : parts_(std::make_unique<Parts>()) {
  parts_->usage = std::move(usage);
  parts_->about = std::move(about);
  parts_->options.add_options()("help,h", "print this and exit");
}
ProgramOptions::~ProgramOptions() = default;

void ProgramOptions::flag(const std::string& name, bool& target, const std::string& about) {
  parts_->options.add_options()(name.c_str(), po::bool_switch(&target)->default_value(target), about.c_str());
}

void ProgramOptions::text(const std::string& name, std::string& target, const std::string& value_name,
                          const std::string& about) {
  auto* value = parts_->add(name, value_name, about,
                            [&target](const std::string& given, const std::string& /*typed*/) { target = given; });
  if (!target.empty()) value->default_value(target);
}

void ProgramOptions::required(const std::string& name, std::string& target, const std::string& value_name,
                              const std::string& about) {
  parts_->add(name, value_name, about, [&target](const std::string& given, const std::string&) { target = given; })
      ->required();
}

void ProgramOptions::texts(const std::string& name, std::vector<std::string>& target, const std::string& value_name,
                           const std::string& about, bool several) {
  auto* value = po::value<std::vector<std::string>>()->value_name(value_name);
  if (several) value->multitoken();
  parts_->options.add_options()(name.c_str(), value, about.c_str());
  parts_->takers[long_name(name)] = [&target](const std::string& given, const std::string&) {
    target.push_back(given);
  };
}

void ProgramOptions::output(const std::string& name, std::string& target, const std::string& value_name,
                            const std::string& about) {
  text(name, target, value_name, about + "; - is standard output");
  parts_->outputs[long_name(name)] = &target;
}

void ProgramOptions::json(std::string& target, const std::string& about) {
  const std::string text = about + " (FILE left out, or -: standard output)";
  parts_->options.add_options()("json", new OptionalFile, text.c_str());
  parts_->takers["json"] = [&target](const std::string& given, const std::string&) { target = given; };
  parts_->has_json = true;
}

void ProgramOptions::json_output(std::string& target, const std::string& about) {
  json(target, about);
  parts_->outputs["json"] = &target;
}

void ProgramOptions::add_number(const std::string& name, const char* value_name, const std::string& default_text,
                                const std::string& about, const std::string& range, Take take) {
  auto* value = parts_->add(name, value_name, fmt::format("{} ({})", about, range), std::move(take));
  if (!default_text.empty()) value->default_value(default_text);
}

void ProgramOptions::argument(const std::string& name, std::string& target, const std::string& about) {
  parts_->arguments.push_back({name, about, &target, nullptr});
}
void ProgramOptions::arguments(const std::string& name, std::vector<std::string>& target, const std::string& about) {
  parts_->arguments.push_back({name, about, nullptr, &target});
}

void ProgramOptions::example(std::string command_line, std::string effect) {
  parts_->examples.emplace_back(std::move(command_line), std::move(effect));
}
void ProgramOptions::note(std::string text) { parts_->note = std::move(text); }

/// Boost takes an optional value only from behind '='. A word behind --json is FILE too.
Arguments ProgramOptions::with_json_file(Arguments arguments) {
  Parts& p = *parts_;
  for (std::size_t i = 0; p.has_json && i < arguments.size() && arguments[i] != "--"; ++i) {
    if (arguments[i] != "--json") continue;
    const std::string word = i + 1 < arguments.size() ? arguments[i + 1] : "-";
    const bool is_file = i + 1 < arguments.size() && (!word.starts_with('-') || word == "-");
    arguments[i] += is_file ? "=" + word : "=-";
    if (!is_file) continue;
    if (word.empty()) throw Error(ExitCode::bad_input, "is given an empty text", "--json", "leave it out");
    p.json_word = word;
    arguments.erase(arguments.begin() + static_cast<std::ptrdiff_t>(i) + 1);
  }
  return arguments;
}

bool ProgramOptions::parse(const Arguments& arguments) {
  Parts& p = *parts_;
  const auto refuse = [&](std::string what) {
    throw Error(ExitCode::bad_input, std::move(what), p.name(), p.help_line());
  };
  try {
    // No guessing of abbreviated options: scripts must not break when an option is added.
    const int style = po::command_line_style::unix_style & ~po::command_line_style::allow_guessing;
    const po::parsed_options parsed =
        po::command_line_parser(with_json_file(arguments)).options(p.options).style(style).run();
    po::store(parsed, p.values);
    if (p.values.count("help") != 0) {
      print_help();
      return false;
    }
    std::vector<std::string> words;
    for (const po::option& option : parsed.options) {
      for (const std::string& value : option.value) {
        const std::string typed = option.string_key.empty() ? p.name() : as_typed(option);
        if (value.empty()) throw Error(ExitCode::bad_input, "is given an empty text", typed, "leave it out");
        if (option.string_key.empty()) {
          words.push_back(value);
        } else if (const auto taker = p.takers.find(option.string_key); taker != p.takers.end()) {
          taker->second(value, typed);
        }
      }
    }
    po::notify(p.values);
    take_arguments(words);
  } catch (const po::unknown_option& error) {
    std::vector<std::string> known;
    for (const auto& option : p.options.options()) known.push_back("--" + option->long_name());
    const std::string given = error.get_option_name(), name = given.substr(0, given.find('='));
    if (const std::string now = new_spelling(p.name(), name); !now.empty()) refuse(now);
    refuse(fmt::format("unknown option '{}'{}", name, suggestion(name, known)));
  } catch (const po::error& error) {
    refuse(error.what());
  }
  resolve_outputs();
  return true;
}

void ProgramOptions::take_arguments(const std::vector<std::string>& words) {
  const Parts& p = *parts_;
  std::size_t next = 0;
  for (const Parts::Argument& argument : p.arguments) {
    if (argument.many != nullptr) {
      argument.many->assign(words.begin() + static_cast<std::ptrdiff_t>(next), words.end());
      return;
    }
    if (next == words.size()) {
      std::string what = fmt::format("{} is missing", argument.name);
      if (!p.json_word.empty()) what += fmt::format(" ('{}' is the FILE of --json)", p.json_word);
      throw Error(ExitCode::bad_input, what, p.name(), "usage: " + p.usage_line());
    }
    *argument.one = words[next++];
  }
  if (next != words.size()) {
    throw Error(ExitCode::bad_input, fmt::format("'{}' is one word too many", words[next]), p.name(),
                "usage: " + p.usage_line());
  }
}

void ProgramOptions::resolve_outputs() {
  for (const auto& [name, target] : parts_->outputs) {
    if (*target == "-") *target = "/dev/stdout";
    // What is said about the work must not get into its result.
    if (!target->empty() && is_standard_output(target->c_str())) std::cout.rdbuf(std::cerr.rdbuf());
  }
}

bool ProgramOptions::given(const std::string& name) const {
  const po::variables_map& values = parts_->values;
  return values.count(name) != 0 && !values[name].defaulted();
}

void ProgramOptions::only(std::initializer_list<const char*> names, bool has_effect, const std::string& where) const {
  if (has_effect) return;
  for (const char* name : names) {
    if (!given(name)) continue;
    throw Error(ExitCode::bad_input, fmt::format("--{} has an effect only {}", name, where), parts_->name(),
                "leave it out");
  }
}

void ProgramOptions::print_help() const {
  const Parts& p = *parts_;
  std::cout << fmt::format("usage: {}\n\n{}\n\n", p.usage_line(), p.about);
  if (!p.arguments.empty()) std::cout << "Arguments:\n";
  for (const Parts::Argument& argument : p.arguments) {
    std::cout << fmt::format("  {:<48}{}\n", argument.name, argument.about);
  }
  std::cout << (p.arguments.empty() ? "" : "\n") << p.options;
  if (!p.note.empty()) std::cout << '\n' << p.note << '\n';
  if (!p.examples.empty()) std::cout << "\nExamples:\n";
  for (const auto& [line, effect] : p.examples) std::cout << fmt::format("  {}\n      {}\n", line, effect);
}

}  // namespace hilbert::cli
