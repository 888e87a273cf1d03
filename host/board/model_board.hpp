// SPDX-License-Identifier: Apache-2.0
// A board of reference models: what a board of chips computes, without time.
#pragma once

#include <deque>
#include <hilbert/board.hpp>
#include <vector>

#include "device/model_device.hpp"

namespace hilbert {
class Rounds;
}

namespace hilbert::board {

/// Jobs run when a doorbell or a semaphore lets them, wherever on the board: chips that may go on stand in a list, in
/// the order in which they came to it, and each runs until it waits. So what happens depends on the calls alone. Time
/// is for controllers, scrubbers and links in training: what run() or the idling of any chip gives, all chips get.
class ModelBoard final : public Board, private device::ModelSurroundings {
 public:
  ModelBoard(BoardFile file, std::string uri, const BoardOptions& options);

  [[nodiscard]] const BoardFile& file() const override { return file_; }
  [[nodiscard]] const std::string& uri() const override { return uri_; }
  [[nodiscard]] Device& device(std::size_t chip) override { return *devices_.at(chip); }
  void run(std::uint64_t clocks) override;
  /// One at a time, in turns that end where a chip idles.
  void together(const std::function<void(std::size_t)>& drive) override;
  [[nodiscard]] std::uint64_t clocks() const override { return 0; }
  [[nodiscard]] const std::vector<BoardProblem>& problems() const override { return problems_; }

 private:
  void join();
  void wake(device::ModelDevice& chip) override;
  void idle(device::ModelDevice& chip, std::uint32_t clocks) override;
  void end_round();

  BoardFile file_;
  std::string uri_;
  std::vector<std::unique_ptr<device::ModelDevice>> devices_;
  std::vector<BoardProblem> problems_;
  std::deque<device::ModelDevice*> ready_;  ///< their jobs may go on
  bool working_ = false;                    ///< on the list
  Rounds* rounds_ = nullptr;                ///< while together() runs
  std::vector<std::uint32_t> idled_;        ///< clocks that each chip idled in this round
};

}  // namespace hilbert::board
