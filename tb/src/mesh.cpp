// SPDX-License-Identifier: Apache-2.0
// Windows of time, and the chips that run in them.
#include "hilbert/tb/mesh.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <hilbert/crew.hpp>
#include <hilbert/error.hpp>
#include <hilbert/rounds.hpp>
#include <optional>
#include <string>
#include <utility>

namespace hilbert::tb {
namespace {

constexpr unsigned lone_window = 1024;  // clocks, of a mesh without links

/// A chip with channels at its PHY pins and a clock of the mesh.
class MeshChip final : public Chip {
 public:
  /// `leave`: called when the chip stands at the end of its window and is to go on; moves the window. `pause`: called
  /// where whoever drives the chip lets time pass, and may throw.
  MeshChip(std::unique_ptr<Chip> inner, std::function<void()> leave, std::function<void()> pause)
      : inner_(std::move(inner)),
        leave_(std::move(leave)),
        pause_(std::move(pause)),
        pins_(inner_->phy()),
        ports_(pins_.links) {
    clocks_ = inner_->clocks();
  }

  struct Port {
    LinkChannel *out = nullptr, *in = nullptr;
  };
  [[nodiscard]] std::vector<Port>& ports() { return ports_; }
  [[nodiscard]] unsigned lanes() const { return pins_.lanes; }
  [[nodiscard]] std::uint64_t time() const { return time_; }
  [[nodiscard]] Chip& inner() { return *inner_; }

  void begin() {
    started_ = true;
    std::ranges::fill(pins_.rx, std::byte{0});
    give_clocks();
  }
  void set_window_end(std::uint64_t end) { window_end_ = end; }
  /// Runs to `end`, within the window; the others stay where they are.
  void follow(std::uint64_t end) {
    while (time_ < end) clock_once();
  }

  void settle() override {
    receive();
    inner_->settle();
  }

  void edge() override {
    if (!started_) {
      inner_->edge();
      clocks_ = inner_->clocks();
    } else {
      if (!received_) settle();
      send_and_edge();
    }
  }

  void run(std::uint64_t clocks) override {
    if (!started_) {
      inner_->run(clocks);
      clocks_ = inner_->clocks();
      return;
    }
    for (; clocks > 0; --clocks) {
      if (time_ == window_end_) leave_();
      clock_once();
    }
    pause_();
  }

  void reset(unsigned clocks) override {
    if (started_) {
      for (unsigned i = 0; i < clocks; ++i) {
        receive();
        for (const Port& port : ports_) {
          if (port.out != nullptr) port.out->push({});
        }
        received_ = false;
        ++time_;
      }
    }
    inner_->reset(clocks);
    if (started_) give_clocks();
    clocks_ = inner_->clocks();
  }

  HostPins host() override { return inner_->host(); }
  void start_trace(const std::string& path) override { inner_->start_trace(path); }
  void stop_trace() override { inner_->stop_trace(); }

 private:
  /// The PHY moves a symbol a clock on every port; one that is joined to nobody hears zeros.
  void give_clocks() {
    if (pins_.links == 0) return;
    *pins_.tx_take = *pins_.rx_give = static_cast<std::uint8_t>((1U << pins_.links) - 1);
  }

  /// What arrives in this clock, once.
  void receive() {
    if (!started_ || received_) return;
    if (time_ == window_end_) leave_();
    take_symbols();
  }
  void take_symbols() {
    std::byte* at = pins_.rx.data();
    for (const Port& port : ports_) {
      if (port.in != nullptr) {
        const Symbols symbols = port.in->pop();
        std::memcpy(at, symbols.data(), 2 * pins_.lanes);
      }
      at += 2 * pins_.lanes;
    }
    received_ = true;
  }
  void clock_once() {
    if (!received_) take_symbols();
    inner_->settle();
    send_and_edge();
  }
  void send_and_edge() {
    const std::byte* at = pins_.tx.data();
    for (const Port& port : ports_) {
      if (port.out != nullptr) {
        Symbols symbols{};
        std::memcpy(symbols.data(), at, 2 * pins_.lanes);
        port.out->push(symbols);
      }
      at += 2 * pins_.lanes;
    }
    inner_->edge();
    clocks_ = inner_->clocks();
    received_ = false;
    ++time_;
  }

  std::unique_ptr<Chip> inner_;
  std::function<void()> leave_, pause_;
  PhyPins pins_;
  std::vector<Port> ports_;
  bool started_ = false, received_ = false;  ///< received_: this clock's symbols are at the pins
  std::uint64_t time_ = 0, window_end_ = 0;
};

std::string name(MeshEnd end) { return "chip " + std::to_string(end.chip) + ", port " + std::to_string(end.port); }

}  // namespace

struct Mesh::State {
  State(std::size_t size, unsigned wanted)
      : threads(static_cast<unsigned>(std::clamp<std::size_t>(wanted, 1, std::max<std::size_t>(size, 1)))),
        crew(threads) {}

  /// Every chip to `end`, at most the window's.
  void all_to(std::uint64_t end) {
    crew.each(chips.size(), [&](std::size_t i) { chips[i]->follow(end); });
  }
  void leave(std::size_t chip) {
    if (rounds != nullptr) {
      rounds->arrive(chip);
    } else {
      next_window();
    }
  }
  void next_window() {
    all_to(window_end);
    window_end += window;
    for (const auto& chip : chips) chip->set_window_end(window_end);
  }

  std::vector<std::unique_ptr<MeshChip>> chips;
  std::vector<std::array<std::unique_ptr<LinkChannel>, 2>> channels;
  unsigned window = lone_window;
  std::uint64_t window_end = 0;
  bool started = false;
  unsigned threads;
  Rounds* rounds = nullptr;  ///< while chips are driven together
  Crew crew;
};

Mesh::Mesh(std::vector<std::unique_ptr<Chip>> chips, std::span<const MeshLink> links, unsigned threads)
    : state_(std::make_unique<State>(chips.size(), threads)) {
  State* state = state_.get();
  for (std::size_t i = 0; i < chips.size(); ++i) {
    const auto pause = [state] {
      if (state->rounds != nullptr) state->rounds->check();
    };
    state->chips.push_back(std::make_unique<MeshChip>(
        std::move(chips[i]), [state, i] { state->leave(i); }, pause));
  }
  std::optional<unsigned> least;
  for (const MeshLink& link : links) {
    for (const ChannelOptions* options : {&link.a_to_b, &link.b_to_a}) {
      least = std::min(least.value_or(options->latency), options->latency);
    }
  }
  if (least == 0U) throw Error(ExitCode::bad_input, "a link of latency 0", "mesh", "at least one clock");
  state->window = least.value_or(lone_window);

  const auto port_of = [&](MeshEnd end) -> MeshChip::Port& {
    if (end.chip >= state->chips.size() || end.port >= state->chips[end.chip]->ports().size()) {
      throw Error(ExitCode::bad_input, "there is no " + name(end), "mesh", "choose a configuration with links");
    }
    MeshChip::Port& port = state->chips[end.chip]->ports()[end.port];
    if (port.out != nullptr) throw Error(ExitCode::bad_input, name(end) + " is joined twice", "mesh");
    return port;
  };
  for (const MeshLink& link : links) {
    const auto channel = [&](ChannelOptions options, MeshEnd from) {
      options.lanes = state->chips[from.chip]->lanes();
      options.ahead = state->window;
      return std::make_unique<LinkChannel>(options);
    };
    MeshChip::Port& a = port_of(link.a);
    auto& pair = state->channels.emplace_back();
    pair[0] = channel(link.a_to_b, link.a);
    a = {pair[0].get(), nullptr};
    MeshChip::Port& b = port_of(link.b);
    pair[1] = channel(link.b_to_a, link.b);
    a.in = pair[1].get();
    b = {pair[1].get(), pair[0].get()};
  }
}

Mesh::~Mesh() = default;

void Mesh::start() {
  State& s = *state_;
  if (s.started) return;
  s.started = true;
  s.window_end = s.window;
  for (const auto& chip : s.chips) {
    chip->begin();
    chip->set_window_end(s.window_end);
  }
}

std::size_t Mesh::size() const { return state_->chips.size(); }
Chip& Mesh::chip(std::size_t index) { return *state_->chips.at(index); }
unsigned Mesh::window() const { return state_->window; }
LinkChannel& Mesh::channel(std::size_t link, unsigned direction) { return *state_->channels.at(link).at(direction); }

std::uint64_t Mesh::clocks() const {
  std::uint64_t most = 0;
  for (const auto& chip : state_->chips) most = std::max(most, chip->time());
  return most;
}

void Mesh::run(std::uint64_t clocks) {
  State& s = *state_;
  if (s.rounds != nullptr) {
    throw Error(ExitCode::bad_input, "run() while chips are driven together", "mesh", "let the chip's own time pass");
  }
  start();
  const std::uint64_t end = this->clocks() + clocks;
  while (s.window_end < end) s.next_window();
  s.all_to(end);
}

void Mesh::together(const std::function<void(std::size_t)>& drive) {
  State& s = *state_;
  if (s.rounds != nullptr) throw Error(ExitCode::bad_input, "together() while chips are driven together", "mesh");
  start();
  Rounds rounds(size(), s.threads, [&s] { s.next_window(); });
  s.rounds = &rounds;
  try {
    rounds.run(drive);
  } catch (...) {
    s.rounds = nullptr;
    throw;
  }
  s.rounds = nullptr;
}

}  // namespace hilbert::tb
