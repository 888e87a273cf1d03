// SPDX-License-Identifier: Apache-2.0
#include "campaign_summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <hilbert/error.hpp>
#include <hilbert/number.hpp>
#include <hilbert/text.hpp>

#include "store/referee.hpp"

namespace hilbert::cli {
namespace {

/// The outcomes that were met, by name; those that only another shard knows are "in another shard".
template <class Visit>
void each_outcome(const store::Verdicts& verdicts, const std::vector<std::uint64_t>& counts, Visit visit) {
  const std::vector<std::string>& names = verdicts.results().header.outcomes();
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] != 0) visit(i < names.size() ? names[i] : std::string("in another shard"), counts[i]);
  }
}

std::vector<std::uint64_t> all_counts(const store::Verdicts& verdicts) {
  const std::vector<store::Row> rows = store::count(verdicts, store::By::all);
  return rows.empty() ? std::vector<std::uint64_t>() : rows[0].counts;
}

std::string percent(std::uint64_t count, std::uint64_t all) {
  return fmt::format("{:.4g} %", all == 0 ? 0.0 : 100.0 * static_cast<double>(count) / static_cast<double>(all));
}

}  // namespace

nlohmann::ordered_json campaign_json(const store::Verdicts& verdicts, const std::optional<store::Times>& times) {
  const nlohmann::json& header = verdicts.results().header.json();
  nlohmann::ordered_json json;
  for (const char* name : {"sites", "bits", "clocks"}) json[name] = header.value(name, nlohmann::json());
  json["experiments"] = verdicts.experiments();
  nlohmann::ordered_json outcomes = nlohmann::ordered_json::object();
  each_outcome(verdicts, all_counts(verdicts),
               [&](const std::string& name, std::uint64_t count) { outcomes[name] = count; });
  json["outcomes"] = std::move(outcomes);
  const store::Refereed referee = store::refereed(verdicts);
  json["referee"] = {{"replayed", referee.replayed}, {"different", referee.different.size()}};
  json["seconds"] = times ? nlohmann::ordered_json(times->seconds) : nlohmann::ordered_json();
  json["cpu_seconds"] = times ? nlohmann::ordered_json(times->cpu_seconds) : nlohmann::ordered_json();
  nlohmann::ordered_json provenance;
  for (const char* name : {"design", "workload", "faults", "engine", "budget", "shard", "versions", "made_constant"}) {
    if (header.contains(name)) provenance[name] = header[name];
  }
  json["provenance"] = std::move(provenance);
  return json;
}

std::string campaign_text(const store::Verdicts& verdicts, const std::optional<store::Times>& times) {
  const store::Results& results = verdicts.results();
  const nlohmann::json& header = results.header.json();
  const std::uint64_t all = verdicts.experiments();
  std::string text = fmt::format("{}: {} in {} clocks, {}\n", header.value("/workload/name"_json_pointer, "campaign"),
                                 counted(header.value("sites", std::uint64_t{0}), "site"), header.value("clocks", 0U),
                                 counted(all, "experiment"));
  if (results.header.shards() != 1) {
    text += fmt::format("shard {} of {}\n", results.header.shard(), results.header.shards());
  }
  if (!results.damage.empty()) text += "damaged: " + results.damage + '\n';
  if (!results.finished) text += "not finished\n";
  each_outcome(verdicts, all_counts(verdicts), [&](const std::string& name, std::uint64_t count) {
    text += fmt::format("  {:<15} {:>14} {:>10}\n", name, number_text(count), percent(count, all));
  });
  const store::Refereed referee = store::refereed(verdicts);
  if (results.referee) {
    text += fmt::format("referee: {} of {} replays on the RTL differ{}\n", referee.different.size(), referee.replayed,
                        referee.open == 0 ? "" : fmt::format(", {} wait for the other shards", referee.open));
  }
  if (times) text += fmt::format("took {:.1f} s, {:.1f} s of processor time\n", times->seconds, times->cpu_seconds);
  return text;
}

store::By parse_by(const std::string& word) {
  if (word == "unit") return store::By::unit;
  if (word == "class") return store::By::site_class;
  if (word == "variable") return store::By::variable;
  if (word == "bit") return store::By::bit;
  if (word == "clock") return store::By::clock;
  throw Error(ExitCode::bad_input, fmt::format("cannot count by '{}'", word), "--by",
              "unit, class, variable, bit or clock");
}

nlohmann::ordered_json rows_json(const store::Verdicts& verdicts, const std::vector<store::Row>& rows) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const store::Row& row : rows) {
    nlohmann::ordered_json outcomes = nlohmann::ordered_json::object();
    each_outcome(verdicts, row.counts, [&](const std::string& name, std::uint64_t count) { outcomes[name] = count; });
    list.push_back({{"name", row.name}, {"experiments", row.experiments()}, {"outcomes", std::move(outcomes)}});
  }
  return list;
}

std::string rows_text(const store::Verdicts& verdicts, const std::vector<store::Row>& rows, const std::string& head) {
  // Columns of the outcomes that any row has.
  std::vector<std::uint64_t> any;
  std::size_t width = head.size();
  for (const store::Row& row : rows) {
    any.resize(std::max(any.size(), row.counts.size()));
    for (std::size_t i = 0; i < row.counts.size(); ++i) any[i] += row.counts[i];
    width = std::max(width, row.name.size());
  }
  std::string text = fmt::format("{:<{}} {:>14}", head, width, "experiments");
  each_outcome(verdicts, any,
               [&](const std::string& name, std::uint64_t) { text += fmt::format(" {:>14}", name + " %"); });
  text += '\n';
  for (const store::Row& row : rows) {
    const std::uint64_t all = row.experiments();
    text += fmt::format("{:<{}} {:>14}", row.name, width, number_text(all));
    for (std::size_t i = 0; i < any.size(); ++i) {
      if (any[i] == 0) continue;
      const std::uint64_t count = i < row.counts.size() ? row.counts[i] : 0;
      text += fmt::format(" {:>14.4f}", all == 0 ? 0.0 : 100.0 * static_cast<double>(count) / static_cast<double>(all));
    }
    text += '\n';
  }
  return text;
}

store::Verdicts read_results(const std::filesystem::path& path, bool partial) {
  return store::Verdicts(partial ? store::recover(path) : store::read(path), path.string());
}

}  // namespace hilbert::cli
