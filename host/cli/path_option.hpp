// SPDX-License-Identifier: Apache-2.0
// --direct and --firmware: how jobs reach the tile, the same in every command.
#pragma once

#include <hilbert/runtime.hpp>
#include <optional>

#include "command.hpp"

namespace hilbert::cli {

class PathOption {
 public:
  void add_to(Options& options);
  /// Nothing if neither was given: the runtime chooses. Error (exit code 2) for both.
  [[nodiscard]] std::optional<JobPath> choice() const;

 private:
  bool direct_ = false, firmware_ = false;
};

}  // namespace hilbert::cli
