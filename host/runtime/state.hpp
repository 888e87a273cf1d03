// SPDX-License-Identifier: Apache-2.0
// What a Runtime consists of, for the files that implement it.
#pragma once

#include <memory>
#include <utility>

#include <hilbert/runtime.hpp>

#include "runtime/choose_path.hpp"
#include "runtime/job_runner.hpp"

namespace hilbert {

struct Runtime::State {
  State(std::unique_ptr<Device> opened, RuntimeOptions chosen)
      : options(std::move(chosen)),
        device(std::move(opened)),
        geometry(device->capabilities().geometry),
        jobs(make_job_runner(*device, options)),
        memory(geometry, jobs->data_end()) {
    totals.path = jobs->path();
  }

  /// Runs a job that may be repeated, and counts it. Error for what cannot be repeated: its operands are poisoned.
  model::Flags run(const model::Descriptor& job);

  RuntimeOptions options;
  std::unique_ptr<Device> device;
  model::Geometry geometry;
  std::unique_ptr<JobRunner> jobs;
  DeviceMemory memory;
  Report totals;
  std::uint32_t next_tag = 0;
};

}  // namespace hilbert
