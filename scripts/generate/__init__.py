# SPDX-License-Identifier: Apache-2.0
"""What scripts/regmap.py makes of the TOML files in rtl/regs, a module a kind of file."""
