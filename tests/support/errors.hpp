// SPDX-License-Identifier: Apache-2.0
// Expecting an Error by its exit code and a piece of its text.
#pragma once

#include <gtest/gtest.h>

#include <hilbert/error.hpp>
#include <string>
#include <string_view>

namespace hilbert {

template <typename Action>
void expect_error(ExitCode code, std::string_view piece, Action action) {
  try {
    action();
    ADD_FAILURE() << "no error, expected one with: " << piece;
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), code) << error.what();
    EXPECT_NE(std::string(error.what()).find(piece), std::string::npos) << error.what() << "\nlacks: " << piece;
  }
}

}  // namespace hilbert
