// SPDX-License-Identifier: Apache-2.0
// The parts of a chip, as people speak of them, by the names of its registers.
#pragma once

#include <string_view>

namespace hilbert::workloads {

/// "array", "memory data", "sequencer", ...; "other" for a name that is no part's.
std::string_view unit_of(std::string_view name);
/// Of a memory of the netlist: "data", "check bits", "FIFO", "register file", "buffer".
std::string_view memory_class(std::string_view name);

}  // namespace hilbert::workloads
