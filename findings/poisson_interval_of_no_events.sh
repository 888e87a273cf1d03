#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# statsmodels' mid-P interval for a rate after 0 events excludes 0, and its lower end lies above its upper end.
# Versions:  statsmodels 0.15.0, scipy 1.17.1, numpy 2.4.6, pandas 3.1.1 (all PyPI).
# Behaviour: confint_poisson(0, exposure) solves for the lower end, which is 0 by definition, as if there were one.
#            "sqrt" gives an interval of no width beside 0, "wald" one of no width at 0.
# Output:    0 events in 1000: see `stated`; exact [0, 0.00369], midp-c [0.00299574, 0.00299573].
# Expected:  lower end 0, upper end 0.0030 for mid-P (0.5 exp(-1000 r) = 0.025): the most usual outcome of a campaign.
# Instead:   method="exact-c", or set the lower end to 0 for 0 events and refuse an interval that excludes the estimate.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check statsmodels==0.15.0 scipy==1.17.1 numpy==2.4.6 pandas==3.1.1

cat > interval.py <<'E'
from statsmodels.stats.rates import confint_poisson
for method in ("exact-c", "score", "wald", "midp-c", "sqrt"):
    low, high = confint_poisson(0, 1000.0, method=method)
    verdict = "lower end above upper end" if low > high else "no width" if low == high else "good"
    print(f"{method}: [{low:.8f}, {high:.8f}], {verdict}, {'holds' if low <= 0 <= high else 'excludes'} 0")
E
seen=$(venv/bin/python interval.py)
stated='exact-c: [0.00000000, 0.00368888], good, holds 0
score: [0.00000000, 0.00384146], good, holds 0
wald: [0.00000000, 0.00000000], no width, holds 0
midp-c: [0.00299574, 0.00299573], lower end above upper end, excludes 0
sqrt: [0.00096036, 0.00096036], no width, excludes 0'
echo "$seen"
[[ $seen == "$stated" ]] || { printf 'changed; stated was:\n%s\n' "$stated"; exit 1; }
echo 'as stated'
