// SPDX-License-Identifier: Apache-2.0
// hilbert gemm on a board, as a user runs it.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <hilbert/file.hpp>
#include <hilbert/matrix.hpp>
#include <hilbert/npy.hpp>
#include <nlohmann/json.hpp>
#include <string>

#include "support/shell.hpp"

namespace hilbert {
namespace {

using test::Outcome, test::run_hilbert;

Outcome gemm(const std::string& arguments, bool errors = true) { return run_hilbert("gemm " + arguments, errors); }

class BoardGemmCli : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() / ("hilbert-board-gemm-" + std::to_string(::getpid()));
    std::filesystem::create_directory(folder_);
    write("a.npy", 40, 70);
    write("b.npy", 70, 50);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  void write(const std::string& name, std::size_t rows, std::size_t cols) {
    Matrix<float> matrix(rows, cols);
    float value = 0.25F;
    for (float& element : matrix.elements())
      element = value = value * 1.7F - static_cast<float>(static_cast<int>(value * 1.7F));
    AtomicFile file(path(name));
    file.write(format_npy(matrix));
    file.commit();
  }
  [[nodiscard]] std::string path(const std::string& name) const { return (folder_ / name).string(); }
  [[nodiscard]] std::string operands() const {
    return "--a " + path("a.npy") + " --b " + path("b.npy") + " --format bf16 ";
  }

  std::filesystem::path folder_;
};

TEST_F(BoardGemmCli, GivesTheSameFileOnEveryBoard) {
  std::vector<Matrix<float>> results;
  for (const std::string device : {"model:4x8x2", "board:" BOARDS "/2x2.json?threads=2",
                                   "board:" BOARDS "/5x5.json?backend=model", "board:" BOARDS "/1.json"}) {
    const Outcome outcome = gemm(operands() + "-o " + path("d.npy") + " --check --device \"" + device + "\"");
    EXPECT_EQ(outcome.code, 0) << outcome.out;
    EXPECT_NE(outcome.out.find("all 2000 results equal the reference model's"), std::string::npos) << outcome.out;
    results.push_back(read_npy(path("d.npy")));
  }
  for (const Matrix<float>& result : results) {
    EXPECT_TRUE(std::ranges::equal(result.elements(), results[0].elements()));
  }
}

TEST_F(BoardGemmCli, ReportsAsJson) {
  const Outcome outcome = gemm(operands() + "--json --check --device board:" BOARDS "/2x2.json", false);
  EXPECT_EQ(outcome.code, 0);
  const auto json = nlohmann::json::parse(outcome.out);
  EXPECT_EQ(json["board"]["chips"], 4);
  EXPECT_TRUE(json["check"]["good"].get<bool>());
  EXPECT_GT(json["board"]["link_bytes"].get<std::uint64_t>(), 0u);
  EXPECT_GT(json["report"]["clocks"].get<std::uint64_t>(), json["board"]["run_clocks"].get<std::uint64_t>());
}

TEST_F(BoardGemmCli, RefusesWhatABoardDoesNotDo) {
  EXPECT_EQ(gemm(operands() + "--path firmware --device board:" BOARDS "/2x2.json").code, 2);
  EXPECT_EQ(gemm(operands() + "--stall 0.1 --device board:" BOARDS "/2x2.json").code, 2);
  EXPECT_EQ(gemm(operands() + "--device board:/no/such.json").code, 2);
}

}  // namespace
}  // namespace hilbert
