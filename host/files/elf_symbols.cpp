// SPDX-License-Identifier: Apache-2.0
// The symbol table of an ELF-32 file (System V ABI, chapter 4: section headers, string table, symbol table).
#include "hilbert/elf_symbols.hpp"

#include <algorithm>
#include <hilbert/error.hpp>

namespace hilbert {
namespace {

constexpr std::size_t header_bytes = 52, section_header_bytes = 40, symbol_bytes = 16;
constexpr std::uint32_t symbol_table = 2;
constexpr std::size_t most_name_bytes = 256;  // a damaged table must not cost its square in time

class Reader {
 public:
  Reader(std::span<const std::byte> file, std::string_view where) : file_(file), where_(where) {}

  [[nodiscard]] std::span<const std::byte> part(std::uint64_t offset, std::uint64_t bytes, const char* what) const {
    if (offset > file_.size() || bytes > file_.size() - offset) {
      throw Error(ExitCode::bad_input, std::string(what) + " does not lie in the file", std::string(where_),
                  "the file is truncated or damaged: link it again");
    }
    return file_.subspan(static_cast<std::size_t>(offset), static_cast<std::size_t>(bytes));
  }

 private:
  std::span<const std::byte> file_;
  std::string_view where_;
};

std::uint32_t number(std::span<const std::byte> bytes, std::size_t at, unsigned size) {
  std::uint32_t value = 0;
  for (unsigned i = 0; i < size; ++i) value |= std::to_integer<std::uint32_t>(bytes[at + i]) << 8 * i;
  return value;
}

/// The text at an offset of a string table, up to its zero byte, the table's end, or most_name_bytes.
std::string text_at(std::span<const std::byte> strings, std::uint32_t offset) {
  std::string text;
  const std::size_t end = std::min(strings.size(), offset + most_name_bytes);
  for (std::size_t i = offset; i < end && strings[i] != std::byte{0}; ++i) {
    text += static_cast<char>(strings[i]);
  }
  return text;
}

}  // namespace

std::map<std::string, std::uint32_t> elf_symbols(std::span<const std::byte> file, std::string_view where) {
  const Reader reader(file, where);
  const auto header = reader.part(0, header_bytes, "the ELF header");
  const std::uint64_t table = number(header, 32, 4);
  const std::uint32_t entry_bytes = number(header, 46, 2), entries = number(header, 48, 2);
  std::map<std::string, std::uint32_t> symbols;
  if (table == 0 || entries == 0 || entry_bytes != section_header_bytes) return symbols;
  const auto sections = reader.part(table, std::uint64_t{entries} * entry_bytes, "the table of sections");
  for (std::size_t s = 0; s < entries; ++s) {
    const auto section = sections.subspan(s * section_header_bytes, section_header_bytes);
    const std::uint32_t link = number(section, 24, 4);
    if (number(section, 4, 4) != symbol_table || link >= entries) continue;
    const auto names = sections.subspan(link * section_header_bytes, section_header_bytes);
    const auto strings = reader.part(number(names, 16, 4), number(names, 20, 4), "the names of the symbols");
    const auto list = reader.part(number(section, 16, 4), number(section, 20, 4), "the symbol table");
    for (std::size_t i = 0; i + symbol_bytes <= list.size(); i += symbol_bytes) {
      std::string name = text_at(strings, number(list, i, 4));
      if (!name.empty() && number(list, i + 14, 2) != 0) symbols[std::move(name)] = number(list, i + 4, 4);
    }
    break;  // there is one at most
  }
  return symbols;
}

}  // namespace hilbert
