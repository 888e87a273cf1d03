// SPDX-License-Identifier: Apache-2.0
// Results of a campaign in numbers, as text and as JSON.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "store/table.hpp"
#include "store/times.hpp"
#include "store/verdicts.hpp"

namespace hilbert::cli {

/// What `hilbert campaign show --json` prints: sites, bits, clocks, experiments, outcomes, referee, seconds,
/// cpu_seconds, provenance.
nlohmann::ordered_json campaign_json(const store::Verdicts& verdicts, const std::optional<store::Times>& times);
/// The same for people, some lines.
std::string campaign_text(const store::Verdicts& verdicts, const std::optional<store::Times>& times);

/// Counts by unit, class, variable, bit or clock. Error (exit code 2) for another word.
store::By parse_by(const std::string& word);
nlohmann::ordered_json rows_json(const store::Verdicts& verdicts, const std::vector<store::Row>& rows);
std::string rows_text(const store::Verdicts& verdicts, const std::vector<store::Row>& rows, const std::string& head);

/// A whole file, or with `partial` what there is of it. Error (exit code 2) for one that is damaged.
store::Verdicts read_results(const std::filesystem::path& path, bool partial);

}  // namespace hilbert::cli
