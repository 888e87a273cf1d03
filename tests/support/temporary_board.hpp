// SPDX-License-Identifier: Apache-2.0
// A board file for a test.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace hilbert {

/// A mesh of the smallest chip with links; `rest` is further keys with a comma in front. Lives as long as this.
class TemporaryBoard {
 public:
  explicit TemporaryBoard(const std::string& rest, unsigned width = 2, unsigned height = 2) {
    static unsigned number = 0;
    path_ = std::filesystem::temp_directory_path() /
            ("hilbert-board-" + std::to_string(::getpid()) + "-" + std::to_string(number++) + ".json");
    std::ofstream(path_) << R"({"version": 1, "name": "test", "chip": "4x8x2", "mesh": {"width": )" << width
                         << R"(, "height": )" << height << "}" << rest << "}";
  }
  ~TemporaryBoard() { std::filesystem::remove(path_); }
  TemporaryBoard(const TemporaryBoard&) = delete;
  TemporaryBoard& operator=(const TemporaryBoard&) = delete;

  [[nodiscard]] std::string path() const { return path_.string(); }
  [[nodiscard]] std::string uri(unsigned threads = 1) const {
    return "board:" + path() + "?threads=" + std::to_string(threads);
  }

 private:
  std::filesystem::path path_;
};

}  // namespace hilbert
