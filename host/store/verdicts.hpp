// SPDX-License-Identifier: Apache-2.0
// What every experiment of a campaign came to, with no alias left.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "store/block.hpp"
#include "store/results.hpp"

namespace hilbert::store {

struct Experiment {
  std::uint64_t number = 0;
  std::uint32_t site = 0, clock = 0;
  std::uint8_t code = 0;              ///< place in the header's outcomes; `alias`: in a block that is not here
  std::uint32_t end = 0, detail = 0;  ///< of that outcome; of an alias, clock and site of the upset that is not here
};

/// Follows every alias, once, in place: no more memory than the results themselves, and time in proportion to them.
class Verdicts {
 public:
  /// Error (exit code 2) at `where` if aliases go in a circle, if an upset is in two blocks, or, where every block of
  /// the campaign is here, if an alias leads nowhere.
  explicit Verdicts(Results results, const std::string& where = "results file");

  [[nodiscard]] const Results& results() const { return results_; }  ///< with the aliases resolved
  [[nodiscard]] std::uint64_t experiments() const { return experiments_; }
  /// Whether the experiment of this number is in the file: in a shard, and in what was recovered, there are gaps.
  [[nodiscard]] bool holds(std::uint64_t number) const { return find(number).has_value(); }
  /// Error (exit code 2) if it is not there.
  [[nodiscard]] Experiment experiment(std::uint64_t number) const;

 private:
  [[nodiscard]] std::optional<Experiment> find(std::uint64_t number) const;
  void resolve(const std::string& where);
  [[nodiscard]] std::string name_of(const Block& block, std::size_t entry) const;

  /// Experiments before every `step`-th stretch of a block, counted from its first.
  static constexpr std::size_t step = 256;
  struct Numbers {
    std::uint32_t block = 0;
    std::uint64_t first = 0;
    std::vector<std::uint64_t> before;
  };

  Results results_;
  std::vector<Numbers> numbers_;  ///< of the blocks with experiments, in order
  std::uint64_t experiments_ = 0;
};

}  // namespace hilbert::store
