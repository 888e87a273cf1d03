// SPDX-License-Identifier: Apache-2.0
// Random programs over the network of a board whose result no timing can change, and what it is.
#pragma once

#include <cstdint>
#include <hilbert/board.hpp>
#include <hilbert/model/descriptor.hpp>
#include <vector>

namespace hilbert::test {

struct Step {
  std::size_t chip = 0;
  model::Descriptor job;
};

/// Jobs in an order in which they can run one after the other: each waits by semaphores for those before it that it
/// depends on. Several chains go from chip to chip at once; each stage takes what the one before sent (SEND), or
/// fetches it (SIGNAL, GET), computes with it, and passes the result on.
struct NetworkProgram {
  std::vector<std::vector<std::byte>> memories;  ///< of each chip, before
  std::vector<Step> steps;
};
NetworkProgram random_program(const BoardFile& file, const model::Geometry& geometry, std::uint64_t seed,
                              unsigned stages);

/// Memories after it, by the tiles of the reference model one job after the other, with a network that is memcpy.
std::vector<std::vector<std::byte>> expected_memories(const NetworkProgram& program, const BoardFile& file,
                                                      const model::Geometry& geometry);

/// Memories after it on a board: queues are fed in an order that follows from `seed`. Throws std::runtime_error if it
/// does not end.
std::vector<std::vector<std::byte>> run_on(Board& board, const NetworkProgram& program, std::uint64_t seed);

/// Hands a job over to a chip's queue.
void submit(Device& device, const model::Descriptor& job);

}  // namespace hilbert::test
