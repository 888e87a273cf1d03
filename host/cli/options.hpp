// SPDX-License-Identifier: Apache-2.0
// The command line of a program or of a subcommand: what it takes, its help, its errors. Each kind of option is
// declared in one way, so that no number comes without a range and no file is written where a report goes.
#pragma once

#include <functional>
#include <hilbert/number.hpp>
#include <hilbert/suggestion.hpp>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hilbert::cli {

using Arguments = std::vector<std::string>;

/// Names are "long" or "long,s". Targets hold the defaults, which the help shows, and get what was given in parse().
class ProgramOptions {
 public:
  /// `usage`: the whole usage line, "link_torture" or "hilbert gemm --a A.npy", without "[options]"; it begins with the
  /// name that errors have. `about`: what it does, in a sentence or two.
  ProgramOptions(std::string usage, std::string about);
  ~ProgramOptions();
  ProgramOptions(const ProgramOptions&) = delete;
  ProgramOptions& operator=(const ProgramOptions&) = delete;

  void flag(const std::string& name, bool& target, const std::string& about);
  void text(const std::string& name, std::string& target, const std::string& value_name, const std::string& about);
  void required(const std::string& name, std::string& target, const std::string& value_name, const std::string& about);
  /// May be given again and again; with `several` one option takes all words that follow.
  void texts(const std::string& name, std::vector<std::string>& target, const std::string& value_name,
             const std::string& about, bool several = false);
  /// A file to write. "-" is standard output. Where such a file is standard output, reports go to standard error.
  void output(const std::string& name, std::string& target, const std::string& value_name, const std::string& about);
  /// --json [FILE]; without FILE it is "-". The word behind it is FILE unless it is an option.
  void json(std::string& target, const std::string& about);
  /// The same as an output(): text goes to standard error where the JSON is on standard output.
  void json_output(std::string& target, const std::string& about);
  /// A number with its range, which the help and every error show.
  template <Number T>
  void number(const std::string& name, T& target, const std::type_identity_t<Range<T>>& range,
              const std::string& about) {
    add_number(name, value_name<T>(), default_text(target), about, to_string(range),
               [&target, range](const std::string& given, const std::string& typed) {
                 target = parse_number(std::string_view(given), range, typed);
               });
  }
  /// The same without a default.
  template <Number T>
  void number(const std::string& name, std::optional<T>& target, const std::type_identity_t<Range<T>>& range,
              const std::string& about) {
    add_number(name, value_name<T>(), "", about, to_string(range),
               [&target, range](const std::string& given, const std::string& typed) {
                 target = parse_number(std::string_view(given), range, typed);
               });
  }

  /// Words without a dash, in this order, under the names that the usage line has.
  void argument(const std::string& name, std::string& target, const std::string& about);
  /// Any number of them, after all others.
  void arguments(const std::string& name, std::vector<std::string>& target, const std::string& about);

  /// A command line for the help and what it does.
  void example(std::string command_line, std::string effect);
  /// Free text after the options.
  void note(std::string text);

  /// False if --help was asked for and printed. Error (exit code 2) with a suggestion for an unknown option, and for a
  /// missing or bad value, as it was typed.
  [[nodiscard]] bool parse(const Arguments& arguments);
  /// Whether the option was given on the command line.
  [[nodiscard]] bool given(const std::string& name) const;
  /// Error (exit code 2) for one of `names` that was given where it has no effect; `where` it has one: "with --seed",
  /// "on sim: devices". Nothing that is typed is passed over in silence.
  void only(std::initializer_list<const char*> names, bool has_effect, const std::string& where) const;

 private:
  struct Parts;
  using Take = std::function<void(const std::string& given, const std::string& typed)>;

  template <Number T>
  static constexpr const char* value_name() {
    return std::floating_point<T> ? "X" : "N";
  }
  template <Number T>
  static std::string default_text(T value) {
    std::string text = number_text(value);
    std::erase(text, ',');  // as it would be typed
    return text;
  }
  void add_number(const std::string& name, const char* value_name, const std::string& default_text,
                  const std::string& about, const std::string& range, Take take);
  void print_help() const;
  [[nodiscard]] Arguments with_json_file(Arguments arguments);
  void take_arguments(const std::vector<std::string>& words);
  void resolve_outputs();

  std::unique_ptr<Parts> parts_;
};

}  // namespace hilbert::cli
