// SPDX-License-Identifier: Apache-2.0
// One program on all chips of a board: jobs a chip, and what its host port writes and reads between them.
#pragma once

#include <cstdint>
#include <hilbert/board.hpp>
#include <hilbert/model/descriptor.hpp>
#include <hilbert/queue.hpp>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "board/patience.hpp"

namespace hilbert::distributed {

/// What one chip and its host port do, in this order. The bytes belong to the caller and must live until the program
/// has run. Jobs of different chips wait for each other by semaphores alone, which are all 0 at the start. The last job
/// must wait for whatever is still under way (a SYNC, with a semaphore): a program has run when its jobs have ended.
class ChipProgram {
 public:
  using JobNumber = std::uint32_t;
  struct Write {
    std::uint32_t address = 0;
    std::span<const std::byte> bytes;
    std::optional<JobNumber> after;
  };
  struct Read {
    std::uint32_t address = 0;
    std::span<std::byte> bytes;
  };
  using Step = std::variant<model::Descriptor, Write, Read>;

  /// Jobs are numbered from 0; the number becomes the tag.
  JobNumber job(model::Descriptor job) {
    job.tag = jobs_;
    steps_.emplace_back(job);
    return jobs_++;
  }
  /// Whole memory words, written once job `after` (none: at once) has ended, and before later jobs are handed over:
  /// those before it go on meanwhile.
  void write(std::uint32_t address, std::span<const std::byte> bytes, std::optional<JobNumber> after = std::nullopt) {
    steps_.emplace_back(Write{address, bytes, after});
  }
  /// Whole memory words, read once all jobs before it have ended.
  void read(std::uint32_t address, std::span<std::byte> bytes) { steps_.emplace_back(Read{address, bytes}); }

  [[nodiscard]] JobNumber jobs() const { return jobs_; }
  [[nodiscard]] const std::vector<Step>& steps() const { return steps_; }

 private:
  std::vector<Step> steps_;
  JobNumber jobs_ = 0;
};

struct RunnerOptions {
  /// A board on which no job ends and no word moves for so many clocks, and what its wires add
  /// (board::Patience::stillness), hangs; without clocks (the model), a chip none of whose jobs ends in so many looks.
  std::uint64_t hang_clocks = still_clocks;
  unsigned hang_looks = 2'000;
  std::uint32_t poll_clocks = 32;  ///< from one look at a queue to the next
};

/// How a program ran.
struct BoardRun {
  std::vector<std::vector<model::Completion>> completions;  ///< by chip and job number
  /// Clocks of the board before the queues were let go (what the host writes first, and the first jobs handed over),
  /// and from then until all chips were through. 0 without clocks.
  std::uint64_t load_clocks = 0, run_clocks = 0;
  /// Not empty: a word was uncorrectable, and where. What the program computed must not be used; writing its data
  /// afresh heals.
  std::string poisoned;
};

/// Owns the queues of all chips of a board; controllers are held in reset.
class BoardRunner {
 public:
  explicit BoardRunner(Board& board, RunnerOptions options = {});

  /// Runs a program a chip of the board (empty ones are allowed), all chips at the same time. Queues are filled before
  /// any job starts, so that the host's speed does not matter to programs that fit in them. When one chip fails or
  /// hangs, all are stopped, and the network comes to rest. Error: bad_input for a program of another size and for a
  /// refused job; machine for a hang, a lost transfer or a failed chip: it names the chip by its place, what it waits
  /// for, and the links that are not up.
  BoardRun run(std::span<const ChipProgram> programs);

  [[nodiscard]] Board& board() { return board_; }

 private:
  void stop();
  [[nodiscard]] bool drain();
  [[nodiscard]] std::unique_ptr<JobQueue> fresh_queue(Device& device) const;
  [[nodiscard]] std::uint64_t stillness() const { return patience_.stillness(options_.hang_clocks); }
  void require_good_network();
  [[nodiscard]] std::string poisoned_word();
  [[nodiscard]] std::string circumstances();

  Board& board_;
  RunnerOptions options_;
  board::Patience patience_;
  std::vector<std::unique_ptr<JobQueue>> queues_;
};

}  // namespace hilbert::distributed
