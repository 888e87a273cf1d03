// SPDX-License-Identifier: Apache-2.0
// hilbert link: trains, shows, measures and loads the links of a board.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <exception>
#include <functional>
#include <hilbert/regs/link.hpp>
#include <iostream>
#include <optional>

#include "board/bit_error_test.hpp"
#include "board/link_end.hpp"
#include "board/patience.hpp"
#include "board/traffic.hpp"
#include "board_text.hpp"
#include "command.hpp"
#include "json_report.hpp"
#include "limits.hpp"
#include "progress.hpp"

namespace hilbert::cli::link_command {
namespace {

namespace r = regs::link;

constexpr unsigned symbol_bits = 16;

struct Query {
  std::string uri;
  std::uint64_t clocks = 100'000, seed = 1;
  unsigned rounds = 20;
  bool clocks_given = false;
  double most_errors = 1e-5;  ///< a link of longest flits loses a sixth: rtl/link/README.md, Figures
  double confidence = 0.95;
};

std::string name(const Board& board, BoardEnd end) {
  return fmt::format("{} {}", to_string(board.file().chips[end.chip]), port_name(end.port));
}

/// The links, with what JSON is to say besides.
void show(const BoardView& view, JsonReport& json, const nlohmann::ordered_json& more) {
  json.value = to_json(view);
  json.value.update(more);
  json.print();
  if (json.with_text()) std::cout << link_table(view) << problem_lines(view);
}

ExitCode status(Board& board, const Query&, JsonReport& json) {
  show(look_at(board), json, nlohmann::ordered_json::object());
  return board.problems().empty() ? ExitCode::good : ExitCode::check_failed;
}

/// A new session on every link at once, and how long each takes to be up at both ends.
ExitCode train(Board& board, const Query& query, JsonReport& json) {
  constexpr std::uint64_t glance = 50;  // clocks from one look to the next
  const auto& links = board.file().links;
  const std::uint64_t limit = query.clocks_given ? query.clocks : board::Patience(board).training(query.clocks);
  const auto each_end = [&](const auto& work) {
    board.together([&](std::size_t chip) {
      for (std::size_t i = 0; i < links.size(); ++i) {
        if (links[i].a.chip == chip) work(board.device(chip), i, 0U, links[i].a.port);
        if (links[i].b.chip == chip) work(board.device(chip), i, 1U, links[i].b.port);
      }
    });
  };
  const std::uint64_t start = board.clocks();
  each_end([](Device& device, std::size_t, unsigned, unsigned port) {
    device.write_register(board::link_register(port, r::ctrl), r::mode_normal | r::ctrl_open_mask);
  });
  std::vector<std::array<bool, 2>> up(links.size());
  std::vector<std::optional<std::uint64_t>> took(links.size());
  std::optional<Progress> progress;
  progress.emplace("training", "links", links.size());
  const auto trained = [&] {
    return static_cast<std::size_t>(std::ranges::count_if(took, [](const auto& t) { return t.has_value(); }));
  };
  while (trained() != links.size() && board.clocks() - start < limit) {
    board.run(std::min(glance, limit - (board.clocks() - start)));
    each_end([&](Device& device, std::size_t link, unsigned end, unsigned port) {
      if (took[link]) return;
      up[link][end] = board::in_step(device.read_register(board::link_register(port, r::status)));
    });
    for (std::size_t i = 0; i < links.size(); ++i) {
      if (!took[i] && up[i][0] && up[i][1]) took[i] = board.clocks() - start;
    }
    progress->set(trained());
  }
  progress.reset();  // its line makes room for the results
  const auto ends = board.links();
  json.value = nlohmann::ordered_json::array();
  for (std::size_t i = 0; i < links.size(); ++i) {
    const std::string between = link_name(board.file(), links[i]);
    json.value.push_back({{"between", between}, {"clocks", took[i] ? nlohmann::ordered_json(*took[i]) : nullptr}});
    if (!json.with_text()) continue;
    if (took[i]) {
      std::cout << fmt::format("{:<28} up after {} clocks\n", between, *took[i]);
    } else {
      std::cout << fmt::format("{:<28} not up after {} clocks: {}, {}; {}, {}\n", between, limit,
                               link_state_name(ends[i][0].state), link_reason_text(ends[i][0].reason),
                               link_state_name(ends[i][1].state), link_reason_text(ends[i][1].reason));
    }
  }
  json.print();
  return trained() == links.size() ? ExitCode::good : ExitCode::check_failed;
}

std::string whole_number(double n) { return n < 1e15 ? fmt::format("{:.0f}", n) : fmt::format("{:.1e}", n); }

/// What the bit-error-rate test says of a lane.
struct LaneVerdict {
  std::string_view word;                     ///< one for programs
  std::string text;                          ///< and some for people
  std::optional<double> clocks_needed = {};  ///< to pass
};
LaneVerdict judge(const board::LaneErrors& lane, const Query& query) {
  if (!lane.in_step) return {"never in step", "the sequence is not heard"};
  if (!lane.in_step_after) return {"lost step", "the sequence was lost"};
  switch (board::judge(lane.count(), query.most_errors, query.confidence)) {
    case board::RateVerdict::within:
      return {"within", "good"};
    case board::RateVerdict::beyond:
      return {"beyond", "too many errors"};
    case board::RateVerdict::undecided:
      break;
  }
  const auto bits = board::bits_needed(lane.count(), query.most_errors, query.confidence);
  if (!bits) return {"undecided", "no sign that it is good"};
  const double clocks = std::ceil(*bits / symbol_bits);
  return {"undecided", fmt::format("too short: {} clocks are needed", whole_number(clocks)), clocks};
}

std::string rate_text(const board::ErrorCount& count, double confidence) {
  if (count.bits == 0) return "";
  const double upper = count.upper(confidence);
  if (count.errors == 0) return fmt::format("< {:.2e}", upper);
  return fmt::format("{:.2e} ({:.2e} to {:.2e})", count.rate(), count.lower(confidence), upper);
}

/// PRBS-31 on every lane of every link, both ways.
ExitCode bert(Board& board, const Query& query, JsonReport& json) {
  std::vector<board::LaneErrors> lanes;
  {
    Progress progress("bit errors", "clocks", query.clocks);
    lanes = board::test_bit_errors(board, query.clocks, [&](std::uint64_t done) { progress.set(done); });
  }
  std::size_t good = 0;
  json.value = nlohmann::ordered_json::array();
  if (json.with_text()) {
    std::cout << fmt::format("{:<16} {:>4} {:>14} {:>10} {:>10}   {:<32} {}\n", "receiving end", "lane", "bits",
                             "errors", "missed", fmt::format("rate, each bound with {:.10g} %", 100 * query.confidence),
                             "verdict");
  }
  for (const board::LaneErrors& lane : lanes) {
    const LaneVerdict verdict = judge(lane, query);
    const board::ErrorCount count = lane.count();
    good += verdict.word == "within";
    json.value.push_back({{"end", name(board, lane.end)},
                          {"lane", lane.lane},
                          {"bits", lane.bits},
                          {"errors", lane.errors},
                          {"missed_bits", lane.missed_bits},
                          {"rate_lower", count.lower(query.confidence)},
                          {"rate_upper", count.upper(query.confidence)},
                          {"confidence", query.confidence},
                          {"max_ber", query.most_errors},
                          {"verdict", verdict.word}});
    if (verdict.clocks_needed) json.value.back()["clocks_needed"] = *verdict.clocks_needed;
    if (!json.with_text()) continue;
    std::cout << fmt::format("{:<16} {:>4} {:>14} {:>10} {:>10}   {:<32} {}\n", name(board, lane.end), lane.lane,
                             lane.bits, lane.errors, lane.missed_bits, rate_text(count, query.confidence),
                             verdict.text);
  }
  json.print();
  if (json.with_text()) {
    std::cout << fmt::format("{} of {} lanes have a rate of at most {:g}, with {:.10g} % confidence\n", good,
                             lanes.size(), query.most_errors, 100 * query.confidence);
  }
  return good == lanes.size() ? ExitCode::good : ExitCode::check_failed;
}

ExitCode stress(Board& board, const Query& query, JsonReport& json) {
  board::Traffic traffic;
  std::exception_ptr failure;  // thrown on once everything that is known is shown
  try {
    TrafficLine line;
    traffic = board::exchange(board, query.rounds, query.seed, std::ref(line));
  } catch (const Error& error) {
    if (error.code() == ExitCode::bad_input) throw;
    failure = std::current_exception();
  }
  if (!failure && json.with_text()) std::cout << traffic_text(board.file(), traffic, query.seed) << '\n';
  nlohmann::ordered_json more = nlohmann::ordered_json::object();
  if (!failure) more["traffic"] = traffic_json(traffic, query.seed);
  show(look_at(board), json, more);
  if (failure) {
    std::cout << std::flush;
    std::rethrow_exception(failure);
  }
  return board.problems().empty() ? ExitCode::good : ExitCode::check_failed;
}

struct LinkAction {
  std::string_view name, about;
  bool needs_wires;                ///< and clocks, which the reference model has not
  std::vector<std::string> takes;  ///< those of the options below that are its own
  ExitCode (*run)(Board&, const Query&, JsonReport&);
};
const std::array<LinkAction, 4> actions{{
    {"status", "state, lanes, traffic and errors of both ends of every link", false, {}, status},
    {"train", "opens a new session on every link and says how long each takes", true, {"clocks"}, train},
    {"bert",
     "bit-error-rate test of every lane, from when its checker is in step",
     true,
     {"clocks", "max-ber", "confidence"},
     bert},
    {"stress",
     "random data between random chips that reach each other, every byte checked",
     false,
     {"rounds", "seed"},
     stress},
}};

ExitCode run(const Arguments& arguments) {
  Query query;
  JsonReport json;
  std::string name;
  Options options("link ACTION --device board:FILE",
                  "Trains, shows, measures and loads the links between the chips of a board.");
  options.argument("ACTION", name, "status, train, bert or stress");
  options.required("device,d", query.uri, "URI",
                   "board:FILE[?threads=N&backend=model]: the chips that a board file names (boards/README.md)");
  options.number("clocks", query.clocks, {1, board::most_test_clocks, "clocks"},
                 "bert: how long to count; train: at most (default: what long wires take is added)");
  options.number("rounds", query.rounds, {1, board::most_rounds, "rounds"}, "stress: how often");
  options.number("seed", query.seed, any_seed<std::uint64_t>,
                 "stress: of everything random in this run: data and destinations");
  // Not 0, which no test shows; 1e-30 would take longer than any machine lives.
  options.number("max-ber", query.most_errors, {1e-30, 1},
                 "bert: a lane passes if the upper bound of its rate is within it");
  // Below a half it says nothing, and nothing is certain.
  options.number("confidence", query.confidence, {0.5, 1 - 1e-12}, "bert: with which each bound of a rate holds");
  json.add_to(options);
  std::string note = "Actions:\n";
  std::vector<std::string> known;
  for (const LinkAction& action : actions) {
    note += fmt::format("  {:<8} {}\n", action.name, action.about);
    known.emplace_back(action.name);
  }
  options.note(note +
               "Exit code 1 if a link is not up, a lane has too many errors, hears nothing or was not tested for long\n"
               "enough to tell, or data does not arrive as it was sent.");
  options.example("hilbert link status --device board:boards/2x2.json", "is every link up?");
  options.example("hilbert link bert --device board:boards/2x2.json --clocks 1000000 --max-ber 1e-6",
                  "16 million bits a lane: none wrong means below 1.9e-7");
  options.example("hilbert link stress --device board:boards/5x5.json?threads=2", "25 chips send to each other");
  if (!options.parse(arguments)) return ExitCode::good;
  require_known("action", name, known, "hilbert link");
  const auto action = std::ranges::find(actions, name, &LinkAction::name);
  for (const char* option : {"clocks", "rounds", "seed", "max-ber", "confidence"}) {
    const auto takes = [&](const LinkAction& a) { return std::ranges::find(a.takes, option) != a.takes.end(); };
    std::string where;
    for (const LinkAction& a : actions) {
      if (takes(a)) where += fmt::format("{}{}", where.empty() ? "with the action " : " or ", a.name);
    }
    options.only({option}, takes(*action), where);
  }
  query.clocks_given = options.given("clocks");
  Outputs outputs("hilbert link");
  outputs.reads_device("--device", query.uri);
  json.open(outputs);
  const auto board = open_any_board(query.uri);
  if (action->needs_wires && board->file().links.empty()) {
    throw Error(ExitCode::bad_input, fmt::format("{}: the board has no links", name), query.uri,
                "take a board of two chips or more");
  }
  if (action->needs_wires && !board->device(0).capabilities().can.time) {
    throw Error(ExitCode::bad_input, fmt::format("{}: links of the reference model have no wires and no clocks", name),
                query.uri, "leave out backend=model");
  }
  try {
    return outputs.finish(action->run(*board, query, json));
  } catch (const Error& error) {
    if (json.value.is_null()) throw;
    return outputs.finish(error);  // what is known is in the file too
  }
}

const Registration registration({"link", "train, show, measure and load the links of a board", run});

}  // namespace
}  // namespace hilbert::cli::link_command
