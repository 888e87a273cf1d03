// SPDX-License-Identifier: Apache-2.0
#include "campaign_options.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdio>

#include "sizes.hpp"

namespace hilbert::cli {
namespace {

/// "MxNxK" or, of a matrix, "MxN".
std::array<std::uint32_t, 3> parse_size(const std::string& text) {
  constexpr Range<std::uint32_t> range{1, 65'535};
  const std::vector<std::uint32_t> sizes = parse_sizes(text, range, "--size");
  if (sizes.size() < 2 || sizes.size() > 3) {
    throw Error(ExitCode::bad_input, fmt::format("'{}' is no MxNxK", text), "--size", "for example 16x16x16");
  }
  return {sizes[0], sizes[1], sizes.size() == 3 ? sizes[2] : 1};
}

}  // namespace

void tell(const std::string& what) { std::fputs(fmt::format("hilbert: {}\n", what).c_str(), stderr); }

void CampaignOptions::add_chip_to(Options& options) {
  options.text("chip", chip_, "CONFIG", "a configuration without links: small, full, 8x4x4");
  options.text("netlist", netlist_, "FILE",
               "its netlist, by scripts/synth.sh netlist; by default Yosys makes it, once");
  options.texts(
      "filter", filters_, "GLOB",
      "only sites with this name (u_tile.u_seq.*), unit (unit:array) or class (class:data); all that are given "
      "must fit");
}

void CampaignOptions::add_campaign_to(Options& options) {
  std::string names;
  for (const workloads::Description& d : workloads::descriptions()) {
    names += (names.empty() ? "" : ", ") + std::string(d.name);
  }
  options.text("workload", workload_, "NAME", "what the chip does: " + names);
  options.text("size", size_, "MxNxK", "of the product; of a matrix MxN");
  options.text("format", format_, "FORMAT", "of the operands, of what CONVERT makes");
  options.number("operand-seed", operand_seed_, {0, 1ULL << 48}, "of the operands");
  add_chip_to(options);
  options.text("faults", faults_, "KIND",
               "seu (one bit), cluster (--shape), pair (two unrelated bits), set (a gate's output inverted), stuck-0, "
               "stuck-1");
  options.text("shape", shape_, "BITS",
               "of a cluster, 11 if not given: 1 is inverted, / begins the next word: 101, 11/11");
  options.number("fault-clocks", fault_clocks_, {0, 1U << 30}, "how long a set or stuck net lasts; 0: for ever");
  options.flag("exhaustive", exhaustive_, "every site in every clock");
  options.number("count", count_, {1, 1ULL << 40}, "so many random faults, uniform over sites and clocks");
  options.number("seed", seed_, {0, UINT64_MAX}, "of the random faults");
  options.text("engine", engine_, "ENGINE", "gates (many at once), or verilated (one by one)");
}

workloads::ChipCampaignOptions CampaignOptions::take(const Options& options) const {
  workloads::ChipCampaignOptions q;
  const auto [m, n, k] = parse_size(size_);
  q.workload = {.name = workload_, .chip = chip_, .m = m, .n = n, .k = k, .format = format_, .seed = operand_seed_};
  if (size_.find('x') == size_.rfind('x') && q.workload.name != "copy" && q.workload.name != "fill" &&
      q.workload.name != "convert") {
    throw Error(ExitCode::bad_input, fmt::format("'{}' has no K", size_), "--size", "a product is MxNxK");
  }
  q.netlist = netlist_;
  q.question.kind = campaign::parse_fault_kind(faults_);
  q.question.filters = filters_;
  if (!shape_.empty()) q.question.shape = shape_;
  q.question.fault_clocks = fault_clocks_;
  q.question.seed = seed_;
  if (exhaustive_ && count_) {
    throw Error(ExitCode::bad_input, "--exhaustive and --count", "hilbert campaign run", "give one of them");
  }
  q.question.count = count_.value_or(0);
  q.engine = campaign::parse_engine(engine_);
  const bool of_nets = q.question.gates();
  options.only({"shape"}, q.question.kind == campaign::FaultKind::cluster, "with --faults cluster");
  options.only({"fault-clocks"}, of_nets, "with --faults set, stuck-0 or stuck-1");
  options.only({"seed"}, count_.has_value(), "with --count");
  return q;
}

}  // namespace hilbert::cli
