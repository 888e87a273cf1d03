// SPDX-License-Identifier: Apache-2.0
// --json [FILE] of commands that print their results as text or as JSON.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "command.hpp"
#include "outputs.hpp"

namespace hilbert::cli {

class JsonReport {
 public:
  void add_to(Options& options);
  /// Before the work: FILE is made then, and gets `value` from Outputs::finish().
  void open(Outputs& outputs);
  /// The same for results that come one by one, each a line().
  void open_lines(Outputs& outputs);
  /// Whether the text is printed: not where standard output is for the JSON.
  [[nodiscard]] bool with_text() const;
  /// Prints `value`, where that is asked for.
  void print() const;
  void line(Outputs& outputs, const nlohmann::ordered_json& item) const;

  /// FILE, "-" or "".
  [[nodiscard]] const std::string& path() const { return path_; }

  nlohmann::ordered_json value;

 private:
  [[nodiscard]] bool printed() const { return path_ == "-"; }

  std::string path_;
};

}  // namespace hilbert::cli
