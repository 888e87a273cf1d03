// SPDX-License-Identifier: Apache-2.0
// 32 random bits from a seed, the same on every machine.
#pragma once

#include <cstdint>
#include <random>

namespace hilbert {

class Random {
 public:
  explicit Random(std::uint32_t seed) : engine_(seed) {}
  std::uint32_t operator()() { return static_cast<std::uint32_t>(engine_()); }

 private:
  std::mt19937 engine_;
};

}  // namespace hilbert
