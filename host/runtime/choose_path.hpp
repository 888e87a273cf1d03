// SPDX-License-Identifier: Apache-2.0
// Which path a runtime takes.
#pragma once

#include <memory>

#include "runtime/job_runner.hpp"

namespace hilbert {

/// The path that `options` ask for, or the best that the device has. Error (exit code 2) if it cannot be.
[[nodiscard]] std::unique_ptr<JobRunner> make_job_runner(Device& device, const RuntimeOptions& options);

}  // namespace hilbert
