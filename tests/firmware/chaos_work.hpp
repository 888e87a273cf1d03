// SPDX-License-Identifier: Apache-2.0
// Work for the chaos campaign: chains of commands that depend on each other, in a zone of data memory that is theirs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <hilbert/model/descriptor.hpp>
#include <hilbert/monitor.hpp>
#include <vector>

#include "support/random.hpp"

namespace hilbert::firmware {

/// Bytes [base, base + bytes) of data memory, whole words.
struct Zone {
  std::uint32_t base = 0, bytes = 0;
};

struct ChainCommand {
  MonitorWords words{};              ///< unless it is a batch: then only the tag
  std::vector<model::Words> batch;   ///< descriptors
  model::Flags flags;                ///< that the whole command raises
  bool denormal_may_differ = false;  ///< K is cut: firmware/README.md, Cutting
};

/// Commands, what their zone holds before the first, and what it must hold after the last.
struct Chain {
  Zone zone;
  std::vector<std::byte> before, after;
  std::vector<ChainCommand> commands;
};

/// One to `most` commands. They read and overwrite each other's results, and accumulate in place, as chance has it.
/// Batches have at most `most_batch` descriptors.
[[nodiscard]] Chain random_chain(Random& random, const model::Geometry& g, Zone zone, std::size_t most,
                                 std::size_t most_batch);

}  // namespace hilbert::firmware
