// SPDX-License-Identifier: Apache-2.0
// Puts a netlist's gates and read ports into an order in which they can be evaluated.
#pragma once

#include <string>

#include "hilbert/tb/netlist.hpp"

namespace hilbert::tb {

/// Sorts gates (and their names) by level, and within a level by kind; fills `steps` and `levels`. Throws
/// Error(bad_input) with `where` for a loop, or a net that two cells drive.
void order_netlist(Netlist& netlist, const std::string& where);

}  // namespace hilbert::tb
