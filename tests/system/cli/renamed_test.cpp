// SPDX-License-Identifier: Apache-2.0
// Every old spelling of the table is typed, and refused with the new one; every new one is known.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <hilbert/renamed.hpp>
#include <string>

#include "support/shell.hpp"

namespace hilbert {
namespace {

using test::Outcome;

std::string first_word(std::string_view text) { return std::string(text.substr(0, text.find(' '))); }

/// The row's old spelling where it was typed.
Outcome type(const test::Shell& shell, const Renamed& row) {
  const std::string where(row.where), old(row.old);
  if (where.starts_with("model:")) return shell.run(fmt::format("info --device 'model:2x2x2?{}=0'", old));
  constexpr std::string_view program = "hilbert";
  const std::string command = where.substr(program.size());
  return shell.run(command + ' ' + old + (old.starts_with('-') ? "" : " --help"));
}

TEST(Renamed, OldSpellingsAreRefusedWithTheNewOne) {
  const test::Shell shell("renamed");
  for (const Renamed& row : renamed) {
    const Outcome o = type(shell, row);
    EXPECT_EQ(o.code, 2) << row.where << ' ' << row.old << o.out;
    EXPECT_EQ(o.out, "") << row.where << ' ' << row.old;
    const std::string before = row.where == "hilbert" ? "hilbert " : "";
    EXPECT_NE(o.err.find(fmt::format("{0}{1} is now {0}{2}", before, row.old, row.now)), std::string::npos) << o.err;
  }
  EXPECT_GE(renamed.size(), 13u);
}

TEST(Renamed, OldSpellingsWithAValueAreRefusedToo) {
  const test::Shell shell("renamed_value");
  for (const char* line : {"gemm --stall-seed=5", "gemm --stall-seed 5", "vectors gen --sr-seed=5",
                           "firmware run --max-cycles=5 x.elf", "firmware run x.elf --max-cycles 5"}) {
    const Outcome o = shell.run(line);
    EXPECT_EQ(o.code, 2) << line;
    EXPECT_NE(o.err.find(" is now --"), std::string::npos) << o.err;
  }
}

TEST(Renamed, NewSpellingsAreKnown) {
  const test::Shell shell("renamed_new");
  for (const Renamed& row : renamed) {
    if (row.where == "hilbert") {
      EXPECT_EQ(shell.run(fmt::format("{} --help", row.now)).code, 0) << row.now;
    } else if (row.where.starts_with("hilbert ")) {
      const std::string help = shell.run(std::string(row.where.substr(8)) + " --help").out;
      EXPECT_NE(help.find(first_word(row.now) + ' '), std::string::npos) << row.now;
    } else {
      EXPECT_EQ(shell.run(fmt::format("info --device 'model:2x2x2?{}=0'", row.now)).code, 0) << row.now;
    }
  }
}

}  // namespace
}  // namespace hilbert
