// SPDX-License-Identifier: Apache-2.0
// What a chip's shared object shows to loaded_chip.cpp.
#include "Vhb_small.h"
#include "hilbert/tb/faults.hpp"

namespace hilbert::tb {
ModelState state_of(Vhb_small&) { return {}; }  // no suite asks for the bits of a mutant
}  // namespace hilbert::tb

#include "chip_of.hpp"

// Without links, as in rtl/regs/chips.toml.
extern "C" hilbert::tb::Chip* hilbert_make_chip() {
  return std::make_unique<hilbert::tb::ChipOf<Vhb_small, 0, 1>>("small").release();
}
