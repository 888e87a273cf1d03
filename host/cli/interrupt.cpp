// SPDX-License-Identifier: Apache-2.0
// One handler for all signals that end a process.
#include "interrupt.hpp"

#include <fmt/format.h>

#include <array>
#include <atomic>
#include <csignal>
#include <cstring>
#include <hilbert/file.hpp>

namespace hilbert::cli {
namespace {

constexpr std::array deadly{SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGQUIT, SIGALRM, SIGXCPU, SIGUSR1, SIGUSR2};

std::atomic<bool> patient{false};
std::atomic<int> first{0};

bool can_be_noted(int number) { return number == SIGINT || number == SIGTERM || number == SIGHUP || number == SIGPIPE; }

/// Only what is safe in a signal handler: lock-free atomics, unlinkat, signal, raise.
void handle(int number) {
  if (patient && can_be_noted(number)) {
    int none = 0;
    if (first.compare_exchange_strong(none, number) || number == SIGPIPE) return;
  }
  remove_unfinished_files();
  std::signal(number, SIG_DFL);
  std::raise(number);  // it is blocked while its handler runs: the process ends on return
}

}  // namespace

void end_without_litter() {
  for (const int number : deadly) {
    struct sigaction action {};
    if (::sigaction(number, nullptr, &action) == 0 && action.sa_handler == SIG_IGN) continue;
    action = {};
    action.sa_handler = handle;
    action.sa_flags = SA_RESTART;
    ::sigemptyset(&action.sa_mask);
    ::sigaction(number, &action, nullptr);
  }
  std::signal(SIGXFSZ, SIG_IGN);
}

Interrupt::Interrupt() { patient = true; }
Interrupt::~Interrupt() { patient = false; }
int Interrupt::noted() noexcept { return first; }

std::string signal_name(int signal) { return fmt::format("SIG{}", ::sigabbrev_np(signal)); }

void end_by_noted_signal() {
  const int number = first;
  if (number == 0) return;
  std::signal(number, SIG_DFL);
  std::raise(number);
}

}  // namespace hilbert::cli
