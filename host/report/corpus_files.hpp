// SPDX-License-Identifier: Apache-2.0
// Which vector files and which cases a command line means.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace hilbert::report {

/// The folder with golden/ and refused/: $HILBERT_VECTORS, else beside an installed program, else the source tree.
/// Error (exit code 2) that says where was looked.
[[nodiscard]] std::filesystem::path corpus_folder();

/// Files as they are, folders as the *.hbv directly in them by name; nothing at all as the corpus's golden and refused.
/// One that is named twice, whatever its names, is there once. Error (exit code 2) for what does not exist and for a
/// folder without vector files.
[[nodiscard]] std::vector<std::filesystem::path> vector_files(const std::vector<std::string>& paths);

/// Error (exit code 2) for a vector file as the FILE of --json, which was perhaps meant to be read: "--json ties.hbv".
void refuse_vectors_as_json(const std::filesystem::path& file);

/// Whether a shell pattern (* ? [ ]; * takes '/' too) matches a case: its name, or FILE:name, where FILE is a path or
/// its last parts ("new/ties.hbv:ties/0001-*"), so that cases of one name in two files can be told apart. An empty
/// pattern matches all.
[[nodiscard]] bool matches(std::string_view pattern, const std::filesystem::path& file, const std::string& name);
/// Throws the error (exit code 2) that no case matches.
[[noreturn]] void refuse_filter(const std::string& pattern);

}  // namespace hilbert::report
