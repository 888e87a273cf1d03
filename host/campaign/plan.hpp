// SPDX-License-Identifier: Apache-2.0
// What a campaign asks for, cut into blocks that can be run one by one, anywhere.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "campaign/block.hpp"
#include "campaign/fault.hpp"
#include "campaign/site_table.hpp"

namespace hilbert::campaign {

enum class FaultKind : std::uint8_t {
  seu,      ///< one state bit is inverted
  cluster,  ///< a pattern of bits in one word, or in neighbouring ones
  pair,     ///< two state bits at unrelated places in one moment
  set,      ///< the output of a gate is inverted for some clocks
  stuck_0,  ///< the output of a gate or flip-flop is 0 for some clocks, or for ever
  stuck_1,  ///< likewise 1
};
std::string_view to_string(FaultKind kind);  ///< "seu", "stuck-0"
/// Error (exit code 2) for a word that is none.
FaultKind parse_fault_kind(const std::string& word);

/// Which faults, and how many of them.
struct Question {
  FaultKind kind = FaultKind::seu;
  std::string shape = "11";        ///< of a cluster: 1 is inverted; rows of neighbouring words with a / between
  std::uint32_t fault_clocks = 1;  ///< of set and stuck; 0: for ever
  std::uint64_t count = 0;         ///< of random faults; 0: every one there is
  std::uint64_t seed = 1;          ///< of random faults
  std::vector<std::string> filters;

  /// Exhaustive is every single upset, or every transient of one clock.
  [[nodiscard]] bool exhaustive() const { return count == 0; }
  [[nodiscard]] bool gates() const { return kind >= FaultKind::set; }
  [[nodiscard]] nlohmann::json json() const;
  static Question from(const nlohmann::json& json, const std::string& where);
};

/// One block of the store.
struct PlannedBlock {
  Columns columns;          ///< of an exhaustive campaign
  bool auxiliary = false;   ///< computed because others lead into it
  std::uint64_t first = 0;  ///< the number of its first experiment; 0 of an auxiliary one
  std::uint64_t count = 0;  ///< of its experiments
};

class Plan {
 public:
  /// Error (exit code 2) for a question that this design cannot be asked.
  Plan(const tb::Netlist& netlist, const store::Sites& sites, std::uint32_t clocks, Question question);

  [[nodiscard]] const Question& question() const { return question_; }
  [[nodiscard]] const std::vector<PlannedBlock>& blocks() const { return blocks_; }
  [[nodiscard]] std::uint64_t experiments() const { return experiments_; }
  /// Of an exhaustive campaign, those of flip-flops: they have the first numbers.
  [[nodiscard]] std::uint64_t flip_flop_experiments() const { return flip_flop_experiments_; }
  /// Of the sites that faults are drawn from, or taken from one by one.
  [[nodiscard]] std::uint64_t site_count() const { return site_count_; }
  /// Whether an experiment that becomes an upset outside of its block is run on, since nobody else runs that one.
  [[nodiscard]] Outside outside() const { return outside_; }

  /// A random fault, a function of seed and number alone; its site is the first bit, or the net.
  struct Drawn {
    std::uint32_t site = 0;
    Fault fault;
  };
  [[nodiscard]] Drawn draw(std::uint64_t number) const;
  /// The fault of an exhaustive campaign at a site.
  [[nodiscard]] Fault single(std::uint32_t site, std::uint32_t clock) const;

 private:
  void plan_exhaustive(std::uint32_t clocks);
  void plan_random();
  [[nodiscard]] std::uint32_t site_at(std::uint64_t index) const;
  [[nodiscard]] bool shape_fits(std::uint32_t site) const;
  [[nodiscard]] std::vector<StateBit> cluster_at(std::uint32_t site) const;

  const tb::Netlist& netlist_;
  const store::Sites& sites_;
  StateBits bits_;
  std::map<std::pair<std::string_view, std::uint32_t>, std::uint32_t> flip_flop_of_;  ///< by name and bit
  std::uint32_t clocks_;
  Question question_;
  std::vector<SiteRange> ranges_;
  std::uint64_t site_count_ = 0, experiments_ = 0, flip_flop_experiments_ = 0;
  Outside outside_ = Outside::alias;
  std::vector<PlannedBlock> blocks_;
};

}  // namespace hilbert::campaign
