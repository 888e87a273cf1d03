// SPDX-License-Identifier: Apache-2.0
// hilbert campaign: what upsets do to a chip at work.
#include <array>

#include "campaign_actions.hpp"

namespace hilbert::cli::campaign_command {
namespace {

constexpr std::array actions {
#if HILBERT_CAMPAIGNS
  Action{"sites", "list what can be disturbed, by name", campaign_sites},
      Action{"run", "disturb a workload, again and again or in every way there is, and keep the outcomes",
             campaign_run},
      Action{"resume", "go on with a campaign that was stopped", campaign_resume},
      Action{"replay", "run one experiment again on the verilated chip, and tell how it spread", campaign_replay},
#endif
      Action{"merge", "make one file of the shards of a campaign", campaign_merge},
      Action{"show", "count outcomes, by part of the chip, kind of state, bit or clock", campaign_show},
};

ExitCode run(const Arguments& arguments) {
  return run_action("campaign", "Disturbs a chip at work, and tells what comes of it.", actions, arguments);
}

const Registration registration({"campaign", "disturb a chip at work: upsets, transients, and what comes of them",
                                 run});

}  // namespace
}  // namespace hilbert::cli::campaign_command
