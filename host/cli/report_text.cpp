// SPDX-License-Identifier: Apache-2.0
// Reports and geometries as text and as JSON.
#include "report_text.hpp"

#include <fmt/format.h>

#include <hilbert/monitor_image.hpp>
#include <hilbert/text.hpp>

namespace hilbert::cli {

std::string to_text(JobPath path) {
  return path == JobPath::direct ? "on the direct path"
                                 : fmt::format("through the firmware (image {})", monitor_image_id());
}

nlohmann::ordered_json to_json(const Report& r) {
  return {{"path", to_string(r.path)},
          {"firmware_image", r.path == JobPath::direct ? "" : monitor_image_id()},
          {"jobs", r.jobs},
          {"macs", r.macs},
          {"clocks", r.clocks},
          {"job_clocks", r.job_clocks},
          {"steps", r.steps},
          {"wait_operands", r.wait_operands},
          {"wait_result", r.wait_result},
          {"wait_c", r.wait_c},
          {"wait_semaphore", r.wait_semaphore},
          {"utilisation", r.utilisation()},
          {"bytes_up", r.bytes_up},
          {"bytes_down", r.bytes_down},
          {"corrected", r.corrected},
          {"retries", r.retries},
          {"block_retries", r.block_retries},
          {"reloads", r.reloads},
          {"seconds", r.seconds}};
}

nlohmann::ordered_json to_json(const model::Geometry& g) {
  return {{"rows", g.rows},
          {"cols", g.cols},
          {"depth", g.depth},
          {"banks", g.banks},
          {"bank_bytes", g.bank_bytes},
          {"word_bytes", g.word_bytes()},
          {"queue_slots", g.queue_slots}};
}

std::string to_text(const Report& r) {
  const bool direct = r.path == JobPath::direct;
  std::string text = fmt::format("{} in {} {}, {:.3f} s\n", counted(r.macs, "multiply-accumulate"),
                                 counted(r.jobs, "job"), to_text(r.path), r.seconds);
  if (r.clocks != 0) {
    text += fmt::format("{} clocks, array used {:.1f} % of them, {} clocks in jobs", r.clocks, 100 * r.utilisation(),
                        r.job_clocks);
    if (direct)
      text += fmt::format(" (waited: operands {}, results {}, C {})", r.wait_operands, r.wait_result, r.wait_c);
    text += '\n';
  }
  text += fmt::format("{} bytes up, {} bytes down\n", r.bytes_up, r.bytes_down);
  if (r.corrected + r.retries + r.block_retries != 0) {
    text += fmt::format("memory errors: {} corrected, {} computed again", r.corrected, counted(r.retries, "block"));
    if (!direct) text += fmt::format(", {} run again by the firmware", counted(r.block_retries, "block"));
    text += '\n';
  }
  if (r.reloads != 0) text += fmt::format("the firmware was lost and loaded again {}\n", counted(r.reloads, "time"));
  return text;
}

}  // namespace hilbert::cli
