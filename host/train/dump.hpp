// SPDX-License-Identifier: Apache-2.0
// Products of a training as .npy files, to look at, to repeat alone, or to make golden vectors of.
#pragma once

#include <filesystem>
#include <string>

#include "train/products.hpp"

namespace hilbert::train {

/// Makes the folder unless it is there. Error (exit code 3) if it cannot be made.
void make_dump_folder(const std::filesystem::path& folder);

/// Writes FOLDER/step0007_hidden_{a,b,c,d}.npy (the exact values of the codes; c only where there is one) and beside
/// them step0007_hidden.json: sizes, formats and options.
void dump_product(const std::filesystem::path& folder, const Product& product);

/// The `hilbert gemm --check` that computes a dumped product again on a device.
[[nodiscard]] std::string gemm_command(const std::filesystem::path& folder, const Product& product,
                                       const std::string& device);

/// Dumps the product and says how to repeat it: alone by gemm_command, with its history by `whole_run`.
[[nodiscard]] std::string reproduction(const Product& product, const std::filesystem::path& folder,
                                       const std::string& device, const std::string& whole_run);

}  // namespace hilbert::train
