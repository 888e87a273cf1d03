// SPDX-License-Identifier: Apache-2.0
// Shards of one campaign as one file, and whether two files say the same.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "store/header.hpp"

namespace hilbert::store {

/// Error (exit code 2) at `where` that names the first field in which they differ, unless both are of one campaign.
void require_same_campaign(const Header& header, const Header& other, const std::string& where);

/// Writes `out`, the file that the campaign without shards would have written, byte for byte: it appears whole or not
/// at all, and never in the place of another file. `files` are finished, one of each shard, in any order. Their
/// referees' numbers are added, their lists joined and sorted. Error (exit code 2) before anything is written if
/// one of them is damaged, missing, doubled or of another campaign.
void merge(std::span<const std::filesystem::path> files, const std::filesystem::path& out);

/// Where two whole files say something different: "block 3"; "": nowhere. Compares what they hold, so another version
/// of zstd makes no difference.
[[nodiscard]] std::string difference(const std::filesystem::path& a, const std::filesystem::path& b);

}  // namespace hilbert::store
