// SPDX-License-Identifier: Apache-2.0
// The two switches.
#include "path_option.hpp"

namespace hilbert::cli {

void PathOption::add_to(Options& options) {
  options.flag("direct", direct_, "the host writes the tile's descriptors itself; the controller is held in reset");
  options.flag("firmware", firmware_,
               "through the firmware on the tile's controller, or an error; without either: through the firmware where "
               "the device can run it");
}

std::optional<JobPath> PathOption::choice() const {
  if (direct_ && firmware_) throw Error(ExitCode::bad_input, "--direct and --firmware", "", "give one of them");
  if (direct_) return JobPath::direct;
  if (firmware_) return JobPath::firmware;
  return std::nullopt;
}

}  // namespace hilbert::cli
