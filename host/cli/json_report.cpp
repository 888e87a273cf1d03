// SPDX-License-Identifier: Apache-2.0
// Text, JSON, or one of them and the other in a file.
#include "json_report.hpp"

#include <hilbert/standard_streams.hpp>
#include <iostream>

#include "report/json_text.hpp"

namespace hilbert::cli {

void JsonReport::add_to(Options& options) { options.json(path_, "write the results as JSON"); }

void JsonReport::open(Outputs& outputs) {
  if (printed()) return;
  outputs.open("--json", path_, [this](AtomicFile& file) { file.write(report::json_text(value)); });
}

void JsonReport::open_lines(Outputs& outputs) {
  if (!printed()) outputs.open("--json", path_);
}

bool JsonReport::with_text() const { return path_.empty() || !(printed() || is_standard_output(path_.c_str())); }

void JsonReport::print() const {
  if (printed()) std::cout << report::json_text(value);
}

void JsonReport::line(Outputs& outputs, const nlohmann::ordered_json& item) const {
  if (path_.empty()) return;
  const std::string text = report::json_text(item, -1);
  if (printed()) {
    std::cout << text;
  } else {
    outputs.append("--json", text);
  }
}

}  // namespace hilbert::cli
