#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""scripts/layers.py refuses what its table does not allow, circles, and folders that it does not know."""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts"))
import layers  # noqa: E402

RULES = layers.table("""
base          | fmt
host/device   base |
host/runtime  base host/device |
""")


def findings(**files: str) -> list[str]:
    """Of sources by path ('__' for '/', '_hpp' for '.hpp'), each given by the names it includes."""
    tree = {path.replace("__", "/").replace("_hpp", ".hpp").replace("_cpp", ".cpp"):
            "".join(f"#include {name}\n" for name in names.split()) for path, names in files.items()}
    return layers.findings(tree, RULES)[0]


class Layers(unittest.TestCase):
    def test_what_the_table_allows(self):
        self.assertEqual(findings(base__include__hilbert__a_hpp="<vector> <stdint.h>", base__src__a_cpp='"hilbert/a.hpp" <fmt/format.h>',
                                  host__runtime__x_cpp="<hilbert/a.hpp>"), [])

    def test_an_arrow_up(self):
        self.assertIn("host/device may not include host/runtime", findings(host__runtime__x_hpp="", host__device__y_cpp='"runtime/x.hpp"')[0])

    def test_a_library_that_is_not_in_the_table(self):
        self.assertIn("<fmt/core.h>", findings(host__device__y_cpp="<fmt/core.h>")[0])
        self.assertIn("<zlib.h>", findings(base__src__y_cpp="<zlib.h>")[0])

    def test_a_new_folder(self):
        self.assertIn("host/campaign is not in the table", findings(host__campaign__y_cpp="")[0])

    def test_a_header_that_is_not_there(self):
        self.assertIn("<hilbert/b.hpp>", findings(base__src__y_cpp="<hilbert/b.hpp>")[0])

    def test_a_public_header_belongs_to_its_source(self):
        files = {"host__include__hilbert__r_hpp": "", "host__device__y_cpp": "<hilbert/r.hpp>"}
        self.assertIn("no source of its name", findings(**files)[0])
        self.assertIn("host/device may not include host/runtime", findings(**files, host__runtime__r_cpp='"hilbert/r.hpp"')[0])
        self.assertEqual(findings(**files, host__device__r_cpp='"hilbert/r.hpp"'), [])

    def test_a_circle_through_two_pairs(self):
        ring = {"base__src__a_hpp": "", "base__src__a_cpp": '"a.hpp" "b.hpp"', "base__src__b_hpp": '"a.hpp"', "base__src__b_cpp": '"b.hpp"'}
        self.assertEqual(findings(**ring), ["a circle of files: base/src/a, base/src/b"])

    def test_what_implements_a_promise_may_use_who_relies_on_it(self):
        self.assertEqual(findings(host__include__hilbert__d_hpp="", host__device__d_cpp='"hilbert/d.hpp" "sim.hpp"',
                                  host__device__sim_hpp="<hilbert/d.hpp>"), [])

    def test_a_table_with_an_arrow_up(self):
        with self.assertRaisesRegex(ValueError, "host/cli must stand before it"):
            layers.table("base host/cli |\nhost/cli |")


if __name__ == "__main__":
    unittest.main()
