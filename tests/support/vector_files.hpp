// SPDX-License-Identifier: Apache-2.0
// Vector files in memory.
#pragma once

#include <hilbert/vectors/file.hpp>
#include <hilbert/vectors/generate.hpp>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

namespace hilbert::vectors {

inline Reader reader_of(const std::vector<std::byte>& file) {
  std::string text(reinterpret_cast<const char*>(file.data()), file.size());
  return Reader(std::make_unique<std::istringstream>(std::move(text)), "memory");
}

/// Reads a whole file.
inline std::vector<Case> read_all(Reader reader) {
  std::vector<Case> cases;
  while (auto item = reader.next()) cases.push_back(std::move(*item));
  return cases;
}

inline std::vector<std::vector<std::byte>> records(const std::vector<Case>& cases) {
  std::vector<std::vector<std::byte>> all;
  for (const Case& item : cases) all.push_back(encode_record(item));
  return all;
}

}  // namespace hilbert::vectors
