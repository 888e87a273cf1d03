// SPDX-License-Identifier: Apache-2.0
// What hilbert firmware does, an action a file.
#pragma once

#include <optional>
#include <string>

#include "command.hpp"
#include "core_program.hpp"

namespace hilbert::cli {

ExitCode firmware_run(const Arguments& arguments);
ExitCode firmware_step(const Arguments& arguments);
ExitCode firmware_regs(const Arguments& arguments);
ExitCode firmware_log(const Arguments& arguments);
ExitCode firmware_selftest(const Arguments& arguments);

/// Lets the halted core take one step and says what it did: address, instruction, the register it names as rd.
[[nodiscard]] std::string step_text(CoreProgram& program);

}  // namespace hilbert::cli
