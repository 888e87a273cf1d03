// SPDX-License-Identifier: Apache-2.0
// Where in a campaign's blocks a given upset is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "store/block.hpp"

namespace hilbert::store {

/// An entry of a block.
struct Place {
  std::uint32_t block = 0;  ///< its place among the blocks that the index was made of
  std::uint32_t entry = 0;
};

/// Upsets in dense blocks and in stretches, by site and clock. Those of lists are not in it: nothing becomes them.
class Index {
 public:
  /// Refers to `blocks`, which stay where they are. Error (exit code 2) at `where` if an upset is in two of them.
  Index(const std::vector<Block>& blocks, const std::string& where);

  [[nodiscard]] std::optional<Place> find(std::uint32_t site, std::uint32_t clock) const;

 private:
  /// Neighbouring sites that are in the same dense blocks.
  struct Band {
    std::uint32_t first_site = 0;
    std::vector<std::uint32_t> blocks;  ///< by first clock
  };
  void add_dense(const std::string& where);
  void add_stretches(const std::string& where);
  [[nodiscard]] const Band* band_of(std::uint32_t site) const;
  [[nodiscard]] std::optional<Place> find_dense(std::uint32_t site, std::uint32_t clock) const;
  [[nodiscard]] std::optional<Place> find_stretch(std::uint32_t site, std::uint32_t clock) const;

  const std::vector<Block>& blocks_;
  std::vector<Band> bands_;               ///< by first site
  std::vector<std::uint32_t> stretches_;  ///< blocks, by what they begin with
};

}  // namespace hilbert::store
