#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# skyfield gives a position for a satellite that SGP4 calls decayed: finite numbers, inside the Earth, no exception.
# Versions:  skyfield 1.55, sgp4 2.27, numpy 2.4.6 (all PyPI).
# Behaviour: an orbit like the space station's, ten years past its epoch. sgp4 returns error 6 and a position.
#            skyfield keeps the position and puts the error into `.message`, which nobody prints.
# Output:    radius 6364 km at the second date (the Earth's equator: 6378), message "... has decayed".
# Expected:  NaN, as both packages give for other errors (1 to 4), or an exception.
# Instead:   test `position.message is None` (skyfield) or the error code (sgp4) of every position before use.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check skyfield==1.55 sgp4==2.27 numpy==2.4.6

cat > orbit.py <<'E'
import numpy as np
from skyfield.api import EarthSatellite, load
def with_checksum(line):
    return line + str(sum(int(c) if c.isdigit() else c == "-" for c in line) % 10)
time = load.timescale(builtin=True)
satellite = EarthSatellite(with_checksum("1 25544U 98067A   24001.50000000  .00016717  00000-0  10270-3 0  999"),
                           with_checksum("2 25544  51.6400 208.9163 0006703 130.5360 325.0288 15.4951234543210"),
                           "like the station", time)
for year in (2024, 2034):
    position = satellite.at(time.utc(year, 1, 1, 12))
    radius = np.linalg.norm(position.position.km)
    error = satellite.model.sgp4(position.t.whole, position.t.tai_fraction)[0]
    print(f"{year}: radius {radius:.0f} km, sgp4 error {error}, message: {position.message}")
E
seen=$(venv/bin/python orbit.py)
stated='2024: radius 6785 km, sgp4 error 0, message: None
2034: radius 6364 km, sgp4 error 6, message: mrt is less than 1.0 which indicates the satellite has decayed'
echo "$seen"
[[ $seen == "$stated" ]] || { printf 'changed; stated was:\n%s\n' "$stated"; exit 1; }
echo 'as stated'
