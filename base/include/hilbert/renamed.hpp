// SPDX-License-Identifier: Apache-2.0
// Words that are typed, and were once spelled otherwise. Nothing old is taken: it is refused with the new spelling.
#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace hilbert {

struct Renamed {
  std::string_view where;  ///< what it follows: "hilbert", "hilbert gemm", or "model:" for a parameter of a URI
  std::string_view old, now;
};

/// The one table of them; tests/system/cli/renamed_test.cpp types every row.
inline constexpr std::array renamed{
    Renamed{"hilbert", "run", "firmware run"},
    Renamed{"hilbert", "cpu", "firmware"},
    Renamed{"hilbert", "log", "firmware log"},
    Renamed{"hilbert", "selftest", "firmware selftest"},
    Renamed{"hilbert firmware run", "--max-cycles", "--max-clocks"},
    Renamed{"hilbert gemm", "--direct", "--path direct"},
    Renamed{"hilbert gemm", "--firmware", "--path firmware"},
    Renamed{"hilbert gemm", "--stall-seed", "--seed"},
    Renamed{"hilbert regress", "--firmware", "--path firmware"},
    Renamed{"hilbert train", "--direct", "--path direct"},
    Renamed{"hilbert train", "--firmware", "--path firmware"},
    Renamed{"hilbert vectors gen", "--sr-seed", "--rounding-seed"},
    Renamed{"model:", "cpu_bytes", "controller_bytes"},
};

/// "--direct is now --path direct" where `word` is an old spelling; "" where it is none.
[[nodiscard]] inline std::string new_spelling(std::string_view where, std::string_view word) {
  const auto* found =
      std::ranges::find_if(renamed, [&](const Renamed& r) { return r.where == where && r.old == word; });
  if (found == renamed.end()) return "";
  const bool command = where == "hilbert";
  const std::string before = command ? "hilbert " : "";
  return before + std::string(word) + " is now " + before + std::string(found->now);
}

}  // namespace hilbert
