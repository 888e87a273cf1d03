#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# GHDL's FST file keeps one bit of an integer and drops every real; its VCD file of the same run has both.
# Versions:  GHDL 2.0.0 and fst2vcd of GTKWave 3.3.118 (Debian 12).
# Behaviour: an integer becomes a variable of one bit, so 5 and 77 are both "1"; a real is declared and never written.
# Output:    see `stated`: width and values in either file.
# Expected:  both files show 5, 77 and 1.5, 2.5.
# Instead:   --vcd for designs with integers or reals at the top, or convert them to std_logic_vector first.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
printf 'found %s; stated for 2.0.0\n' "$(ghdl --version | sed -n 1p)"
printf 'found %s; stated for 3.3.118\n' "$(dpkg-query -W -f '${Package} ${Version}' gtkwave)"

cat > top.vhd <<'E'
entity top is end;
architecture bench of top is
  signal count: integer := 5;
  signal level: real := 1.5;
begin
  process begin
    wait for 1 ns;
    count <= 77;
    level <= 2.5;
    wait;
  end process;
end;
E
ghdl -a top.vhd
ghdl -e top
ghdl -r top --vcd=run.vcd --fst=run.fst --stop-time=2ns >log
fst2vcd run.fst >fst.vcd
values() { # FILE NAME: the width and the changes of one variable
  local width code
  read -r width code < <(awk -v name="$2" '$1 == "$var" && $5 == name { print $3, $4 }' "$1")
  echo "$2: $width bits$(awk -v code="$code" '$1 != "$var" && ($2 == code || $1 ~ "^[01]" && substr($1, 2) == code) {
    printf " %s", $2 == "" ? substr($1, 1, 1) : $1 }' "$1")"
}
seen=$(for file in run.vcd fst.vcd; do echo "$file"; values $file count; values $file level; done)
stated='run.vcd
count: 32 bits b101 b1001101
level: 64 bits r1.5 r2.5
fst.vcd
count: 1 bits 1 1
level: 64 bits'
echo "$seen"
[[ $seen == "$stated" ]] || { printf 'changed; stated was:\n%s\n' "$stated"; exit 1; }
echo 'as stated'
