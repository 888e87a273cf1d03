// SPDX-License-Identifier: Apache-2.0
// hilbert firmware: what runs on the tile's controller.
#include <array>

#include "firmware_actions.hpp"

namespace hilbert::cli::firmware_command {
namespace {

constexpr std::array actions{
    Action{"run", "load a program, let it run until it ends, and tell how it ended", firmware_run},
    Action{"step", "execute the first instructions one by one and show what each writes", firmware_step},
    Action{"regs", "show the core's registers after the first instructions", firmware_regs},
    Action{"log", "print the health and the log of the built-in firmware", firmware_log},
    Action{"selftest", "have the built-in firmware test the chip that it runs on", firmware_selftest},
};

ExitCode run(const Arguments& arguments) {
  return run_action("firmware", "Runs programs on the tile's controller (RV32I), and asks the built-in firmware.",
                    actions, arguments);
}

const Registration registration({"firmware", "run programs on the tile's controller, test the chip, read the log",
                                 run});

}  // namespace
}  // namespace hilbert::cli::firmware_command
