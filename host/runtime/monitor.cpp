// SPDX-License-Identifier: Apache-2.0
// The command ring (firmware/README.md), from the host's side.
#include "hilbert/monitor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <hilbert/error.hpp>
#include <hilbert/regs/cpu.hpp>
#include <span>

namespace hilbert {
namespace {

namespace r = regs::cpu;

std::uint32_t read_box(Device& device, monitor_mailbox box) {
  return device.read_register(r::base + r::mailbox + 4 * static_cast<std::uint32_t>(box));
}
void write_box(Device& device, monitor_mailbox box, std::uint32_t value) {
  device.write_register(r::base + r::mailbox + 4 * static_cast<std::uint32_t>(box), value);
}

MonitorAnswer unpack(const std::array<std::uint32_t, MONITOR_ANSWER_WORDS>& w) {
  MonitorAnswer a;
  a.sequence = w[MONITOR_ANS_SEQUENCE];
  a.tag = w[MONITOR_ANS_TAG];
  a.status = static_cast<std::uint8_t>(w[MONITOR_ANS_STATUS] & 0xFF);
  a.field = static_cast<std::uint8_t>(w[MONITOR_ANS_STATUS] >> 8 & 0xFF);
  a.flags.bits = static_cast<std::uint8_t>(w[MONITOR_ANS_STATUS] >> 16 & 0xFF);
  a.opcode = static_cast<std::uint8_t>(w[MONITOR_ANS_STATUS] >> 24);
  a.detail = w[MONITOR_ANS_DETAIL];
  a.jobs = w[MONITOR_ANS_JOBS];
  a.retries = w[MONITOR_ANS_RETRIES];
  a.corrected = w[MONITOR_ANS_CORRECTED];
  a.clocks = w[MONITOR_ANS_CLOCKS];
  a.steps = w[MONITOR_ANS_STEPS];
  std::copy_n(w.begin() + MONITOR_ANS_RESULT, MONITOR_RESULT_WORDS, a.result.begin());
  return a;
}

[[noreturn]] void fail(Device& device, std::string what, std::string next) {
  throw MonitorLost(ExitCode::machine, std::move(what), device.capabilities().uri, std::move(next));
}

}  // namespace

/// Waits for the interrupt line, with looks at the mailbox in between, and watches the heartbeat meanwhile.
struct Monitor::Patience {
  using Clock = std::chrono::steady_clock;

  Patience(Device& watched, const MonitorOptions& limits)
      : device(watched), options(limits), pause(limits.poll_clocks), since_clocks(watched.clocks()) {}

  /// Lets time pass; MonitorLost if the monitor has given up or stands still. `what` is being waited for.
  void pass(const char* what) {
    const std::uint32_t beat = read_box(device, MONITOR_BOX_HEARTBEAT);
    if (beat == heartbeat) {  // asleep, busy with something long, or worse
      judge(what);
    } else {
      heartbeat = beat;
      since_clocks = device.clocks();
      idled = 0;
      since = Clock::now();
    }
    std::uint32_t passed = 0;
    do {
      device.idle(options.irq_clocks);
      passed += options.irq_clocks;
    } while (passed < pause && !device.interrupt());
    idled += passed;
    pause = std::min(2 * pause, 16 * options.poll_clocks);
  }

  void judge(const char* what) const {
    const MonitorHealth health = monitor_health(device);
    if (health.phase >= MONITOR_BAD_MAP && health.phase != MONITOR_STUCK) {
      fail(device, fmt::format("{}, and the firmware has given up: {}", what, describe(health)),
           "start it again; its commands are lost");
    }
    const bool counts = device.clocks() != 0;
    const std::uint64_t clocks = counts ? device.clocks() - since_clocks : idled;
    const double seconds = std::chrono::duration<double>(Clock::now() - since).count();
    if (clocks > options.hang_clocks && (counts || seconds > options.hang_seconds)) {
      fail(device,
           fmt::format("{}, and the firmware's heart stands still for {} clocks ({:.1f} s); {}; {}", what, clocks,
                       seconds, describe(health), describe_activity(device)),
           "start it with a watchdog, or start it again");
    }
  }

  Device& device;
  const MonitorOptions& options;
  std::uint32_t pause;
  std::uint32_t heartbeat = ~0u;
  std::uint64_t since_clocks, idled = 0;
  Clock::time_point since = Clock::now();
};

MonitorWords MonitorJob::pack() const {
  const auto format_bits = [](model::FormatSpec s, unsigned lsb) {
    return static_cast<std::uint32_t>(s.format) << lsb | std::uint32_t{s.bias} << (lsb + 4);
  };
  MonitorWords w{};
  w[MONITOR_CMD_OPCODE] = static_cast<std::uint32_t>(opcode) | std::uint32_t{accumulate} << 8 |
                          std::uint32_t{relu} << 9 | std::uint32_t{saturate} << 10 | std::uint32_t{stochastic} << 11 |
                          std::uint32_t{literal} << 12 | (sums ? MONITOR_HAS_SUMS : 0u);
  w[MONITOR_CMD_FORMATS] = format_bits(a, 0) | format_bits(b, 10) | format_bits(d, 20);
  w[MONITOR_CMD_M] = m;
  w[MONITOR_CMD_N] = n;
  w[MONITOR_CMD_K] = k;
  const model::Region regions[4] = {a_at, b_at, c_at, d_at};
  for (unsigned i = 0; i < 4; ++i) {
    w[MONITOR_CMD_A + i] = regions[i].base;
    w[MONITOR_CMD_A_STRIDE + i] = regions[i].stride;
  }
  w[MONITOR_CMD_SEED] = seed;
  w[MONITOR_CMD_ORIGIN] = row0 | std::uint32_t{col0} << 16;
  if (sums) {
    w[MONITOR_CMD_SUMS] = sums->base;
    w[MONITOR_CMD_SUMS_STRIDE] = sums->stride;
  }
  w[MONITOR_CMD_BLOCK_M] = block_m;
  w[MONITOR_CMD_BLOCK_N] = block_n;
  w[MONITOR_CMD_BLOCK_K] = block_k;
  return w;
}

std::optional<unsigned> MonitorBatch::failed(const MonitorAnswer& answer) {
  if (answer.status == MONITOR_OK) return std::nullopt;
  const std::uint32_t number = answer.result[MONITOR_ANS_FAILED - MONITOR_ANS_RESULT];
  return number == 0 ? 0 : number - 1;  // 0: the batch as a whole
}

model::Flags MonitorBatch::flags(const MonitorAnswer& answer, unsigned index) {
  model::Flags flags;
  flags.bits = static_cast<std::uint8_t>(answer.result.at(index / 4) >> 8 * (index % 4));
  return flags;
}

void load_firmware(Device& device, const Firmware& firmware) {
  const std::uint32_t word = device.capabilities().geometry.word_bytes();
  device.write_register(r::base + r::ctrl, 0);
  std::vector<std::byte> words;  // of segments that meet in a memory word
  std::uint32_t first = 0;
  const auto write = [&] {
    if (!words.empty()) device.write_words(first, words);
  };
  for (const FirmwareSegment& segment : firmware.segments) {
    const std::uint32_t start = segment.address / word * word;
    if (words.empty() || start - first >= words.size()) {
      write();
      words.clear();
      first = start;
    }
    const std::size_t at = segment.address - first;
    words.resize((at + segment.bytes.size() + word - 1) / word * word);
    std::ranges::copy(segment.bytes, words.begin() + static_cast<std::ptrdiff_t>(at));
  }
  write();
  device.write_register(r::base + r::start, firmware.entry);
}

void start_monitor(Device& device, const MonitorStart& start) {
  device.write_register(r::base + r::ctrl, 0);
  write_box(device, MONITOR_BOX_MAGIC, 0);
  write_box(device, MONITOR_BOX_PHASE, MONITOR_STARTING);
  write_box(device, MONITOR_BOX_BASE, start.base);
  write_box(device, MONITOR_BOX_SLOTS, start.slots);
  write_box(device, MONITOR_BOX_TESTS, start.tests);
  write_box(device, MONITOR_BOX_WATCHDOG, start.watchdog_clocks);
  device.write_register(r::base + r::ctrl, r::ctrl_run_mask);
}

MonitorHealth monitor_health(Device& device) {
  MonitorHealth h;
  h.phase = static_cast<monitor_phase>(read_box(device, MONITOR_BOX_PHASE));
  h.failed_tests = read_box(device, MONITOR_BOX_FAILED);
  h.heartbeat = read_box(device, MONITOR_BOX_HEARTBEAT);
  h.restarts_in_a_row = read_box(device, MONITOR_BOX_RESTARTS);
  h.watchdog_resets = device.read_register(r::base + r::reset_reason) >> r::reset_reason_count_lsb;
  h.last_trap = {read_box(device, MONITOR_BOX_CAUSE), read_box(device, MONITOR_BOX_PC),
                 read_box(device, MONITOR_BOX_VALUE)};
  return h;
}

Monitor::Monitor(Device& device, MonitorOptions options) : device_(device), options_(options) {
  // MAGIC may come a little after PHASE.
  for (Patience patience(device_, options_);; patience.pass("the firmware is not ready")) {
    const std::uint32_t phase = read_box(device_, MONITOR_BOX_PHASE);
    if (phase != MONITOR_READY && phase != MONITOR_STUCK) continue;
    if (read_box(device_, MONITOR_BOX_MAGIC) == MONITOR_MAGIC) break;
  }
  base_ = read_box(device_, MONITOR_BOX_BASE);
  slots_ = read_box(device_, MONITOR_BOX_SLOTS);
  if (slots_ == 0 || slots_ > MONITOR_MOST_SLOTS || (slots_ & (slots_ - 1)) != 0) {
    fail(device_, fmt::format("the firmware says that it has {} slots", slots_), "start it again");
  }
  tags_.resize(slots_);
  first_ = read_box(device_, MONITOR_BOX_SUBMITTED);
  if (read_box(device_, MONITOR_BOX_ANSWERED) != first_) {
    fail(device_, "the firmware still has commands of somebody else", "wait for them, or start it again");
  }
  MonitorWords command{};
  command[MONITOR_CMD_OPCODE] = MONITOR_GET_VERSION;
  const MonitorAnswer answer = wait(submit(command));
  if (answer.status != MONITOR_OK && answer.status != MONITOR_TILE_STUCK) require_ok(answer);
  if (answer.status == MONITOR_OK && answer.result[0] >> 16 != MONITOR_VERSION >> 16) {
    fail(device_,
         fmt::format("the firmware has version {}.{}, this program speaks {}.{}", answer.result[0] >> 16,
                     answer.result[0] & 0xFFFF, MONITOR_VERSION >> 16, MONITOR_VERSION & 0xFFFF),
         "load the image of this build");
  }
  room_ = answer.result[4];
  batch_limit_ = answer.result[5];
}

/// Slot of the next command, once it is free.
std::uint32_t Monitor::next_slot() {
  if (submitted_ - answered_ == slots_) await(submitted_ - slots_);
  return (first_ + static_cast<std::uint32_t>(submitted_)) % slots_;
}

MonitorTicket Monitor::submit(std::span<const model::Words> descriptors, std::uint32_t tag) {
  if (descriptors.empty() || descriptors.size() > batch_limit_) {
    throw Error(ExitCode::bad_input, fmt::format("a batch of {} descriptors", descriptors.size()),
                device_.capabilities().uri, fmt::format("1 to {}", batch_limit_));
  }
  device_.write_words(room_ + next_slot() * batch_limit_ * MONITOR_DESCRIPTOR_BYTES, std::as_bytes(descriptors));
  MonitorWords command{};
  command[MONITOR_CMD_OPCODE] = MONITOR_BATCH;
  command[MONITOR_CMD_TAG] = tag;
  command[MONITOR_CMD_COUNT] = static_cast<std::uint32_t>(descriptors.size());
  return submit(command);
}

MonitorTicket Monitor::submit(MonitorWords command) {
  const std::uint32_t slot = next_slot();
  const std::uint32_t sequence = first_ + static_cast<std::uint32_t>(submitted_);
  command[MONITOR_CMD_SEQUENCE] = sequence;
  command[MONITOR_CMD_CHECK] = ~sequence;
  tags_[slot] = command[MONITOR_CMD_TAG];
  // Whole words, so that a slot with an uncorrectable word is good again.
  static constexpr std::array<std::uint32_t, MONITOR_ANSWER_WORDS> no_answer{};
  device_.write_words(base_ + MONITOR_ANSWER_AT(slots_, slot), std::as_bytes(std::span(no_answer)));
  device_.write_words(base_ + MONITOR_COMMAND_AT(slot), std::as_bytes(std::span(command)));
  write_box(device_, MONITOR_BOX_SUBMITTED, sequence + 1);
  device_.write_register(r::base + r::doorbell, MONITOR_DOORBELL);
  return submitted_++;
}

void Monitor::collect() {
  // Before ANSWERED is read: an answer that comes later raises the interrupt again.
  if (device_.interrupt()) device_.write_register(r::base + r::host_irq_clear, ~0u);
  const std::uint32_t expected = first_ + static_cast<std::uint32_t>(answered_);
  const std::uint32_t fresh = read_box(device_, MONITOR_BOX_ANSWERED) - expected;
  if (fresh > submitted_ - answered_) {
    fail(device_,
         fmt::format("the firmware says {} commands are answered, {} were given and {} answered before",
                     expected + fresh, first_ + static_cast<std::uint32_t>(submitted_), expected),
         "somebody else started it: attach again");
  }
  for (std::uint32_t i = 0; i < fresh; ++i) {
    const std::uint32_t sequence = expected + i, slot = sequence % slots_;
    std::array<std::uint32_t, MONITOR_ANSWER_WORDS> words{};
    MonitorAnswer answer;
    try {
      device_.read_words(base_ + MONITOR_ANSWER_AT(slots_, slot), std::as_writable_bytes(std::span(words)));
      answer = unpack(words);
    } catch (const UncorrectableError& error) {
      words[MONITOR_ANS_CHECK] = ~sequence;
      answer.sequence = sequence;
      answer.tag = tags_[slot];
      answer.status = MONITOR_UNREADABLE;
      answer.detail = error.address();
    }
    if (answer.sequence != sequence || words[MONITOR_ANS_CHECK] != ~sequence) {
      fail(device_,
           fmt::format("the answer to command {} says {} and {:#010x}", sequence, answer.sequence,
                       words[MONITOR_ANS_CHECK]),
           "somebody wrote to the shared area");
    }
    answers_[answered_ % history] = answer;
    ++answered_;
  }
}

bool Monitor::done(MonitorTicket ticket) {
  if (ticket >= answered_) collect();
  return ticket < answered_;
}

void Monitor::await(MonitorTicket ticket) {
  for (Patience patience(device_, options_); !done(ticket);) patience.pass("a command is not answered");
}

const MonitorAnswer& Monitor::wait(MonitorTicket ticket) {
  if (ticket >= submitted_) throw Error(ExitCode::bad_input, fmt::format("there is no command {} to wait for", ticket));
  await(ticket);
  if (answered_ - ticket > history) {
    throw Error(ExitCode::bad_input, fmt::format("the answer to command {} is no longer kept", ticket), "",
                fmt::format("ask within {} commands", history));
  }
  return answers_[ticket % history];
}

void Monitor::drain() {
  if (submitted_ != answered_) await(submitted_ - 1);
}

MonitorAnswer Monitor::run(const MonitorJob& job) {
  const MonitorAnswer answer = wait(submit(job));
  require_ok(answer);
  return answer;
}

std::uint32_t Monitor::ping(std::uint32_t argument) {
  MonitorWords command{};
  command[MONITOR_CMD_OPCODE] = MONITOR_PING;
  command[MONITOR_CMD_ARGUMENT] = argument;
  const MonitorAnswer& answer = wait(submit(command));
  require_ok(answer);
  return answer.result[0];
}

MonitorAnswer Monitor::self_test(std::uint32_t tests) {
  MonitorWords command{};
  command[MONITOR_CMD_OPCODE] = MONITOR_SELFTEST;
  command[MONITOR_CMD_ARGUMENT] = tests;
  return wait(submit(command));
}

std::string Monitor::why_no_test(const MonitorTest& test) const {
  const std::uint32_t behind = device_.capabilities().geometry.data_bytes() - base_ - MONITOR_AREA_BYTES(slots_);
  const std::uint32_t room = std::max(base_, behind);
  if (test.bit != MONITOR_TEST_MATRIX || room >= MONITOR_TEST_MATRIX_BYTES) return "";
  return fmt::format("data memory is too small: the test takes {} bytes beside the shared area, there are {}",
                     MONITOR_TEST_MATRIX_BYTES, room);
}

std::array<std::uint32_t, MONITOR_REPORT_WORDS> Monitor::report() {
  std::array<std::uint32_t, MONITOR_REPORT_WORDS> words{};
  device_.read_words(base_ + MONITOR_REPORT_AT(slots_), std::as_writable_bytes(std::span(words)));
  if (words[MONITOR_REP_MAGIC] != MONITOR_MAGIC) words = {};
  return words;
}

std::vector<MonitorLogEntry> Monitor::log() {
  const std::uint32_t written = read_box(device_, MONITOR_BOX_LOGGED);
  std::vector<MonitorLogEntry> entries;
  for (std::uint32_t i = written - std::min(written, MONITOR_LOG_ENTRIES); i != written; ++i) {
    std::array<std::uint32_t, MONITOR_LOG_WORDS> w{};
    try {
      read_bytes(device_, base_ + MONITOR_LOG_AT(slots_) + MONITOR_LOG_BYTES * (i % MONITOR_LOG_ENTRIES),
                 std::as_writable_bytes(std::span(w)));
    } catch (const UncorrectableError&) {
      continue;
    }
    entries.push_back(
        {w[0], static_cast<std::uint16_t>(w[1] & 0xFFFF), static_cast<std::uint16_t>(w[1] >> 16), w[2], w[3]});
  }
  return entries;
}

}  // namespace hilbert
