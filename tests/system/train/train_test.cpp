// SPDX-License-Identifier: Apache-2.0
// hilbert train as a user runs it: what it learns, what it writes, what it refuses.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <hilbert/device.hpp>
#include <hilbert/file.hpp>
#include <hilbert/npy.hpp>
#include <nlohmann/json.hpp>
#include <string>

#include "support/shell.hpp"
#include "support/synthetic.hpp"

namespace hilbert {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

using test::Outcome;

class Train : public testing::Test {
 protected:
  void SetUp() override {
    fs::create_directory(folder / "data");
    const ImageDataset set = synthetic_dataset();
    write_images("train", set.train);
    write_images("t10k", set.test);
  }

  void write_images(const std::string& part, const LabelledImages& images) const {
    const auto count = static_cast<std::uint32_t>(images.count());
    write_file(folder / "data" / (part + "-images-idx3-ubyte.gz"),
               gzip(idx_bytes({count, images.rows, images.cols}, images.pixels)));
    write_file(folder / "data" / (part + "-labels-idx1-ubyte.gz"), gzip(idx_bytes({count}, images.labels)));
  }

  /// Runs "hilbert ARGUMENTS" in the test's folder.
  Outcome run(const std::string& arguments) const { return shell_.run(arguments); }
  /// A short training on the synthetic images.
  Outcome train(const std::string& options) const {
    return run("train --data data --hidden 12 --batch 20 --steps 30 --lr 0.02 " + options);
  }
  std::string text(const std::string& name) const { return shell_.text(name); }
  void expect_refused(const std::string& arguments, int code, const std::string& piece) const {
    const Outcome o = run(arguments);
    EXPECT_EQ(o.code, code) << arguments << "\n" << o.err;
    EXPECT_EQ(o.err.rfind("hilbert: error: ", 0), 0u) << o.err;
    EXPECT_EQ(std::count(o.err.begin(), o.err.end(), '\n'), 1) << o.err;
    EXPECT_NE(o.err.find(piece), std::string::npos) << arguments << "\n" << o.err << "lacks: " << piece;
  }

  const test::Shell shell_{"train"};
  const fs::path& folder = shell_.folder;
};

TEST_F(Train, LearnsAndReportsTheSameWhateverTheNumberOfDevices) {
  for (const std::string format : {"bf16", "cf8"}) {
    Json first;
    for (const std::string jobs : {"1", "3"}) {
      const Outcome o =
          train("--device model:small --format " + format + " --json r.json --html r.html --jobs " + jobs);
      ASSERT_EQ(o.code, 0) << o.err;
      EXPECT_NE(o.out.find("equal the reference model's, bit for bit"), std::string::npos) << o.out;
      Json json = Json::parse(text("r.json"));
      EXPECT_GT(json["test"]["accuracy"], 0.7) << format;  // guessing gives 0.1
      EXPECT_EQ(json["history"]["loss"].size(), 30u);
      EXPECT_LT(json["history"]["loss"][29], 0.5 * json["history"]["loss"][0].get<double>());
      EXPECT_EQ(json["products"], 30 * 5 + 2);
      EXPECT_EQ(json["macs"], json["run"]["report"]["macs"]);
      json.erase("run");
      if (first.is_null()) first = json;
      EXPECT_EQ(json.dump(), first.dump()) << format;
      const std::string html = text("r.html");
      EXPECT_NE(html.find("<svg"), std::string::npos);
      EXPECT_NE(html.find(json["weights"].get<std::string>()), std::string::npos);
    }
  }
}

/// A board trains the very network that one of its chips trains, data parallel.
TEST_F(Train, ABoardTrainsTheNetworkOfOneChip) {
  const std::string board = " --device 'board:" BOARDS "/";
  std::string expected;
  for (const std::string& device : {std::string(" --device model:4x8x2"), board + "1.json?backend=model'",
                                    board + "2x2.json?backend=model'", board + "5x5.json?backend=model'"}) {
    const Outcome o = train("--format cf8 --json r.json" + device);
    ASSERT_EQ(o.code, 0) << o.err;
    const Json json = Json::parse(text("r.json"));
    if (expected.empty()) expected = json["weights"];
    EXPECT_EQ(json["weights"], expected) << device;
    EXPECT_NE(o.out.find("equal the reference model's, bit for bit"), std::string::npos) << o.out;
  }
  expect_refused("train --data data --path firmware --device 'board:" BOARDS "/2x2.json?backend=model'", 2,
                 "--path firmware");
  expect_refused("train --data data --device board:nowhere.json", 2, "nowhere.json");
}

/// The RTL trains the very network that the model trains.
TEST_F(Train, TheChipTrainsTheModelsNetwork) {
  const auto devices = available_devices();
  if (std::find(devices.begin(), devices.end(), "sim:small") == devices.end()) GTEST_SKIP() << "no sim:small here";
  for (const std::string format : {"bf16", "cf8"}) {
    std::string weights;
    for (const std::string kind : {"model", "sim"}) {
      const Outcome o = train("--device " + kind + ":small --jobs 2 --json r.json --format " + format);
      ASSERT_EQ(o.code, 0) << o.err;
      const Json json = Json::parse(text("r.json"));
      if (kind == "model") weights = json["weights"];
      EXPECT_EQ(json["weights"], weights) << format;
      EXPECT_EQ(json["run"]["report"]["clocks"] != 0, kind == "sim");
    }
  }
}

TEST_F(Train, DumpedProductsCanBeRepeatedAlone) {
  const Outcome o = train("--device model:small --format cf8 --dump-tensors dump --dump-steps 0,30");
  ASSERT_EQ(o.code, 0) << o.err;
  EXPECT_EQ(std::distance(fs::directory_iterator(folder / "dump"), {}), 5 * 4 + 2 + 2 * 5);
  for (const std::string stem :
       {"step0000_hidden", "step0000_grad_hidden", "step0000_grad_w1", "step0030_test_logits_0"}) {
    const Json job = Json::parse(text("dump/" + stem + ".json"));
    std::string gemm = "gemm --check --device model:small -o d.npy";
    const auto option = [&](const std::string& name, const std::string& value) { gemm += " --" + name + " " + value; };
    option("a", "dump/" + stem + "_a.npy");
    option("b", "dump/" + stem + "_b.npy");
    if (job["accumulate"]) option("c", "dump/" + stem + "_c.npy");
    if (job["relu"]) gemm += " --relu";
    if (job["stochastic"]) option("stochastic --rounding-seed", std::to_string(job["seed"].get<std::uint32_t>()));
    option("format", job["a"]);
    option("b-format", job["b"]);
    option("out-format", job["d"]);
    const Outcome again = run(gemm);
    ASSERT_EQ(again.code, 0) << gemm << "\n" << again.err;
    EXPECT_EQ(read_npy(folder / "d.npy"), read_npy(folder / ("dump/" + stem + "_d.npy"))) << stem;
  }
}

TEST_F(Train, EpochsAreStepsOfWholeBatches) {
  const Outcome o = run("train --data data --hidden 3 --batch 20 --epochs 1.5 --json r.json");  // 8 batches an epoch
  ASSERT_EQ(o.code, 0) << o.err;
  EXPECT_EQ(Json::parse(text("r.json"))["parameters"]["steps"], 12);
}

TEST_F(Train, BadUsageIsRefused) {
  const std::string base = "train --data data ";
  expect_refused("train --format fp16", 2, "no training format 'fp16' (there are bf16, cf8)");
  expect_refused("train --check some", 2, "--check: no check 'some'");
  expect_refused("train --jobs 0", 2, "--jobs");
  expect_refused("train --steps x", 2, "--steps");
  expect_refused("train --steps 5 --epochs 1", 2, "--epochs: given together with --steps");
  expect_refused("train --epochs -1", 2, "--epochs");
  expect_refused("train --dump-tensors d --dump-steps 1,,2", 2, "--dump-steps: '' is no whole number");
  expect_refused("train --hiden 3", 2, "did you mean '--hidden'?");
  expect_refused(base + "--batch 20 --steps 0", 2, "--steps: '0' is too small (1 to 10,000,000 steps)");
  expect_refused(base + "--batch 20 --hidden 0", 2, "--hidden: '0' is too small (1 to 65,536)");
  expect_refused(base + "--batch 20 --lr nan", 2, "--lr: 'nan' is no number");
  expect_refused(base + "--batch 161", 2, "a batch of 161 is more than all 160 images");
  expect_refused(base + "--device model:huge", 2, "model:huge");
}

TEST_F(Train, BadFilesAreRefusedAndNothingIsLeft) {
  expect_refused("train --data nowhere --json r.json", 2,
                 "nowhere: has no train-images-idx3-ubyte.gz (install Debian's package dataset-fashion-mnist");
  auto images = read_file(folder / "data/train-images-idx3-ubyte.gz");
  images.resize(images.size() / 2);
  write_file(folder / "data/train-images-idx3-ubyte.gz", images);
  expect_refused("train --data data --json r.json --html r.html", 2, "train-images-idx3-ubyte.gz: is truncated");
  expect_refused("train --data data --json no/such/r.json", 3, "make the folder first");
  write_file(folder / "taken", std::string_view("precious"));
  expect_refused("train --data data --dump-tensors taken", 3, "taken: cannot make this folder");
  EXPECT_FALSE(fs::exists(folder / "r.json"));
  EXPECT_FALSE(fs::exists(folder / "r.html"));
  EXPECT_EQ(text("taken"), "precious");
}

TEST_F(Train, FullDiskIsAMachineFailure) {
  const Outcome o = train("--device model:small --html /dev/full");
  EXPECT_EQ(o.code, 3);
  EXPECT_NE(o.err.find("/dev/full: cannot write"), std::string::npos) << o.err;
}

/// The default run, in both formats, on the real images.
TEST_F(Train, FashionMnistToEightyPercent) {
  if (!fs::exists(fs::path(fashion_mnist_folder) / "train-images-idx3-ubyte.gz")) {
    GTEST_SKIP() << "Debian's package dataset-fashion-mnist is not installed";
  }
  for (const std::string format : {"bf16", "cf8"}) {
    const Outcome o = run("train --json r.json --format " + format);
    ASSERT_EQ(o.code, 0) << o.err;
    const Json json = Json::parse(text("r.json"));
    EXPECT_EQ(json["test"]["images"], 10000);
    EXPECT_GE(json["test"]["accuracy"], 0.80) << format;
  }
}

}  // namespace
}  // namespace hilbert
