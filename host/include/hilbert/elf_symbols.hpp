// SPDX-License-Identifier: Apache-2.0
// Names in a firmware image: where a program keeps what its host wants to watch.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>

namespace hilbert {

/// Values of the named symbols of an ELF-32 file that parse_elf accepts; empty for a stripped one. Error (exit code 2)
/// if a symbol table does not lie in the file. Of a name given twice the last (a global one comes after local ones).
[[nodiscard]] std::map<std::string, std::uint32_t> elf_symbols(std::span<const std::byte> file, std::string_view where);

}  // namespace hilbert
