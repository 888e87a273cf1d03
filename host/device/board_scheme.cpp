// SPDX-License-Identifier: Apache-2.0
// `board:`: many devices, which hilbert/board.hpp opens; here so that its name is known where a device's is asked for.
#include <fmt/format.h>

#include <array>

#include "scheme.hpp"

namespace hilbert::device {

namespace {

constexpr std::array<std::string_view, 2> parameters{"backend", "threads"};

std::unique_ptr<Device> open(const Opening& opening) {
  throw Error(ExitCode::bad_input, "a board is not one device", opening.where,
              "hilbert gemm, train, board and link take board:FILE");
}

}  // namespace

extern const Scheme board_scheme;
constinit const Scheme board_scheme{.name = "board",
                                    .usage = "board:FILE[?threads=N&backend=sim|model]",
                                    .example = "board:boards/2x2.json",
                                    .about = "where many chips work together",
                                    .kind = "board",
                                    .parameters = parameters,
                                    .parameter_help = "there are threads=N and backend=sim or model",
                                    .can = [] { return Abilities{.board = true}; },
                                    .open = open};

}  // namespace hilbert::device
