// SPDX-License-Identifier: Apache-2.0
#include "support/reproduce.hpp"

#include <gtest/gtest.h>

#include <filesystem>

namespace hilbert {

std::string reproduce(std::uint64_t seed, std::string_view variables) {
  const auto* test = testing::UnitTest::GetInstance()->current_test_info();
  std::string line = "reproduce: HILBERT_SEED=" + std::to_string(seed) + ' ';
  if (!variables.empty()) line.append(variables) += ' ';
  std::error_code unknown;
  line += std::filesystem::read_symlink("/proc/self/exe", unknown).string();
  return line + " --gtest_filter='" + test->test_suite_name() + '.' + test->name() + '\'';
}

}  // namespace hilbert
