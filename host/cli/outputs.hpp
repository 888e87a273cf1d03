// SPDX-License-Identifier: Apache-2.0
// The files in which a command leaves its results.
#pragma once

#include <filesystem>
#include <functional>
#include <hilbert/error.hpp>
#include <hilbert/file.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hilbert::cli {

/// No result hangs on a file: all are opened before the work, so that a wrong name costs nothing; the command prints
/// its results, then finish() writes every file, also when another has failed, and says which have. Two of them, or one
/// and a file that is read, must not be the same, links followed.
class Outputs {
 public:
  using Write = std::function<void(AtomicFile&)>;

  /// `command`: "hilbert regress", for messages.
  explicit Outputs(std::string command) : command_(std::move(command)) {}

  /// A file that the command reads. Error (exit code 2) if it is one of its results too.
  void reads(const std::string& option, const std::filesystem::path& path);
  /// What a device is made of: the file of a board, where `uri` names one (board:FILE).
  void reads_device(const std::string& option, const std::string& uri);
  /// A result that the command writes by itself, now or later. Error as open().
  void writes(const std::string& option, const std::filesystem::path& path);
  /// Opens a result; `write` fills it in finish(), append() before. Nothing for the name "". Error (exit code 2) for a
  /// name that is taken, 3 for a file that cannot be made.
  void open(const std::string& option, const std::string& path, Write write = {});

  /// For results that grow with the work. A failure is kept for finish(), and what follows is dropped.
  void append(std::string_view option, std::string_view text);
  /// A result that the work did not come to: no file is made, an older one stays.
  void drop(std::string_view option);
  /// A failure to write something beside the results, which shall not end the work: told in finish().
  void failed(const Error& error) { failures_.push_back(error); }

  /// Writes all. Every failure is a message; gives the worse of `code` and theirs.
  [[nodiscard]] ExitCode finish(ExitCode code);
  /// The same for work that ended with a verdict: its message comes first.
  [[nodiscard]] ExitCode finish(const Error& verdict);

 private:
  struct Named {
    std::string option;
    std::filesystem::path path;
    bool written;
  };
  struct Result {
    std::string option;
    AtomicFile file;
    Write write;
    std::optional<Error> failure;
  };

  void claim(const std::string& option, const std::filesystem::path& path, bool written);

  std::string command_;
  std::vector<Named> names_;
  std::vector<std::unique_ptr<Result>> results_;
  std::vector<Error> failures_;
};

}  // namespace hilbert::cli
