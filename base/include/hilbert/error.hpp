// SPDX-License-Identifier: Apache-2.0
// The one error type of Hilbert: what went wrong, where, and what to do next.
#pragma once

#include <stdexcept>
#include <string>
#include <utility>

namespace hilbert {

/// Exit codes of the program, and the kind of every Error.
enum class ExitCode : int {
  good = 0,          ///< everything asked for was done, every check passed
  check_failed = 1,  ///< a comparison or verification failed
  bad_input = 2,     ///< bad usage, option, file or descriptor
  machine = 3,       ///< the device or the machine failed (I/O, disk full, device hang)
};

/// Thrown by every Hilbert library; caught once, in main.
class Error : public std::runtime_error {
 public:
  /// `what_happened`: one clause, no full stop. `where`: file, URI, address or option ("" if nowhere).
  /// `what_next`: what the user can do about it ("" if nothing).
  Error(ExitCode code, std::string what_happened, std::string where = {}, std::string what_next = {})
      : std::runtime_error(compose(what_happened, where, what_next)),
        code_(code),
        what_happened_(std::move(what_happened)),
        where_(std::move(where)),
        what_next_(std::move(what_next)) {}

  [[nodiscard]] ExitCode code() const noexcept { return code_; }
  [[nodiscard]] const std::string& what_happened() const noexcept { return what_happened_; }
  [[nodiscard]] const std::string& where() const noexcept { return where_; }
  [[nodiscard]] const std::string& what_next() const noexcept { return what_next_; }

 private:
  static std::string compose(const std::string& what, const std::string& where, const std::string& next) {
    std::string text = where.empty() ? what : where + ": " + what;
    if (!next.empty()) text += " (" + next + ")";
    return text;
  }

  ExitCode code_;
  std::string what_happened_;
  std::string where_;
  std::string what_next_;
};

}  // namespace hilbert
