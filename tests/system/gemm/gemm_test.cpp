// SPDX-License-Identifier: Apache-2.0
// Products of any size on every device of this build, on every path it has: codes and flags must equal model::gemm of
// the whole problem. Sizes and options of a case follow from its seed; HILBERT_SEED=N HILBERT_GEMM_CASES=1
// runs that one alone.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <cstring>
#include <hilbert/monitor_image.hpp>
#include <hilbert/number.hpp>
#include <hilbert/regs/cpu.hpp>
#include <hilbert/runtime.hpp>
#include <memory>
#include <numeric>
#include <ostream>
#include <string>
#include <vector>

#include "support/random.hpp"
#include "support/reproduce.hpp"
#include "support/saboteur.hpp"

namespace hilbert {
namespace {

using model::Format;
using model::FormatSpec;

FormatSpec operand_format(Random& draw) {
  const auto format = static_cast<Format>(1 + draw.below(6));
  return {format, static_cast<std::uint8_t>(model::has_tensor_bias(format) ? draw.below(64) : 0)};
}

/// Codes that mostly make finite sums: any code, or in wide formats values near 1 with a few of every kind.
std::vector<std::byte> codes(Random& draw, FormatSpec spec, std::size_t count, bool wild) {
  const std::size_t bytes = model::element_bytes(spec.format);
  std::vector<std::byte> out(count * bytes);
  for (std::size_t i = 0; i < count; ++i) {
    std::uint32_t code = draw.bits32();
    if (!wild) {
      if (spec.format == Format::bf16) code = (code & 0x807F) | (0x3F80 + (draw.below(9) << 7) - 0x200);
      if (spec.format == Format::fp32) code = (code & 0x807FFFFF) | ((0x7F + draw.below(9) - 4) << 23);
      if (spec.format == Format::e4m3) code = (code & 0xFF) % 0x7F | (code & 0x80);
      if (spec.format == Format::e5m2) code = (code & 0xFF) % 0x7C | (code & 0x80);
    }
    std::memcpy(out.data() + i * bytes, &code, bytes);
  }
  return out;
}

struct Case {
  model::Gemm job;
  std::vector<std::byte> a, b, c;
};

Case make_case(std::uint32_t seed, unsigned depth, std::uint32_t m, std::uint32_t n, std::uint32_t k) {
  Random draw(seed * 2654435761u + 1);
  Case x;
  x.job.m = m, x.job.n = n, x.job.k = k;
  x.job.depth = depth;
  x.job.a = operand_format(draw);
  x.job.b = draw.below(2) == 0 ? x.job.a : operand_format(draw);
  x.job.d = draw.below(2) == 0 ? FormatSpec{} : operand_format(draw);
  x.job.accumulate = draw.below(2) == 0;
  x.job.relu = draw.below(3) == 0;
  x.job.saturate = draw.below(2) == 0;
  x.job.stochastic = x.job.d.format != Format::fp32 && draw.below(2) == 0;
  x.job.literal = draw.below(4) == 0;
  if (x.job.stochastic) {
    x.job.seed = draw.bits32();
    x.job.row0 = static_cast<std::uint16_t>(draw.bits32());
    x.job.col0 = static_cast<std::uint16_t>(draw.bits32());
  }
  const bool wild = draw.below(4) == 0;
  x.a = codes(draw, x.job.a, std::size_t{m} * k, wild);
  x.b = codes(draw, x.job.b, std::size_t{k} * n, wild);
  if (x.job.accumulate) x.c = codes(draw, {}, std::size_t{m} * n, wild);
  return x;
}

std::string describe(const model::Gemm& job) {
  return fmt::format("{}x{}x{} {}*{}->{} acc={} relu={} sat={} sr={} literal={} seed={:#x} origin={},{}", job.m, job.n,
                     job.k, model::to_string(job.a), model::to_string(job.b), model::to_string(job.d), job.accumulate,
                     job.relu, job.saturate, job.stochastic, job.literal, job.seed, job.row0, job.col0);
}

void expect_as_model(Runtime& rt, const Case& x, std::uint32_t seed) {
  const std::string what = fmt::format("{} on {}; case {}", describe(x.job), rt.capabilities().uri, seed);
  const model::GemmResult expected = model::gemm(x.job, x.a, x.b, x.c);
  const CodesResult got = rt.gemm_codes(x.job, x.a, x.b, x.c);
  EXPECT_EQ(model::to_string(got.flags), model::to_string(expected.flags)) << what;
  ASSERT_EQ(got.d.size(), expected.d.size()) << what;
  if (got.d == expected.d) return;
  const std::size_t bytes = model::element_bytes(x.job.d.format);
  std::size_t wrong = 0, first = 0;
  for (std::size_t i = got.d.size() / bytes; i-- > 0;) {
    if (std::memcmp(got.d.data() + i * bytes, expected.d.data() + i * bytes, bytes) == 0) continue;
    ++wrong;
    first = i;
  }
  std::uint32_t is = 0, should = 0;
  std::memcpy(&is, got.d.data() + first * bytes, bytes);
  std::memcpy(&should, expected.d.data() + first * bytes, bytes);
  ADD_FAILURE() << what << "\n"
                << fmt::format("{} of {} elements differ, the first at ({}, {}): {:#x}, the model says {:#x}", wrong,
                               got.d.size() / bytes, first / x.job.n, first % x.job.n, is, should);
}

struct Setting {
  std::string uri;
  JobPath path;
};

void PrintTo(const Setting& setting, std::ostream* out) {  // NOLINT: the name that GoogleTest looks for
  *out << setting.uri << (setting.path == JobPath::direct ? "" : " by firmware");
}

class Gemm : public testing::TestWithParam<Setting> {
 protected:
  void SetUp() override { rt = std::make_unique<Runtime>(GetParam().uri, options()); }
  [[nodiscard]] static RuntimeOptions options() { return {.path = GetParam().path}; }
  [[nodiscard]] unsigned depth() const { return rt->geometry().depth; }
  /// Simulations are slow: fewer and smaller cases.
  [[nodiscard]] bool simulated() const { return rt->capabilities().can.time; }

  std::unique_ptr<Runtime> rt;
};

/// Numbers of further random cases.
std::vector<std::uint32_t> cases(std::uint32_t first, std::size_t count) {
  std::vector<std::uint32_t> numbers(count);
  std::iota(numbers.begin(), numbers.end(), static_cast<std::uint32_t>(seed_of(first)));
  return numbers;
}

std::uint32_t size(Random& draw, std::uint32_t most) {
  const std::uint32_t ranges[] = {3, 17, 70, most};
  return 1 + draw.below(std::min(ranges[draw.below(4)], most));
}

TEST_P(Gemm, RandomShapesFormatsAndOptions) {
  const auto count = number_from_environment<std::uint32_t>("HILBERT_GEMM_CASES", simulated() ? 150 : 400);
  const auto first = static_cast<std::uint32_t>(run_seed() - 1);
  for (std::uint32_t seed = first; seed != first + count; ++seed) {
    SCOPED_TRACE(reproduce(seed + std::uint64_t{1}, "HILBERT_GEMM_CASES=1"));
    Random draw(seed);
    const std::uint32_t most = simulated() ? 90 : 200;
    expect_as_model(*rt, make_case(seed, depth(), size(draw, most), size(draw, most), size(draw, most)), seed);
  }
}

/// The host port stands at random; the results may not notice.
TEST_P(Gemm, RandomStallsChangeNoBit) {
  if (!simulated()) GTEST_SKIP() << "only a simulation can stall";
  for (const std::uint32_t seed : cases(4000, 30)) {
    RuntimeOptions stalling = options();
    stalling.open.seed = seed;
    stalling.open.stall_probability = 0.1 * (seed % 9);
    Runtime runtime(GetParam().uri, stalling);
    Random draw(seed);
    expect_as_model(runtime, make_case(seed, depth(), size(draw, 90), size(draw, 90), size(draw, 90)), seed);
  }
}

/// Each size in turn larger than the memory: K is cut, M and N are cut.
TEST_P(Gemm, LargerThanMemory) {
  const std::uint32_t large = rt->geometry().data_bytes() / (simulated() ? 2 : 1) + 13;
  for (const std::uint32_t seed : cases(0, 4)) {
    expect_as_model(*rt, make_case(1000 + seed, depth(), 3, 5, large), 1000 + seed);
    expect_as_model(*rt, make_case(1100 + seed, depth(), large / 8 + 1, 3, 9), 1100 + seed);
    expect_as_model(*rt, make_case(1200 + seed, depth(), 3, large / 8 + 1, 9), 1200 + seed);
    if (simulated()) return;
  }
}

/// Sizes beyond what 16 bits of a descriptor hold.
TEST_P(Gemm, LargerThanADescriptor) {
  if (simulated()) GTEST_SKIP() << "the model devices cover it";
  expect_as_model(*rt, make_case(2000, depth(), 2, 2, 70001), 2000);
  expect_as_model(*rt, make_case(2001, depth(), 70001, 2, 3), 2001);
  expect_as_model(*rt, make_case(2002, depth(), 2, 70001, 3), 2002);
}

/// *denormal* speaks of operands and of C: a subnormal sum that a cut of K carries must not raise it.
TEST_P(Gemm, CarriedSubnormalSumsAreNoDenormalOperands) {
  const std::uint32_t k = rt->geometry().data_bytes() / 2;  // bf16 rows of A and B of this length must be cut
  Case x;
  x.job.m = x.job.n = 1, x.job.k = k;
  x.job.depth = depth();
  x.job.a = x.job.b = {Format::bf16, 0};
  x.a.resize(2 * k);
  x.b.resize(2 * k);
  const auto set = [](std::vector<std::byte>& codes, std::size_t at, std::uint16_t code) {
    std::memcpy(codes.data() + 2 * at, &code, 2);
  };
  set(x.a, 0, (127 - 63) << 7);
  set(x.b, 0, (127 - 64) << 7);  // 2^-63 * 2^-64: a subnormal sum from the first step on
  expect_as_model(*rt, x, 0);
  EXPECT_EQ(model::to_string(rt->gemm_codes(x.job, x.a, x.b).flags), "underflow");
  set(x.a, k - 1, 1);  // a subnormal operand in the last piece
  expect_as_model(*rt, x, 0);
  EXPECT_EQ(model::to_string(rt->gemm_codes(x.job, x.a, x.b).flags), "denormal|underflow");
}

/// Two bits flipped by the device's own error injection in a random word, just before a random job starts.
TEST_P(Gemm, UncorrectableWordsCostTimeButNoBit) {
  std::uint64_t retries = 0;
  for (const std::uint32_t seed : cases(3000, 40)) {
    Random draw(seed);
    auto device = std::make_unique<Saboteur>(GetParam().uri);
    Saboteur& saboteur = *device;
    const model::Geometry& g = device->capabilities().geometry;
    int countdown = static_cast<int>(draw.below(6));
    saboteur.before_doorbell = [&](Device& inner) {
      if (countdown-- != 0) return;
      // The first words of the banks are where operands and sums lie.
      const std::uint32_t bank = draw.below(g.banks), word = draw.below(g.bank_bytes / g.word_bytes() / 8);
      poison(inner, bank * g.bank_bytes + word * g.word_bytes());
    };
    Runtime runtime(std::move(device), options());
    expect_as_model(runtime, make_case(seed, g.depth, 20 + draw.below(40), 20 + draw.below(40), 20 + draw.below(200)),
                    seed);
    retries += runtime.totals().retries + runtime.totals().block_retries;
  }
  EXPECT_GT(retries, 0u) << "no injection was met";
}

class FirmwareGemm : public Gemm {};

/// The core is stopped at a random moment, with jobs of the tile under way: the firmware is loaded again, and nothing
/// of what was lost writes into what is uploaded for its repetition (C and the sums lie where results go).
TEST_P(FirmwareGemm, LostFirmwareCostsTimeButNoBit) {
  std::uint64_t reloads = 0;
  for (const std::uint32_t seed : cases(5000, 12)) {
    Random draw(seed);
    auto device = std::make_unique<Saboteur>(GetParam().uri);
    Saboteur& saboteur = *device;
    int countdown = 1 + static_cast<int>(draw.below(4));
    saboteur.before_doorbell = [&](Device& inner) {
      if (countdown-- != 0) return;
      inner.idle(draw.below(20'000));
      inner.write_register(controller_register_base + regs::cpu::ctrl, 0);
    };
    RuntimeOptions impatient = options();
    impatient.firmware.watchdog_clocks = 0;
    impatient.firmware.monitor.hang_clocks = 20'000;
    impatient.firmware.monitor.hang_seconds = 0.05;
    const unsigned depth = device->capabilities().geometry.depth;
    Runtime runtime(std::move(device), impatient);
    Case x = make_case(seed, depth, 60 + draw.below(60), 60 + draw.below(60), 200 + draw.below(200));
    expect_as_model(runtime, x, seed);
    reloads += runtime.totals().reloads;
  }
  EXPECT_GT(reloads, 0u) << "it was never lost";
}

std::vector<Setting> settings() {
  std::vector<std::string> uris = available_devices();
  // Shapes of memory that no chip has: one bank, eight banks, hardly any memory.
  for (const char* uri : {"model:8x8x4?banks=1&bank_bytes=4096", "model:4x4x4?banks=8&bank_bytes=1024",
                          "model:2x4x1?banks=2&bank_bytes=256", "model:2x2x2?banks=1&bank_bytes=128"}) {
    uris.emplace_back(uri);
  }
  std::vector<Setting> all;
  for (const std::string& uri : uris) {
    all.push_back({uri, JobPath::direct});
    if (why_no_monitor(open_device(uri)->capabilities()).empty()) all.push_back({uri, JobPath::firmware});
  }
  return all;
}

std::string name(const testing::TestParamInfo<Setting>& info) {
  std::string text(info.param.path == JobPath::direct ? "" : "firmware_");
  for (const char c : info.param.uri) text += std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
  return text;
}

std::vector<Setting> with_firmware() {
  std::vector<Setting> all = settings();
  std::erase_if(all, [](const Setting& setting) { return setting.path == JobPath::direct; });
  return all;
}

INSTANTIATE_TEST_SUITE_P(Devices, Gemm, testing::ValuesIn(settings()), name);
INSTANTIATE_TEST_SUITE_P(Devices, FirmwareGemm, testing::ValuesIn(with_firmware()), name);
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(FirmwareGemm);  // a build without firmware

}  // namespace
}  // namespace hilbert
