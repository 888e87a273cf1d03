// SPDX-License-Identifier: Apache-2.0
#include "workloads/netlist_file.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <hilbert/error.hpp>
#include <hilbert/text.hpp>
#include <vector>

namespace hilbert::workloads {
namespace {

namespace fs = std::filesystem;

class Fnv1a {
 public:
  void take(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) throw Error(ExitCode::bad_input, "cannot be read", path.string());
    std::array<char, 1 << 16> part;
    while (file.read(part.data(), part.size()), file.gcount() > 0) {
      for (std::streamsize i = 0; i < file.gcount(); ++i) {
        value_ = (value_ ^ static_cast<unsigned char>(part[static_cast<std::size_t>(i)])) * 0x100'0000'01B3;
      }
    }
  }
  [[nodiscard]] std::string text() const { return fmt::format("{:016x}", value_); }

 private:
  std::uint64_t value_ = 0xCBF2'9CE4'8422'2325;
};

const char* variable(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0' ? value : nullptr;
}

/// What a command printed, and how it ended.
std::pair<std::string, int> output_of(const std::string& command) {
  std::string text;
  FILE* pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) throw Error(ExitCode::machine, "cannot start a shell", command);
  std::array<char, 4096> part;
  while (const std::size_t got = std::fread(part.data(), 1, part.size(), pipe)) text.append(part.data(), got);
  return {text, ::pclose(pipe)};
}

}  // namespace

std::string file_hash(const fs::path& path) {
  Fnv1a hash;
  hash.take(path);
  return hash.text();
}

RtlSources rtl_sources() {
  RtlSources sources{HILBERT_SOURCE_FOLDER, {}};
  std::error_code error;
  const fs::path list = sources.root / "rtl/hilbert.f";
  if (!fs::exists(list, error)) {
    throw Error(ExitCode::bad_input, "the source tree of this program is not there", sources.root.string(),
                "make a netlist with scripts/synth.sh of another one, and name it with --netlist");
  }
  Fnv1a hash;
  std::ifstream file(list);
  for (std::string line; std::getline(file, line);) {
    if (!line.empty() && line[0] != '#') hash.take(sources.root / line);
  }
  for (const char* other : {"rtl/regs/chips.toml", "scripts/synth.sh"}) hash.take(sources.root / other);
  sources.hash = hash.text();
  return sources;
}

fs::path cache_folder() {
  if (const char* chosen = variable("HILBERT_CACHE")) return chosen;
  if (const char* cache = variable("XDG_CACHE_HOME")) return fs::path(cache) / "hilbert";
  if (const char* home = variable("HOME")) return fs::path(home) / ".cache/hilbert";
  throw Error(ExitCode::bad_input, "no folder to keep netlists in", "HOME", "set HILBERT_CACHE");
}

fs::path netlist_of(const std::string& chip, const std::function<void(const std::string&)>& tell) {
  const RtlSources sources = rtl_sources();
  const fs::path folder = cache_folder() / "netlists", path = folder / fmt::format("{}-{}.json", chip, sources.hash);
  std::error_code error;
  if (fs::exists(path, error)) return path;
  fs::create_directories(folder, error);
  if (error) throw Error(ExitCode::machine, "cannot be made: " + error.message(), folder.string(), "set HILBERT_CACHE");
  tell(fmt::format("Yosys makes the netlist of {}, once: a minute for small, four for full", chip));
  // Under a name of this process until it is whole: several may make it at once.
  const fs::path mine = folder / fmt::format("{}-{}.{}.part", chip, sources.hash, ::getpid());
  const auto [text, code] =
      output_of(fmt::format("{} netlist {} {} 2>&1", shell_quoted((sources.root / "scripts/synth.sh").string()),
                            shell_quoted(mine.string()), shell_quoted(chip)));
  if (code != 0) {
    fs::remove(mine, error);
    throw Error(ExitCode::machine, "scripts/synth.sh failed: " + text.substr(0, 2000), chip,
                "Debian's package yosys is needed; --netlist takes a netlist made elsewhere");
  }
  fs::rename(mine, path);
  return path;
}

nlohmann::json versions() {
  const auto first_line = [](const std::string& command) {
    const std::string text = output_of(command + " 2>/dev/null").first;
    return text.substr(0, text.find('\n'));
  };
  const std::string git = "git -C " + shell_quoted(HILBERT_SOURCE_FOLDER);
  return {{"hilbert", HILBERT_VERSION},
          {"commit", first_line(git + " rev-parse HEAD")},
          {"changed", !first_line(git + " status --porcelain --untracked-files=no").empty()},
          {"verilator", HILBERT_VERILATOR_VERSION},
          {"compiler", __VERSION__}};
}

}  // namespace hilbert::workloads
