# SPDX-License-Identifier: Apache-2.0
"""What command lines are refused, and how. The numbers and their ranges are read from --help, so that every option that
is added later is tried too.

Usage: options_test.py HILBERT [CAMPAIGN...]
"""
import os
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
HILBERT = sys.argv.pop(1)
CAMPAIGNS = [sys.argv.pop(1) for _ in range(len(sys.argv) - 1)]
NO_NUMBERS = ["", " ", "12abc", "abc", "nan", "NaN", "inf", "-inf", "+5", " 5", "5 ", "1,000", "0x", "--5", "1e", "5\n"]
FAR_OUT = ["1e99", "9" * 60, "-1e99", "-" + "9" * 30]


def run(*arguments, environment=None):
    """Exit code, standard output, standard error. Half a minute is for ever for what must be refused."""
    done = subprocess.run(arguments, capture_output=True, text=True, check=False, timeout=30, cwd="/",
                          env={**os.environ, **(environment or {})})
    return done.returncode, done.stdout, done.stderr


def hilbert(*arguments):
    return run(HILBERT, *map(str, arguments))


def lines_of_command():
    """Every command line that has a --help of its own."""
    text = run(HILBERT, "--help")[1]
    names = re.findall(r"^  (\w+) +\w", text.split("Commands:")[1].split("\n\n")[0], re.M)
    assert len(names) >= 9, names
    for name in names:
        text = run(HILBERT, name, "--help")[1]
        actions = text.split("Actions:\n")[1].split("\n\n")[0] if f"usage: hilbert {name} ACTION [options]" in text else ""
        found = re.findall(r"^  (\w+) +\w", actions, re.M)
        yield from ([HILBERT, name, action] for action in found) if found else [[HILBERT, name]]
    yield from ([campaign] for campaign in CAMPAIGNS)


class Option:
    """An option as --help shows it: "-n [ --steps ] N (=10)   text (0 to 5 instructions)"."""

    def __init__(self, head, text):
        names = re.match(r"(?:(-\w) \[ (--[\w-]+) \]|(--[\w-]+))(?: (?!\(=)(.*?))?(?: \(=(.*)\))?$", head)
        assert names, head
        self.name, self.short = names[2] or names[3], names[1]
        self.value, self.default = names[4], names[5]
        self.text = text
        found = re.search(r"\(([\d.,e+-]+) to ([\d.,e+-]+)(?: [\w ]+)?\)$", text)
        self.range = found and tuple(bound.replace(",", "") for bound in found.groups())
        self.whole = self.value == "N"
        self.is_number = self.value in ("N", "X")


def options_of(command):
    """The options of a command, from its help."""
    code, text, _ = run(*command, "--help")
    assert code == 0, command
    block = re.split(r"^Options:\n", text, flags=re.M)[1].split("\n\n")[0]
    found = []
    for line in block.splitlines():
        # Where the option just fits its column, one space stands before the text.
        begin = re.match(r"  (-\S.*?)(?:  +(\S.*))?$", re.sub(r"(\(=\S*\)) (?=\S)", r"\1  ", line))
        if begin:
            found.append([begin[1], begin[2] or ""])
        else:
            found[-1][1] = (found[-1][1] + " " + line.strip()).strip()
    return [Option(head, " ".join(text.split())) for head, text in found]


class Numbers(unittest.TestCase):
    def refused(self, command, words, *pieces):
        code, out, err = run(*command, *words)
        self.assertEqual((code, out), (2, ""), f"{command} {words}: {err}")
        self.assertIn(len(err.splitlines()), (1, 1 + sum(word.count("\n") for word in words)), err)
        for piece in pieces:
            self.assertIn(piece, err, f"{command} {words}")

    def test_every_number_states_and_checks_its_range(self):
        tried = 0
        for command in lines_of_command():
            options = options_of(command)
            words = next((option.name for option in options if option.value and not option.is_number), None)
            for option in options:
                if not option.is_number:  # every default that is a number belongs to an option with a range
                    number = re.fullmatch(r"-?[\d.]+(e[+-]?\d+)?", option.default or "")
                    self.assertTrue(number is None or option.value == "LIST", (command, option.name))
                    continue
                with self.subTest(command=command, option=option.name):
                    tried += 1
                    self.assertTrue(option.range, option.text)
                    least, most = option.range
                    number = int if option.whole else float
                    shown = option.text.rsplit("(", 1)[1]
                    beyond = [str(number(most) + 1 if option.whole else float(most) * 1.001)]
                    if number(least) > 0:
                        beyond.append(str(number(least) - 1 if option.whole else float(least) * 0.999))
                    if option.whole:
                        beyond += ["1.5", "1e3"]
                    for value in [*NO_NUMBERS, *FAR_OUT, "-1", *beyond]:
                        self.refused(command, [option.name, value], option.name, *([shown] if value else []))
                        if value:
                            self.refused(command, [f"{option.name}={value}"], option.name + ": ", shown)
                        if option.short and value:
                            self.refused(command, [option.short, value], option.short + ": ", shown)
                            self.refused(command, [option.short + value], option.short + ": ", shown)
                    # What is within the range is taken: the complaint is about the next word.
                    for value in (least, most):
                        self.refused(command, [option.name, value, words, ""], words + ": is given an empty text")
                    if option.default:
                        self.assertTrue(number(least) <= number(option.default) <= number(most), option.default)
        self.assertGreaterEqual(tried, 25)

    def test_parameters_of_uris(self):
        board = f"board:{ROOT}/boards/2x2.json"
        for key in ("banks", "bank_bytes", "controller_bytes", "links"):
            for value in ["-1", "12abc", "", "nan", "1e3", " 5", "99999999999999999999", "2147483648"]:
                uri = f"model:full?{key}={value}"
                self.refused([HILBERT], ["info", "--device", uri], uri, f"{key}: '{value}' is ", " to ")
        for value in ["-1", "0", "257", "2x", "", "nan"]:
            self.refused([HILBERT], ["link", "status", "-d", f"{board}?threads={value}"], f"threads: '{value}' is ",
                         "1 to 256 threads")
        for uri, piece in (("model:full?banks=2&banks=4", "'banks' is given twice"),
                           ("model:full?bank=2", "unknown parameter 'bank', did you mean 'banks'?"),
                           ("model:full?banks", "no value for 'banks'"),
                           ("model:full?", "nothing after '?'"),
                           ("model:full?banks=2&", "an empty parameter"),
                           ("model:-1x2x2", "unknown configuration"),
                           ("model:fulll", "did you mean 'full'?"),
                           ("sim:smal", "did you mean 'small'?"),
                           ("modle:full", "did you mean 'model'?"),
                           (board, "a board is not one device")):
            self.refused([HILBERT], ["info", "--device", uri], piece)
        for query, piece in (("threads=1&threads=2", "'threads' is given twice"), ("thread=1", "did you mean 'threads'?"),
                             ("backend=modell", "did you mean 'model'?"), ("backend", "no value for 'backend'"),
                             ("", "nothing after '?'")):
            self.refused([HILBERT], ["link", "status", "-d", f"{board}?{query}"], piece)

    def test_numbers_inside_texts(self):
        with tempfile.TemporaryDirectory() as folder:
            out = f"{folder}/x.hbv"
            for crop in ("-1x2x3", "0x2x3", "2x2", "2x2x2x2", "2xx3", "99999999999999999999999x1x1", "2x2x"):
                self.refused([HILBERT], ["vectors", "gen", "-o", out, "--from-npy", "a", "b", "--format", "bf16", "--crop", crop],
                             "--crop: ")
            head = "{'descr': '<f4', 'fortran_order': False, 'shape': (4, 5), }".ljust(117) + "\n"
            for name, shape in (("a", "(4, 5)"), ("b", "(5, 3)")):
                text = head.replace("(4, 5)", shape)
                Path(folder, name).write_bytes(b"\x93NUMPY\x01\x00\x76\x00" + text.encode() + bytes(4 * (20 if name == "a" else 15)))
            for crop, piece in (("5x3x5", "M of 5: no product has more than 4"), ("4x4x5", "N of 4: no product has more than 3"),
                                ("4x3x4294967295", "K of 4294967295: no product has more than 5")):
                self.refused([HILBERT], ["vectors", "gen", "-o", out, "--from-npy", f"{folder}/a", f"{folder}/b", "--format", "bf16",
                                         "--crop", crop], "--crop: " + piece)
            self.assertEqual(hilbert("vectors", "gen", "-o", out, "--from-npy", f"{folder}/a", f"{folder}/b", "--format", "bf16",
                                     "--crop", "4x3x5")[0], 0)
            for name in ("a", "b", "x.hbv"):
                os.remove(f"{folder}/{name}")
            for steps in ("-1", "1,", "1,,2", "99999999999999", "1e3", "x"):
                self.refused([HILBERT], ["train", "--dump-tensors", f"{folder}/d", "--dump-steps", steps], "--dump-steps: ")
            if Path("/usr/share/datasets/fashion-mnist").exists():
                self.refused([HILBERT], ["train", "--dump-tensors", f"{folder}/d", "--dump-steps", "4", "--steps", "3"], "no step 4")
                self.refused([HILBERT], ["train", "--epochs", "1000", "--batch", "1"], "--epochs: 1000 are 60000000 steps")
            self.assertEqual(os.listdir(folder), [])

    def test_seeds_in_the_environment(self):
        programs = [[c] for c in CAMPAIGNS if Path(c).name in ("descriptor_fuzz", "link_torture")]
        for command in programs:
            for value in ["-1", "abc", "", "1.5", "99999999999999999999999"]:
                code, _, err = run(*command, "--help", environment={"HILBERT_SEED": value})
                self.assertEqual(code, 2, err)
                self.assertIn(f"HILBERT_SEED: '{value}' is ", err)


class Words(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    refused = Numbers.refused

    def test_did_you_mean(self):
        for line, piece in (("gemm --a x --b y -f bf61", "did you mean 'bf16'?"),
                            ("gemm --a x --b y -f cf8_134:7", "did you mean 'cf8_143'?"),
                            ("gemm --a x --b y -f bf16 --out-format fp23", "did you mean 'fp32'?"),
                            ("gemm --a x --b y -f bf16 --b-format int88", "did you mean 'int8'?"),
                            ("gemm --a x --b y --formt bf16", "did you mean '--format'?"),
                            ("vectors gen -o x --family shape", "did you mean 'shapes'?"),
                            ("vectors gen -o x --from-npy a b --format e4m4", "did you mean 'e4m3'?"),
                            ("vectors chekc", "did you mean 'check'?"),
                            ("train --format cf9", "did you mean 'cf8'?"), ("train --check non", "did you mean 'none'?"),
                            ("bench utilization", "did you mean 'utilisation'?"),
                            ("bench sim --chip fulll", "did you mean 'full'?"),
                            ("firmware selftest --only matix", "did you mean 'matrix'?"),
                            ("board shwo x", "did you mean 'show'?"), ("firmware rnu x", "did you mean 'run'?"),
                            ("link stauts -d board:x", "did you mean 'status'?")):
            with self.subTest(line):
                self.refused([HILBERT], line.split(), piece)

    def test_arguments_have_the_names_of_the_usage_line(self):
        for line, piece in (("board", "ACTION is missing"), ("board show", "FILE is missing"), ("link -d board:x", "ACTION is missing"),
                            ("firmware run", "PROGRAM.elf is missing"), ("firmware step", "PROGRAM.elf is missing"),
                            ("board show a b", "'b' is one word too many"), ("info model:full", "'model:full' is one word too many")):
            self.refused([HILBERT], line.split(), piece, "usage: hilbert " + line.split()[0])
        for line in ("board --action show --file x", "firmware run --program x", "regress --paths x",
                     "vectors show --path x", "bench --suite sim", "link --action status -d x"):
            self.refused([HILBERT], line.split(), "unknown option '--")
        for command in (["board"], ["firmware", "run"], ["firmware", "regs"], ["regress"], ["bench"], ["link"]):
            text = hilbert(*command, "--help")[1]
            head, usage = text.splitlines()[0].split(" [options] ")
            self.assertEqual(head, "usage: hilbert " + " ".join(command))
            arguments = text.split("Arguments:\n")[1].split("\n\n")[0]
            for word in (word.strip("[].") if word.startswith("[") else word for word in usage.split() if not word.startswith("-")):
                if word != "board:FILE":
                    self.assertIn(f"  {word} ", arguments, command)

    def test_options_that_would_do_nothing(self):
        for line in ("gemm --a x --b y -f bf16 --rounding-seed 3", "gemm --a x --b y -f bf16 --stochastic",
                     "gemm --a x --b y -f bf16 --subnormal-literal", "gemm --a x --b y -f bf16 --stall 0.1",
                     "gemm --a x --b y -f bf16 -d sim:small --seed 3", "regress --seed 5 -d model:small",
                     "regress --stall 0.1 -d sim:small", "vectors gen -o x --family ties --relu",
                     "vectors gen -o x --saturate", "vectors gen -o x --crop 1x1x1", "vectors gen -o x --rounding-seed 3",
                     "vectors gen -o x --out-format bf16", "vectors gen -o x --format bf16",
                     "vectors gen -o x --from-npy a b --format bf16 --seed 3",
                     "vectors gen -o x --from-npy a b --format bf16 --count 3",
                     "vectors gen -o x --from-npy a b --format bf16 --stochastic",
                     "vectors gen -o x --from-npy a b --format bf16 --subnormal-literal",
                     "vectors gen -o x --from-dump d.json --relu", "vectors gen --list --seed 3", "vectors gen --corpus c --seed 3",
                     "vectors show --json - --codes", "train --dump-steps 3", "board show x --seed 3",
                     "link status -d board:x --clocks 5",
                     "link bert -d board:x --rounds 5", "link train -d board:x --seed 5", "link stress -d board:x --max-ber 0.1",
                     "bench utilisation --rounds 5", "bench link --chip full"):
            with self.subTest(line):
                option = [word for word in line.split() if word.startswith("--")][-1]
                self.refused([HILBERT], line.split(), option if "--codes" not in line else "--codes", "has an effect only")
        for line, piece in (("train --epochs 1 --steps 3", "give one of them"), ("gemm --a x --b y -f bf16 --path frimware", "did you mean 'firmware'?"),
                            ("regress --filter ''", "empty"), ("gemm --a '' --b y -f bf16", "--a: is given an empty text")):
            self.refused([HILBERT], [word.strip("'") for word in line.split()], piece)

    def test_a_filter_that_matches_nothing(self):
        file = str(ROOT / "vectors" / "golden" / "ties.hbv")
        for command in ("regress", "vectors show --json -"):
            self.refused([HILBERT], [*command.split(), file, "--filter", "tise*"], "no case matches 'tise*'")


if __name__ == "__main__":
    unittest.main()
