// SPDX-License-Identifier: Apache-2.0
// A training as hilbert train runs it: its course on the terminal, its checkpoints, and what ends it early.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "outputs.hpp"
#include "train/check.hpp"
#include "train/checkpoint.hpp"
#include "train/trainer.hpp"
#include "train_report.hpp"

namespace hilbert::cli {

struct TrainSetup {
  train::Options options;
  bool check = true;                    ///< every product against the reference model
  std::string checkpoint;               ///< where the training is kept; "": nowhere
  std::uint32_t checkpoint_every = 0;   ///< steps; 0: only when it ends
  train::Trainer::Observer observe;     ///< of every product
  std::function<std::uint64_t()> macs;  ///< multiply-accumulates of this process so far
};

class TrainRun {
 public:
  /// Keeps references to all but `setup`. Error (exit code 2) for options that make no network.
  TrainRun(const ImageDataset& data, train::ProductEngine& engine, Outputs& outputs, TrainSetup setup);

  /// Goes on where a checkpoint stands. Error (exit code 2) naming the file if it is damaged or of another training.
  void resume(const std::string& path);

  /// The steps and then the test. report.ended says why, if they did not come to their end: a signal was noted, or the
  /// loss is no number. What the checker finds is thrown: MismatchError. A checkpoint is written every so many steps,
  /// after the last, and at a signal; one that cannot be written is told and ends nothing.
  void run(TrainReport& report);

  /// "FILE holds step 37", or "" if no checkpoint was written or read.
  [[nodiscard]] std::string kept() const;

 private:
  void take_steps(TrainReport& report);
  void test(TrainReport& report);
  void keep(const TrainReport& report);
  [[nodiscard]] std::uint64_t checked() const;

  const ImageDataset& data_;
  train::ProductEngine& engine_;
  Outputs& outputs_;
  TrainSetup setup_;
  std::optional<train::ProductChecker> checker_;
  std::uint64_t products_ = 0;  ///< of this process
  train::Trainer trainer_;
  train::Checkpoint before_;  ///< what earlier processes have done
  std::string kept_in_;
  std::uint32_t kept_step_ = 0;
  bool keeping_failed_ = false;
};

/// Prints a line on stdout where a progress line may stand on the terminal.
void say(const std::string& line);

}  // namespace hilbert::cli
