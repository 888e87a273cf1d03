#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs the Debian packages that Hilbert builds, runs and is tested with. Says what is missing first; does nothing if nothing is.
#   scripts/setup.sh           what scripts/run.sh needs
#   scripts/setup.sh --all     also what tests, proofs and the static gate need
set -euo pipefail

run_packages=(g++ cmake ninja-build ccache verilator zlib1g-dev libboost-program-options-dev libzstd-dev nlohmann-json3-dev
              libfmt-dev libspdlog-dev libgtest-dev dataset-fashion-mnist)
test_packages=(git python3 yosys clang-format shellcheck zstd gcc-riscv64-unknown-elf libunicorn-dev)

packages=("${run_packages[@]}")
case "${1:-}" in
  "") ;;
  --all) packages+=("${test_packages[@]}") ;;
  *) echo "setup.sh: unknown option '$1' (only --all)" >&2; exit 2 ;;
esac

if ! command -v dpkg-query >/dev/null; then
  echo "setup.sh: this is not a Debian system; install the equivalents of: ${packages[*]}" >&2
  exit 3
fi

missing=()
for package in "${packages[@]}"; do
  dpkg-query -W -f='${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
done
if [ ${#missing[@]} -eq 0 ]; then
  echo "setup: all ${#packages[@]} packages are installed"
  exit 0
fi

echo "setup: installing ${missing[*]}"
as_root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || { echo "setup.sh: needs root: run as root: apt-get install ${missing[*]}" >&2; exit 3; }
  as_root=(sudo)
fi
log=$(mktemp)
trap 'rm -f "$log"' EXIT
install() {
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq update &&
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq install --no-install-recommends "${missing[@]}"
}
if ! install >"$log" 2>&1; then
  tail -n 20 "$log" >&2
  echo "setup.sh: apt-get failed (above); check the network and the package sources, then run this again" >&2
  exit 3
fi
