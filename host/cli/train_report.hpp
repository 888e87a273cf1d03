// SPDX-License-Identifier: Apache-2.0
// What a training did, as text, as JSON and as a page.
#pragma once

#include <cstdint>
#include <hilbert/runtime.hpp>
#include <string>
#include <vector>

#include "train/trainer.hpp"

namespace hilbert::cli {

struct TrainReport {
  train::Options options;
  std::size_t inputs = 0, classes = 0;  ///< of the network
  std::vector<train::StepResult> history;
  train::Score test;
  std::uint64_t weights = 0;  ///< fingerprint of the network
  std::uint64_t products = 0, macs = 0;
  std::uint64_t checked = 0;  ///< products that were compared with the reference model, and equal
  std::string ended;          ///< why and where it ended early; "": it came to its end, and `test` is known
  bool failed = false;        ///< it ended early because the loss is no number

  // What follows depends on the machine and the device.
  Capabilities device;
  std::size_t devices = 1;
  Report work, train_work;  ///< all of it; of the training alone
  double train_seconds = 0, test_seconds = 0;
  std::uint32_t resumed_at = 0;  ///< steps that were done before, in other processes
};

std::string to_text(const TrainReport& report);
std::string to_json(const TrainReport& report);
std::string to_html(const TrainReport& report);

}  // namespace hilbert::cli
