// SPDX-License-Identifier: Apache-2.0
// --path auto|direct|firmware: how jobs reach the tile, the same in every command.
#pragma once

#include <hilbert/runtime.hpp>
#include <optional>
#include <string>

#include "command.hpp"

namespace hilbert::cli {

class PathOption {
 public:
  /// `path`: what is taken where none is given.
  explicit PathOption(std::string path = "auto") : path_(std::move(path)) {}
  void add_to(Options& options);
  /// Nothing for auto: the runtime chooses. Error (exit code 2) for another word.
  [[nodiscard]] std::optional<JobPath> choice() const;
  /// The same, where somebody must know which it will be on a device; opens it for auto.
  [[nodiscard]] JobPath choice_on(const std::string& uri) const;

 private:
  std::string path_;
};

}  // namespace hilbert::cli
