// SPDX-License-Identifier: Apache-2.0
// The link with the parameters `full`.
#include "Vhb_link_full.h"
#include "link_of.hpp"

namespace hilbert::tb {

std::unique_ptr<Link> make_full_link() { return std::make_unique<LinkOf<Vhb_link_full>>(LinkParameters{}); }

}  // namespace hilbert::tb
