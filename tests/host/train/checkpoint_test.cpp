// SPDX-License-Identifier: Apache-2.0
// Checkpoints: a training that goes on from one at any step ends in the bits of one that never stopped; nothing else
// than a whole checkpoint of the same training is taken.
#include "train/checkpoint.hpp"

#include <gtest/gtest.h>

#include <cstring>

#include "number_format.hpp"
#include "support/errors.hpp"
#include "support/synthetic.hpp"

namespace hilbert::train {
namespace {

Options small(NumberFormat format) {
  return {.format = format, .hidden = 7, .batch = 30, .steps = 17, .rate = 0.02f, .seed = 5};
}

/// A checkpoint after `steps`: three epochs and a bit, so that the order of the images matters.
Checkpoint after(const ImageDataset& data, const Options& options, std::uint32_t steps) {
  ModelEngine engine(2);
  Trainer trainer(data, engine, options);
  Checkpoint c{options, engine.depth(), fingerprint(data), {}, 5 * steps, 4 * steps, steps * trainer.step_macs(), {}};
  while (trainer.steps_done() < steps) c.history.push_back(trainer.step());
  c.state = trainer.state();
  return c;
}

class Checkpoints : public testing::TestWithParam<NumberFormat> {
 protected:
  const ImageDataset data = synthetic_dataset();
};

TEST_P(Checkpoints, ATrainingGoesOnInTheSameBits) {
  const Options options = small(GetParam());
  const Checkpoint whole = after(data, options, options.steps);
  for (const std::uint32_t stop : {0u, 1u, 5u, 6u, 11u, 16u, 17u}) {
    const Checkpoint c = parse_checkpoint(format_checkpoint(after(data, options, stop)), "c");
    ModelEngine engine(2);
    Trainer trainer(data, engine, options);
    trainer.restore(stop, c.state);
    std::vector<StepResult> history = c.history;
    while (trainer.steps_done() < options.steps) history.push_back(trainer.step());
    EXPECT_EQ(trainer.state(), whole.state) << stop;
    ASSERT_EQ(history.size(), whole.history.size());
    for (std::size_t i = 0; i < history.size(); ++i) {
      EXPECT_EQ(history[i].step, i);
      EXPECT_EQ(history[i].loss, whole.history[i].loss) << stop << ' ' << i;
      EXPECT_EQ(history[i].accuracy, whole.history[i].accuracy) << stop << ' ' << i;
    }
  }
}

TEST_P(Checkpoints, HoldAllTheyWereGiven) {
  const Checkpoint c = after(data, small(GetParam()), 3), back = parse_checkpoint(format_checkpoint(c), "c");
  EXPECT_EQ(differences(back, c), "");
  EXPECT_EQ(back.history.size(), 3u);
  EXPECT_EQ(back.products, c.products);
  EXPECT_EQ(back.checked, c.checked);
  EXPECT_EQ(back.macs, c.macs);
  EXPECT_EQ(back.state, c.state);
}

INSTANTIATE_TEST_SUITE_P(Formats, Checkpoints, testing::Values(NumberFormat::bf16, NumberFormat::cf8),
                         [](const auto& param) { return param.param == NumberFormat::bf16 ? "bf16" : "cf8"; });

TEST(Checkpoint, EveryTruncationAndEveryFlippedBitIsRefused) {
  const ImageDataset data = synthetic_dataset(2, 2, 40, 10);
  Options options = small(NumberFormat::cf8);
  options.hidden = 2;
  const std::vector<std::byte> file = format_checkpoint(after(data, options, 2));
  ASSERT_NO_THROW((void)parse_checkpoint(file, "c"));
  for (std::size_t length = 0; length < file.size(); ++length) {
    expect_error(ExitCode::bad_input, "c: is ", [&] { (void)parse_checkpoint(std::span(file).first(length), "c"); });
  }
  for (std::size_t bit = 0; bit < 8 * file.size(); ++bit) {
    std::vector<std::byte> flipped = file;
    flipped[bit / 8] ^= std::byte{1} << (bit % 8);
    expect_error(ExitCode::bad_input, "c: is ", [&] { (void)parse_checkpoint(flipped, "c"); });
  }
  std::vector<std::byte> longer = file;
  longer.push_back({});
  expect_error(ExitCode::bad_input, "longer than it says", [&] { (void)parse_checkpoint(longer, "c"); });
  expect_error(ExitCode::bad_input, "no checkpoint", [&] { (void)parse_checkpoint({}, "c"); });
}

/// A file changed on purpose, with a checksum that fits.
std::vector<std::byte> sealed(std::vector<std::byte> file) {
  const std::uint64_t length = file.size();
  std::memcpy(file.data() + 16, &length, 8);
  uLong crc = ::crc32(0, reinterpret_cast<const Bytef*>(file.data()), 12);
  crc = ::crc32(crc, reinterpret_cast<const Bytef*>(file.data()) + 16, static_cast<uInt>(length - 16));
  const auto stored = static_cast<std::uint32_t>(crc);
  std::memcpy(file.data() + 12, &stored, 4);
  return file;
}

/// A whole file with this description instead of its own.
std::vector<std::byte> described(const std::vector<std::byte>& file, std::string_view text) {
  std::uint32_t old = 0;
  std::memcpy(&old, file.data() + 24, 4);
  std::vector<std::byte> out(file.begin(), file.begin() + 28);
  const auto size = static_cast<std::uint32_t>(text.size());
  std::memcpy(out.data() + 24, &size, 4);
  for (const char c : text) out.push_back(static_cast<std::byte>(c));
  out.insert(out.end(), file.begin() + 28 + old, file.end());
  return sealed(std::move(out));
}

TEST(Checkpoint, AnotherVersionAndDescriptionsThatAreNoneAreRefused) {
  const ImageDataset data = synthetic_dataset();
  const std::vector<std::byte> file = format_checkpoint(after(data, small(NumberFormat::bf16), 2));
  ASSERT_NO_THROW((void)parse_checkpoint(sealed(file), "c"));
  std::vector<std::byte> other = file;
  other[8] = std::byte{2};
  expect_error(ExitCode::bad_input, "is a checkpoint of version 2 (this hilbert reads version 1",
               [&] { (void)parse_checkpoint(sealed(other), "c"); });
  const std::string good = R"({"hilbert": "train", "format": "bf16", "hidden": 7, "batch": 30, "steps": 17, "rate": 0.5,
    "seed": 5, "depth": 2, "data": 1, "steps_done": 2, "products": 1, "checked": 1, "macs": 1})";
  ASSERT_NO_THROW((void)parse_checkpoint(described(file, good), "c"));
  const auto changed = [&](std::string_view from, std::string_view to) {
    std::string text = good;
    text.replace(text.find(from), from.size(), to);
    return described(file, text);
  };
  for (const auto& change :
       std::vector<std::pair<std::string, std::string>>{{"\"format\": \"bf16\"", "\"format\": \"bf61\""},
                                                        {"\"format\": \"bf16\"", "\"format\": 7"},
                                                        {"\"train\"", "\"trian\""},
                                                        {"\"hidden\": 7", "\"hidden\": -7"},
                                                        {"\"hidden\": 7", "\"hidden\": 4294967296"},
                                                        {"\"hidden\": 7", "\"hidden\": []"},
                                                        {"\"seed\": 5, ", ""},
                                                        {"\"rate\": 0.5", "\"rate\": \"x\""},
                                                        {"\"steps_done\": 2", "\"steps_done\": 4000000000"},
                                                        {"{", "[[[[[["},
                                                        {"}", ""}}) {
    expect_error(ExitCode::bad_input, "c: is damaged",
                 [&] { (void)parse_checkpoint(changed(change.first, change.second), "c"); });
  }
  expect_error(ExitCode::bad_input, "c: is damaged", [&] {
    (void)parse_checkpoint(described(file, "{\"a\": [[[[[1]]]]]}"), "c");  // just beyond the bound
  });
}

TEST(Checkpoint, AnotherTrainingIsNamed) {
  const ImageDataset data = synthetic_dataset();
  const Checkpoint c = after(data, small(NumberFormat::bf16), 2);
  const auto differ = [&](auto change, std::string_view text) {
    Checkpoint here = c;
    change(here);
    EXPECT_EQ(differences(c, here), text);
  };
  differ([](Checkpoint&) {}, "");
  differ([](Checkpoint& h) { h.options.format = NumberFormat::cf8; }, "--format bf16 (here cf8)");
  differ([](Checkpoint& h) { h.options.hidden = 8; }, "--hidden 7 (here 8)");
  differ([](Checkpoint& h) { h.options.batch = 31; }, "--batch 30 (here 31)");
  differ([](Checkpoint& h) { h.options.steps = 18; }, "--steps 17 (here 18)");
  differ([](Checkpoint& h) { h.options.rate = 0.021f; }, "--lr 0.02 (here 0.021)");
  differ([](Checkpoint& h) { h.options.seed = 6, h.depth = 4; },
         "--seed 5 (here 6), a device with cells of depth 2 (here 4)");
  ImageDataset other = data;
  other.test.labels[3] ^= 1;
  differ([&](Checkpoint& h) { h.data = fingerprint(other); }, "other images");
  other = data;
  other.train.pixels[7] ^= 1;
  EXPECT_NE(fingerprint(other), fingerprint(data));
}

TEST(Checkpoint, AStateOfAnotherNetworkIsRefused) {
  const ImageDataset data = synthetic_dataset();
  Checkpoint c = after(data, small(NumberFormat::bf16), 2);
  ModelEngine engine(2);
  Trainer trainer(data, engine, c.options);
  c.state.pop_back();
  expect_error(ExitCode::bad_input, "state of a training", [&] { trainer.restore(2, c.state); });
  c.state.push_back({});
  expect_error(ExitCode::bad_input, "after step 18 of 17", [&] { trainer.restore(18, c.state); });
}

}  // namespace
}  // namespace hilbert::train
