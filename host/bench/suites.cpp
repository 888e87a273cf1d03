// SPDX-License-Identifier: Apache-2.0
#include "bench/suites.hpp"

#include "device/scheme.hpp"

namespace hilbert::bench {

std::vector<std::string> built_chips() { return device::scheme_of("sim:").at_hand(); }

}  // namespace hilbert::bench
