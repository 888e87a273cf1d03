// SPDX-License-Identifier: Apache-2.0
// What hilbert vectors does, an action a file.
#pragma once

#include "command.hpp"

namespace hilbert::cli {

ExitCode vectors_gen(const Arguments& arguments);
ExitCode vectors_check(const Arguments& arguments);
ExitCode vectors_show(const Arguments& arguments);

}  // namespace hilbert::cli
