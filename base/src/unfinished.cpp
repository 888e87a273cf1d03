// SPDX-License-Identifier: Apache-2.0
// A table of fixed size whose entries are taken and given back by atomic operations: all a signal handler may touch.
#include "unfinished.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <random>

#include "hilbert/file.hpp"

namespace hilbert {
namespace {

enum State : int { unused, being_filled, noted };

struct Entry {
  std::atomic<int> state{unused};
  int folder = -1;
  std::array<char, 32> name{};
};
static_assert(std::atomic<int>::is_always_lock_free);

std::array<Entry, 64> entries;

}  // namespace

int note_unfinished(int folder, const std::string& name) noexcept {
  for (Entry& entry : entries) {
    int expected = unused;
    if (!entry.state.compare_exchange_strong(expected, being_filled)) continue;
    entry.folder = folder;
    entry.name = {};
    std::copy_n(name.begin(), std::min(name.size(), entry.name.size() - 1), entry.name.begin());
    entry.state = noted;
    return static_cast<int>(&entry - entries.data());
  }
  return -1;
}

void forget_unfinished(int place) noexcept {
  if (place >= 0) entries[static_cast<std::size_t>(place)].state = unused;
}

void remove_unfinished_files() noexcept {
  for (Entry& entry : entries) {
    if (entry.state == noted) ::unlinkat(entry.folder, entry.name.data(), 0);
  }
}

std::string unfinished_name() {
  std::random_device device;
  return fmt::format(".hilbert-{:08x}{:08x}", device(), device());
}

}  // namespace hilbert
