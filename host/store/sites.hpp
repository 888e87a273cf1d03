// SPDX-License-Identifier: Apache-2.0
// What can be upset: names, so that results can be read without the netlist that they came from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hilbert::store {

/// A bit that can be upset. Its number is its place in the table: the state-bit column of blocks and aliases.
struct Site {
  std::string_view name;        ///< of the variable, as the RTL has it
  std::string_view unit;        ///< the part of the chip that it belongs to
  std::string_view site_class;  ///< "flip-flop", "memory", "gate", ...: in the campaign's words
  std::uint32_t bit = 0;        ///< of the variable, counted through all words of a memory: word = bit / width
  std::uint32_t width = 1;      ///< of the variable, or of a word of the memory
  std::uint32_t words = 0;      ///< of the memory; 0: no memory
};

/// The table, as runs of neighbours: a memory of a million bits is one line.
class Sites {
 public:
  /// Sites first .. first + count - 1: bits `bit`, `bit` + 1, ... of one variable.
  struct Run {
    std::uint32_t first = 0, count = 0;
    std::uint32_t name = 0, unit = 0, site_class = 0;  ///< indices into names(), units(), classes()
    std::uint32_t bit = 0, width = 1, words = 0;
    bool operator==(const Run&) const = default;
  };

  /// As site number size(), and its `count` - 1 next bits after it. Error (exit code 2) for an empty name, a byte 0 in
  /// a word, a bit that the variable does not have, and more than 2^32 - 2 sites.
  void add(const Site& site, std::uint32_t count = 1);

  [[nodiscard]] std::uint32_t size() const { return size_; }
  [[nodiscard]] Site operator[](std::uint32_t site) const;
  /// "u_seq.job_q[3]", "u_bank.mem[17][2]", "u_seq.busy_q".
  [[nodiscard]] std::string label(std::uint32_t site) const;

  [[nodiscard]] const std::vector<Run>& runs() const { return runs_; }
  [[nodiscard]] const std::vector<std::string>& names() const { return names_.all; }
  [[nodiscard]] const std::vector<std::string>& units() const { return units_.all; }
  [[nodiscard]] const std::vector<std::string>& classes() const { return classes_.all; }

  [[nodiscard]] std::vector<std::byte> pack() const;
  /// Error (exit code 2) at `where` for what pack() would not write.
  static Sites unpack(std::span<const std::byte> content, const std::string& where);

 private:
  struct Words {
    std::vector<std::string> all;
    std::map<std::string, std::uint32_t, std::less<>> index;
    std::uint32_t of(std::string_view word);
  };

  Words names_, units_, classes_;
  std::vector<Run> runs_;
  std::uint32_t size_ = 0;
};

}  // namespace hilbert::store
