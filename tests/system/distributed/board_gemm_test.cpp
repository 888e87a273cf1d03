// SPDX-License-Identifier: Apache-2.0
// Matrix products over boards of verilated chips: exact on bad wires, in the same clocks on any number of threads, and
// over words and links that fail at work.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <functional>
#include <hilbert/error.hpp>
#include <hilbert/regs/link.hpp>
#include <hilbert/regs/tile.hpp>

#include "support/poison.hpp"
#include "support/products.hpp"
#include "support/random.hpp"
#include "support/temporary_board.hpp"

namespace hilbert {
namespace {

model::Gemm product(std::uint32_t m, std::uint32_t n, std::uint32_t k, const char* format = "bf16") {
  model::Gemm job;
  job.m = m, job.n = n, job.k = k;
  job.a = job.b = *model::parse_format(format);
  job.d = {model::Format::fp32, 0};
  return job;
}

TEST(BoardGemm, IsExactOnTwoByTwo) {
  const TemporaryBoard file("");
  BoardRuntime runtime(file.uri());
  expect_exact(runtime, product(64, 96, 200), 1, true);
  EXPECT_EQ(runtime.figures().width * runtime.figures().height, 4u);
  EXPECT_GT(runtime.figures().link_bytes, 0u);
  EXPECT_GT(runtime.figures().array_use(), 0.1);
  EXPECT_LT(runtime.figures().array_use(), 1.0);
  expect_exact(runtime, product(64, 96, 200, "e4m3"), 2);
  expect_exact(runtime, product(1, 1, 1), 3);
}

TEST(BoardGemm, IsExactForAnyShapeAndFormat) {
  const TemporaryBoard file("");
  BoardRuntime runtime(file.uri());
  Random random(seed_of(7));
  for (unsigned i = 0; i < 12; ++i) expect_exact(runtime, random_job(random, 150), i);
}

TEST(BoardGemm, IsExactAlongChains) {
  Random random(seed_of(8));
  for (const auto& [width, height] : {std::pair{1u, 3u}, {3u, 2u}, {4u, 1u}}) {
    const TemporaryBoard file("", width, height);
    BoardRuntime runtime(file.uri());
    expect_exact(runtime, product(32 * height, 32 * width, 300), 1, true);
    EXPECT_EQ(runtime.figures().width * runtime.figures().height, width * height);
    expect_exact(runtime, random_job(random, 120), 2);
  }
}

TEST(BoardGemm, BitErrorsCostClocksAndNoBits) {
  std::vector<std::uint64_t> clocks;
  for (const char* rate : {"0", "2e-5"}) {
    const TemporaryBoard file(fmt::format(R"(, "wires": {{"latency": 8, "bit_error_rate": {}}}, "seed": 3)", rate));
    BoardRuntime runtime(file.uri(), {});
    expect_exact(runtime, product(64, 64, 400), 4, true);
    clocks.push_back(runtime.figures().run_clocks);
    std::uint64_t errors = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      for (const LinkEnd& end : runtime.board().link(i)) errors += end.crc_errors;
    }
    EXPECT_EQ(errors != 0, rate[0] != '0');
  }
  EXPECT_LT(clocks[0], clocks[1]);
}

TEST(BoardGemm, TakesTheSameClocksOnAnyNumberOfThreads) {
  std::vector<std::vector<std::uint64_t>> all;
  for (const unsigned threads : {1u, 2u}) {
    const TemporaryBoard file(R"(, "wires": {"latency": 9, "bit_error_rate": 1e-5})");
    BoardRuntime runtime(file.uri(threads), {});
    const CodesResult result = expect_exact(runtime, product(50, 70, 300), 5, true);
    all.push_back({result.report.clocks, runtime.figures().run_clocks, result.report.wait_semaphore,
                   result.report.wait_operands});
  }
  EXPECT_EQ(all[0], all[1]);
}

/// A chip to whom something happens when so many pieces have been written to it.
class Victim final : public Device {
 public:
  Victim(Device& device, unsigned writes, std::function<void(Device&, std::uint32_t)> harm)
      : device_(device), writes_(writes), harm_(std::move(harm)) {}

  const Capabilities& capabilities() const override { return device_.capabilities(); }
  void read_words(std::uint32_t address, std::span<std::byte> out) override { device_.read_words(address, out); }
  void write_words(std::uint32_t address, std::span<const std::byte> in) override {
    device_.write_words(address, in);
    if (address < queue_base && writes_ != 0 && --writes_ == 0) harm_(device_, address);
  }
  std::uint32_t read_register(std::uint32_t address) override { return device_.read_register(address); }
  void write_register(std::uint32_t address, std::uint32_t value) override { device_.write_register(address, value); }
  void idle(std::uint32_t clocks) override { device_.idle(clocks); }
  std::uint64_t clocks() const override { return device_.clocks(); }
  bool interrupt() override { return device_.interrupt(); }
  void reset() override { device_.reset(); }
  [[nodiscard]] bool happened() const { return writes_ == 0; }

 private:
  Device& device_;
  unsigned writes_;
  std::function<void(Device&, std::uint32_t)> harm_;
};

/// A board whose chip (0, 0) is a victim.
class BoardWithVictim final : public Board {
 public:
  BoardWithVictim(std::unique_ptr<Board> board, unsigned writes, std::function<void(Device&, std::uint32_t)> harm)
      : board_(std::move(board)), victim_(board_->device(0), writes, std::move(harm)) {}

  const BoardFile& file() const override { return board_->file(); }
  const std::string& uri() const override { return board_->uri(); }
  Device& device(std::size_t chip) override { return chip == 0 ? victim_ : board_->device(chip); }
  void run(std::uint64_t clocks) override { board_->run(clocks); }
  void together(const std::function<void(std::size_t)>& drive) override { board_->together(drive); }
  std::uint64_t clocks() const override { return board_->clocks(); }
  const std::vector<BoardProblem>& problems() const override { return board_->problems(); }
  [[nodiscard]] bool happened() const { return victim_.happened(); }

 private:
  std::unique_ptr<Board> board_;
  Victim victim_;
};

TEST(BoardGemm, AWordThatIsPoisonedUnderWayIsWrittenAgain) {
  for (const unsigned writes : {1u, 2u, 5u, 9u}) {  // before the first job, and while jobs run
    const TemporaryBoard file("");
    auto board = std::make_unique<BoardWithVictim>(open_board(file.uri()), writes, poison);
    const BoardWithVictim& view = *board;
    BoardRuntime runtime(std::move(board), {.hang_clocks = 30'000});
    const CodesResult result = expect_exact(runtime, product(64, 64, 800), 6, true);
    EXPECT_TRUE(view.happened());
    EXPECT_EQ(result.report.retries, 1u) << writes;
  }
}

TEST(BoardGemm, AWordThatIsPoisonedAgainAndAgainIsAnError) {
  const TemporaryBoard file("");
  BoardRuntime runtime(std::make_unique<BoardWithVictim>(open_board(file.uri()), 2, poison),
                       {.max_retries = 0, .hang_clocks = 30'000});
  model::Gemm job = product(64, 64, 200);
  job.depth = 2;
  const std::vector<std::byte> a(2 * 64 * 200), b(2 * 64 * 200);
  try {
    (void)runtime.gemm_codes(job, a, b);
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::machine);
    EXPECT_NE(std::string(error.what()).find("uncorrectable word at"), std::string::npos) << error.what();
    EXPECT_NE(std::string(error.what()).find("chip (0, 0)"), std::string::npos) << error.what();
  }
  expect_exact(runtime, product(64, 64, 200), 7, true);
}

TEST(BoardGemm, ALinkThatDiesUnderWayIsAnErrorThatNamesItAndNoHang) {
  const TemporaryBoard file("");
  const auto cut = [](Device& device, std::uint32_t) {
    device.write_register(link_register_base + regs::link::ctrl, 0);  // east
  };
  BoardRuntime runtime(std::make_unique<BoardWithVictim>(open_board(file.uri()), 4, cut), {.hang_clocks = 20'000});
  model::Gemm job = product(64, 64, 800);
  job.depth = 2;
  const std::vector<std::byte> a(2 * 64 * 800), b(2 * 64 * 800);
  try {
    (void)runtime.gemm_codes(job, a, b);
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::machine);
    EXPECT_NE(std::string(error.what()).find("link east of chip (0, 0) is off"), std::string::npos) << error.what();
    EXPECT_NE(std::string(error.what()).find("semaphore"), std::string::npos) << error.what();
  }
}

TEST(BoardGemm, ABoardThatLacksALinkWorksOnWhatIsWhole) {
  const TemporaryBoard file(R"(, "faults": {"unplugged": [[[0, 0], [1, 0]]]})");
  BoardRuntime runtime(file.uri(), {});
  expect_exact(runtime, product(64, 64, 100), 8, true);
  EXPECT_EQ(runtime.figures().width * runtime.figures().height, 2u);
  EXPECT_EQ(runtime.figures().chips, 4u);
}

}  // namespace
}  // namespace hilbert
