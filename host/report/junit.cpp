// SPDX-License-Identifier: Apache-2.0
// JUnit XML.
#include "report/junit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "report/markup.hpp"

namespace hilbert::report {
namespace {

std::string failure_text(const CaseResult& r) {
  std::string text = r.outcome.message;
  if (!r.note.empty()) text += '\n' + r.note;
  if (!r.reproduce.empty()) text += "\nreproduce: " + r.reproduce;
  if (!r.trace.empty()) text += "\nwaveform: " + r.trace;
  return text;
}

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

std::string testcase(const std::string& device, const CaseResult& r) {
  const std::string head = fmt::format("    <testcase classname=\"{}\" name=\"{}\" time=\"{:.6f}\"", attribute(device),
                                       attribute(r.name), r.seconds);
  if (r.outcome.verdict == Verdict::passed) return head + "/>\n";
  if (r.outcome.verdict == Verdict::skipped) {
    return head + fmt::format("><skipped message=\"{}\"/></testcase>\n", attribute(r.outcome.message));
  }
  const char* element = r.outcome.verdict == Verdict::failed ? "failure" : "error";
  return head + fmt::format(">\n      <{} message=\"{}\">{}</{}>\n    </testcase>\n", element,
                            attribute(first_line(r.outcome.message)), escaped(failure_text(r)), element);
}

}  // namespace

std::string to_junit(const RegressResult& all) {
  std::vector<CaseResult> results = all.results;
  if (!all.complete()) {  // an error of its own, so that nobody takes what is known so far for all there is
    CaseResult end;
    end.file = "hilbert regress", end.name = "the whole run";
    end.outcome = {Verdict::error, all.ending(), all.code()};
    if (all.broken) end.outcome.message += fmt::format(": {}", all.broken->what());
    results.push_back(std::move(end));
  }
  std::string xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  auto out = std::back_inserter(xml);
  fmt::format_to(
      out, "<testsuites name=\"hilbert regress {}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" time=\"{:.3f}\">\n",
      attribute(all.device), results.size(), all.failed, all.errors + (all.complete() ? 0 : 1), all.seconds);
  for (auto begin = results.begin(); begin != results.end();) {
    const auto end = std::find_if(begin, results.end(), [&](const CaseResult& r) { return r.file != begin->file; });
    const auto count = [&](Verdict v) {
      return std::count_if(begin, end, [&](const CaseResult& r) { return r.outcome.verdict == v; });
    };
    double seconds = 0;
    for (auto r = begin; r != end; ++r) seconds += r->seconds;
    fmt::format_to(
        out, "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\" time=\"{:.3f}\">\n",
        attribute(begin->file), end - begin, count(Verdict::failed), count(Verdict::error), count(Verdict::skipped),
        seconds);
    for (auto r = begin; r != end; ++r) xml += testcase(all.device, *r);
    xml += "  </testsuite>\n";
    begin = end;
  }
  return xml + "</testsuites>\n";
}

}  // namespace hilbert::report
