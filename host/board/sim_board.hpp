// SPDX-License-Identifier: Apache-2.0
// A board of verilated chips in this process.
#pragma once

#include <hilbert/board.hpp>
#include <hilbert/tb/mesh.hpp>

namespace hilbert::board {

class SimBoard final : public Board {
 public:
  SimBoard(BoardFile file, std::string uri, unsigned threads, const BoardOptions& options);

  [[nodiscard]] const BoardFile& file() const override { return file_; }
  [[nodiscard]] const std::string& uri() const override { return uri_; }
  [[nodiscard]] Device& device(std::size_t chip) override { return *devices_.at(chip); }
  void run(std::uint64_t clocks) override { mesh_->run(clocks); }
  void together(const std::function<void(std::size_t)>& drive) override { mesh_->together(drive); }
  [[nodiscard]] std::uint64_t clocks() const override { return mesh_->clocks(); }
  [[nodiscard]] const std::vector<BoardProblem>& problems() const override { return problems_; }

 private:
  void join(unsigned threads);

  BoardFile file_;
  std::string uri_;
  std::unique_ptr<tb::Mesh> mesh_;
  std::vector<std::unique_ptr<Device>> devices_;
  std::vector<BoardProblem> problems_;
};

}  // namespace hilbert::board
