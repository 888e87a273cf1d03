// SPDX-License-Identifier: Apache-2.0
// Small campaigns with every shape of block, made from a seed, and what they come to by a definition of their own.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <hilbert/file.hpp>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "store/merge.hpp"
#include "store/results.hpp"
#include "store/table.hpp"
#include "store/writer.hpp"
#include "support/random.hpp"

namespace hilbert::store {

inline const std::vector<std::string> outcome_names = {"masked", "latent", "sdc", "hang"};

inline nlohmann::json header_json(std::uint32_t blocks) {
  return {{"chip", "small"},
          {"netlist", "c0ffee"},
          {"workload", {{"name", "gemm"}, {"size", {8, 8, 8}}}},
          {"seed", 1},
          {"outcomes", outcome_names},
          {"plan", {{"blocks", blocks}}},
          {"shard", {{"index", 1}, {"of", 1}}},
          {"informative", {"host"}},
          {"host", "here"}};
}
inline Header header_of(std::uint32_t blocks) { return {header_json(blocks), "test"}; }

/// What an upset came to, in words that owe nothing to the store: an outcome, or the upset that it became.
struct Fate {
  std::uint8_t code = 0;
  std::uint32_t end = 0, detail = 0;
};
using Upset = std::pair<std::uint32_t, std::uint32_t>;  // site, clock

/// A campaign on `sites` sites, of which the first half are flip-flops in dense blocks, the next quarter is memory in
/// stretches, and the rest gates that only a list hits.
struct Campaign {
  Header header;
  Sites sites;
  std::vector<Block> blocks;
  std::map<Upset, Fate> fates;                      ///< of dense blocks and stretches
  std::vector<std::pair<Upset, Fate>> experiments;  ///< by number

  /// The end of the chain, by walking it.
  [[nodiscard]] Fate final_fate(Fate fate) const {
    while (fate.code == alias) fate = fates.at({fate.detail, fate.end});
    return fate;
  }
  [[nodiscard]] std::map<std::string, std::uint64_t> outcomes() const {
    std::map<std::string, std::uint64_t> counts;
    for (const auto& [upset, fate] : experiments) ++counts[outcome_names[final_fate(fate).code]];
    return counts;
  }
};

inline Campaign random_campaign(Random& random, std::uint32_t sites, std::uint32_t clocks) {
  Campaign made;
  const std::uint32_t flip_flops = sites / 2, memory_end = flip_flops + sites / 4;
  made.sites.add({"u_seq.job_q", "u_seq", "flip-flop", 0, flip_flops, 0}, flip_flops);
  for (std::uint32_t bit = 0; bit < sites / 4; ++bit) {
    made.sites.add({"u_bank.mem", "u_mem", bit % 3 == 2 ? "check bit" : "memory", bit, 3, sites / 12 + 1});
  }
  for (std::uint32_t i = memory_end; i < sites; ++i) {
    made.sites.add({fmt::format("gate_{}", i), i % 2 == 0 ? "u_seq" : "u_mem", "gate", 0, 1, 0});
  }
  const auto fate = [&](std::uint32_t clock, bool may_be_alias) -> Fate {
    if (may_be_alias && clock + 1 < clocks && random.chance(0.6)) {
      return {alias, clock + 1 + random.below(clocks - clock - 1), random.below(memory_end)};
    }
    return {static_cast<std::uint8_t>(random.below(outcome_names.size())), clock + random.below(9U), random.bits32()};
  };
  const auto put = [&](Block& block, const Fate& f) {
    block.code.push_back(f.code), block.end.push_back(f.end), block.detail.push_back(f.detail);
  };
  std::uint64_t next = 0;
  const auto add = [&](Block block) {
    block.number = static_cast<std::uint32_t>(made.blocks.size());
    block.first_experiment = block.auxiliary ? 0 : next;
    next += block.experiments();
    made.blocks.push_back(std::move(block));
  };
  // Two columns of dense blocks, cut differently in time; the last columns are auxiliary.
  const std::uint32_t border = flip_flops / 2, asked = flip_flops - 1;
  for (const auto& [begin, end, step, auxiliary] :
       {std::tuple(0U, border, 3U, false), {border, asked, 4U, false}, {asked, flip_flops, clocks, true}}) {
    for (std::uint32_t clock = 0; clock < clocks; clock += step) {
      Block block;
      block.auxiliary = auxiliary;
      block.first_site = begin, block.sites = end - begin;
      block.first_clock = clock, block.clocks = std::min(step, clocks - clock);
      for (std::uint32_t t = clock; t < clock + block.clocks; ++t) {
        for (std::uint32_t site = begin; site < end; ++site) {
          const Fate f = fate(t, true);
          put(block, f);
          made.fates[{site, t}] = f;
          if (!auxiliary) made.experiments.push_back({{site, t}, f});
        }
      }
      add(std::move(block));
    }
  }
  for (std::uint32_t begin = flip_flops; begin < memory_end; begin += 3) {
    Block block;
    block.shape = Shape::stretches;
    for (std::uint32_t site = begin; site < std::min(begin + 3, memory_end); ++site) {
      for (std::uint32_t first = 0; first < clocks;) {
        const std::uint32_t last = first + random.below(clocks - first);
        const Fate f = fate(last, true);
        block.site.push_back(site), block.first.push_back(first), block.last.push_back(last);
        put(block, f);
        for (std::uint32_t t = first; t <= last; ++t) {
          made.fates[{site, t}] = f;
          made.experiments.push_back({{site, t}, f});
        }
        first = last + 1;
      }
    }
    add(std::move(block));
  }
  for (int lists = 0; lists < 2; ++lists) {
    Block block;
    block.shape = Shape::list;
    for (int i = 0; i < 7; ++i) {
      const std::uint32_t site = memory_end + random.below(sites - memory_end), clock = random.below(clocks);
      const Fate f = fate(clock, true);
      block.site.push_back(site), block.first.push_back(clock);
      put(block, f);
      made.experiments.push_back({{site, clock}, f});
    }
    add(std::move(block));
  }
  made.header = header_of(static_cast<std::uint32_t>(made.blocks.size()));
  return made;
}

inline const nlohmann::json referee_of_all = {{"replayed", 6}, {"different", 0}, {"lines", {"a", "b", "c"}}};

/// All blocks that the shard owns, and the end.
inline void write_campaign(const Campaign& campaign, const std::filesystem::path& path, const Header& header,
                           const std::optional<nlohmann::json>& referee = referee_of_all) {
  Writer writer = Writer::create(path, header, campaign.sites);
  for (const std::uint32_t number : writer.missing()) writer.append(campaign.blocks[number]);
  writer.finish(referee);
}

/// A test with an empty folder, in memory where that can be: thousands of files are flushed to it.
class StoreTest : public testing::Test {
 protected:
  StoreTest()
      : folder_((::access("/dev/shm", W_OK) == 0 ? "/dev/shm" : std::filesystem::temp_directory_path()) /
                fmt::format("hilbert_store_{}_{}", testing::UnitTest::GetInstance()->current_test_info()->name(),
                            ::getpid())) {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  ~StoreTest() override { std::filesystem::remove_all(folder_); }
  [[nodiscard]] std::filesystem::path at(const std::string& name) const { return folder_ / name; }

  const std::filesystem::path folder_;
};

}  // namespace hilbert::store
