// SPDX-License-Identifier: Apache-2.0
// hilbert campaign merge: the shards of a campaign in one file.
#include <hilbert/text.hpp>
#include <iostream>
#include <optional>
#include <vector>

#include "campaign_actions.hpp"
#include "outputs.hpp"
#include "store/merge.hpp"
#include "store/times.hpp"

namespace hilbert::cli {

ExitCode campaign_merge(const Arguments& arguments) {
  std::vector<std::string> paths;
  std::string out;
  Options options("campaign merge SHARD... -o RESULTS",
                  "Makes the file that the campaign would have made without shards, byte for byte.");
  options.arguments("SHARD", paths, "finished files, one of each shard, in any order");
  options.output("output,o", out, "RESULTS", "the file to make; it must not exist");
  options.example("hilbert campaign merge small-1.hbc small-2.hbc -o small.hbc", "one file of two shards");
  if (!options.parse(arguments)) return ExitCode::good;
  if (paths.empty()) throw Error(ExitCode::bad_input, "SHARD is missing", "hilbert campaign merge");
  if (out.empty() || out == "-") {
    throw Error(ExitCode::bad_input, "RESULTS is missing", "hilbert campaign merge", "name a file with -o");
  }
  Outputs outputs("hilbert campaign merge");
  for (const std::string& path : paths) outputs.reads("SHARD", path);
  outputs.writes("--output", out);
  const std::vector<std::filesystem::path> files(paths.begin(), paths.end());
  store::merge(files, out);
  store::Times sum;
  bool all = true;
  for (const auto& file : files) {
    const auto times = store::read_times(file);
    all = all && times;
    if (times) sum.seconds += times->seconds, sum.cpu_seconds += times->cpu_seconds;
  }
  if (all) store::add_times(out, sum);
  std::cout << counted(files.size(), "shard") << " merged into " << printable(out) << '\n';
  return ExitCode::good;
}

}  // namespace hilbert::cli
