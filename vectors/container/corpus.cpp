// SPDX-License-Identifier: Apache-2.0
// The committed corpus.
#include <fmt/format.h>

#include <hilbert/error.hpp>
#include <hilbert/file.hpp>

#include "hilbert/vectors/file.hpp"
#include "hilbert/vectors/generate.hpp"

namespace hilbert::vectors {

void write_corpus(const std::filesystem::path& folder,
                  const std::function<void(const std::filesystem::path&)>& progress) {
  std::error_code error;
  std::filesystem::create_directories(folder / "golden", error);
  std::filesystem::create_directories(folder / "refused" / "files", error);
  if (error) throw Error(ExitCode::machine, fmt::format("cannot make folders: {}", error.message()), folder.string());
  const auto say = [&](const std::filesystem::path& path) {
    if (progress) progress(path);
  };

  for (const Family& family : families()) {
    const auto path = folder / "golden" / fmt::format("{}.hbv", family.name);
    say(path);
    Writer writer(
        fmt::format("{}; family {}, seed {}, {} cases", family.about, family.name, corpus_seed, family.corpus_count));
    for (std::uint32_t i = 0; i < family.corpus_count; ++i) writer.add(generate(family, corpus_seed, i));
    writer.commit(path);
  }

  const auto path = folder / "refused" / "descriptors.hbv";
  say(path);
  Writer writer("descriptors that a tile must refuse, by the rows of the table of checks in rtl/README.md");
  for (const Case& item : refused_descriptors()) writer.add(item);
  writer.commit(path);

  for (const DamagedFile& file : damaged_files()) {
    const auto name = folder / "refused" / "files" / file.name;
    say(name);
    write_file(name, file.bytes);
  }
}

}  // namespace hilbert::vectors
