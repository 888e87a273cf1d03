// SPDX-License-Identifier: Apache-2.0
// One run of the chaos campaign: a host that submits chains, judges answers and results, and recovers what was
// reported.
#include "chaos.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <hilbert/monitor.hpp>
#include <hilbert/regs/cpu.hpp>
#include <memory>
#include <support/native/controller.hpp>
#include <vector>

#include "chaos_device.hpp"
#include "chaos_upsets.hpp"
#include "chaos_work.hpp"
#include "support/random.hpp"

namespace hilbert::firmware {
namespace {

namespace r = regs::cpu;

constexpr std::uint32_t zones = 4, zone_bytes = 2048;  // at most
constexpr std::size_t chains_a_run = 6, longest_chain = 4;
constexpr std::uint32_t watchdog_clocks = 60'000;
constexpr std::uint64_t heart_clocks = 4 * watchdog_clocks;  // a heart that stands still for so long is reported
constexpr std::uint64_t run_clocks = 8'000'000;              // a run that lasts longer hangs
constexpr std::uint64_t patience = 8;                        // tries of a chain until the host loads the image again
constexpr std::uint64_t most_tries = 40;                     // of a chain: upsets end, so it must come right

/// What no run may end with.
struct Wrong {
  std::string what;
};

/// The words of a report without its numbers, which differ from run to run.
std::string kind_of(const std::string& report) {
  std::string kind;
  for (const char c : report.substr(0, report.find(';'))) {
    if (c >= '0' && c <= '9') {
      if (kind.empty() || kind.back() != 'N') kind += 'N';
    } else {
      kind += c;
    }
  }
  return kind;
}

/// What was reported, and made the host give up the session.
struct Lost {
  std::string what;
  bool reload;
};

class Run {
 public:
  Run(const ChaosOptions& options, std::uint64_t index, ChaosCounts& counts)
      : options_(options),
        counts_(counts),
        random_(options.seed * 0x9E3779B97F4A7C15u + index),
        inner_(open_device(options.uri, open_options())),
        native_(options.native ? std::make_unique<NativeController>(*inner_) : nullptr),
        chip_(native_ ? static_cast<Device&>(*native_) : *inner_),
        seen_(chip_),
        upsets_(chip_, options_, random_(), counts) {
    seen_.before_access = [this] { upsets_.host_tick(); };
    if (native_) {
      native_->on_access = [this](std::uint64_t, std::uint32_t, bool) {
        if (seen_.armed) upsets_.core_tick();
      };
    }
  }

  void run() {
    for (std::size_t i = 0; i < chains_a_run; ++i) todo_.push_back({});
    attach(true);
    make_chains();
    while (!todo_.empty() || !flying_.empty()) {
      try {
        launch();
        land();
        pass();
      } catch (const Lost& lost) {
        recover(lost);
      } catch (const UncorrectableError& error) {
        throw Wrong{std::string("an uncorrectable word outside results: ") + error.what()};
      } catch (const Error& error) {
        recover({error.what_happened(), false});
      }
    }
    seen_.armed = false;
    counts_.watchdog_resets += monitor_health(chip_).watchdog_resets;
    counts_.most_clocks = std::max(counts_.most_clocks, seen_.idled());
  }

 private:
  struct Task {
    Chain chain;
    std::uint64_t tries = 0;
    std::vector<MonitorTicket> tickets;
  };

  OpenOptions open_options() {
    OpenOptions o;
    o.seed = random_();
    const double stalls[] = {0.0, 0.05, 0.3};
    const double stall = stalls[random_() % 3];
    if (abilities_of(options_.uri).stalls) o.stall_probability = stall;
    return o;
  }

  void make_chains() {
    const model::Geometry& g = chip_.capabilities().geometry;
    const std::uint32_t share = std::min(monitor_->base() / zones, zone_bytes) / g.word_bytes() * g.word_bytes();
    for (std::size_t i = 0; i < todo_.size(); ++i) {
      const Zone zone{static_cast<std::uint32_t>(i % zones) * (monitor_->base() / zones / 64 * 64), share};
      todo_[i].chain = random_chain(random_, g, zone, longest_chain, monitor_->batch_limit());
      ++counts_.chains;
    }
  }

  /// Starts the monitor and attaches, with the upsets held back. Throws Lost.
  void attach(bool reload) {
    seen_.armed = false;
    monitor_.reset();
    if (reload && !native_) load_firmware(chip_, options_.image);
    start_monitor(chip_, {.tests = 0, .watchdog_clocks = watchdog_clocks});
    // The look of the Monitor itself would wait by the wall clock on devices without one.
    for (std::uint64_t waited = 0;; waited += 64) {
      const monitor_phase phase = monitor_health(chip_).phase;
      if (phase == MONITOR_READY) break;
      if (phase >= MONITOR_BAD_MAP) throw Lost{"start: " + describe(monitor_health(chip_)), true};
      if (waited > heart_clocks) throw Lost{"start: the monitor does not become ready", true};
      chip_.idle(64);
    }
    monitor_ = std::make_unique<Monitor>(seen_);
    upsets_.set_area(monitor_->base(), MONITOR_AREA_BYTES(monitor_->slots()));
    heart_ = 0, heart_at_ = seen_.idled();
    seen_.armed = true;
  }

  void recover(Lost lost) {
    for (bool reload = lost.reload;; reload = true) {
      ++counts_.lost[kind_of(lost.what)];
      for (Task& task : flying_) {
        counts_.unanswered += task.tickets.size();
        todo_.push_back(std::move(task));
      }
      flying_.clear();
      ++(reload ? counts_.reloaded : counts_.restarted);
      try {
        return attach(reload);
      } catch (const Lost& again) {
        if (reload) throw Wrong{"not even a new image helps: " + again.what};
        lost = again;
      } catch (const Error& error) {
        if (reload) throw Wrong{std::string("not even a new image helps: ") + error.what()};
        lost = {"start: " + error.what_happened(), true};
      }
    }
  }

  /// Uploads and submits chains, while there are slots and their zone is free.
  void launch() {
    for (auto it = todo_.begin(); it != todo_.end();) {
      const auto in_flight = monitor_->submitted() - monitor_->answered();
      const bool busy = std::any_of(flying_.begin(), flying_.end(),
                                    [&](const Task& t) { return t.chain.zone.base == it->chain.zone.base; });
      if (busy || in_flight + it->chain.commands.size() > monitor_->slots()) {
        ++it;
        continue;
      }
      flying_.push_back(std::move(*it));
      it = todo_.erase(it);
      Task& task = flying_.back();
      task.tickets.clear();
      if (++task.tries > most_tries) throw Wrong{fmt::format("a chain does not come right in {} tries", most_tries)};
      counts_.most_tries = std::max(counts_.most_tries, task.tries);
      if (task.tries % patience == 0) throw Lost{"a chain fails again and again", true};
      seen_.write_words(task.chain.zone.base, task.chain.before);
      for (const ChainCommand& command : task.chain.commands) {
        ++counts_.commands;
        task.tickets.push_back(command.batch.empty() ? monitor_->submit(command.words)
                                                     : monitor_->submit(command.batch, command.words[MONITOR_CMD_TAG]));
        counts_.batches += !command.batch.empty();
      }
      return;  // look at the answers between two chains
    }
  }

  void land() {
    while (!flying_.empty() && monitor_->done(flying_.front().tickets.back())) {
      Task& task = flying_.front();
      const bool right = judge(task);
      if (!right) {
        todo_.push_back(std::move(task));
      } else {
        ++(task.tries == 1 ? counts_.right_at_once : counts_.right_later);
      }
      flying_.pop_front();
    }
  }

  /// Whether all of it was answered OK and can be read; then it must be right.
  bool judge(const Task& task) {
    bool good = true, stuck = false;
    for (std::size_t i = 0; i < task.tickets.size(); ++i) {
      const MonitorAnswer& answer = monitor_->wait(task.tickets[i]);
      const ChainCommand& command = task.chain.commands[i];
      const bool reported = answer.status >= MONITOR_POISONED && answer.status != MONITOR_PROTECTED;
      ++counts_.answers[answer.status];
      if (answer.status != MONITOR_OK && !reported) throw Wrong{"a good command was refused: " + describe(answer)};
      if (answer.status == MONITOR_JOB_ERROR) throw Wrong{"the tile refused a descriptor: " + describe(answer)};
      stuck = stuck || answer.status == MONITOR_TILE_STUCK;
      good = good && answer.status == MONITOR_OK;
      if (answer.status != MONITOR_OK) continue;
      counts_.run_again += answer.retries != 0;
      if (answer.tag != command.words[MONITOR_CMD_TAG]) throw Wrong{"an answer with the tag of another command"};
      if (answer.opcode == MONITOR_PING && answer.result[0] != command.words[MONITOR_CMD_ARGUMENT]) {
        throw Wrong{"a PING came back changed"};
      }
      model::Flags flags = answer.flags;
      if (command.denormal_may_differ) flags |= model::Flags{1u << static_cast<unsigned>(model::Flag::denormal)};
      model::Flags right = command.flags;
      if (command.denormal_may_differ) right |= model::Flags{1u << static_cast<unsigned>(model::Flag::denormal)};
      // Of operands that an error before it has poisoned, a command may make anything.
      if (good && flags.bits != right.bits) {
        throw Wrong{fmt::format("flags {} instead of {}", to_string(flags), to_string(right))};
      }
    }
    if (stuck) throw Lost{"TILE_STUCK", false};
    if (!good) return false;
    std::vector<std::byte> after(task.chain.after.size());
    try {
      seen_.read_words(task.chain.zone.base, after);
    } catch (const UncorrectableError&) {
      ++counts_.found_poisoned;
      return false;
    }
    const auto differs = std::mismatch(after.begin(), after.end(), task.chain.after.begin());
    if (differs.first != after.end()) {
      throw Wrong{fmt::format(
          "silently wrong: byte {:#x} of data memory is {:#04x}, must be {:#04x}, after {} commands answered OK",
          task.chain.zone.base + (differs.first - after.begin()), static_cast<unsigned>(*differs.first),
          static_cast<unsigned>(*differs.second), task.tickets.size())};
    }
    return true;
  }

  /// Lets time pass; looks whether the monitor lives.
  void pass() {
    if (seen_.idled() > run_clocks) throw Wrong{fmt::format("no end within {} clocks", run_clocks)};
    if (flying_.empty()) return;
    const MonitorHealth health = monitor_health(seen_);
    if (health.phase >= MONITOR_BAD_MAP && health.phase != MONITOR_STUCK) {
      throw Lost{describe(health), health.phase != MONITOR_RING_LOST};
    }
    if (health.heartbeat != heart_) {
      heart_ = health.heartbeat;
      heart_at_ = seen_.idled();
    } else if (seen_.idled() - heart_at_ > heart_clocks) {
      throw Lost{"the heart stands still", true};
    }
    seen_.idle(1 + static_cast<std::uint32_t>(random_() % 256));
  }

  const ChaosOptions& options_;
  ChaosCounts& counts_;
  Random random_;
  std::unique_ptr<Device> inner_;
  std::unique_ptr<NativeController> native_;
  Device& chip_;      ///< where upsets go
  ChaosDevice seen_;  ///< what the host works with
  Upsets upsets_;
  std::unique_ptr<Monitor> monitor_;
  std::deque<Task> todo_, flying_;
  std::uint32_t heart_ = 0;
  std::uint64_t heart_at_ = 0;
};

}  // namespace

std::optional<std::string> chaos_run(const ChaosOptions& options, std::uint64_t index, ChaosCounts& counts) {
  ++counts.runs;
  try {
    Run(options, index, counts).run();
  } catch (const Wrong& wrong) {
    return wrong.what;
  } catch (const Lost& lost) {
    return "it does not even start: " + lost.what;
  }
  return std::nullopt;
}

std::string describe(const ChaosCounts& c) {
  std::string text = fmt::format("{} runs, {} chains, {} commands submitted, {} of them batches\nupsets\n", c.runs,
                                 c.chains, c.commands, c.batches);
  for (std::size_t i = 0; i < upset_kinds; ++i) {
    if (c.upsets[i] != 0) text += fmt::format("  {:<40} {}\n", to_string(static_cast<Upset>(i)), c.upsets[i]);
  }
  text += "answers\n";
  for (const auto& [status, count] : c.answers) {
    MonitorAnswer answer;
    answer.status = static_cast<std::uint8_t>(status);
    const std::string name = describe(answer);
    text += fmt::format("  {:<40} {}\n", name.substr(0, name.find_first_of(" :")), count);
  }
  text += fmt::format("  {:<40} {}\n  {:<40} {}\n", "of OK: after the monitor's own retry", c.run_again,
                      "none: lost with their session", c.unanswered);
  text += fmt::format("chains\n  {:<40} {}\n  {:<40} {}\n  {:<40} {}\n", "right at the first try", c.right_at_once,
                      "right after an error was reported", c.right_later, "results found poisoned when read",
                      c.found_poisoned);
  text += "sessions lost\n";
  for (const auto& [what, count] : c.lost) text += fmt::format("  {:<40} {}\n", what, count);
  text += fmt::format("  {:<40} {}\n  {:<40} {}\n", "the host started the monitor again", c.restarted,
                      "the host loaded the image again", c.reloaded);
  text += fmt::format("{} watchdog resets; longest run {} clocks waited, most tries of a chain {}\n", c.watchdog_resets,
                      c.most_clocks, c.most_tries);
  return text;
}

}  // namespace hilbert::firmware
