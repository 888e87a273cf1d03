// SPDX-License-Identifier: Apache-2.0
// What the monitor's numbers mean, in words.
#include <fmt/format.h>

#include <array>
#include <hilbert/error.hpp>
#include <hilbert/monitor.hpp>
#include <hilbert/text.hpp>
#include <string_view>

namespace hilbert {
namespace {

/// Behind those of a completion.
constexpr std::array<std::string_view, 7> own_status_names{"PROTECTED", "BAD_SEQUENCE",    "UNREADABLE", "RESTARTED",
                                                           "JOB_ERROR", "SELFTEST_FAILED", "TILE_STUCK"};
static_assert(MONITOR_PROTECTED == JOB_STATUS_COUNT &&
              JOB_STATUS_COUNT + own_status_names.size() == MONITOR_TILE_STUCK + 1);

std::string_view status_name(unsigned status) {
  if (status < JOB_STATUS_COUNT) return model::to_string(static_cast<model::Status>(status));
  const unsigned own = status - JOB_STATUS_COUNT;
  return own < own_status_names.size() ? own_status_names[own] : "?";
}

constexpr std::array<std::string_view, MONITOR_COMMAND_WORDS> field_names{"opcode and options",
                                                                          "sequence",
                                                                          "tag",
                                                                          "formats and biases",
                                                                          "M",
                                                                          "N",
                                                                          "K",
                                                                          "base of A",
                                                                          "base of B",
                                                                          "base of C",
                                                                          "base of D",
                                                                          "stride of A",
                                                                          "stride of B",
                                                                          "stride of C",
                                                                          "stride of D",
                                                                          "seed",
                                                                          "row and col",
                                                                          "base of the sums",
                                                                          "stride of the sums",
                                                                          "rows of a block",
                                                                          "columns of a block",
                                                                          "K of a block",
                                                                          "argument",
                                                                          "reserved",
                                                                          "reserved",
                                                                          "reserved",
                                                                          "reserved",
                                                                          "reserved",
                                                                          "reserved",
                                                                          "reserved",
                                                                          "reserved",
                                                                          "check"};

std::string_view opcode_name(unsigned opcode) {
  switch (opcode) {
    case MONITOR_GEMM:
    case MONITOR_CONVERT:
    case MONITOR_COPY:
    case MONITOR_FILL:
      return model::to_string(static_cast<model::Opcode>(opcode));
    case MONITOR_PING:
      return "PING";
    case MONITOR_GET_VERSION:
      return "VERSION";
    case MONITOR_SELFTEST:
      return "SELFTEST";
    case MONITOR_BATCH:
      return "BATCH";
    default:
      return "?";
  }
}

constexpr std::array<MonitorTest, 5> tests{{
    {MONITOR_TEST_REGISTERS, "registers", "scratch register and semaphores"},
    {MONITOR_TEST_TIMER, "timer", "the timer advances and never goes back"},
    {MONITOR_TEST_MARCH, "march", "march C- over data memory"},
    {MONITOR_TEST_ECC, "ecc", "single errors corrected, double errors reported, both healed"},
    {MONITOR_TEST_MATRIX, "matrix", "products worked out by hand, in every format"},
}};

std::string test_names(std::uint32_t mask) {
  std::string text;
  for (const MonitorTest& test : tests) {
    if ((mask & test.bit) != 0) text += (text.empty() ? "" : ", ") + std::string(test.name);
    mask &= ~test.bit;
  }
  if (mask != 0) text += fmt::format("{}others {:#x}", text.empty() ? "" : ", ", mask);
  return text.empty() ? "none" : text;
}

}  // namespace

std::span<const MonitorTest> monitor_tests() { return tests; }

std::string describe(const MonitorAnswer& a) {
  std::string text(status_name(a.status));
  switch (a.status) {
    case MONITOR_BAD_OPCODE:
    case MONITOR_BAD_OPTION:
    case MONITOR_BAD_FORMAT:
    case MONITOR_BAD_SIZE:
    case MONITOR_MISALIGNED:
    case MONITOR_UNUSED:
    case MONITOR_BAD_SEMAPHORE:
    case MONITOR_OUT_OF_RANGE:
    case MONITOR_OVERLAP:
    case MONITOR_PROTECTED:
    case MONITOR_BAD_SEQUENCE:
      if (a.opcode == MONITOR_BATCH && a.result[MONITOR_ANS_FAILED - MONITOR_ANS_RESULT] != 0) {
        return text + fmt::format(" in word {} of descriptor {} (rtl/README.md)", a.field,
                                  a.result[MONITOR_ANS_FAILED - MONITOR_ANS_RESULT] - 1);
      }
      return text + fmt::format(" in word {} ({})", a.field, a.field < field_names.size() ? field_names[a.field] : "?");
    case MONITOR_POISONED:
    case MONITOR_UNREADABLE:
      return text + fmt::format(": uncorrectable word at {:#010x}, after {}", a.detail, counted(a.retries, "retry"));
    case MONITOR_RESTARTED:
      return text + ": the firmware restarted after the command had begun";
    case MONITOR_JOB_ERROR: {
      const auto status = static_cast<model::Status>(a.detail & 0xFF);
      return text + fmt::format(": the tile refused its descriptor with {} in word {}", model::to_string(status),
                                a.detail >> 8 & 0xFF);
    }
    case MONITOR_SELFTEST_FAILED:
      return text + fmt::format(": failed {}; first {} in step {} at {:#010x}, where {:#010x} was expected",
                                test_names(a.result[1]), test_names(a.result[2]), a.result[3], a.result[4],
                                a.result[5]);
    default:
      return text;
  }
}

void require_ok(const MonitorAnswer& a) {
  if (a.status == MONITOR_OK) return;
  const bool refused = (a.status >= MONITOR_BAD_OPCODE && a.status <= MONITOR_OVERLAP) || a.status == MONITOR_PROTECTED;
  const ExitCode code = refused                               ? ExitCode::bad_input
                        : a.status == MONITOR_SELFTEST_FAILED ? ExitCode::check_failed
                                                              : ExitCode::machine;
  throw Error(code, fmt::format("{} command {} ended with {}", opcode_name(a.opcode), a.sequence, describe(a)), "",
              refused                        ? "firmware/README.md, Commands, lists the checks"
              : a.status == MONITOR_POISONED ? "write its operands again and run it again"
                                             : "");
}

std::string describe(const MonitorHealth& h) {
  static constexpr std::array<std::string_view, 9> phases{"starting",
                                                          "running its self-test",
                                                          "ready",
                                                          "the registers are not those it was compiled for",
                                                          "its shared area does not fit into data memory",
                                                          "the counts of commands contradict each other",
                                                          "the tile does not end a job",
                                                          "it restarted too often: load its image again",
                                                          "its image is damaged: load it again"};
  std::string text(h.phase < phases.size() ? phases[h.phase] : "its phase is unknown");
  if (h.failed_tests != 0) text += fmt::format("; failed self-tests: {}", test_names(h.failed_tests));
  if (h.watchdog_resets != 0) text += fmt::format("; {} watchdog resets", h.watchdog_resets);
  if (h.last_trap[0] != 0 || h.last_trap[1] != 0) {
    text += fmt::format("; last trap: cause {} at {:#010x}, value {:#010x}", h.last_trap[0], h.last_trap[1],
                        h.last_trap[2]);
  }
  return text;
}

std::string describe(const MonitorLogEntry& e) {
  switch (e.code) {
    case MONITOR_LOG_STARTED:
      return fmt::format("started {}, self-tests: {}", (e.value0 & 1u) != 0 ? "by the watchdog" : "by the host",
                         test_names(e.value1));
    case MONITOR_LOG_CORRECTED:
      return fmt::format("{} memory errors corrected, {} of them by the scrubber", e.value0, e.value1);
    case MONITOR_LOG_POISON:
      return fmt::format("uncorrectable word at {:#010x} (POISON_STATUS {:#x})", e.value0, e.value1);
    case MONITOR_LOG_RETRY:
      return fmt::format("command {}: a block is run again, uncorrectable word at {:#010x}", e.value0, e.value1);
    case MONITOR_LOG_BAD_SLOT:
      return fmt::format("queue slot at {:#010x} had an uncorrectable word", e.value0);
    case MONITOR_LOG_ABORT:
      return fmt::format("command {}: a job took too long and was aborted, QUEUE_HEAD {}", e.value0, e.value1);
    case MONITOR_LOG_STUCK:
      return fmt::format("the queue is lost or stuck: STATUS {:#x}, QUEUE_HEAD {}", e.value0, e.value1);
    case MONITOR_LOG_FAILED:
      return fmt::format("self-test failed: {} at {:#010x}", test_names(e.value0), e.value1);
    case MONITOR_LOG_FATAL:
      return fmt::format("fatal trap: cause {} at {:#010x}", e.value0, e.value1);
    case MONITOR_LOG_HEALED:
      return fmt::format("answer slot at {:#010x} had an uncorrectable word and was healed", e.value0);
    default:
      return fmt::format("entry of unknown kind {}: {:#x} {:#x}", e.code, e.value0, e.value1);
  }
}

}  // namespace hilbert
