// SPDX-License-Identifier: Apache-2.0
// hilbert link: trains, shows, measures and loads the links of a board.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iostream>
#include <link_regs.hpp>
#include <optional>

#include "board/link_end.hpp"
#include "board/traffic.hpp"
#include "board_text.hpp"
#include "command.hpp"

namespace hilbert::cli::link_command {
namespace {

namespace po = boost::program_options;
namespace r = regs::link;

constexpr std::uint32_t mode_normal = 1, mode_bert = 2;
constexpr unsigned state_active = 4, symbol_bits = 16;

struct Query {
  std::string uri;
  std::uint64_t clocks = 100'000, seed = 1;
  unsigned rounds = 20;
  double most_errors = 1;
  bool json = false;
};

std::uint32_t read(Board& board, BoardEnd end, std::uint32_t offset) {
  return board.device(end.chip).read_register(board::link_register(end.port, offset));
}
/// CTRL of both ends of every link of the file.
void control(Board& board, std::uint32_t value) {
  for (const BoardLink& link : board.file().links) {
    for (const BoardEnd end : {link.a, link.b}) {
      board.device(end.chip).write_register(board::link_register(end.port, r::ctrl), value);
    }
  }
}
std::string name(const Board& board, BoardEnd end) {
  return fmt::format("{} {}", to_string(board.file().chips[end.chip]), port_name(end.port));
}

ExitCode status(Board& board, const Query& query) {
  if (query.json) {
    std::cout << to_json(board).dump(2) << '\n';
  } else {
    std::cout << link_table(board) << problem_lines(board);
  }
  return board.problems().empty() ? ExitCode::good : ExitCode::check_failed;
}

/// A new session on every link at once, and how long each takes to be up at both ends.
ExitCode train(Board& board, const Query& query) {
  constexpr std::uint64_t glance = 50;  // clocks from one look to the next
  const auto& links = board.file().links;
  const std::uint64_t start = board.clocks();
  control(board, mode_normal | r::ctrl_open_mask);
  std::vector<std::optional<std::uint64_t>> took(links.size());
  const auto done = [&] { return std::ranges::all_of(took, [](const auto& t) { return t.has_value(); }); };
  while (!done() && board.clocks() - start < query.clocks) {
    board.run(glance);
    for (std::size_t i = 0; i < links.size(); ++i) {
      if (took[i]) continue;
      const bool up = std::ranges::all_of(std::array{links[i].a, links[i].b}, [&](BoardEnd end) {
        const std::uint32_t word = read(board, end, r::status);
        return (word & r::status_state_mask) == state_active && (word & r::status_up_mask) != 0;
      });
      if (up) took[i] = board.clocks() - start;
    }
  }
  nlohmann::ordered_json json = nlohmann::ordered_json::array();
  for (std::size_t i = 0; i < links.size(); ++i) {
    const std::string between = link_name(board.file(), links[i]);
    json.push_back({{"between", between}, {"clocks", took[i] ? nlohmann::ordered_json(*took[i]) : nullptr}});
    if (query.json) continue;
    if (took[i]) {
      std::cout << fmt::format("{:<28} up after {} clocks\n", between, *took[i]);
    } else {
      const auto ends = board.link(i);
      std::cout << fmt::format("{:<28} not up after {} clocks: {}, {}; {}, {}\n", between, query.clocks,
                               link_state_name(ends[0].state), link_reason_text(ends[0].reason),
                               link_state_name(ends[1].state), link_reason_text(ends[1].reason));
    }
  }
  if (query.json) std::cout << json.dump(2) << '\n';
  return done() ? ExitCode::good : ExitCode::check_failed;
}

/// PRBS-31 on every lane of every link, both ways.
ExitCode bert(Board& board, const Query& query) {
  control(board, mode_bert);
  board.run(1000);  // checkers find their place
  control(board, mode_bert | r::ctrl_clear_mask);
  board.run(query.clocks);
  bool good = true;
  nlohmann::ordered_json json = nlohmann::ordered_json::array();
  if (!query.json) {
    std::cout << fmt::format("{:<20} {:>4} {:>12} {:>8} {:>22}\n", "receiving end", "lane", "bits", "errors", "rate");
  }
  const unsigned lanes = board.lanes();
  for (const BoardLink& link : board.file().links) {
    for (const BoardEnd end : {link.a, link.b}) {
      for (std::uint32_t lane = 0; lane < lanes; ++lane) {
        const std::uint64_t bits = std::uint64_t{symbol_bits} * read(board, end, r::bert_symbols + 4 * lane);
        const std::uint32_t errors = read(board, end, r::bert_errors + 4 * lane);
        const double rate = bits == 0 ? 1 : errors / static_cast<double>(bits);
        good = good && bits != 0 && rate <= query.most_errors;
        json.push_back({{"end", name(board, end)}, {"lane", lane}, {"bits", bits}, {"errors", errors}});
        if (query.json) continue;
        // Nothing in n bits: with 95 % confidence the rate is below -ln(0.05) / n.
        const std::string text = bits == 0     ? "no sequence is heard"
                                 : errors == 0 ? fmt::format("< {:.1e} (95 %)", 2.9957 / static_cast<double>(bits))
                                               : fmt::format("{:.2e}", rate);
        std::cout << fmt::format("{:<20} {:>4} {:>12} {:>8} {:>22}\n", name(board, end), lane, bits, errors, text);
      }
    }
  }
  if (query.json) std::cout << json.dump(2) << '\n';
  return good ? ExitCode::good : ExitCode::check_failed;
}

ExitCode stress(Board& board, const Query& query) {
  const board::Traffic traffic = board::exchange(board, query.rounds, query.seed);
  if (query.json) {
    nlohmann::ordered_json json = to_json(board);
    json["traffic"] = {
        {"seed", query.seed}, {"transfers", traffic.transfers}, {"bytes", traffic.bytes}, {"clocks", traffic.clocks}};
    std::cout << json.dump(2) << '\n';
  } else {
    std::cout << fmt::format(
                     "{} transfers, {} bytes, every one as it was sent, in {} clocks (loading and comparing among "
                     "them); seed {}\n\n",
                     traffic.transfers, traffic.bytes, traffic.clocks, query.seed)
              << link_table(board) << problem_lines(board);
  }
  return board.problems().empty() ? ExitCode::good : ExitCode::check_failed;
}

struct Action {
  std::string_view name, about;
  bool needs_wires;  ///< and clocks, which the reference model has not
  ExitCode (*run)(Board&, const Query&);
};
constexpr std::array<Action, 4> actions{{
    {"status", "state, lanes, traffic and errors of both ends of every link", false, status},
    {"train", "opens a new session on every link and says how long each takes (--clocks: at most)", true, train},
    {"bert", "bit-error-rate test on every lane for --clocks: bits, errors, rate", true, bert},
    {"stress", "random data between random chips, --rounds times, every byte checked", false, stress},
}};

ExitCode run(const Arguments& arguments) {
  Query query;
  std::string name;
  Options options("link ACTION --device board:FILE",
                  "Trains, shows, measures and loads the links between the chips of a board.");
  options.add()("action", po::value(&name)->required()->value_name("ACTION"), "status, train, bert or stress")(
      "device,d", po::value(&query.uri)->required()->value_name("URI"),
      "board:FILE[?threads=N&backend=model] (boards/README.md)")(
      "clocks", po::value(&query.clocks)->value_name("N")->default_value(query.clocks), "train, bert: how long")(
      "rounds", po::value(&query.rounds)->value_name("N")->default_value(query.rounds), "stress: how often")(
      "seed", po::value(&query.seed)->value_name("N")->default_value(query.seed), "stress: of data and destinations")(
      "max-ber", po::value(&query.most_errors)->value_name("RATE")->default_value(query.most_errors),
      "bert: exit code 1 if a lane has more")("json", po::bool_switch(&query.json), "print JSON");
  options.positional("action", 1);
  std::string note = "Actions:\n";
  std::vector<std::string> known;
  for (const Action& action : actions) {
    note += fmt::format("  {:<8} {}\n", action.name, action.about);
    known.emplace_back(action.name);
  }
  options.note(note + "Exit code 1 if a link is not up, a lane hears nothing, or data does not arrive as it was sent.");
  options.example("hilbert link status --device board:boards/2x2.json", "is every link up?");
  options.example("hilbert link bert --device board:boards/2x2.json --clocks 1000000 --max-ber 1e-6",
                  "16 million bits a lane; a lane with more errors is a failure");
  options.example("hilbert link stress --device board:boards/5x5.json?threads=2", "25 chips send to each other");
  if (!options.parse(arguments)) return ExitCode::good;
  const auto action = std::ranges::find(actions, name, &Action::name);
  if (action == actions.end()) {
    throw Error(ExitCode::bad_input, fmt::format("no action '{}'{}", name, suggestion(name, known)), "hilbert link",
                "status, train, bert or stress");
  }
  if (!(query.most_errors >= 0 && query.most_errors <= 1)) {
    throw Error(ExitCode::bad_input, fmt::format("a rate of {}", query.most_errors), "--max-ber", "0 to 1");
  }
  if (query.clocks == 0) throw Error(ExitCode::bad_input, "no clocks", "--clocks", "at least 1");
  const auto board = open_any_board(query.uri);
  if (action->needs_wires && !board->device(0).capabilities().cycle_accurate) {
    throw Error(ExitCode::bad_input, fmt::format("{}: links of the reference model have no wires and no clocks", name),
                query.uri, "leave out backend=model");
  }
  return action->run(*board, query);
}

const Registration registration({"link", "train, show, measure and load the links of a board", run});

}  // namespace
}  // namespace hilbert::cli::link_command
