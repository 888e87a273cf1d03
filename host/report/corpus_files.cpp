// SPDX-License-Identifier: Apache-2.0
// Finding vector files.
#include "report/corpus_files.hpp"

#include <fmt/format.h>
#include <fnmatch.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <hilbert/error.hpp>
#include <hilbert/vectors/file.hpp>
#include <set>
#include <utility>

namespace hilbert::report {

namespace fs = std::filesystem;

fs::path corpus_folder() {
  if (const char* chosen = std::getenv("HILBERT_VECTORS"); chosen != nullptr && *chosen != '\0') return chosen;
  std::error_code ignored;
  const fs::path program = fs::read_symlink("/proc/self/exe", ignored);
  const fs::path installed = (program.parent_path().parent_path() / HILBERT_DATA_FOLDER).lexically_normal();
  for (const fs::path& folder : {installed, fs::path(HILBERT_SOURCE_VECTORS)}) {
    if (fs::is_directory(folder / "golden", ignored)) return folder;
  }
  throw Error(ExitCode::bad_input,
              fmt::format("no golden vectors in {} and {}", installed.string(), HILBERT_SOURCE_VECTORS), "",
              "name vector files, or set HILBERT_VECTORS to the folder that holds golden and refused");
}

std::vector<fs::path> vector_files(const std::vector<std::string>& paths) {
  std::vector<fs::path> all(paths.begin(), paths.end());
  if (all.empty()) all = {corpus_folder() / "golden", corpus_folder() / "refused"};
  std::vector<fs::path> files;
  std::set<std::pair<dev_t, ino_t>> seen;
  const auto add = [&](const fs::path& path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0 || seen.emplace(status.st_dev, status.st_ino).second) files.push_back(path);
  };
  for (const fs::path& path : all) {
    std::error_code error;
    if (!fs::exists(path, error)) throw Error(ExitCode::bad_input, "does not exist", path.string());
    if (!fs::is_directory(path, error)) {
      add(path);
      continue;
    }
    std::vector<fs::path> inside;
    for (const fs::directory_entry& entry : fs::directory_iterator(path, error)) {
      if (entry.path().extension() == ".hbv" && entry.is_regular_file()) inside.push_back(entry.path());
    }
    if (error) throw Error(ExitCode::bad_input, fmt::format("cannot list: {}", error.message()), path.string());
    if (inside.empty()) throw Error(ExitCode::bad_input, "has no vector files (*.hbv) in it", path.string());
    std::ranges::sort(inside);
    std::ranges::for_each(inside, add);
  }
  return files;
}

void refuse_vectors_as_json(const fs::path& file) {
  if (file.empty() || !vectors::is_vector_file(file)) return;
  throw Error(ExitCode::bad_input, fmt::format("{} is a vector file, and would be written over", file.string()),
              "--json", fmt::format("to read it: --json - {}", file.string()));
}

bool matches(std::string_view pattern, const fs::path& file, const std::string& name) {
  const auto fits = [](const std::string& wanted, const std::string& text) {
    return ::fnmatch(wanted.c_str(), text.c_str(), 0) == 0;
  };
  const std::string whole(pattern);
  if (whole.empty() || fits(whole, name)) return true;
  for (std::size_t colon = whole.find(':'); colon != std::string::npos; colon = whole.find(':', colon + 1)) {
    const std::string wanted = whole.substr(0, colon);
    if (!fits(whole.substr(colon + 1), name)) continue;
    if (fits(wanted, file.string()) || fits("*/" + wanted, file.string())) return true;
  }
  return false;
}

void refuse_filter(const std::string& pattern) {
  throw Error(ExitCode::bad_input, fmt::format("no case matches '{}'", pattern), "--filter",
              "a pattern of the whole name, say '*ties*'; hilbert vectors show FILE lists the cases of a file");
}

}  // namespace hilbert::report
