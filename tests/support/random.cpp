// SPDX-License-Identifier: Apache-2.0
#include "support/random.hpp"

#include <hilbert/number.hpp>
#include <hilbert/random.hpp>

namespace hilbert {

std::uint64_t run_seed() { return number_from_environment<std::uint64_t>("HILBERT_SEED", 1); }

std::uint64_t seed_of(std::uint64_t stream) {
  const std::uint64_t seed = run_seed();
  return seed == 1 ? stream : Rng::mix(seed) + stream;
}

}  // namespace hilbert
