// SPDX-License-Identifier: Apache-2.0
// Results of a regression as JSON.
#include <nlohmann/json.hpp>

#include "report/json_text.hpp"
#include "report/junit.hpp"

namespace hilbert::report {

std::string to_json(const RegressResult& all) {
  nlohmann::ordered_json cases = nlohmann::ordered_json::array();
  for (const CaseResult& r : all.results) {
    nlohmann::ordered_json entry{{"file", r.file},
                                 {"name", r.name},
                                 {"about", r.about},
                                 {"verdict", to_string(r.outcome.verdict)},
                                 {"seconds", r.seconds}};
    if (!r.outcome.message.empty()) entry["message"] = r.outcome.message;
    if (!r.note.empty()) entry["note"] = r.note;
    if (!r.reproduce.empty()) entry["reproduce"] = r.reproduce;
    if (!r.trace.empty()) entry["trace"] = r.trace;
    cases.push_back(std::move(entry));
  }
  nlohmann::ordered_json json{{"device", all.device},   {"complete", all.complete()}, {"passed", all.passed},
                              {"skipped", all.skipped}, {"failed", all.failed},       {"errors", all.errors},
                              {"seconds", all.seconds}};
  if (!all.complete()) json["ended"] = all.ending();
  if (all.broken) json["error"] = all.broken->what();
  json["cases"] = std::move(cases);
  return json_text(json);
}

}  // namespace hilbert::report
