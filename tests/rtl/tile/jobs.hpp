// SPDX-License-Identifier: Apache-2.0
// Random legal jobs, and memory contents that make them interesting.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "hilbert/model/descriptor.hpp"
#include "support/random.hpp"

namespace hilbert::test {

/// A job that passes model::check for `shape`, its sizes, formats, options, places and strides at random.
model::Descriptor random_job(Random& random, const model::Geometry& shape);

/// Random bytes everywhere (so padding holds NaNs), then, in half of the calls, ordinary numbers in the job's operands.
void fill_memory(Random& random, const model::Descriptor& job, const model::Geometry& shape,
                 std::span<std::byte> memory);

/// First byte after the last panel, or row, of D.
std::uint64_t end_of_d(const model::Descriptor& job, const model::Geometry& shape);

/// One line that names everything the engine's behaviour depends on.
std::string to_string(const model::Descriptor& job);

}  // namespace hilbert::test
