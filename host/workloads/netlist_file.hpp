// SPDX-License-Identifier: Apache-2.0
// The netlist of one of our chips: found where it was made before, or made by Yosys now.
#pragma once

#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>

namespace hilbert::workloads {

/// The RTL that a netlist is made of, and the recipe: equal texts, equal hashes, in any build.
struct RtlSources {
  std::filesystem::path root;  ///< of the source tree
  std::string hash;            ///< 16 hexadecimal digits, of the RTL, the table of chips and scripts/synth.sh
};
/// Error (exit code 2) where this program's source tree is no more.
RtlSources rtl_sources();

/// FNV-1a of a file's bytes, as 16 hexadecimal digits: it tells files apart, and is no protection against forgery.
std::string file_hash(const std::filesystem::path& path);

/// $HILBERT_CACHE, or $XDG_CACHE_HOME/hilbert, or ~/.cache/hilbert.
std::filesystem::path cache_folder();

/// The netlist of `chip` in the cache; if it is not there, scripts/synth.sh makes it, which takes a minute for `small`
/// and four for `full`, after `tell` has been called with a line that says so. Error: exit code 3 if Yosys fails.
std::filesystem::path netlist_of(const std::string& chip, const std::function<void(const std::string&)>& tell);

/// What results come from: program, commit of its sources and whether they were changed, Yosys.
nlohmann::json versions();

}  // namespace hilbert::workloads
