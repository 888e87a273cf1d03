// SPDX-License-Identifier: Apache-2.0
// Two paths to the tile: the host's own queue, and the firmware.
#include "runtime/choose_path.hpp"

#include <hilbert/monitor_image.hpp>

#include "runtime/monitor_runner.hpp"
#include "runtime/queue_runner.hpp"

namespace hilbert {

std::unique_ptr<JobRunner> make_job_runner(Device& device, const RuntimeOptions& options) {
  const bool possible = why_no_monitor(device.capabilities()).empty();
  if (options.path.value_or(possible ? JobPath::firmware : JobPath::direct) == JobPath::direct) {
    return std::make_unique<QueueRunner>(device, options.queue);
  }
  return std::make_unique<MonitorRunner>(device, options.firmware);
}

}  // namespace hilbert
