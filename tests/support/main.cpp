// SPDX-License-Identifier: Apache-2.0
// main() of every program of tests with GoogleTest: a test that fails says how to run it again.
#include <gtest/gtest.h>

#include <exception>
#include <iostream>

#include "support/random.hpp"
#include "support/reproduce.hpp"

namespace {

class SaysHowToReproduce : public testing::EmptyTestEventListener {
  void OnTestEnd(const testing::TestInfo& test) override {
    if (test.result()->Failed()) std::cout << hilbert::reproduce(hilbert::run_seed()) << std::endl;
  }
};

}  // namespace

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  try {
    (void)hilbert::run_seed();
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 2;
  }
  testing::UnitTest::GetInstance()->listeners().Append(new SaysHowToReproduce);  // which owns it
  return RUN_ALL_TESTS();
}
