#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The static gate, the same for CI and the git hook (git config core.hooksPath .githooks): prints every finding, exit 1 if there is one.
# shellcheck disable=SC2317  # the checks are called through check()
set -uo pipefail
cd "$(dirname "$0")/.." || exit 3
failed=0

# Runs one named check; its output is printed only if it fails.
check() {
  local name=$1; shift
  local out
  if out=$("$@" 2>&1); then
    echo "ok    $name"
  else
    echo "FAIL  $name"
    printf '%s\n' "$out" | tail -n 40
    failed=1
  fi
}

tracked() { git ls-files --cached --others --exclude-standard -- "$@" | while read -r f; do [ -e "$f" ] && echo "$f"; done; }
none() { if [ -n "$1" ]; then printf '%s\n' "$1"; return 1; fi; }

# The configurations every RTL check elaborates: those of rtl/regs/chips.toml, and small without a controller.
mapfile -t configs < <(scripts/chips.py --parameters | sed 's/^[^ ]* //')
configs+=("$(scripts/chips.py --parameters small | sed 's/CpuBytes=[0-9]*/CpuBytes=0/')")

format() { tracked '*.cpp' '*.hpp' '*.c' '*.h' | grep -v '^rtl/regs/' | xargs clang-format --dry-run --Werror; }
shell() { tracked '*.sh' .ci/run .githooks/pre-commit | xargs shellcheck; }
registers() { python3 scripts/regmap.py --check rtl/regs/*.toml; }
licences() { none "$(tracked '*.cpp' '*.hpp' '*.c' '*.h' '*.sv' '*.sh' '*.py' '*.toml' '*.cmake' '*CMakeLists.txt' | xargs grep -L 'SPDX-License-Identifier: Apache-2.0')"; }

lint() {
  local config values
  for config in "${configs[@]}"; do
    read -ra values <<<"$config"
    "${VERILATOR:-verilator}" --lint-only -Wall -f rtl/hilbert.f --top-module hb_chip "${values[@]/#/-G}" || return 1
  done
}

yosys_reads() {
  local chip values settings
  for chip in small 4x8x2; do
    read -ra values < <(scripts/chips.py --parameters "$chip")
    settings=$(printf ' -set %s' "${values[@]/=/ }")
    "${YOSYS:-yosys}" -q -p "read_verilog -sv $(grep -v '^#' rtl/hilbert.f | tr '\n' ' '); chparam$settings hb_chip; hierarchy -check -top hb_chip; proc; check -assert" || return 1
  done
}

# Every RTL file is in rtl/hilbert.f, holds one module or package, and is named after it.
one_module_a_file() {
  local file found=""
  for file in $(tracked 'rtl/*.sv'); do
    grep -qx "$file" rtl/hilbert.f || found+="$file is not in rtl/hilbert.f"$'\n'
    [ "$(grep -cE '^(module|package) ' "$file")" = 1 ] || found+="$file: not exactly one module or package"$'\n'
    grep -qE "^(module|package) $(basename "$file" .sv)\b" "$file" || found+="$file: its module has another name"$'\n'
  done
  none "$found"
}

# Every target of `<=` in rtl/ ends in _q, memories too, and nothing else does: upsets, proofs and netlists find flip-flops by name.
registers_named() { tracked 'rtl/*.sv' | xargs python3 scripts/registers.py; }

# An assertion, and an instance of hb_held, is named after its module, for that is what a failure shows.
promises_named() {
  local file
  none "$(for file in $(tracked 'rtl/*.sv' | grep -v '/hb_held.sv$'); do
            grep -HnE '\bassert\b|^ *hb_held ' "$file" | grep -vE ": *$(basename "$file" .sv)_[a-z_]+: +assert \(|\) $(basename "$file" .sv)_[a-z0-9_]+_held \($"
          done)"
}

# Forms that Yosys 0.23 miscompiles or that the style forbids (rtl/README.md).
banned_rtl() {
  none "$(tracked 'rtl/*.sv' | xargs grep -nE '`(define|ifdef|ifndef)|^\s*import |\binterface\b|\.\*|^\s*always @|\bcasex\b|\b(reg|wire)\s' |
          grep -vE '^[^:]*:[0-9]*:\s*//|ifdef (SYNTHESIS|VERILATOR|YOSYS)|ifndef (SYNTHESIS|VERILATOR|YOSYS)')"
}

# What each folder may include; nothing else, and no circle.
layers() { python3 scripts/layers.py; }

# No name of the RTL is declared by a slip of the pen; and what comes after a file of ours finds the language as it was.
nets_declared() {
  local file
  none "$(for file in $(tracked 'rtl/*.sv'); do
            [ "$(grep -c '^`default_nettype none$' "$file")" = 1 ] && [ "$(tail -n 1 "$file")" = '`default_nettype wire' ] || echo "$file"
          done)"
}

# A file is one idea: RTL to 200 lines, tests, which are lists, to 600, all else to 300. scripts/long_files.txt has those that
# are longer, each with its limit and its reason.
lengths() {
  none "$(tracked '*.sv' '*.cpp' '*.hpp' '*.c' '*.h' '*.py' '*.sh' | grep -v '^rtl/regs/' | xargs wc -l | grep -v ' total$' |
    awk 'NR == FNR { if ($0 !~ /^#/ && NF) limit[$1] = $2; next }
         { most = $2 in limit ? limit[$2] : $2 ~ /^rtl\// ? 200 : $2 ~ /^tests\// ? 600 : 300
           if ($1 > most) print $2 ": " $1 " lines, at most " most; seen[$2] = 1 }
         END { for (file in limit) if (!(file in seen)) print "scripts/long_files.txt: no " file }' scripts/long_files.txt -)"
}

# Pages: short sentences, short lines, and what they name is there.
prose() { tracked '*.md' | xargs python3 scripts/prose.py; }
links() { tracked '*.md' | xargs python3 scripts/links.py; }

check "clang-format" format
check "shellcheck" shell
check "SPDX line in every source" licences
check "register maps fresh" registers
check "one RTL module a file, listed" one_module_a_file
check "banned RTL forms" banned_rtl
check "assertions of the RTL say module and promise" promises_named
check "flip-flops of the RTL end in _q" registers_named
check "layers: what a folder may include" layers
check "default_nettype none in the RTL" nets_declared
check "lengths of files" lengths
check "pages: sentences of 40 words, lines of 120 columns" prose
check "pages: what they name is there" links
check "Verilator lint -Wall, ${#configs[@]} configurations" lint
check "Yosys reads the small chip and one with links" yosys_reads
exit $failed
