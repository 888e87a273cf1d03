// SPDX-License-Identifier: Apache-2.0
// What a Runtime consists of, for the files that implement it.
#pragma once

#include <memory>
#include <utility>

#include <hilbert/runtime.hpp>

namespace hilbert {

struct Runtime::State {
  State(std::unique_ptr<Device> opened, RuntimeOptions chosen)
      : options(std::move(chosen)),
        device(std::move(opened)),
        geometry(device->capabilities().geometry),
        queue(*device, options.queue),
        memory(geometry) {}

  RuntimeOptions options;
  std::unique_ptr<Device> device;
  model::Geometry geometry;
  JobQueue queue;
  DeviceMemory memory;
  Report totals;
  std::uint32_t next_tag = 0;
};

/// Adds what a completion says to a report.
void count(Report& report, const model::Completion& completion);

}  // namespace hilbert
