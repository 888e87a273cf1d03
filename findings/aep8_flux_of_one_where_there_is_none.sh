#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# aep8 1.0.0 says 1 proton/cm2/s where the radiation belt has none: over most of a low orbit, at every energy.
# Versions:  aep8 1.0.0 and 1.1.0, numpy 2.4.6, astropy 8.0.2 (all PyPI).
# Behaviour: the table holds logarithms; 1.0.0 returns 10^0 outside it, 1.1.0 returns 0. The same call, no warning.
# Output:    325 km over the equator at 100 E, the pole at 650 km, geostationary: 1.0 (1.0.0), 0.0 (1.1.0);
#            in the South Atlantic Anomaly at 650 km 1435 above 100 MeV in both.
# Expected:  0: the average of a 325 km orbit above 100 MeV is itself about 1, so the floor doubles it.
# Instead:   aep8 1.1.0, and a check that the flux over the pole is 0.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check aep8==1.0.0 numpy==2.4.6 astropy==8.0.2
python3 -m venv newer
newer/bin/pip install -q --disable-pip-version-check aep8==1.1.0 numpy==2.4.6 astropy==8.0.2

cat > flux.py <<'E'
import aep8
from astropy import units as u
from astropy.coordinates import EarthLocation
from astropy.time import Time
model = aep8.model("p", "min")
for name, east, north, height in (("equator", 100, 0, 325), ("pole", 0, 90, 650), ("geostationary", 0, 0, 36000),
                                  ("anomaly", -45, -30, 650)):
    place = EarthLocation.from_geodetic(east * u.deg, north * u.deg, height * u.km)
    flux = [float(model.integral_flux(place, Time("2025-01-01"), energy * u.MeV).value) for energy in (10, 100)]
    print(f"{name}: {flux[0]:.0f} above 10 MeV, {flux[1]:.0f} above 100 MeV")
E
seen=$(echo '1.0.0'; venv/bin/python flux.py; echo '1.1.0'; newer/bin/python flux.py)
stated='1.0.0
equator: 1 above 10 MeV, 1 above 100 MeV
pole: 1 above 10 MeV, 1 above 100 MeV
geostationary: 1 above 10 MeV, 1 above 100 MeV
anomaly: 3334 above 10 MeV, 1435 above 100 MeV
1.1.0
equator: 0 above 10 MeV, 0 above 100 MeV
pole: 0 above 10 MeV, 0 above 100 MeV
geostationary: 0 above 10 MeV, 0 above 100 MeV
anomaly: 3334 above 10 MeV, 1435 above 100 MeV'
echo "$seen"
[[ $seen == "$stated" ]] || { printf 'changed; stated was:\n%s\n' "$stated"; exit 1; }
echo 'as stated'
