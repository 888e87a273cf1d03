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
  text += "\nreproduce: " + r.reproduce;
  if (!r.trace.empty()) text += "\nwaveform: " + r.trace;
  return text;
}

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

}  // namespace

std::string to_junit(const RegressResult& all) {
  std::string xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  auto out = std::back_inserter(xml);
  fmt::format_to(
      out, "<testsuites name=\"hilbert regress {}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" time=\"{:.3f}\">\n",
      escaped(all.device), all.results.size(), all.failed, all.errors, all.seconds);
  for (auto begin = all.results.begin(); begin != all.results.end();) {
    const auto end = std::find_if(begin, all.results.end(), [&](const CaseResult& r) { return r.file != begin->file; });
    const auto count = [&](Verdict v) {
      return std::count_if(begin, end, [&](const CaseResult& r) { return r.outcome.verdict == v; });
    };
    double seconds = 0;
    for (auto r = begin; r != end; ++r) seconds += r->seconds;
    fmt::format_to(
        out, "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\" time=\"{:.3f}\">\n",
        escaped(begin->file), end - begin, count(Verdict::failed), count(Verdict::error), count(Verdict::skipped),
        seconds);
    for (auto r = begin; r != end; ++r) {
      fmt::format_to(out, "    <testcase classname=\"{}\" name=\"{}\" time=\"{:.6f}\"", escaped(all.device),
                     escaped(r->name), r->seconds);
      if (r->outcome.verdict == Verdict::passed) {
        xml += "/>\n";
      } else if (r->outcome.verdict == Verdict::skipped) {
        fmt::format_to(out, "><skipped message=\"{}\"/></testcase>\n", escaped(r->outcome.message));
      } else {
        const char* element = r->outcome.verdict == Verdict::failed ? "failure" : "error";
        fmt::format_to(out, ">\n      <{} message=\"{}\">{}</{}>\n    </testcase>\n", element,
                       escaped(first_line(r->outcome.message)), escaped(failure_text(*r)), element);
      }
    }
    xml += "  </testsuite>\n";
    begin = end;
  }
  return xml + "</testsuites>\n";
}

}  // namespace hilbert::report
