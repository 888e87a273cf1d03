// SPDX-License-Identifier: Apache-2.0
// What a campaign disturbs on a chip: a run that is ready to begin, and the judgement of how it ended.
#pragma once

#include <cstdint>
#include <hilbert/model/format.hpp>
#include <hilbert/tb/chip.hpp>
#include <hilbert/tb/netlist.hpp>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "campaign/outcome.hpp"

namespace hilbert::workloads {

struct Parameters {
  std::string name = "gemm";          ///< one of names()
  std::string chip = "small";         ///< a configuration without links
  std::uint32_t m = 8, n = 8, k = 8;  ///< COPY, FILL and CONVERT: of m x n elements
  std::string format = "bf16";        ///< of the operands; CONVERT: of the result
  std::uint64_t seed = 1;             ///< of the operands

  bool operator==(const Parameters&) const = default;
};

struct Description {
  std::string_view name, about;
};
/// "gemm", "accumulate", ...
std::span<const Description> descriptions();

/// A chip that stands at the start of the run, and whose host does nothing until the run has ended.
class Workload {
 public:
  virtual ~Workload() = default;
  /// The chip runs the workload when it is clocked with its pins as they are.
  [[nodiscard]] virtual tb::Chip& chip() = 0;
  [[nodiscard]] virtual std::vector<campaign::Watch> watches(const tb::Netlist& netlist) const = 0;
  /// The netlist must live as long as the judge.
  [[nodiscard]] virtual std::shared_ptr<const campaign::Judge> judge(const tb::Netlist& netlist) const = 0;
  /// The host takes over from where the chip stands, whatever happened to it: waits for the interrupt, at most so many
  /// clocks, and looks through the chip's port, which is how a host really looks. A port that answers what nobody
  /// asked, or not at all, is `detected`: the host knows.
  virtual campaign::Judgement with_host(std::uint32_t clocks) = 0;
};

/// Throws Error(bad_input) for a name, chip, size or format that cannot be.
std::unique_ptr<Workload> make_workload(const Parameters& parameters);

}  // namespace hilbert::workloads
