// SPDX-License-Identifier: Apache-2.0
// Feeds the queues of all chips at once, and says what went wrong when one stands still.
#include "distributed/board_runner.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <hilbert/error.hpp>

#include <cpu_regs.hpp>
#include <net_regs.hpp>
#include <tile_regs.hpp>

namespace hilbert::distributed {
namespace {

namespace net = regs::net;
namespace tile = regs::tile;

constexpr std::uint32_t kAllCauses = net::irq_status_bad_flit_mask | net::irq_status_no_route_mask |
                                     net::irq_status_poison_mask | net::irq_status_get_lost_mask;
constexpr unsigned kLooksAtNetwork = 16;       // looks at the queue from one at the network to the next
constexpr std::uint32_t kQuietClocks = 1'000;  // longer than a flit needs for the longest hop but for long wires
constexpr unsigned kQuietTries = 200;

/// A word was uncorrectable: the program is over, and the board is not to blame.
class Spoilt final : public Error {
 public:
  explicit Spoilt(std::string what) : Error(ExitCode::machine, std::move(what), "board") {}
};

/// A host port at work: one chip's program, its queue, and the watchdog.
class Host {
 public:
  Host(const ChipProgram& program, JobQueue& queue, Place place, const RunnerOptions& options)
      : steps_(program.steps()), queue_(queue), device_(queue.device()), place_(place), options_(options) {
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
        throw Spoilt(fmt::format("uncorrectable word at {:#010x} of {}", error.address(), name()));
      }
    }
    moved();
  }

  void moved() {
    looks_ = 0;
    since_ = device_.cycles();
  }

  /// One look at the queue, and at times at the network; then time passes.
  void look() {
    (void)queue_.done(first_ + ended());
    if (first_ + ended() < queue_.completed()) {
      while (first_ + ended() < queue_.completed()) take(queue_.wait(first_ + ended()));
      moved();
      return;
    }
    if (++looks_ % kLooksAtNetwork == 0 && device_.capabilities().geometry.links != 0) {
      const std::uint32_t causes = device_.read_register(net_register_base + net::irq_status);
      if ((causes & kAllCauses) != 0) {
        throw Error(ExitCode::machine, fmt::format("the network lost something at {}", name()), "board");
      }
    }
    const std::uint64_t clocks = device_.cycles() - since_;
    if (device_.cycles() != 0 ? clocks > options_.hang_clocks : looks_ > options_.hang_looks) {
      throw Error(ExitCode::machine,
                  device_.cycles() != 0 ? fmt::format("{}: no job ended within {} clocks", name(), clocks)
                                        : fmt::format("{}: no job ended within {} looks", name(), looks_),
                  "board");
    }
    device_.idle(options_.poll_clocks);
  }

  void take(const model::Completion& completion) {
    if (completion.status == model::Status::poisoned) {
      throw Spoilt(fmt::format("job {} of {}: {}", ended(), name(), describe(completion)));
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
  Ticket first_;
  std::size_t next_ = 0;
  std::vector<model::Completion> completions_;
  unsigned looks_ = 0;
  std::uint64_t since_ = device_.cycles();
};

void hold_controller(Device& device) {
  if (device.capabilities().cpu_bytes != 0) device.write_register(cpu_register_base + regs::cpu::ctrl, 0);
}

}  // namespace

BoardRunner::BoardRunner(Board& board, RunnerOptions options)
    : board_(board), options_(options), queues_(board.size()) {
  for (std::size_t i = 0; i < board_.size(); ++i) hold_controller(board_.device(i));
  stop();
}

BoardRun BoardRunner::run(std::span<const ChipProgram> programs) {
  if (programs.size() != board_.size()) {
    throw Error(ExitCode::bad_input, fmt::format("{} programs for {} chips", programs.size(), board_.size()),
                board_.uri());
  }
  const std::uint64_t begin = board_.clocks();
  if (!settle()) {
    throw Error(ExitCode::machine, "the network does not come to rest" + circumstances(), board_.uri(),
                "open the board again");
  }
  std::vector<std::unique_ptr<Host>> hosts(board_.size());
  BoardRun result;
  try {
    board_.together([&](std::size_t i) {
      Device& device = board_.device(i);
      for (std::uint32_t s = 0; s < tile::sem_count; ++s) device.write_register(register_base + tile::sem + 4 * s, 0);
      device.write_register(net_register_base + net::irq_status, kAllCauses);
      device.write_register(register_base + tile::ctrl, 0);
      hosts[i] = std::make_unique<Host>(programs[i], *queues_[i], board_.file().chips[i], options_);
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
  } catch (const Spoilt& spoilt) {
    result.spoilt = spoilt.what_happened();
  } catch (const Error& error) {
    result.spoilt = poisoned_word();  // what another chip waits for in vain
    if (result.spoilt.empty()) {
      const std::string around = circumstances();
      stop();
      throw Error(error.code(), error.what_happened() + around, board_.uri(), error.what_next());
    }
  }
  if (!result.spoilt.empty()) stop();
  for (const auto& host : hosts)
    result.completions.push_back(host ? std::move(host->completions()) : std::vector<model::Completion>{});
  return result;
}

/// Ends whatever the chips do; queues begin afresh.
void BoardRunner::stop() {
  board_.together([&](std::size_t i) {
    try {
      queues_[i] = std::make_unique<JobQueue>(board_.device(i));
    } catch (const Error&) {  // a job that a dead link holds: settle() says so before the next program
      board_.device(i).write_register(register_base + tile::ctrl, 0);
    }
  });
  (void)settle();
}

/// Whether all transfers are over and nothing arrives any more, waiting for it.
bool BoardRunner::settle() {
  std::vector<std::uint32_t> in(board_.size()), before;
  for (unsigned tries = 0; tries < kQuietTries; ++tries) {
    bool busy = false;
    std::uint32_t came = 0, went = 0;
    for (std::size_t i = 0; i < board_.size(); ++i) {
      if (board_.device(i).capabilities().geometry.links == 0) return true;
      const auto read = [&](std::uint32_t offset) {
        return board_.device(i).read_register(net_register_base + offset);
      };
      busy = busy || read(net::status) != 0;
      in[i] = read(net::words_in) + read(net::words_in + 4);
      came += in[i];
      went += read(net::words_out) + read(net::words_out + 4);
    }
    if (!busy && (came == went || in == before)) {
      return std::ranges::all_of(queues_, [](const auto& queue) { return queue != nullptr; });
    }
    before = in;
    board_.run(kQuietClocks);
  }
  return false;
}

void BoardRunner::require_good_network() {
  for (std::size_t i = 0; i < board_.size(); ++i) {
    if (board_.device(i).capabilities().geometry.links == 0) continue;
    if ((board_.device(i).read_register(net_register_base + net::irq_status) & kAllCauses) != 0) {
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
  for (std::size_t i = 0; i < board_.file().links.size(); ++i) {
    const BoardLink& link = board_.file().links[i];
    const auto ends = board_.link(i);
    for (unsigned side = 0; side < 2; ++side) {
      const BoardEnd at = side == 0 ? link.a : link.b;
      if (ends[side].up) continue;
      text += fmt::format("; link {} of chip {} is {}: {}", port_name(at.port), to_string(board_.file().chips[at.chip]),
                          link_state_name(ends[side].state), link_reason_text(ends[side].reason));
    }
  }
  return text;
}

}  // namespace hilbert::distributed
