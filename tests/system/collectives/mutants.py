#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Put one defect at a time into boards of models and into what boards compute together, and demand that their tests notice it.

The good sources must pass first; then each mutant must fail. Exit code: 0 all were caught, 1 one survived or the good sources
failed, 2 bad usage, 3 a tool failed.
"""

import pathlib
import shlex
import sys

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tests" / "support"))
from mutation import Mutant, complaint, linked, parser, refuse_unknown, run, run_campaign, with_defect  # noqa: E402

TIMEOUT_S = 120
INCLUDES = ("host", "host/include", "host/device", "host/board", "vectors/include", "rtl/regs/include", "firmware/include")
CHECKS = ("board", "sums", "shared")

NET, LINK, BOARD = "host/device/model_network.cpp", "host/device/model_link.cpp", "host/board/model_board.cpp"
RING, SUMS, SHARED = "host/distributed/ring.cpp", "host/distributed/collectives.cpp", "host/distributed/shared_product.cpp"

MUTANTS = (
    Mutant("y-first", "board", "flits go along y first", NET, "if (x != here_x) return", "if (x != here_x && y == here_y) return"),
    Mutant("turn-back", "board", "PORTS is not asked", NET, " && (values_[n::ports / 4] >> to & 1U) != 0", ""),
    Mutant("answer-way", "board", "an answer needs no way", NET, "if (!good || back != this)", "if (!good)"),
    Mutant("poisoned-goes", "board", "a flit with an uncorrectable word is sent", NET, "if (!may_read(from + done, size)) return false;",
           "(void)may_read(from + done, size);"),
    Mutant("healed", "board", "what arrives does not heal", NET, "chip_.network_wrote(to, bytes);", ""),
    Mutant("asleep", "board", "a signal from outside wakes nobody", NET, "target->chip_.network_signalled();", ""),
    Mutant("dead-lanes", "board", "dead lanes are heard", LINK, " & ~wires_.dead_lanes", ""),
    Mutant("three-lanes", "board", "three lanes are used", LINK, "return lowest | (rest & (0 - rest));", "return working;"),
    Mutant("down-forgets", "board", "down ends without a new session", LINK, "if (state_ != State::down) state_ = State::off;", "state_ = State::off;"),
    Mutant("discards", "board", "what a dead link takes is not counted", LINK, "value(r::discarded) += words;", ""),
    Mutant("swapped", "board", "cables are never swapped", BOARD, "for (const auto& [first, second] : file_.swapped) std::swap(far[first], far[second]);", ""),
    Mutant("unplugged", "board", "cables are never unplugged", BOARD, "if (link.unplugged) continue;", ""),
    Mutant("one-time", "board", "only a chip that idles has time", BOARD, "if (rounds_ == nullptr) return run(clocks);",
           "if (rounds_ == nullptr) return chip.pass(clocks);"),
    Mutant("rude", "board", "a host that idles keeps its turn", BOARD, "rounds_->arrive(index);", ""),

    Mutant("no-way-back", "sums", "every row of the ring goes east", RING, "at.y % 2 == 0 ? at.x : ~at.x", "at.x"),
    Mutant("lost-rest", "sums", "the last piece is as long as all", SUMS, "std::min(longest, whole.words - done)", "longest"),
    Mutant("early-end", "sums", "the last chip of a broadcast does not wait", SUMS, "wait_for_all(program, pieces.size());", ""),
    Mutant("gather-end", "sums", "a chip does not wait for the last block", SUMS, "wait_for_all(program, blocks[(at + 1) % chips].size());", ""),
    Mutant("gather-early", "sums", "blocks are passed on before they are there", SUMS,
           "        if (step > 0) wait_for(send, 1);\n        (void)program.job(send);\n      }\n    }\n    wait_for_all",
           "        (void)program.job(send);\n      }\n    }\n    wait_for_all"),
    Mutant("sum-start", "sums", "sums begin a chip further on", SUMS, "blocks[(at + 2 * chips - 1 - step) % chips]", "blocks[(at + 2 * chips - 2 - step) % chips]"),
    Mutant("sum-anew", "sums", "what came is forgotten", SUMS, "add.accumulate = true;\n          add.c_at = add.d_at;", ""),
    Mutant("ones", "sums", "the identity is transposed into another", SUMS, "2 * i * (view.columns + 1) + 1", "2 * i * (view.columns + 1) - 1 + 2 * (i == 0)"),
    Mutant("saturate", "sums", "sums do not saturate", SUMS, "add.saturate = sum.saturate;", ""),

    Mutant("k-order", "shared", "chips take K backwards", SHARED, "const Part mine = share_of_[work.at];", "const Part mine = share_of_[share_of_.size() - 1 - work.at];"),
    Mutant("no-credit", "shared", "a place is sent to whether or not it is free", SHARED, "if (work.sent++ >= places) add(", "if (work.sent++ >= 1000000) add("),
    Mutant("early-write", "shared", "the host writes over operands in use", SHARED, "step < places ? std::nullopt", "step < 1000000 ? std::nullopt"),
    Mutant("not-left", "shared", "a place is freed before its transfer has left", SHARED,
           "Descriptor job = was_sent ? waiting(Opcode::signal, left, 1)", "Descriptor job = was_sent ? waiting(Opcode::signal, left, 0)"),
    Mutant("sum-not-left", "shared", "a sum is written over before it has left", SHARED, "  if (work.at == 0) {\n    add(work, waiting(Opcode::sync, left, 1));",
           "  if (work.at == 0) {\n    add(work, waiting(Opcode::sync, left, 0));"),
    Mutant("undrained", "shared", "a program ends with credits under way", SHARED, "if (open != 0) add(", "if (open > 1000) add("),
    Mutant("rounding-row", "shared", "every chip rounds as the first", SHARED, "static_cast<std::uint16_t>(job_.row0 + rows.first)", "job_.row0"),
    Mutant("rounding-col", "shared", "every block rounds as the first", SHARED, "static_cast<std::uint16_t>(job_.col0 + cols.first)", "job_.col0"),
    Mutant("relu-early", "shared", "sums are carried through ReLU", SHARED, "const bool begins = k == 0, ends = k + depth.count == job_.k;",
           "const bool begins = k == 0, ends = true;"),
    Mutant("flags", "shared", "carried subnormals raise denormal", SHARED, "return resolve_denormal(job_, first, later, a_, b_, job_.accumulate ? c_ : std::span<const std::byte>{});",
           "first |= later; return first;"),
)


def main() -> int:
    options = parser(__doc__)
    for check in CHECKS:
        options.add_argument(f"--{check}", nargs="+", required=True, metavar="FILE", help=f"objects of the test of {check}")
    options.add_argument("--archives", nargs="+", required=True, metavar="FILE", help="what they link; a mutated object goes before")
    arguments = options.parse_args()
    refuse_unknown(options, arguments.names, MUTANTS)

    def notice(mutant: Mutant | None, check: str) -> str | None:
        folder = arguments.work / (mutant.name if mutant else f"unmutated-{check}")
        objects = list(getattr(arguments, check))
        if mutant:
            source, = with_defect(mutant, ROOT, [ROOT / mutant.file], folder)
            flags = [f"-I{ROOT / path}" for path in (*INCLUDES, str(pathlib.Path(mutant.file).parent))]
            run([*shlex.split(arguments.cxx), "-std=c++20", "-O1", *flags, "-c", str(source), "-o", str(folder / "mutated.o")], folder / "log")
            objects.append(str(folder / "mutated.o"))
        folder.mkdir(parents=True, exist_ok=True)
        archives = ["-Wl,--allow-multiple-definition", "-Wl,--start-group", *arguments.archives, "-Wl,--end-group"]
        program = linked([*objects, *archives], None, folder / "test", arguments.cxx, "-lspdlog", "-lz")
        return complaint([str(program), "--gtest_brief=1", "--gtest_fail_fast"], r"FAILED  \] (.*?)(?=,| \(\d)", TIMEOUT_S)

    return run_campaign(MUTANTS, arguments.names, notice, CHECKS)


if __name__ == "__main__":
    sys.exit(main())
