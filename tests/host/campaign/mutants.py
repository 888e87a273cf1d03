#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Put one defect at a time into the campaign engine, and demand that its tests notice it.

The good sources must pass first; then each mutant must fail. Exit code: 0 all were caught, 1 one survived or the good sources
failed, 2 bad usage, 3 a tool failed.
"""

import pathlib
import shlex
import sys

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tests" / "support"))
from mutation import Mutant, complaint, linked, mutated, parser, refuse_unknown, run, run_campaign  # noqa: E402

TIMEOUT_S = 120
ENGINE = ROOT / "host" / "campaign"
INCLUDES = ("host", "base/include", "tb/include")
# What is compiled again where a header is wrong.
USERS = {"ports.hpp": ("differences.cpp", "levels.cpp", "stuck.cpp"), "follow.hpp": ("block.cpp",
           "faults.cpp"), "ledger.hpp": ("block.cpp", "faults.cpp", "sweep_step.cpp", "sweep_begin.cpp", "survivors.cpp"),
         "sweep_clock.hpp": ("sweep_step.cpp", "sweep_begin.cpp"),
         "moment.hpp": ("differences.cpp", "levels.cpp", "stuck.cpp", "sweep_step.cpp", "sweep_begin.cpp", "verdicts.cpp")}


def mutant(name: str, breaks: str, file: str, old: str, new: str) -> Mutant:
    return Mutant(name, "engine", breaks, file, old, new)


MUTANTS = (
    # Who comes to be whom
    mutant("alias-clock", "an upset becomes that of the clock it was in", "block.cpp",
           "sweep_.ledger().alias(id, id_of(clock, flip_flop));",
           "sweep_.ledger().alias(id, id_of(clock - (clock == trace_.end()), flip_flop) "
           "== id ? id_of(clock, flip_flop) : id_of(clock - (clock == trace_.end()), flip_flop));"),
    mutant("alias-neighbour", "an upset becomes that of the next flip-flop", "block.cpp", "sweep_.ledger().outside(id, clock, flip_flop);",
           "sweep_.ledger().outside(id, clock, flip_flop == 0 ? 1 : flip_flop - 1);"),
    mutant("alias-two", "two flip-flops that differ count as one", "sweep_clock.hpp", "const Lanes several = once & (twice | in_memory);",
           "const Lanes several = once & in_memory;"),
    mutant("alias-memory", "a flip-flop and a memory that differ count as the flip-flop", "sweep_clock.hpp",
           "const Lanes several = once & (twice | in_memory);", "const Lanes several = once & twice;"),
    mutant("resolve-late", "aliases are looked up in the clock before", "block.cpp",
           "answer = (*std::prev(after))->answer(answer.clock(), answer.bit());",
           "answer = (*std::prev(after))->answer(answer.clock() - 1, answer.bit());"),
    mutant("follow-late", "what is followed begins a clock late", "follow.hpp",
           "for (const auto& [f, id] : wanted) sweep_.begin(id, {&f, 1}, {});",
           "for (const auto& [f, id] : late_) sweep_.begin(id, {&f, 1}, {});\n    late_ = wanted;"),

    # Memories alone
    mutant("use-missed", "a read is no use", "uses.cpp",
           "used.push_back(read[first + static_cast<unsigned>(std::countr_zero(rest))]);", ""),
    mutant("write-missed", "a write is no use", "uses.cpp", "at.word != Memory::nowhere) used.push_back(at);",
           "at.word != Memory::nowhere) {}"),
    mutant("watch-missed", "what a watched net sees of a memory is no use", "uses.cpp",
           "for (const Net net : watched_) lanes |= nets_[net];", ""),
    mutant("enable-known", "a doubtful enable is none", "uses.cpp", "lanes |= nets_[f.enable] | nets_[f.reset];",
           "lanes |= nets_[f.reset];"),
    mutant("select-known", "a doubtful selection is none", "uses.cpp", "(s & (a | b | (va ^ vb)))", "(s & (a | b))"),
    mutant("two-words", "two words that are read at once are looked at one by one", "uses.cpp",
           "if ((read[*c / 64] & bit) != 0) first = *c;", ""),
    mutant("used-now", "a word that is used in the next clock is used later", "sweep_step.cpp", "trace_.uses().next(words, now() + 1)",
           "trace_.uses().next(words, now() + 2)"),
    mutant("stretch-end", "a stretch goes on beyond its use", "block.cpp", "since = clock + 1;", "since = clock;"),

    # A clock
    mutant("enable-ignored", "a flip-flop that is not enabled loads (events)", "differences.cpp",
           "(enabled & level(f.d)) | (~enabled & held(f))", "level(f.d)"),
    mutant("enable-levels", "a flip-flop that is not enabled loads (every gate)", "levels.cpp",
           "loads = enabled & ~resets, holds = ~enabled & ~resets;",
           "loads = ~resets, holds = no_lanes();"),
    mutant("reset-order", "a reset asks for the enable", "levels.cpp", "if (!like.reset_first) resets &= enabled;", "resets &= enabled;"),
    mutant("idle-group", "flip-flops that the undisturbed run does not load are left alone", "levels.cpp",
           "if (!golden_enabled && !golden_resets && !any((loads | resets) & live)) continue;",
           "if (!golden_enabled && !golden_resets) continue;"),
    mutant("port-order", "of two writes the first one wins", "differences.cpp", "moment_, *memories_, memory, port, [&]",
           "moment_, *memories_, memory, ports - 1 - port, [&]"),
    mutant("port-before", "a port does not see what the one before it wrote", "moment.hpp",
           "for (std::size_t p = 0; p < ports; ++p) {", "for (std::size_t p = 1; p < ports; ++p) {"),
    mutant("read-own", "a lane that reads elsewhere does not see what it wrote", "ports.hpp",
           "const Lanes differ = memories.lanes_of(memory) & elsewhere;",
           "const Lanes differ = no_lanes();"),
    mutant("write-lost", "what the undisturbed run alone writes does not differ", "ports.hpp",
           "const Lanes enable = (nets(port.enable[i]) ^ on) & ~elsewhere;",
           "const Lanes enable = nets(port.enable[i]) ^ on;"),
    mutant("place-early", "a place is free before its last reader", "program.cpp", "last_[gate.a] = now;",
           "last_[gate.a] = std::max(last_[gate.a], now - 1);"),

    # Forces
    mutant("force-late", "a force ends a clock late", "sweep_step.cpp", "force.until <= now() + 1; });", "force.until <= now(); });"),
    mutant("force-early", "a force of two clocks ends after one", "sweep_begin.cpp", "if (until <= now() + 1) continue;",
           "if (until <= now() + 2) continue;"),
    mutant("force-retired", "who is forced may be retired", "sweep_begin.cpp", "live & ~forced, memories_.any_lanes(),",
           "live, memories_.any_lanes(),"),
    mutant("force-held", "a flip-flop takes its own forced output for its state", "differences.cpp",
           "if (force_[f.q] == 0) return level(f.q);", "return level(f.q);"),
    mutant("force-first", "of two forces on a net the first one wins", "differences.cpp",
           "  clear(f.keep, lane);\n  clear(f.flip, lane);",
           "  if (!test(f.keep, lane)) return;\n  clear(f.keep, lane);\n  clear(f.flip, lane);"),

    # Equal runs
    mutant("half-hash", "half of the state is compared", "columns.cpp", "if (piece(b, lane) != other.piece(b, other_lane)) return false;",
           "if ((piece(b, lane) ^ other.piece(b, other_lane)) % 4096 != 0) return false;"),
    mutant("memory-equal", "memories are not compared", "survivors.cpp",
           "if (!word.memories().same(lane, other_word.memories(), other.lane, bits_)) return;", ""),

    # The end
    mutant("judge-late", "the judge sees the state after the edge", "sweep_step.cpp",
           "events_.clock();\n    std::ranges::fill(rows, no_lanes());",
           "std::ranges::fill(rows, no_lanes());"),
    mutant("judge-asked", "what the judge looks at is never asked again", "verdicts.cpp", "trace_.looked_at(bit)", "bit != bit"),
    mutant("judge-clock", "a run that ends early is not judged", "verdicts.cpp", "if (clock != trace_.end() || ", "if ("),
    mutant("latent-masked", "who differs only in time is masked", "verdicts.cpp", "if (bits.empty() && clock == trace_.end())",
           "if (bits.empty())"),
    mutant("detail-off", "one bit too few is counted", "verdicts.cpp", "static_cast<std::uint32_t>(bits.size())",
           "static_cast<std::uint32_t>(bits.size() - 1)"),
    mutant("done-again", "who missed the end is never done", "sweep_clock.hpp",
           "next <= trace_.end() ? next : trace_.next_done(next)", "next <= trace_.end() ? next : trace_.budget()"),

    # Hangs
    mutant("stuck-pins", "pins that still change are taken to be steady", "stuck.cpp",
           "moment_.clock() < moment_.trace().steady_from()", "false"),
    mutant("stuck-constants", "places of pins are taken for theirs after the first round", "stuck.cpp",
           "    for (const auto& [net, place] : program_.constants) {",
           "    if (round == 0)\n    for (const auto& [net, place] : program_.constants) {"),
    mutant("stuck-box", "what a flip-flop comes to be is not new", "stuck.cpp", "    grows |= fresh;\n", ""),
    mutant("stuck-memory", "who may write, does not", "stuck.cpp", "for (const Net net : port.enable) writes |= at(net).one;", "(void)port;"),
    mutant("stuck-select", "a mux of unknown selection is its first input", "stuck.cpp",
           "(s.one & b.one) | (s.zero & a.one), (s.one & b.zero) | (s.zero & a.zero)",
           "(s.one & ~s.zero & b.one) | (s.zero & a.one), (s.one & ~s.zero & b.zero) | (s.zero & a.zero)"),
)


def main() -> int:
    options = parser(__doc__)
    options.add_argument("--test", nargs="+", required=True, metavar="FILE", help="objects of the test")
    options.add_argument("--archives", nargs="+", required=True, metavar="FILE", help="what they link; mutated objects go before")
    options.add_argument("--native", action="store_true", help="the archives are compiled for this machine's processor")
    arguments = options.parse_args()
    refuse_unknown(options, arguments.names, MUTANTS)
    processor = ["-march=native"] if arguments.native else []

    def notice(chosen: Mutant | None, _: str) -> str | None:
        folder = arguments.work / (chosen.name if chosen else "unmutated")
        (folder / "campaign").mkdir(parents=True, exist_ok=True)
        objects = list(arguments.test)
        if chosen:
            text = mutated(chosen, ENGINE)
            if chosen.name == "follow-late":
                text = text.replace("  std::vector<std::uint32_t> wanted_;",
           "  std::vector<std::uint32_t> wanted_;\n  std::vector<std::pair<std::uint32_t, Id>> late_;")
            (folder / "campaign" / chosen.file).write_text(text)
            for source in USERS.get(chosen.file, (chosen.file,)):
                path = folder / "campaign" / source
                if not path.exists():
                    path.write_text((ENGINE / source).read_text())
                made = folder / f"{source}.o"
                flags = [f"-I{folder}", *(f"-I{ROOT / include}" for include in INCLUDES)]
                run([*shlex.split(arguments.cxx), "-std=c++20", "-O1",
           "-w", *processor, *flags, "-c", str(path), "-o", str(made)], folder / "log")
                objects.append(str(made))
        archives = ["-Wl,--allow-multiple-definition", "-Wl,--start-group", *arguments.archives, "-Wl,--end-group"]
        program = linked([*objects, *archives], None, folder / "test", arguments.cxx)
        return complaint([str(program), "--gtest_brief=1", "--gtest_fail_fast"], r"FAILED  \] (.*?)(?=,| \(\d)", TIMEOUT_S)

    return run_campaign(MUTANTS, arguments.names, notice, ("engine",))


if __name__ == "__main__":
    sys.exit(main())
