// SPDX-License-Identifier: Apache-2.0
// Opening a board by URI.
#include "hilbert/board.hpp"

#include <fmt/format.h>

#include <hilbert/number.hpp>
#include <hilbert/regs/link.hpp>
#include <hilbert/suggestion.hpp>
#include <optional>

#include "apart_board.hpp"
#include "backends.hpp"
#include "device/scheme.hpp"
#include "link_end.hpp"
#include "model_board.hpp"
#if HILBERT_HAS_SIM
#include "sim_board.hpp"
#endif

namespace hilbert {
namespace {

using board::Backend;

constexpr unsigned most_threads = 256;

std::unique_ptr<Board> open_sim(BoardFile file, std::string uri, unsigned threads, const BoardOptions& options) {
#if HILBERT_HAS_SIM
  return std::make_unique<board::SimBoard>(std::move(file), std::move(uri), threads, options);
#else
  (void)file, (void)threads, (void)options;
  throw Error(ExitCode::bad_input, "this build has no verilated chips", std::move(uri),
              "configure with -DHILBERT_SIM=ON, or ask for the reference model with ?backend=model");
#endif
}

}  // namespace

std::unique_ptr<Board> open_board(std::string_view uri, const BoardOptions& options) {
  const std::string where = fmt::format("board '{}'", uri);
  const auto refuse = [&](std::string what, std::string next) {
    throw Error(ExitCode::bad_input, std::move(what), where, std::move(next));
  };
  const device::Scheme* scheme = device::find_scheme(uri);
  if (scheme == nullptr || !scheme->can().board) {
    refuse("no board: in front", "a board is board:FILE[?threads=N&backend=model], say board:boards/2x2.json");
  }
  const Uri parsed = *parse_uri(uri);
  if (parsed.text.empty()) refuse("no file", "board:boards/2x2.json");
  std::optional<unsigned> threads;
  std::optional<Backend> backend;
  for (const auto& [key, value] : device::read_parameters(*scheme, parsed, where)) {
    if (key == "threads") {
      threads = parse_number(value, Range<unsigned>{1, most_threads, "threads"}, where + ": threads");
    } else {
      backend = board::find_backend(value);
      if (!backend) {
        refuse(fmt::format("no backend '{}'{}", value, suggestion(value, board::backend_names)),
               "backend=sim or backend=model");
      }
    }
  }
  BoardFile file = read_board_file(parsed.text);
  if (file.apart()) {
    if (backend || threads)
      refuse("the file says by which device each chip is reached", "leave out backend and threads");
    if (!options.apart) {
      refuse(fmt::format("no links join its chips: each is reached by a device of its own, {} by {}",
                         to_string(file.chips[0]), file.devices[0]),
             "open that device, or a board with links; hilbert board show opens both");
    }
    return std::make_unique<board::ApartBoard>(std::move(file), std::string(uri), options);
  }
  if (!file.backend.empty()) {
    const auto said = board::find_backend(file.backend);
    if (backend && backend != said) {
      refuse(fmt::format("the file says that its chips are {}:{}", file.backend, file.configuration),
             "leave out backend");
    }
    backend = said;
  }
  if (backend == Backend::model && threads) {
    refuse("threads do nothing for reference models", "leave out threads, or take verilated chips");
  }
  if (backend == Backend::model) {
    return std::make_unique<board::ModelBoard>(std::move(file), std::string(uri), options);
  }
  return open_sim(std::move(file), std::string(uri), threads.value_or(1), options);
}

std::string board_uri(std::string_view file_or_uri) {
  const device::Scheme* scheme = device::find_scheme(file_or_uri);
  return scheme != nullptr && scheme->can().board ? std::string(file_or_uri) : fmt::format("board:{}", file_or_uri);
}

std::unique_ptr<Board> open_board(BoardFile file, unsigned threads, const BoardOptions& options) {
  std::string uri = fmt::format("board:{}?threads={}", file.path, threads);
  return open_sim(std::move(file), std::move(uri), threads, options);
}

std::unique_ptr<Board> open_model_board(BoardFile file, const BoardOptions& options) {
  std::string uri = fmt::format("board:{}?backend=model", file.path);
  return std::make_unique<board::ModelBoard>(std::move(file), std::move(uri), options);
}

unsigned Board::lanes() {
  if (file().apart()) return 0;
  const std::uint32_t cfg = device(0).read_register(board::link_register(0, regs::link::cfg));
  return (cfg & regs::link::cfg_lanes_mask) >> regs::link::cfg_lanes_lsb;
}

std::array<LinkEnd, 2> Board::link(std::size_t index) {
  const BoardLink& link = file().links.at(index);
  return {board::read_link_end(device(link.a.chip), link.a.port),
          board::read_link_end(device(link.b.chip), link.b.port)};
}

std::vector<std::array<LinkEnd, 2>> Board::links() {
  std::vector<std::array<LinkEnd, 2>> all(file().links.size());
  together([&](std::size_t chip) {
    for (std::size_t i = 0; i < all.size(); ++i) {
      const BoardLink& link = file().links[i];
      if (link.a.chip == chip) all[i][0] = board::read_link_end(device(chip), link.a.port);
      if (link.b.chip == chip) all[i][1] = board::read_link_end(device(chip), link.b.port);
    }
  });
  return all;
}

}  // namespace hilbert
