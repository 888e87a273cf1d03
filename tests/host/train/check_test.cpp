// SPDX-License-Identifier: Apache-2.0
// The checker must find a wrong product wherever it hides, and say which.
#include "train/check.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <hilbert/npy.hpp>
#include <memory>

#include "support/errors.hpp"
#include "support/saboteur.hpp"
#include "support/synthetic.hpp"
#include "train/dump.hpp"
#include "train/trainer.hpp"

namespace hilbert::train {
namespace {

/// The model, except that product number `victim` gets one bit wrong.
class FaultyEngine : public ModelEngine {
 public:
  CodesResult multiply(const model::Gemm& job, std::span<const std::byte> a, std::span<const std::byte> b,
                       std::span<const std::byte> c) override {
    CodesResult result = ModelEngine::multiply(job, a, b, c);
    if (count++ == victim) {
      if (wrong_flags) {
        result.flags.bits ^= 1;
      } else {
        result.d[byte] ^= std::byte{1};
      }
    }
    return result;
  }

  std::uint64_t count = 0, victim = ~std::uint64_t{0};
  std::size_t byte = 0;
  bool wrong_flags = false;
};

Options options() {
  Options o;
  o.hidden = 8;
  o.batch = 16;
  return o;
}

/// Trains a few steps with a checker and gives the number of products.
std::uint64_t train_checked(ProductEngine& engine, NumberFormat format = NumberFormat::bf16) {
  const ImageDataset data = synthetic_dataset();
  ProductChecker checker;
  Options o = options();
  o.format = format;
  Trainer trainer(data, engine, o, [&](const ProductPtr& p) { checker.submit(p); });
  for (int i = 0; i < 4; ++i) (void)trainer.step();
  (void)trainer.evaluate(data.test);
  checker.finish();
  return checker.checked();
}

TEST(Check, RightProductsPass) {
  FaultyEngine engine;
  EXPECT_EQ(train_checked(engine), 4 * 5 + 2u);
  EXPECT_EQ(train_checked(engine, NumberFormat::cf8), 4 * 5 + 2u);
}

TEST(Check, EveryProductsFaultIsFoundAndNamed) {
  const char* names[] = {"hidden", "logits", "grad_w2", "grad_hidden", "grad_w1"};
  for (std::uint64_t victim = 0; victim < 22; ++victim) {
    FaultyEngine engine;
    engine.victim = victim;
    const std::string name = victim < 20 ? names[victim % 5] : victim == 20 ? "test_hidden_0" : "test_logits_0";
    expect_error(ExitCode::check_failed, "step " + std::to_string(victim / 5) + ", product " + name + ": 1 of ",
                 [&] { (void)train_checked(engine); });
    engine.count = 0;
    engine.wrong_flags = true;
    expect_error(ExitCode::check_failed, "product " + name + ": the flags are ", [&] { (void)train_checked(engine); });
  }
}

TEST(Check, TheFirstWrongElementIsNamed) {
  FaultyEngine engine;
  engine.victim = 6;                // logits of step 1: 16 x 10 in fp32
  engine.byte = (3 * 10 + 7) * 4u;  // row 3, column 7
  expect_error(ExitCode::check_failed, "step 1, product logits: 1 of 160 elements differ",
               [&] { (void)train_checked(engine); });
  engine.count = 0;
  expect_error(ExitCode::check_failed, "the first at (3, 7): fp32 code", [&] { (void)train_checked(engine); });
}

TEST(Check, AFaultInADevicesMemoryIsFound) {
  auto device = std::make_unique<Saboteur>("model:small");
  int reads = 0;
  device->after_read = [&](std::uint32_t address, std::span<std::byte> out) {
    if (address < queue_base && ++reads == 9) out[0] ^= std::byte{4};
  };
  std::vector<Runtime> runtimes;
  runtimes.emplace_back(std::move(device), RuntimeOptions{.path = JobPath::direct});
  DeviceEngine engine(std::move(runtimes));
  expect_error(ExitCode::check_failed, "differ from the reference model's", [&] { (void)train_checked(engine); });
}

TEST(Check, AFoundFaultLeavesWhatRepeatsIt) {
  const auto folder = std::filesystem::temp_directory_path() / ("hilbert_check_" + std::to_string(::getpid()));
  FaultyEngine engine;
  engine.victim = 5;
  try {
    (void)train_checked(engine);
    FAIL();
  } catch (const MismatchError& error) {
    const std::string text = reproduction(error.product(), folder, "model:full", "WHOLE");
    const std::string stem = (folder / "step0001_hidden").string();
    EXPECT_EQ(text, "reproduce the product alone: hilbert gemm --a " + stem + "_a.npy --b " + stem + "_b.npy --c " +
                        stem + "_c.npy --format bf16 --b-format bf16 --out-format bf16 --relu --device model:full " +
                        "--check; in its place: WHOLE");
    const Matrix<float> a = read_npy(stem + "_a.npy"), b = read_npy(stem + "_b.npy");
    EXPECT_EQ(a.rows(), 16u);
    EXPECT_EQ(a.cols(), 30u);
    EXPECT_EQ(encode_matrix(a, "bf16").codes, error.product().a);
    EXPECT_EQ(encode_matrix(b, "bf16").codes, error.product().b);
  }
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace hilbert::train
