// SPDX-License-Identifier: Apache-2.0
// How GoogleTest shows a NumberFormat.
#pragma once

#include <ostream>

#include "train/trainer.hpp"

namespace hilbert::train {

inline void PrintTo(NumberFormat format, std::ostream* out) {  // NOLINT: the name that GoogleTest looks for
  *out << (format == NumberFormat::bf16 ? "bf16" : "cf8");
}

}  // namespace hilbert::train
