// SPDX-License-Identifier: Apache-2.0
// A board file for a test.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace hilbert {

/// A mesh of the smallest chip with links; `rest` is further keys with a comma in front. Lives as long as this.
class TemporaryBoard {
 public:
  explicit TemporaryBoard(const std::string& rest, unsigned width = 2, unsigned height = 2) {
    write(R"({"version": 1, "name": "test", "chip": "4x8x2", "mesh": {"width": )" + std::to_string(width) +
          R"(, "height": )" + std::to_string(height) + "}" + rest + "}");
  }
  /// Chips that are apart, in a row, each by a device.
  explicit TemporaryBoard(const std::vector<std::string>& devices) {
    std::string chips;
    for (std::size_t x = 0; x < devices.size(); ++x) {
      chips += (x == 0 ? "" : ", ") + (R"({"at": [)" + std::to_string(x) + R"(, 0], "device": ")" + devices[x] + "\"}");
    }
    write(R"({"version": 1, "name": "test", "chips": [)" + chips + "]}");
  }
  ~TemporaryBoard() { std::filesystem::remove(path_); }
  TemporaryBoard(const TemporaryBoard&) = delete;
  TemporaryBoard& operator=(const TemporaryBoard&) = delete;

  [[nodiscard]] std::string path() const { return path_.string(); }
  [[nodiscard]] std::string uri(unsigned threads = 1) const {
    return "board:" + path() + "?threads=" + std::to_string(threads);
  }

 private:
  void write(const std::string& text) {
    static unsigned number = 0;
    path_ = std::filesystem::temp_directory_path() /
            ("hilbert-board-" + std::to_string(::getpid()) + "-" + std::to_string(number++) + ".json");
    std::ofstream(path_) << text;
  }

  std::filesystem::path path_;
};

}  // namespace hilbert
