// SPDX-License-Identifier: Apache-2.0
#include "store/referee.hpp"

#include <algorithm>
#include <hilbert/error.hpp>
#include <hilbert/random.hpp>
#include <limits>
#include <numeric>
#include <set>

namespace hilbert::store {

std::vector<std::uint64_t> referee_sample(std::uint64_t all, std::uint64_t count, std::uint64_t seed) {
  if (count >= all) {
    std::vector<std::uint64_t> every(all);
    std::iota(every.begin(), every.end(), std::uint64_t{0});
    return every;
  }
  std::set<std::uint64_t> drawn;
  for (Rng random(seed, "referee", 0); drawn.size() < count;) drawn.insert(random.next() % all);
  return {drawn.begin(), drawn.end()};
}

nlohmann::json referee_record(std::vector<Replay> replays) {
  std::ranges::sort(replays, {}, &Replay::number);
  nlohmann::json list = nlohmann::json::array();
  for (const Replay& r : replays) list.push_back({r.number, r.code, r.end, r.detail});
  return {{"replays", list}};
}

Refereed refereed(const Verdicts& verdicts, const std::string& where) {
  Refereed result;
  const auto& record = verdicts.results().referee;
  if (!record) return result;
  const auto require = [&](bool good, const char* what) {
    if (!good) throw Error(ExitCode::bad_input, std::string("its referee's record ") + what, where);
  };
  const auto list = record->find("replays");
  require(list != record->end() && list->is_array(), "has no list of replays");
  std::uint64_t least = 0;  // numbers rise, so that none counts twice
  for (const auto& line : *list) {
    const auto number = [&](std::size_t i, std::uint64_t most) {
      require(
          line.is_array() && line.size() == 4 && line[i].is_number_unsigned() && line[i].get<std::uint64_t>() <= most,
          "has a line that is no replay");
      return line[i].get<std::uint64_t>();
    };
    constexpr std::uint64_t most = std::numeric_limits<std::uint32_t>::max();
    const Replay said{number(0, std::numeric_limits<std::uint64_t>::max() - 1),
                      static_cast<std::uint8_t>(number(1, verdicts.results().header.outcomes().size() - 1)),
                      static_cast<std::uint32_t>(number(2, most)), static_cast<std::uint32_t>(number(3, most))};
    require(said.number >= least, "is not sorted");
    require(verdicts.holds(said.number), "replays an experiment that is not there");
    least = said.number + 1;
    const Experiment found = verdicts.experiment(said.number);
    ++result.replayed;
    if (found.code == alias) {
      ++result.open;
    } else if (Replay{found.number, found.code, found.end, found.detail} != said) {
      result.different.push_back(said);
    }
  }
  return result;
}

}  // namespace hilbert::store
