// SPDX-License-Identifier: Apache-2.0
// Feeds the queues of all chips at once, and says what went wrong when one stands still.
#include "distributed/board_runner.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <hilbert/error.hpp>
#include <utility>

#include <hilbert/regs/cpu.hpp>
#include <hilbert/regs/net.hpp>
#include <hilbert/regs/tile.hpp>

namespace hilbert::distributed {
namespace {

namespace net = regs::net;
namespace tile = regs::tile;

constexpr std::uint32_t all_causes = net::irq_status_bad_flit_mask | net::irq_status_no_route_mask |
                                     net::irq_status_poison_mask | net::irq_status_get_lost_mask;
constexpr unsigned looks_at_network = 16;          // looks at the queue from one at the network to the next
constexpr std::uint32_t drain_clocks = 500;        // from one look at a network that empties to the next
constexpr std::uint64_t clocks_to_abort = 32'000;  // a job that is aborted has ended, but for what long wires add

/// A word was uncorrectable: the program is over, and the board is not to blame.
class Poisoned final : public Error {
 public:
  explicit Poisoned(std::string what) : Error(ExitCode::machine, std::move(what), "board") {}
};

/// Something moved, on whichever chip: counted by the hosts for each other. A chip may wait for long for what others
/// still do, so none hangs before all stand still. (Hosts may read a count of this window of time or of the last, as
/// threads happen to run; that moves the clock at which a hang is told, and nothing of a program that ends.)
using Pulse = std::atomic<std::uint64_t>;

/// Words that a chip's tile gave to the network, and that came for it.
struct NetworkWords {
  std::uint32_t out = 0, in = 0;
  bool operator==(const NetworkWords&) const = default;
};
NetworkWords network_words(Device& device) {
  if (device.capabilities().geometry.links == 0) return {};
  const auto both = [&](std::uint32_t offset) {
    return device.read_register(net_register_base + offset) + device.read_register(net_register_base + offset + 4);
  };
  return {both(net::words_out), both(net::words_in)};
}

/// A host port at work: one chip's program, its queue, and the watchdog.
class Host {
 public:
  Host(const ChipProgram& program, JobQueue& queue, Place place, const RunnerOptions& options, std::uint64_t stillness,
       Pulse& pulse)
      : steps_(program.steps()),
        queue_(queue),
        device_(queue.device()),
        place_(place),
        options_(options),
        stillness_(stillness),
        pulse_(pulse),
        words_(network_words(device_)) {
    first_ = queue_.submitted();
  }

  /// What can be done while no job ends: in a tile whose queue stands.
  void fill() {
    while (next_ < steps_.size() && !must_wait()) step();
  }
  void finish() {
    for (; next_ < steps_.size(); step()) {
      while (must_wait()) look();
    }
    while (ended() < queue_.submitted() - first_) look();
  }
  [[nodiscard]] std::vector<model::Completion>& completions() { return completions_; }

 private:
  [[nodiscard]] std::uint64_t ended() const { return completions_.size(); }
  [[nodiscard]] std::string name() const { return "chip " + to_string(place_); }

  [[nodiscard]] bool must_wait() const {
    const std::uint64_t handed = queue_.submitted() - first_;
    if (const auto* write = std::get_if<ChipProgram::Write>(&steps_[next_]))
      return write->after && *write->after >= ended();
    if (std::holds_alternative<ChipProgram::Read>(steps_[next_])) return handed != ended();
    return queue_.submitted() - queue_.completed() == device_.capabilities().geometry.queue_slots;
  }

  void step() {
    const auto& step = steps_[next_++];
    if (const auto* job = std::get_if<model::Descriptor>(&step)) {
      (void)queue_.submit(*job);
    } else if (const auto* write = std::get_if<ChipProgram::Write>(&step)) {
      device_.write_words(write->address, write->bytes);
    } else {
      const auto& read = std::get<ChipProgram::Read>(step);
      try {
        device_.read_words(read.address, read.bytes);
      } catch (const UncorrectableError& error) {
        throw Poisoned(fmt::format("uncorrectable word at {:#010x} of {}", error.address(), name()));
      }
    }
    moved();
  }

  void moved() {
    looks_ = 0;
    ended_at_ = since_ = device_.clocks();
    seen_ = ++pulse_;
  }
  /// Whether something moved on the board since this was asked last, or since a step of this chip was taken.
  [[nodiscard]] bool board_moved() {
    const NetworkWords words = network_words(device_);
    if (std::exchange(words_, words) != words) ++pulse_;
    since_ = device_.clocks();
    const std::uint64_t now = pulse_;
    return std::exchange(seen_, now) != now;
  }

  /// One look at the queue, and at times at the network; then time passes.
  void look() {
    (void)queue_.done(first_ + ended());
    if (first_ + ended() < queue_.completed()) {
      while (first_ + ended() < queue_.completed()) take(queue_.wait(first_ + ended()));
      moved();
      return;
    }
    if (++looks_ % looks_at_network == 0 && device_.capabilities().geometry.links != 0) {
      const std::uint32_t causes = device_.read_register(net_register_base + net::irq_status);
      if ((causes & all_causes) != 0) {
        throw Error(ExitCode::machine, fmt::format("the network lost something at {}", name()), "board");
      }
    }
    const std::uint64_t now = device_.clocks();
    if (now == 0 && looks_ > options_.hang_looks) {
      throw Error(ExitCode::machine, fmt::format("{}: no job ended within {} looks", name(), looks_), "board");
    }
    if (now - since_ > stillness_ && !board_moved()) {
      throw Error(ExitCode::machine,
                  fmt::format("{}: no job ended within {} clocks, and on the whole board nothing moves", name(),
                              now - ended_at_),
                  "board");
    }
    device_.idle(options_.poll_clocks);
  }

  void take(const model::Completion& completion) {
    if (completion.status == model::Status::poisoned) {
      throw Poisoned(fmt::format("job {} of {}: {}", ended(), name(), describe(completion)));
    }
    if (completion.status != model::Status::ok) {
      throw Error(completion.status == model::Status::aborted ? ExitCode::machine : ExitCode::bad_input,
                  fmt::format("job {} of {}, {}, ended with {}", ended(), name(),
                              model::to_string(static_cast<model::Opcode>(completion.opcode)), describe(completion)),
                  "board", "rtl/README.md, Descriptor, lists the checks");
    }
    completions_.push_back(completion);
  }

  const std::vector<ChipProgram::Step>& steps_;
  JobQueue& queue_;
  Device& device_;
  Place place_;
  const RunnerOptions& options_;
  std::uint64_t stillness_;
  Pulse& pulse_;
  NetworkWords words_;  ///< when it was last asked whether the board moves
  Ticket first_;
  std::size_t next_ = 0;
  std::vector<model::Completion> completions_;
  unsigned looks_ = 0;
  std::uint64_t ended_at_ = device_.clocks();  ///< the last step of this chip
  std::uint64_t since_ = ended_at_;            ///< and the last time the board is known to have moved
  std::uint64_t seen_ = 0;                     ///< of the pulse
};

void hold_controller(Device& device) {
  if (device.capabilities().controller_bytes != 0) device.write_register(controller_register_base + regs::cpu::ctrl, 0);
}

}  // namespace

BoardRunner::BoardRunner(Board& board, RunnerOptions options)
    : board_(board), options_(options), patience_(board), queues_(board.size()) {
  for (std::size_t i = 0; i < board_.size(); ++i) hold_controller(board_.device(i));
  stop();
}

BoardRun BoardRunner::run(std::span<const ChipProgram> programs) {
  if (programs.size() != board_.size()) {
    throw Error(ExitCode::bad_input, fmt::format("{} programs for {} chips", programs.size(), board_.size()),
                board_.uri());
  }
  const std::uint64_t begin = board_.clocks();
  if (!drain()) {
    throw Error(ExitCode::machine, "the network does not come to rest" + circumstances(), board_.uri(),
                "open the board again");
  }
  std::vector<std::unique_ptr<Host>> hosts(board_.size());
  BoardRun result;
  Pulse pulse = 0;
  try {
    board_.together([&](std::size_t i) {
      Device& device = board_.device(i);
      for (std::uint32_t s = 0; s < tile::sem_count; ++s) device.write_register(register_base + tile::sem + 4 * s, 0);
      device.write_register(net_register_base + net::irq_status, all_causes);
      device.write_register(register_base + tile::ctrl, 0);
      hosts[i] = std::make_unique<Host>(programs[i], *queues_[i], board_.file().chips[i], options_, stillness(), pulse);
      hosts[i]->fill();
    });
    const std::uint64_t start = board_.clocks();
    board_.together([&](std::size_t i) {
      board_.device(i).write_register(register_base + tile::ctrl, tile::ctrl_enable_mask);
      hosts[i]->finish();
    });
    result.load_clocks = start - begin;
    result.run_clocks = board_.clocks() - start;
    require_good_network();
  } catch (const Poisoned& poisoned) {
    result.poisoned = poisoned.what_happened();
  } catch (const Error& error) {
    result.poisoned = poisoned_word();  // what another chip waits for in vain
    if (result.poisoned.empty()) {
      const std::string around = circumstances();
      stop();
      throw Error(error.code(), error.what_happened() + around, board_.uri(), error.what_next());
    }
  }
  if (!result.poisoned.empty()) stop();
  for (const auto& host : hosts)
    result.completions.push_back(host ? std::move(host->completions()) : std::vector<model::Completion>{});
  return result;
}

/// Ends whatever the chips do; queues begin afresh.
void BoardRunner::stop() {
  for (auto& queue : queues_) queue.reset();
  (void)drain();
}

/// Whether all queues are fresh, all transfers over, and nothing arrives any more, waiting for it: transfers under way
/// are finished, however long that takes over long wires, as long as something moves.
bool BoardRunner::drain() {
  struct Look {
    bool busy = false;
    NetworkWords words;
  };
  std::vector<Look> chips(board_.size()), before;
  const auto same_words = [](const Look& a, const Look& b) { return a.words == b.words; };
  const std::uint64_t emptying = patience_.emptying(), glance = patience_.glance(drain_clocks);
  std::uint64_t still = 0, looked = board_.clocks();  // clocks since a word moved
  for (;;) {
    board_.together([&](std::size_t i) {
      Device& device = board_.device(i);
      if (queues_[i] == nullptr) queues_[i] = fresh_queue(device);
      chips[i].busy =
          device.capabilities().geometry.links != 0 && device.read_register(net_register_base + net::status) != 0;
      chips[i].words = network_words(device);
    });
    if (!std::ranges::equal(chips, before, same_words)) still = 0;
    const bool busy = std::ranges::any_of(chips, &Look::busy) ||
                      std::ranges::any_of(queues_, [](const auto& queue) { return queue == nullptr; });
    std::uint32_t came = 0, went = 0;
    for (const Look& chip : chips) came += chip.words.in, went += chip.words.out;
    if (!busy && (came == went || still >= emptying)) return true;
    if (still >= std::max(stillness(), emptying)) return false;
    before = chips;
    board_.run(glance);
    still += std::max(glance, board_.clocks() - std::exchange(looked, board_.clocks()));  // boards of models have none
  }
}

/// Nothing if a job does not end although it is aborted: a link in training holds it, or a long wire.
std::unique_ptr<JobQueue> BoardRunner::fresh_queue(Device& device) const {
  try {
    return std::make_unique<JobQueue>(device, QueueOptions{.abort_clocks = patience_.stillness(clocks_to_abort)});
  } catch (const Error&) {
    device.write_register(register_base + tile::ctrl, 0);
    return nullptr;
  }
}

void BoardRunner::require_good_network() {
  for (std::size_t i = 0; i < board_.size(); ++i) {
    if (board_.device(i).capabilities().geometry.links == 0) continue;
    if ((board_.device(i).read_register(net_register_base + net::irq_status) & all_causes) != 0) {
      throw Error(ExitCode::machine,
                  fmt::format("the network lost something at chip {}", to_string(board_.file().chips[i])), "board");
    }
  }
}

std::string BoardRunner::poisoned_word() {
  for (std::size_t i = 0; i < board_.size(); ++i) {
    Device& device = board_.device(i);
    if (device.capabilities().geometry.links == 0) continue;
    if ((device.read_register(net_register_base + net::irq_status) & net::irq_status_poison_mask) == 0) continue;
    return fmt::format("uncorrectable word at {:#010x} of chip {} met by the network",
                       device.read_register(net_register_base + net::poison_addr), to_string(board_.file().chips[i]));
  }
  return {};
}

/// What chips that are not through do, what networks report, and which links are not up.
std::string BoardRunner::circumstances() {
  constexpr unsigned most = 4;  // chips told in full
  std::string text;
  unsigned busy = 0;
  for (std::size_t i = 0; i < board_.size(); ++i) {
    Device& device = board_.device(i);
    const std::string name = "chip " + to_string(board_.file().chips[i]);
    if ((device.read_register(register_base + tile::status) & tile::status_busy_mask) != 0 && ++busy <= most) {
      text += fmt::format("; {}: {}", name, describe_activity(device));
    }
    if (device.capabilities().geometry.links == 0) continue;
    const auto read = [&](std::uint32_t offset) { return device.read_register(net_register_base + offset); };
    const std::uint32_t causes = read(net::irq_status);
    if ((causes & net::irq_status_bad_flit_mask) != 0)
      text += fmt::format("; {}: {} bad flits", name, read(net::bad_flits));
    if ((causes & net::irq_status_no_route_mask) != 0)
      text += fmt::format("; {}: {} flits without a way", name, read(net::no_routes));
    if ((causes & net::irq_status_get_lost_mask) != 0)
      text += fmt::format("; {}: {} GETs without an answer", name, read(net::gets_lost));
  }
  if (busy > most) text += fmt::format("; {} more chips are not through", busy - most);
  const auto links = board_.links();
  for (std::size_t i = 0; i < links.size(); ++i) {
    const BoardLink& link = board_.file().links[i];
    for (unsigned side = 0; side < 2; ++side) {
      const BoardEnd at = side == 0 ? link.a : link.b;
      const LinkEnd& end = links[i][side];
      if (end.up) continue;
      text += fmt::format("; link {} of chip {} ", port_name(at.port), to_string(board_.file().chips[at.chip]));
      text += end.active() ? "is active, hunting"
                           : fmt::format("is {}: {}", link_state_name(end.state), link_reason_text(end.reason));
    }
  }
  return text;
}

}  // namespace hilbert::distributed
