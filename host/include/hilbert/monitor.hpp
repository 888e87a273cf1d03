// SPDX-License-Identifier: Apache-2.0
// The host's side of the monitor, the firmware on a chip's controller: commands in, answers out, in order.
#pragma once

#include <hilbert/monitor_abi.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <hilbert/device.hpp>
#include <hilbert/elf.hpp>
#include <hilbert/error.hpp>
#include <hilbert/model/descriptor.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hilbert {

/// The words of a command record (firmware/README.md).
using MonitorWords = std::array<std::uint32_t, MONITOR_COMMAND_WORDS>;

/// A job on matrices in tile memory, in panel order, of any size that fits there: the monitor cuts it into descriptors.
struct MonitorJob {
  model::Opcode opcode = model::Opcode::gemm;  ///< gemm, convert, copy or fill
  bool accumulate = false, relu = false, saturate = false, stochastic = false, literal = false;
  model::FormatSpec a, b, d;
  std::uint32_t m = 0, n = 0, k = 0;
  model::Region a_at, b_at, c_at, d_at;
  std::uint32_t seed = 0;  ///< FILL: the pattern
  std::uint16_t row0 = 0, col0 = 0;
  std::optional<model::Region> sums;  ///< room for a block's fp32 sums, where K is cut and D is not fp32
  std::uint32_t block_m = 0, block_n = 0, block_k = 0;  ///< largest block of a descriptor; 0: the monitor's choice

  [[nodiscard]] MonitorWords pack() const;
};

struct MonitorAnswer {
  std::uint32_t sequence = 0, tag = 0;
  std::uint8_t status = MONITOR_OK;  ///< enum monitor_status
  std::uint8_t field = 0;            ///< word of the command that is wrong
  model::Flags flags;
  std::uint8_t opcode = 0;
  std::uint32_t detail = 0;  ///< POISONED: address
  std::uint32_t jobs = 0, retries = 0, corrected = 0, clocks = 0, steps = 0;
  std::array<std::uint32_t, MONITOR_RESULT_WORDS> result{};
};

/// What became of the descriptors of a batch (MONITOR_BATCH).
struct MonitorBatch {
  /// The first descriptor that did not end well, counted from 0, or nothing: then all of them did. Those behind it may
  /// have run, and have no defined result. Its status and field are the answer's.
  [[nodiscard]] static std::optional<unsigned> failed(const MonitorAnswer& answer);
  /// Flags of a descriptor that ended well.
  [[nodiscard]] static model::Flags flags(const MonitorAnswer& answer, unsigned index);
};

/// "POISONED: uncorrectable word at 0x00000040", "BAD_SIZE in word 5 (N)".
[[nodiscard]] std::string describe(const MonitorAnswer& answer);
/// Throws unless the status is OK: exit code 2 for a command that was refused, 1 for a failed self-test, 3 otherwise.
void require_ok(const MonitorAnswer& answer);

/// The monitor gave up, stands still, or answers nonsense: its commands are lost, and it must be loaded again.
class MonitorLost : public Error {
 public:
  using Error::Error;
};

struct MonitorOptions {
  /// A monitor whose heartbeat stands still for so many device clocks hangs; on devices that do not count them, so many
  /// that the host let pass, if that took `hang_seconds` at least.
  std::uint64_t hang_clocks = 2'000'000;
  double hang_seconds = 30.0;
  /// Clocks from one look at the interrupt line to the next, and from one look at the mailbox to the next, which
  /// doubles up to 16 times this.
  std::uint32_t irq_clocks = 16, poll_clocks = 64;
};

/// Holds the core and writes an image into the memories it was linked for; START becomes its entry. Whole memory words
/// are written: what no segment has of them becomes zero.
void load_firmware(Device& device, const Firmware& firmware);

/// How to start the monitor, whose image is in controller memory.
struct MonitorStart {
  std::uint32_t tests = MONITOR_TEST_ALL;     ///< self-tests before it is ready: they destroy data memory
  std::uint32_t watchdog_clocks = 4'000'000;  ///< 0: none
  std::uint32_t base = 0, slots = 0;          ///< of the shared area; 0 slots: the default, at the end of data memory
};
/// Releases the core, which starts at START.
void start_monitor(Device& device, const MonitorStart& start = {});

/// What the mailbox says about the monitor.
struct MonitorHealth {
  monitor_phase phase = MONITOR_STARTING;
  std::uint32_t failed_tests = 0, heartbeat = 0, restarts_in_a_row = 0, watchdog_resets = 0;
  std::array<std::uint32_t, 3> last_trap{};  ///< mcause, mepc, mtval
};
[[nodiscard]] MonitorHealth monitor_health(Device& device);
/// "ready", "restarted too often: load the image again", ...
[[nodiscard]] std::string describe(const MonitorHealth& health);

struct MonitorLogEntry {
  std::uint32_t time = 0;  ///< low word of MTIME
  std::uint16_t code = 0, restarts = 0;
  std::uint32_t value0 = 0, value1 = 0;
};
[[nodiscard]] std::string describe(const MonitorLogEntry& entry);

struct MonitorTest {
  std::uint32_t bit;  ///< MONITOR_TEST_*
  std::string_view name, about;
};
/// The self-tests, in the order in which they run.
[[nodiscard]] std::span<const MonitorTest> monitor_tests();

/// Number of a command since the monitor was attached, counted from 0.
using MonitorTicket = std::uint64_t;

/// The ring of one monitor. Not thread safe; every function throws hilbert::Error.
class Monitor {
 public:
  /// Waits until a started monitor is ready, self-test included. MonitorLost (exit code 3) if it cannot become so, or
  /// speaks another version.
  explicit Monitor(Device& device, MonitorOptions options = {});

  /// Writes a command, waiting for room if all slots are in use. Sequence, tag and check are filled in.
  MonitorTicket submit(MonitorWords command);
  MonitorTicket submit(const MonitorJob& job) { return submit(job.pack()); }
  /// Ready descriptors, 1 to batch_limit() of them, which run in their order; tag and irq bit are the monitor's. The
  /// tile checks them, the monitor where they write. They may depend on each other and on commands before and behind.
  /// Error (exit code 2) for a number of them that is out of range.
  MonitorTicket submit(std::span<const model::Words> descriptors, std::uint32_t tag = 0);
  /// Most descriptors of a batch; 0: there are too many slots for the room.
  [[nodiscard]] std::uint32_t batch_limit() const { return batch_limit_; }
  /// Waits for the answer, whatever its status. Each of the last `history` answers can be asked for again. MonitorLost
  /// (exit code 3) if the monitor stands still or has given up.
  const MonitorAnswer& wait(MonitorTicket ticket);
  [[nodiscard]] bool done(MonitorTicket ticket);
  void drain();
  /// submit, wait, require_ok.
  MonitorAnswer run(const MonitorJob& job);

  /// The argument, returned by the monitor.
  std::uint32_t ping(std::uint32_t argument);
  /// Runs self-tests (a mask of MONITOR_TEST_*; the whole tile waits, and data memory is lost). The status says how
  /// they ended, `result` what failed first.
  MonitorAnswer self_test(std::uint32_t tests = MONITOR_TEST_ALL);
  /// Why a self-test cannot be run on this device, which is no fault of it; "" if it can.
  [[nodiscard]] std::string why_no_test(const MonitorTest& test) const;
  /// The report of the last self-test; all zero if there was none.
  [[nodiscard]] std::array<std::uint32_t, MONITOR_REPORT_WORDS> report();
  /// The log, oldest entry first; entries on an uncorrectable word are left out.
  [[nodiscard]] std::vector<MonitorLogEntry> log();

  [[nodiscard]] Device& device() { return device_; }
  [[nodiscard]] std::uint32_t base() const { return base_; }
  [[nodiscard]] std::uint32_t slots() const { return slots_; }
  [[nodiscard]] MonitorTicket submitted() const { return submitted_; }
  [[nodiscard]] MonitorTicket answered() const { return answered_; }

  static constexpr std::size_t history = 256;

 private:
  struct Patience;
  void collect();
  std::uint32_t next_slot();
  void await(MonitorTicket ticket);

  Device& device_;
  MonitorOptions options_;
  std::uint32_t base_ = 0, slots_ = 0, first_ = 0;  ///< first_: sequence number of ticket 0
  std::uint32_t room_ = 0, batch_limit_ = 0;        ///< where descriptors go, and how many a slot has
  MonitorTicket submitted_ = 0, answered_ = 0;
  std::vector<std::uint32_t> tags_;               ///< of the commands in flight, by slot
  std::array<MonitorAnswer, history> answers_{};  ///< by ticket mod history
};

}  // namespace hilbert
