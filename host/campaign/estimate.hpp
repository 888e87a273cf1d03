// SPDX-License-Identifier: Apache-2.0
// How long a campaign will take, before it begins.
#pragma once

#include "campaign/campaign.hpp"

namespace hilbert::campaign {

/// Processor time of all blocks on this machine, in seconds, from some columns of each kind that are run now, or from
/// some replays. Within a factor of two or three: what blocks share is not seen.
double estimate_seconds(Campaign& campaign, const Trace& trace, const Plan& plan, Engine engine);

}  // namespace hilbert::campaign
