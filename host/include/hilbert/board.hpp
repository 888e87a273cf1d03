// SPDX-License-Identifier: Apache-2.0
// Boards: chips joined by links, opened from a board file (boards/README.md), found out over the links themselves.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <hilbert/device.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace hilbert {

/// Where a chip is: 0 to 15 each.
struct Place {
  unsigned x = 0, y = 0;
  bool operator==(const Place&) const = default;
};
[[nodiscard]] std::string to_string(Place place);  ///< "(1, 0)"

inline constexpr unsigned board_ports = 4;                ///< 0: x + 1, 1: x - 1, 2: y + 1, 3: y - 1
[[nodiscard]] std::string_view port_name(unsigned port);  ///< "east", "west", "north", "south"
[[nodiscard]] constexpr unsigned opposite(unsigned port) { return port ^ 1U; }

/// What a simulated link's wires do, each direction alike.
struct Wires {
  unsigned latency = 16;  ///< clocks, at least 1
  double bit_error_rate = 0, burst_rate = 0;
  unsigned burst_bits = 100;
  bool bursts_on_all_lanes = false;
  std::array<unsigned, 4> skew{}, bit_offset{};  ///< clocks, and bits 0 to 15, a lane each
  std::uint32_t dead_lanes = 0;                  ///< a bit a lane

  bool operator==(const Wires&) const = default;
};

struct BoardEnd {
  std::size_t chip = 0;
  unsigned port = 0;
  bool operator==(const BoardEnd&) const = default;
};

/// A link as the board file has it: end a is the western or southern one.
struct BoardLink {
  BoardEnd a, b;
  Wires wires;
  bool unplugged = false;  ///< the file asks for this fault
  bool operator==(const BoardLink&) const = default;
};

/// What a board file says.
struct BoardFile {
  std::string path, name;
  std::string configuration;  ///< of every chip; "" if they are apart
  std::string backend;        ///< whose chips they are, "sim" or "model"; "" if the file does not say
  /// A device URI a chip, of a board whose chips are apart: each is reached by itself, and no link joins them. Else
  /// empty.
  std::vector<std::string> devices;
  std::uint64_t seed = 1;
  std::vector<Place> chips;  ///< by number
  std::vector<BoardLink> links;
  std::vector<std::pair<std::size_t, std::size_t>> swapped;  ///< links whose ends b are exchanged: a fault to be found

  [[nodiscard]] unsigned width() const;
  [[nodiscard]] unsigned height() const;
  [[nodiscard]] bool apart() const { return !devices.empty(); }
};

/// Throws Error(bad_input) that names the place in the file as a JSON pointer and says what belongs there, or why the
/// file cannot be read.
[[nodiscard]] BoardFile read_board_file(const std::string& path);
/// The same from text; `path` is for messages.
[[nodiscard]] BoardFile parse_board_file(std::string_view text, const std::string& path);

/// One end of a link, from its registers.
struct LinkEnd {
  unsigned state = 0;  ///< STATUS.STATE of rtl/regs/link.toml
  bool up = false;
  unsigned tx_width = 0, rx_width = 0, reason = 0;
  std::uint32_t partner_node = 0;
  std::uint32_t tx_flits = 0, rx_flits = 0;  ///< both channels
  std::uint32_t tx_words = 0, rx_words = 0;
  std::uint32_t crc_errors = 0, replays = 0, retrainings = 0, discarded = 0;

  /// Trained: it carries data. It may hunt for its step meanwhile, as it does after every error; then `up` is false.
  [[nodiscard]] bool active() const { return state == regs::link::state_active; }
};
[[nodiscard]] std::string_view link_state_name(unsigned state);    ///< "active"
[[nodiscard]] std::string_view link_reason_text(unsigned reason);  ///< "no partner: no lane is heard"

/// What is not as the board file says, in words.
struct BoardProblem {
  enum class Kind { missing, crossed, degraded, misplaced } kind = Kind::missing;
  std::string text;
};
[[nodiscard]] std::string_view to_string(BoardProblem::Kind kind);

struct BoardOptions {
  /// Open a board whose chips are apart, too, which is otherwise refused: on it there is nothing to train or to route.
  bool apart = false;
  /// Open a board even if something is missing, dead or crossed: problems() says what. Otherwise Error(machine).
  bool tolerant = false;
  /// After which a link that is not up is given up; what long wires add (board/patience.hpp) is added.
  unsigned train_clocks = 20'000;
  /// Told how opening goes on: what, how many are done, and of how many. Called by the thread that opens the board.
  std::function<void(std::string_view what, std::size_t done, std::size_t all)> progress = {};
};

/// On a board that works something moves within so many clocks, and what long wires add (board/patience.hpp): a job
/// ends, or a word leaves a tile or comes to one.
inline constexpr std::uint64_t still_clocks = 250'000;

/// Chips and what joins them. One thread uses a board and its devices at a time.
class Board {
 public:
  virtual ~Board() = default;

  [[nodiscard]] virtual const BoardFile& file() const = 0;
  [[nodiscard]] virtual const std::string& uri() const = 0;
  [[nodiscard]] std::size_t size() const { return file().chips.size(); }
  [[nodiscard]] virtual Device& device(std::size_t chip) = 0;
  /// Lets `clocks` pass on all chips.
  virtual void run(std::uint64_t clocks) = 0;
  /// Calls drive(i) for every chip at the same time, each in a thread of its own, in which it may use device(i) and
  /// nothing else of the board: every chip of a board has a host port of its own. What comes out does not depend on the
  /// number of threads. When one throws, the others are stopped where they idle, and what it threw is thrown here.
  virtual void together(const std::function<void(std::size_t)>& drive) = 0;
  /// Clocks of the board, of the chip that is furthest.
  [[nodiscard]] virtual std::uint64_t clocks() const = 0;
  /// What discovery found to be not as the file says.
  [[nodiscard]] virtual const std::vector<BoardProblem>& problems() const = 0;

  /// Lanes of every link, 0 if the chips are apart; in each direction a lane carries a symbol of 16 bits a clock.
  [[nodiscard]] unsigned lanes();
  /// Ends a and b of link `index` of the file, as their registers are now.
  [[nodiscard]] std::array<LinkEnd, 2> link(std::size_t index);
  /// The same of all links, by all chips at once: on a large board a small part of the clocks that one after the other
  /// would take.
  [[nodiscard]] std::vector<std::array<LinkEnd, 2>> links();
};

/// "board:FILE[?threads=N][&backend=sim|model]": reads the file, powers up the chips, trains the links, finds out over
/// them who is joined to whom, computes coordinates from that, compares with the file, and writes PLACE and PORTS of
/// every chip. Chips are verilated (sim, the default; the number of threads changes the time it takes, and nothing
/// else) or reference models, which have no clocks (boards/README.md says what else they lack). The file may say so
/// itself, or say of each chip by which device it is reached (BoardFile::devices).
[[nodiscard]] std::unique_ptr<Board> open_board(std::string_view uri, const BoardOptions& options = {});
/// "board:FILE" of a file's name, which may have parameters; a URI of a board as it is.
[[nodiscard]] std::string board_uri(std::string_view file_or_uri);
/// The same from a file that has been read, or made.
[[nodiscard]] std::unique_ptr<Board> open_board(BoardFile file, unsigned threads, const BoardOptions& options = {});
[[nodiscard]] std::unique_ptr<Board> open_model_board(BoardFile file, const BoardOptions& options = {});

}  // namespace hilbert
