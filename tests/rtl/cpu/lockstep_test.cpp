// SPDX-License-Identifier: Apache-2.0
// Random programs in random surroundings: HILBERT_SEED is the first program's seed, HILBERT_CPU_PROGRAMS how many.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <hilbert/number.hpp>

#include "generator.hpp"
#include "support/lockstep/lockstep.hpp"
#include "support/random.hpp"
#include "support/reproduce.hpp"

namespace hilbert::test {
namespace {

constexpr std::uint64_t program_count = 1000, length = 2000;  // about two million retirements a configuration

World random_world(hilbert::Random& random) {
  World world;
  if (random() % 4) world.grant_i = 32 + random() % 225;
  if (random() % 4) world.grant_c = 32 + random() % 225;
  world.latency = 1 + random() % 6;
  world.vary = random() % 2;
  if (random() % 4) world.irq_rise = 1 + random() % 64;
  world.irq_fall = 4 + random() % 128;
  if (random() % 3 == 0) world.halt = 1 + random() % 4;
  return world;
}

class Random : public testing::TestWithParam<CpuKind> {};

TEST_P(Random, Programs) {
  const std::uint64_t first = run_seed(),
                      count = number_from_environment<std::uint64_t>("HILBERT_CPU_PROGRAMS", program_count);
  std::uint64_t compared = 0, clocks = 0, lockups = 0;
  Coverage coverage;
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    hilbert::Random random(seed);
    LockStep bench(GetParam(), seed);
    try {
      // The second program of a bench finds the core in the middle of something.
      for (int part = 0; part < 2; ++part) {
        std::vector<std::uint32_t> data(Memory::bytes / 4);
        for (auto& word : data) word = random() % 2 ? static_cast<std::uint32_t>(random()) : random() % 64;
        bench.write(0, data);
        const Program program = random_program(random);
        bench.write(program.address, program.words);
        if (random() % 4 == 0) bench.poison(0x380 + random() % 256);
        if (random() % 8 == 0) bench.poison(program.address + 1200 + random() % 256);
        bench.restart(program.address, random_world(random));
        if (!bench.run(length / 2)) ++lockups;
        bench.compare_state();
        bench.resume();
        bench.run(random() % 20);
      }
    } catch (const std::runtime_error& error) {
      FAIL() << error.what() << '\n' << reproduce(seed, "HILBERT_CPU_PROGRAMS=1");
    }
    compared += bench.compared();
    clocks += bench.clocks;
    coverage += bench.coverage();
  }
  fmt::print("{} retirements and traps in {} clocks, {} lock-ups\n{}", compared, clocks, lockups, coverage.text());
  if (count < program_count) return;
  const unsigned missing = GetParam() == CpuKind::small ? 1u << static_cast<unsigned>(Kind::muldiv) : 0;
  EXPECT_EQ(coverage.holes(missing), "");
}

INSTANTIATE_TEST_SUITE_P(Cpu, Random, testing::Values(CpuKind::small, CpuKind::full),
                         [](const auto& test) { return test.param == CpuKind::small ? "small" : "full"; });

}  // namespace
}  // namespace hilbert::test
