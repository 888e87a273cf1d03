// SPDX-License-Identifier: Apache-2.0
// What a chaos campaign does, to what, and what came of it.
#pragma once

#include <array>
#include <cstdint>
#include <hilbert/elf.hpp>
#include <map>
#include <string>

namespace hilbert::firmware {

/// What happens to a running chip.
enum class Upset : std::uint8_t {
  flip_data,    ///< one bit of a word of data memory: correctable
  poison_data,  ///< two bits of a lane: uncorrectable
  flip_queue,   ///< queue memory: descriptors and completions
  poison_queue,
  flip_ring,  ///< the shared area: commands, answers, log
  poison_ring,
  flip_program,  ///< controller memory: code and constants
  poison_program,
  flip_state,  ///< controller memory: variables and stack
  poison_state,
  bad_kick,      ///< the watchdog's key is wrong: the core is reset at once
  short_period,  ///< the watchdog's period becomes a few thousand clocks, once
  starve,        ///< and so it stays after every restart
  hang,          ///< the core goes round in a loop to itself
  overwrite,     ///< an instruction becomes a jump to itself
  pause,         ///< the debugger halts the core for a while
  reset,         ///< somebody toggles CTRL.RUN
};
inline constexpr std::size_t upset_kinds = 17;
[[nodiscard]] const char* to_string(Upset upset);

/// Where things lie in controller memory (firmware/rv32/link.ld).
struct ImageMap {
  std::uint32_t image_end = 0, room_end = 0, stack_bottom = 0, stack_top = 0;
};

struct ChaosOptions {
  std::string uri;
  Firmware image;       ///< for the core of the device
  ImageMap map;         ///< of that image
  bool native = false;  ///< instead: the firmware compiled into this program, and no controller memory
  std::uint64_t seed = 1;
  std::uint32_t most_upsets = 6;  ///< of a run
  bool verbose = false;           ///< print each upset as it happens
};

/// What came of the runs, added up.
struct ChaosCounts {
  std::uint64_t runs = 0, chains = 0, commands = 0, batches = 0;  ///< commands: submitted; batches: of them
  std::array<std::uint64_t, upset_kinds> upsets{};
  std::map<std::uint32_t, std::uint64_t> answers;  ///< by status
  std::uint64_t run_again = 0;                     ///< OK after the monitor ran a block again
  std::uint64_t right_at_once = 0, right_later = 0, unanswered = 0, found_poisoned = 0;
  std::map<std::string, std::uint64_t> lost;  ///< sessions, by what was reported
  std::uint64_t restarted = 0, reloaded = 0;  ///< by the host
  std::uint64_t watchdog_resets = 0, most_clocks = 0, most_tries = 0;
};

}  // namespace hilbert::firmware
