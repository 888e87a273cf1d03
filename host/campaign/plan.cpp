// SPDX-License-Identifier: Apache-2.0
#include "campaign/plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <hilbert/error.hpp>
#include <hilbert/random.hpp>
#include <hilbert/suggestion.hpp>

namespace hilbert::campaign {
namespace {

constexpr std::array<std::string_view, 6> kind_names{"seu", "cluster", "pair", "set", "stuck-0", "stuck-1"};

// Large enough to share most of what upsets have in common, small enough to lose little when a process is killed. Part
// of a campaign's identity: other sizes are other files.
constexpr std::uint32_t flip_flops_a_block = 2048, memory_bits_a_block = 1U << 17, gates_a_block = 8192;
constexpr std::uint64_t random_a_block = 8192;

/// A cluster's rows, bit 0 first.
std::vector<std::vector<bool>> rows_of(const std::string& shape) {
  std::vector<std::vector<bool>> rows(1);
  std::size_t flips = 0;
  for (const char c : shape) {
    if (c == '/') {
      rows.emplace_back();
    } else if (c == '0' || c == '1') {
      rows.back().push_back(c == '1');
      flips += c == '1';
    } else {
      flips = 0;
      break;
    }
  }
  if (flips == 0 || shape.size() > 64 || std::ranges::any_of(rows, [](const auto& row) { return row.empty(); })) {
    throw Error(ExitCode::bad_input, "no shape of a cluster", shape,
                "1 for a bit that is inverted, 0 for one that is not, / between neighbouring words: 11, 101, 11/11");
  }
  return rows;
}

}  // namespace

std::string_view to_string(FaultKind kind) { return kind_names[static_cast<std::size_t>(kind)]; }

FaultKind parse_fault_kind(const std::string& word) {
  const auto found = std::ranges::find(kind_names, word);
  if (found != kind_names.end()) return static_cast<FaultKind>(found - kind_names.begin());
  const std::vector<std::string_view> known(kind_names.begin(), kind_names.end());
  throw Error(ExitCode::bad_input, fmt::format("no kind of fault '{}'{}", word, suggestion(word, known)), "--faults",
              "seu, cluster, pair, set, stuck-0 or stuck-1");
}

nlohmann::json Question::json() const {
  nlohmann::json json{{"kind", to_string(kind)}, {"filters", filters}};
  if (kind == FaultKind::cluster) json["shape"] = shape;
  if (gates()) json["clocks"] = fault_clocks;
  if (!exhaustive()) json["count"] = count, json["seed"] = seed;
  return json;
}

Question Question::from(const nlohmann::json& json, const std::string& where) {
  try {
    Question q;
    q.kind = parse_fault_kind(json.at("kind").get<std::string>());
    q.filters = json.at("filters").get<std::vector<std::string>>();
    q.shape = json.value("shape", q.shape);
    q.fault_clocks = json.value("clocks", q.fault_clocks);
    q.count = json.value("count", std::uint64_t{0});
    q.seed = json.value("seed", q.seed);
    return q;
  } catch (const nlohmann::json::exception&) {
    throw Error(ExitCode::bad_input, "its header does not say which faults", where);
  }
}

Plan::Plan(const tb::Netlist& netlist, const store::Sites& sites, std::uint32_t clocks, Question question)
    : netlist_(netlist), sites_(sites), bits_(netlist), clocks_(clocks), question_(std::move(question)) {
  for (std::uint32_t f = 0; f < bits_.flip_flops(); ++f) {
    const tb::BitName& name = netlist.flip_flop_names[f][0];
    flip_flop_of_.emplace(std::pair<std::string_view, std::uint32_t>(name.vector, name.bit), f);
  }
  const std::uint32_t gates = bits_.count() + static_cast<std::uint32_t>(netlist.gates.size());
  const FaultKind kind = question_.kind;
  if (kind == FaultKind::set) {
    ranges_ = select_sites(sites, question_.filters, bits_.count(), gates);
  } else if (question_.gates()) {  // what is stuck is a net: of a flip-flop or of a gate
    ranges_ = select_sites(sites, question_.filters, 0, gates);
    std::erase_if(ranges_, [&](SiteRange& range) {
      if (range.first >= bits_.flip_flops() && range.first < bits_.count()) range.first = bits_.count();
      if (range.first < bits_.flip_flops()) range.last = std::min(range.last, bits_.flip_flops());
      return range.first >= range.last;
    });
    if (ranges_.empty()) throw Error(ExitCode::bad_input, "the filters leave memory bits alone", "--filter");
  } else {
    ranges_ = select_sites(sites, question_.filters, 0, bits_.count());
  }
  for (const SiteRange& range : ranges_) site_count_ += range.count();

  if (!question_.exhaustive()) {
    plan_random();
    return;
  }
  if (kind != FaultKind::seu && !(kind == FaultKind::set && question_.fault_clocks == 1)) {
    throw Error(ExitCode::bad_input, fmt::format("there are too many {} faults to run them all", to_string(kind)),
                "--faults", "take --count N of them; --exhaustive is for seu, and for set of one clock");
  }
  plan_exhaustive(clocks);
}

void Plan::plan_exhaustive(std::uint32_t clocks) {
  const bool set = question_.kind == FaultKind::set;
  // With all flip-flops in the campaign every alias leads to one of its blocks.
  outside_ = set || question_.filters.empty() ? Outside::alias : Outside::follow;
  const auto cut = [&](Columns::Kind kind, std::uint32_t first, std::uint32_t last, std::uint32_t most,
                       bool auxiliary) {
    for (; first < last; first += most) {
      PlannedBlock block;
      block.columns = {kind, first, std::min(last, first + most)};
      block.auxiliary = auxiliary;
      if (!auxiliary) {
        block.first = experiments_;
        block.count = std::uint64_t{block.columns.count()} * clocks;
        experiments_ += block.count;
        if (kind == Columns::Kind::flip_flops) flip_flop_experiments_ += block.count;
      }
      blocks_.push_back(block);
    }
  };
  if (set) cut(Columns::Kind::flip_flops, 0, bits_.flip_flops(), flip_flops_a_block, true);
  for (const SiteRange& range : ranges_) {
    if (set) {
      cut(Columns::Kind::gates, range.first - bits_.count(), range.last - bits_.count(), gates_a_block, false);
      continue;
    }
    const std::uint32_t middle = std::clamp(bits_.flip_flops(), range.first, range.last);
    cut(Columns::Kind::flip_flops, range.first, middle, flip_flops_a_block, false);
    cut(Columns::Kind::memory_bits, middle, range.last, memory_bits_a_block, false);
  }
}

void Plan::plan_random() {
  if (question_.kind == FaultKind::cluster) {
    (void)rows_of(question_.shape);
    bool any = false;
    for (const SiteRange& range : ranges_) {
      for (std::uint32_t site = range.first; site < range.last && !any; ++site) any = shape_fits(site);
    }
    if (!any) throw Error(ExitCode::bad_input, "no site has such neighbours", question_.shape, "choose another shape");
  }
  if (question_.kind == FaultKind::pair && site_count_ < 2) {
    throw Error(ExitCode::bad_input, "a pair needs two sites", "--filter");
  }
  experiments_ = question_.count;
  for (std::uint64_t first = 0; first < experiments_; first += random_a_block) {
    blocks_.push_back({{}, false, first, std::min(random_a_block, experiments_ - first)});
  }
}

std::uint32_t Plan::site_at(std::uint64_t index) const {
  for (const SiteRange& range : ranges_) {
    if (index < range.count()) return range.first + static_cast<std::uint32_t>(index);
    index -= range.count();
  }
  return ranges_.back().last - 1;
}

/// Of flip-flops the neighbours are those of the RTL's vector; of memories those in the word, and the next words.
std::vector<StateBit> Plan::cluster_at(std::uint32_t site) const {
  const auto rows = rows_of(question_.shape);
  const store::Site at = sites_[site];
  std::vector<StateBit> bits;
  for (std::uint32_t r = 0; r < rows.size(); ++r) {
    for (std::uint32_t i = 0; i < rows[r].size(); ++i) {
      if (!rows[r][i]) continue;
      if (at.words != 0) {
        if (at.bit % at.width + i >= at.width || at.bit / at.width + r >= at.words) return {};
        bits.push_back(site + r * at.width + i);
      } else {
        // Bits of one register need not be neighbours in the netlist.
        const auto found = r == 0 ? flip_flop_of_.find({at.name, at.bit + i}) : flip_flop_of_.end();
        if (found == flip_flop_of_.end()) return {};
        bits.push_back(found->second);
      }
    }
  }
  return bits;
}

bool Plan::shape_fits(std::uint32_t site) const { return !cluster_at(site).empty(); }

Plan::Drawn Plan::draw(std::uint64_t number) const {
  Rng random(question_.seed, to_string(question_.kind), number);
  const auto any_site = [&] { return site_at(random.below(static_cast<std::uint32_t>(site_count_))); };
  Drawn drawn;
  drawn.fault.clock = random.below(clocks_);
  drawn.site = any_site();
  switch (question_.kind) {
    case FaultKind::seu:
      drawn.fault.flips = {drawn.site};
      break;
    case FaultKind::cluster:
      while (drawn.fault.flips = cluster_at(drawn.site), drawn.fault.flips.empty()) drawn.site = any_site();
      break;
    case FaultKind::pair: {
      std::uint32_t other = any_site();
      while (other == drawn.site) other = any_site();
      drawn.fault.flips = {drawn.site, other};
      break;
    }
    case FaultKind::set:
    case FaultKind::stuck_0:
    case FaultKind::stuck_1:
      drawn.fault = single(drawn.site, drawn.fault.clock);
      break;
  }
  return drawn;
}

Fault Plan::single(std::uint32_t site, std::uint32_t clock) const {
  Fault fault;
  fault.clock = clock;
  if (!question_.gates()) {
    fault.flips = {site};
    return fault;
  }
  Force force;
  force.net = site < bits_.count() ? netlist_.flip_flops[site].q : netlist_.gates[site - bits_.count()].y;
  force.level = question_.kind == FaultKind::set       ? Force::Level::invert
                : question_.kind == FaultKind::stuck_0 ? Force::Level::zero
                                                       : Force::Level::one;
  force.clocks = question_.fault_clocks;
  fault.forces = {force};
  return fault;
}

}  // namespace hilbert::campaign
