// SPDX-License-Identifier: Apache-2.0
// Executables for the controller, made here: a little code, tohost, symbols.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "support/assembler.hpp"

namespace hilbert::test {

using Symbols = std::vector<std::pair<std::string, std::uint32_t>>;

/// An ELF-32 executable: header, one program header, the code, symbols with their names, three section headers.
inline std::vector<std::byte> elf(std::uint32_t base, const std::vector<rv::Word>& code, const Symbols& symbols) {
  std::vector<std::byte> file;
  const auto put = [&](std::uint32_t value, unsigned bytes) {
    for (unsigned i = 0; i < bytes; ++i) file.push_back(static_cast<std::byte>(value >> 8 * i));
  };
  const auto words = [&](std::initializer_list<std::uint32_t> values) {
    for (const std::uint32_t value : values) put(value, 4);
  };
  std::string names(1, '\0');
  std::vector<std::uint32_t> name_at;
  for (const auto& [name, value] : symbols) {
    name_at.push_back(static_cast<std::uint32_t>(names.size()));
    names += name + '\0';
  }
  const auto code_bytes = static_cast<std::uint32_t>(4 * code.size()), code_at = 84u;
  const std::uint32_t symbols_at = code_at + code_bytes;
  const auto symbol_bytes = static_cast<std::uint32_t>(16 * (symbols.size() + 1));
  const std::uint32_t names_at = symbols_at + symbol_bytes;
  const std::uint32_t sections_at = names_at + static_cast<std::uint32_t>(names.size());
  words({0x464C'457F, 0x0001'0101, 0, 0, 2 | 243u << 16, 1, base, 52, sections_at, 0});
  for (const unsigned half : {52u, 32u, 1u, 40u, 3u, 2u}) put(half, 2);
  words({1, code_at, base, base, code_bytes, code_bytes, 5, 4});
  for (const rv::Word word : code) put(word, 4);
  words({0, 0, 0, 0});
  for (std::size_t i = 0; i < symbols.size(); ++i) words({name_at[i], symbols[i].second, 0, 1u << 16});
  for (const char ch : names) put(static_cast<unsigned char>(ch), 1);
  words({0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
  words({0, 2, 0, 0, symbols_at, symbol_bytes, 2, 0, 4, 16});
  words({0, 3, 0, 0, names_at, static_cast<std::uint32_t>(names.size()), 0, 0, 1, 0});
  return file;
}

/// x10 = its base + 128, where tohost is, then `body`, then waiting for ever.
inline std::vector<rv::Word> program(const std::vector<rv::Word>& body) {
  std::vector<rv::Word> code{rv::auipc(10, 0), rv::addi(10, 10, 128)};
  code.insert(code.end(), body.begin(), body.end());
  code.push_back(rv::jal(0, 0));
  code.resize(48);
  return code;
}
inline std::vector<rv::Word> ending_with(rv::Word tohost) {
  return program({rv::addi(11, 0, 0x123), rv::sw(11, 10, 16), rv::lui(11, 0xABCD'E000), rv::sw(11, 10, 20),
                  rv::addi(12, 0, tohost), rv::sw(12, 10, 0)});
}

}  // namespace hilbert::test
