// SPDX-License-Identifier: Apache-2.0
// Products shared over a board, and trainings over boards: every bit that of one chip, whatever the links do.
#include "distributed/shared_product.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <deque>
#include <hilbert/error.hpp>
#include <hilbert/model/gemm.hpp>
#include <hilbert/regs/link.hpp>
#include <hilbert/regs/tile.hpp>

#include "distributed/board_engine.hpp"
#include "support/random.hpp"
#include "support/synthetic.hpp"
#include "train/check.hpp"
#include "train/trainer.hpp"

namespace hilbert::distributed {
namespace {

using model::Format;

using Bytes = std::vector<std::byte>;

struct Shape {
  unsigned width, height;
  bool sim = false;
};
void PrintTo(const Shape& s, std::ostream* out) { *out << s.width << "x" << s.height << (s.sim ? " sim" : ""); }

std::unique_ptr<Board> make_board(const Shape& s, const std::string& rest = "") {
  BoardFile file =
      parse_board_file(R"({"version": 1, "name": "t", "chip": "4x8x2", "mesh": {"width": )" + std::to_string(s.width) +
                           R"(, "height": )" + std::to_string(s.height) + "}" + rest + "}",
                       "f");
  return s.sim ? open_board(std::move(file), 1) : open_model_board(std::move(file));
}

struct Case {
  model::Gemm job;
  Bytes a, b, c;
};

/// Any codes at all, specials and subnormals among them; some of K beyond what fits a chip.
Case random_case(Random& random, Share share, unsigned largest) {
  const auto format = [&](bool operand) {
    model::FormatSpec spec{static_cast<Format>(random.below(7)), 0};
    if (operand && spec.format == Format::fp32) spec.format = Format::bf16;
    if (model::has_tensor_bias(spec.format)) spec.bias = static_cast<std::uint8_t>(random.below(64));
    return spec;
  };
  Case c;
  c.job.m = 1 + random.below(largest), c.job.n = 1 + random.below(largest),
  c.job.k = 1 + random.below(random.below(4) == 0 ? 20 * largest : largest);
  c.job.a = format(true), c.job.b = format(true), c.job.depth = 2;
  c.job.literal = random.below(4) == 0;
  if (share == Share::rows) {
    c.job.d = format(false);
    c.job.accumulate = random.below(2), c.job.relu = random.below(2), c.job.saturate = random.below(2),
    c.job.stochastic = random.below(2);
    c.job.seed = random.bits32();
    c.job.row0 = static_cast<std::uint16_t>(random.below(65536)),
    c.job.col0 = static_cast<std::uint16_t>(random.below(65536));
    if (!c.job.stochastic) c.job.seed = 0, c.job.row0 = c.job.col0 = 0;
  }
  const bool tame = random.below(2) != 0;  // mostly finite sums, else mostly NaN
  const auto codes = [&](std::uint64_t n, model::FormatSpec f) {
    Bytes bytes(n * model::element_bytes(f.format));
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      bytes[i] = static_cast<std::byte>(random());
      const bool top = i % model::element_bytes(f.format) == model::element_bytes(f.format) - 1;
      if (tame && top && f.format != Format::int8) bytes[i] &= std::byte{0xBF};  // no largest exponents
    }
    return bytes;
  };
  c.a = codes(std::uint64_t{c.job.m} * c.job.k, c.job.a);
  c.b = codes(std::uint64_t{c.job.k} * c.job.n, c.job.b);
  if (c.job.accumulate) c.c = codes(std::uint64_t{c.job.m} * c.job.n, {Format::fp32, 0});
  return c;
}

class Shared : public testing::TestWithParam<Shape> {};
class SharedOnModels : public testing::TestWithParam<Shape> {};

TEST_P(Shared, ProductsHaveTheBitsOfOneChip) {
  const Shape shape = GetParam();
  BoardEngine engine(make_board(shape, shape.sim ? R"(, "wires": {"bit_error_rate": 1e-6})" : ""));
  Random random(seed_of(3));
  for (unsigned i = 0; i < (shape.sim ? 8 : 60); ++i) {
    const Share share = i % 2 == 0 ? Share::rows : Share::depth;
    const Case c = random_case(random, share, shape.sim ? 40 : 120);
    const model::GemmResult expected = model::gemm(c.job, c.a, c.b, c.c);
    const CodesResult got = engine.multiply(share, c.job, c.a, c.b, c.c);
    ASSERT_EQ(got.d, expected.d) << i << ": " << c.job.m << " x " << c.job.k << " x " << c.job.n;
    ASSERT_EQ(got.flags.bits, expected.flags.bits) << i;
    for (std::size_t chip = 0; chip < engine.board().size(); ++chip) {
      for (std::uint32_t sem = 0; sem < 8; ++sem) {
        ASSERT_EQ(engine.board().device(chip).read_register(register_base + regs::tile::sem + 4 * sem), 0u)
            << "nothing is still under way";
      }
    }
  }
}

/// A product whose every dimension needs several blocks and steps.
TEST_P(SharedOnModels, LargeProductsToo) {
  BoardEngine engine(make_board(GetParam()));
  Random random(seed_of(4));
  for (const Share share : {Share::rows, Share::depth}) {
    Case c = random_case(random, share, 10);
    c.job = {.m = 530, .n = 190, .k = 410, .a = {Format::bf16, 0}, .b = {Format::bf16, 0}, .d = {}, .depth = 2};
    if (share == Share::rows) c.job.d = {Format::e5m2, 0}, c.job.stochastic = true, c.job.seed = 77;
    c.a.resize(530 * 410 * 2), c.b.resize(410 * 190 * 2);
    for (Bytes* bytes : {&c.a, &c.b}) {
      for (std::size_t i = 0; i < bytes->size(); i += 2) {
        (*bytes)[i] = static_cast<std::byte>(random());
        (*bytes)[i + 1] = static_cast<std::byte>(0x3C + random() % 8 + (random() & 0x80));
      }
    }
    const model::GemmResult expected = model::gemm(c.job, c.a, c.b);
    const CodesResult got = engine.multiply(share, c.job, c.a, c.b, {});
    EXPECT_EQ(got.d, expected.d);
    EXPECT_EQ(got.flags.bits, expected.flags.bits);
  }
}

/// Sums that are subnormal on the way raise no flag that the whole product does not raise.
TEST_P(SharedOnModels, CarriedSubnormalsAreNobodysOperands) {
  BoardEngine engine(make_board(GetParam()));
  for (const Share share : {Share::rows, Share::depth}) {
    const model::Gemm job{
        .m = 24, .n = 24, .k = 600, .a = {Format::bf16, 0}, .b = {Format::bf16, 0}, .d = {}, .depth = 2};
    Bytes a(24 * 600 * 2), b(600 * 24 * 2);
    for (Bytes* bytes : {&a, &b}) {
      for (std::size_t i = 0; i < bytes->size(); i += 2) {
        (*bytes)[i] = std::byte{0x80}, (*bytes)[i + 1] = std::byte{0x1C};  // 2^-70
      }
    }
    const model::GemmResult expected = model::gemm(job, a, b);
    ASSERT_FALSE(expected.flags.has(model::Flag::denormal));
    ASSERT_TRUE(expected.flags.has(model::Flag::underflow));
    const CodesResult got = engine.multiply(share, job, a, b, {});
    EXPECT_EQ(got.d, expected.d);
    EXPECT_EQ(got.flags.bits, expected.flags.bits);
  }
}

std::uint64_t trained(train::ProductEngine& engine, train::NumberFormat format, unsigned steps, bool check) {
  const ImageDataset data = synthetic_dataset();
  train::ProductChecker checker;
  train::Trainer trainer(data, engine, {.format = format, .hidden = 24, .batch = 32, .steps = steps},
                         [&](const train::ProductPtr& product) {
                           if (check) checker.submit(product);
                         });
  for (unsigned i = 0; i < steps; ++i) trainer.step();
  checker.finish();
  EXPECT_EQ(check, checker.checked() != 0);
  return trainer.network().fingerprint();
}

TEST_P(Shared, TrainingsEndInTheSameWeights) {
  const Shape shape = GetParam();
  const unsigned steps = shape.sim ? 2 : 10;
  for (const auto format : {train::NumberFormat::bf16, train::NumberFormat::cf8}) {
    train::ModelEngine reference(2);
    train::DeviceEngine single("model:4x8x2", 1);
    const std::uint64_t expected = trained(reference, format, steps, false);
    EXPECT_EQ(trained(single, format, steps, false), expected);
    BoardEngine board(make_board(shape, shape.sim ? R"(, "wires": {"bit_error_rate": 1e-6})" : ""));
    EXPECT_EQ(trained(board, format, steps, true), expected);
    EXPECT_GT(board.totals().macs, 0u);
    EXPECT_EQ(board.traffic().link_bytes > 0, shape.width * shape.height > 1);
  }
}

const auto models = testing::Values(Shape{1, 1}, Shape{2, 1}, Shape{1, 3}, Shape{2, 2}, Shape{5, 5});
INSTANTIATE_TEST_SUITE_P(Model, Shared, models);
INSTANTIATE_TEST_SUITE_P(Model, SharedOnModels, models);
#if HILBERT_SIM_BOARD
/// What comes is faster than what goes: a place must not be written again before it has left.
TEST(SharedOnSlowWires, NothingOvertakesWhatLeaves) {
  for (const char* slow : {"[[0, 0], [1, 0]]", "[[1, 0], [1, 1]]", "[[1, 1], [0, 1]]"}) {
    BoardEngine engine(
        make_board({2, 2, true}, std::string(R"(, "links": [{"between": )") + slow + R"(, "bit_error_rate": 3e-4}])"));
    Random random(seed_of(6));
    for (const Share share : {Share::rows, Share::depth}) {
      model::Gemm job{.m = 16, .n = 48, .k = 320, .a = {Format::int8, 0}, .b = {Format::int8, 0}, .d = {}, .depth = 2};
      if (share == Share::depth) job.m = 128, job.n = 128, job.k = 16;
      Bytes a(std::size_t{job.m} * job.k), b(std::size_t{job.k} * job.n);
      for (Bytes* bytes : {&a, &b}) {
        for (std::byte& code : *bytes) code = static_cast<std::byte>(random());
      }
      EXPECT_EQ(engine.multiply(share, job, a, b, {}).d, model::gemm(job, a, b).d) << slow;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Sim, Shared, testing::Values(Shape{2, 2, true}));
#endif

/// Weights go to one chip from the host, and over links to the others.
TEST(SharedProduct, TheHostWritesBOnce) {
  const auto bytes = [](const Shape& shape) {
    BoardEngine engine(make_board(shape));
    const model::Gemm job{
        .m = 64, .n = 16, .k = 64, .a = {Format::bf16, 0}, .b = {Format::bf16, 0}, .d = {Format::bf16, 0}, .depth = 2};
    engine.multiply(job, Bytes(64 * 64 * 2), Bytes(64 * 16 * 2), {});
    return engine.traffic();
  };
  EXPECT_EQ(bytes({2, 2}).host_bytes, bytes({1, 1}).host_bytes);
  EXPECT_EQ(bytes({1, 1}).link_bytes, 0u);
  EXPECT_EQ(bytes({2, 2}).link_bytes, 3u * 64 * 16 * 2);
}

/// A chip in whose memory the host's n-th write is hit, once, by an upset of two bits.
class Hit final : public Device {
 public:
  explicit Hit(Device& device) : device_(device) {}
  void hit_write(unsigned number) { left_ = number; }

  [[nodiscard]] const Capabilities& capabilities() const override { return device_.capabilities(); }
  void read_words(std::uint32_t address, std::span<std::byte> out) override { device_.read_words(address, out); }
  void write_words(std::uint32_t address, std::span<const std::byte> in) override {
    device_.write_words(address, in);
    if (address >= queue_base || left_ == 0 || --left_ != 0) return;
    device_.write_register(register_base + regs::tile::inject_addr, address);
    device_.write_register(register_base + regs::tile::inject_bits, 3 | 40 << 8);
    device_.write_register(register_base + regs::tile::inject_go, 1);
  }
  [[nodiscard]] std::uint32_t read_register(std::uint32_t address) override { return device_.read_register(address); }
  void write_register(std::uint32_t address, std::uint32_t value) override { device_.write_register(address, value); }
  void idle(std::uint32_t clocks) override { device_.idle(clocks); }
  [[nodiscard]] std::uint64_t clocks() const override { return device_.clocks(); }
  [[nodiscard]] bool interrupt() override { return device_.interrupt(); }
  void reset() override { device_.reset(); }

 private:
  Device& device_;
  unsigned left_ = 0;
};

class HitBoard final : public Board {
 public:
  explicit HitBoard(std::unique_ptr<Board> board) : board_(std::move(board)) {
    for (std::size_t i = 0; i < board_->size(); ++i) chips.emplace_back(board_->device(i));
  }
  [[nodiscard]] const BoardFile& file() const override { return board_->file(); }
  [[nodiscard]] const std::string& uri() const override { return board_->uri(); }
  [[nodiscard]] Device& device(std::size_t chip) override { return chips.at(chip); }
  void run(std::uint64_t clocks) override { board_->run(clocks); }
  void together(const std::function<void(std::size_t)>& drive) override { board_->together(drive); }
  [[nodiscard]] std::uint64_t clocks() const override { return board_->clocks(); }
  [[nodiscard]] const std::vector<BoardProblem>& problems() const override { return board_->problems(); }

  std::deque<Hit> chips;

 private:
  std::unique_ptr<Board> board_;
};

TEST(SharedProduct, APoisonedWordIsComputedAgain) {
  auto hit = std::make_unique<HitBoard>(make_board({2, 2}));
  HitBoard& board = *hit;
  BoardEngine engine(std::move(hit));
  Random random(seed_of(5));
  for (const Share share : {Share::rows, Share::depth}) {
    Case c = random_case(random, share, 60);
    c.job = {.m = 60, .n = 30, .k = 60, .a = {Format::bf16, 0}, .b = {Format::bf16, 0}, .d = {}, .depth = 2};
    c.job.accumulate = share == Share::rows;
    c.a.resize(7200), c.b.resize(3600), c.c.resize(c.job.accumulate ? 7200 : 0);
    const Bytes expected = model::gemm(c.job, c.a, c.b, c.c).d;
    std::uint64_t retries = 0;
    for (std::size_t chip = 0; chip < 4; ++chip) {
      for (unsigned write = 1; write <= 2; ++write) {
        board.chips[chip].hit_write(write);
        const CodesResult got = engine.multiply(share, c.job, c.a, c.b, c.c);
        EXPECT_EQ(got.d, expected) << "chip " << chip << ", write " << write;
        retries += got.report.retries;
      }
    }
    EXPECT_EQ(retries, 8u) << "every one was noticed";
  }
}

TEST(SharedProduct, ADeadLinkIsTold) {
  for (const Share share : {Share::rows, Share::depth}) {
    BoardEngine engine(make_board({2, 2}));
    engine.board().device(0).write_register(link_register_base + regs::link::ctrl, 0);
    const model::Gemm job{
        .m = 64, .n = 16, .k = 64, .a = {Format::bf16, 0}, .b = {Format::bf16, 0}, .d = {}, .depth = 2};
    try {
      (void)engine.multiply(share, job, Bytes(64 * 64 * 2), Bytes(64 * 16 * 2), {});
      FAIL();
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::machine);
      EXPECT_NE(std::string(error.what()).find("link east of chip (0, 0) is off"), std::string::npos) << error.what();
    }
  }
}

}  // namespace
}  // namespace hilbert::distributed
