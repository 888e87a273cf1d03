// SPDX-License-Identifier: Apache-2.0
// hilbert campaign show: results in numbers.
#include <iostream>

#include "campaign_actions.hpp"
#include "campaign_summary.hpp"
#include "json_report.hpp"

namespace hilbert::cli {

ExitCode campaign_show(const Arguments& arguments) {
  std::string path, by;
  std::uint32_t window = 1;
  bool partial = false;
  JsonReport report;
  Options options("campaign show RESULTS", "Counts the outcomes of a campaign.");
  options.argument("RESULTS", path, "a file that hilbert campaign run has written");
  options.text("by", by, "WHAT", "count by unit, class, variable, bit or clock too");
  options.number("window", window, {1, 1U << 30}, "clocks in a line of --by clock");
  options.flag("partial", partial, "show what there is of a file that is damaged or not finished");
  report.add_to(options);
  options.example("hilbert campaign show results.hbc --by unit", "which parts of the chip the outcomes come from");
  if (!options.parse(arguments)) return ExitCode::good;
  options.only({"window"}, by == "clock", "with --by clock");
  const store::By what = by.empty() ? store::By::all : parse_by(by);
  Outputs outputs("hilbert campaign show");
  outputs.reads("RESULTS", path);
  report.open(outputs);
  const store::Verdicts verdicts = read_results(path, partial);
  const auto times = store::read_times(path);
  report.value = campaign_json(verdicts, times);
  std::string text = campaign_text(verdicts, times);
  if (!by.empty()) {
    const std::vector<store::Row> rows = store::count(verdicts, what, window);
    report.value["by"] = by;
    report.value["rows"] = rows_json(verdicts, rows);
    text += '\n' + rows_text(verdicts, rows, by);
  }
  if (report.with_text()) std::cout << text;
  report.print();
  return outputs.finish(ExitCode::good);
}

}  // namespace hilbert::cli
