// SPDX-License-Identifier: Apache-2.0
// The makers of the families; each fills a job but for its results and gives the end of the case's name.
#pragma once

#include "hilbert/vectors/generate.hpp"

namespace hilbert::vectors::family {

using Maker = std::string(std::uint32_t index, Rng& rng, MatrixJob& job);

// families_numbers.cpp: what the numbers are
Maker corners, ties, steps, stochastic, literal, cancellation, overflow, underflow, accumulate, int8;
// families_shapes.cpp: which formats, options and sizes
Maker random, formats, biases, options, shapes, tiling, convert;

}  // namespace hilbert::vectors::family
