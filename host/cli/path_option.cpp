// SPDX-License-Identifier: Apache-2.0
// The three words.
#include "path_option.hpp"

#include <hilbert/monitor_image.hpp>

namespace hilbert::cli {

void PathOption::add_to(Options& options) {
  options.text(
      "path", path_, "PATH",
      "how jobs reach the tile. direct: the host writes descriptors, the controller is held in reset; firmware: "
      "through the firmware on the tile's controller, or an error; auto: firmware where the device can run it");
}

std::optional<JobPath> PathOption::choice() const {
  require_known("path", path_, {"auto", "direct", "firmware"}, "--path");
  if (path_ == "direct") return JobPath::direct;
  if (path_ == "firmware") return JobPath::firmware;
  return std::nullopt;
}

JobPath PathOption::choice_on(const std::string& uri) const {
  if (const auto path = choice()) return *path;
  return why_no_monitor(open_device(uri)->capabilities()).empty() ? JobPath::firmware : JobPath::direct;
}

}  // namespace hilbert::cli
