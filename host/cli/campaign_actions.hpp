// SPDX-License-Identifier: Apache-2.0
// What hilbert campaign does, an action a file.
#pragma once

#include "command.hpp"

namespace hilbert::cli {

ExitCode campaign_sites(const Arguments& arguments);
ExitCode campaign_run(const Arguments& arguments);
ExitCode campaign_resume(const Arguments& arguments);
ExitCode campaign_merge(const Arguments& arguments);
ExitCode campaign_replay(const Arguments& arguments);
ExitCode campaign_show(const Arguments& arguments);

}  // namespace hilbert::cli
