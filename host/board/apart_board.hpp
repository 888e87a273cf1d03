// SPDX-License-Identifier: Apache-2.0
// A board of chips that no link joins: each is reached by a device of its own.
#pragma once

#include <hilbert/board.hpp>
#include <vector>

namespace hilbert::board {

/// Chips know nothing of each other, so each keeps its own time.
class ApartBoard final : public Board {
 public:
  ApartBoard(BoardFile file, std::string uri, const BoardOptions& options);

  [[nodiscard]] const BoardFile& file() const override { return file_; }
  [[nodiscard]] const std::string& uri() const override { return uri_; }
  [[nodiscard]] Device& device(std::size_t chip) override { return *devices_.at(chip); }
  void run(std::uint64_t clocks) override;
  /// As Board says, but when one throws, the others go on to their end.
  void together(const std::function<void(std::size_t)>& drive) override;
  [[nodiscard]] std::uint64_t clocks() const override;
  [[nodiscard]] const std::vector<BoardProblem>& problems() const override { return problems_; }

 private:
  BoardFile file_;
  std::string uri_;
  std::vector<std::unique_ptr<Device>> devices_;
  std::vector<BoardProblem> problems_;  ///< none: what is there has answered
};

}  // namespace hilbert::board
