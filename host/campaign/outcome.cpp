// SPDX-License-Identifier: Apache-2.0
// Names of outcomes.
#include "campaign/outcome.hpp"

#include <array>

namespace hilbert::campaign {

std::string_view to_string(Outcome outcome) {
  static constexpr std::array<std::string_view, outcome_count> names{
      "masked",         "latent", "corrected", "recovered", "detected",    "retry",
      "bad_completion", "early",  "hang",      "sdc",       "unspecified", "left"};
  return names.at(static_cast<std::size_t>(outcome));
}

Outcome outcome_of(Watch::Then then) {
  switch (then) {
    case Watch::Then::sdc:
      return Outcome::sdc;
    case Watch::Then::detected:
      return Outcome::detected;
    case Watch::Then::left:
      return Outcome::left;
    case Watch::Then::done:
      break;
  }
  return Outcome::masked;
}

}  // namespace hilbert::campaign
