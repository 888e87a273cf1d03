// SPDX-License-Identifier: Apache-2.0
// What a chip may be, and chips by name.
#pragma once

#include <hilbert/model/descriptor.hpp>
#include <string>
#include <string_view>

#include "configurations.hpp"

namespace hilbert::device {

/// Throws Error(bad_input) for a geometry or controller memory that rtl/README.md does not allow.
void check_geometry(const model::Geometry& geometry, std::uint32_t controller_bytes, const std::string& where);

/// The configuration of that name; "" is `full`. Error (bad_input) that says which there are, and what else might stand
/// there: `or_else`.
Configuration require_configuration(std::string_view name, const std::string& where, std::string_view or_else = {});

}  // namespace hilbert::device
