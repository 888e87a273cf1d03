// SPDX-License-Identifier: Apache-2.0
// The registers of a chip, as the generated maps list them, found by address.
#pragma once

#include <cstdint>
#include <hilbert/regs/register_map.hpp>
#include <string>

namespace hilbert::device {

using regs::Access;
using regs::Register;

/// The register at a byte offset from register_base; nullptr where there is none, or the offset is not a multiple of 4.
const Register* find_register(std::uint32_t offset);

/// "SEM[3]", "CPU_START", or "address 0x8000003c, where there is no register".
std::string register_name(std::uint32_t address);

}  // namespace hilbert::device
