// SPDX-License-Identifier: Apache-2.0
// Names of cases made from files of tensors.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace hilbert::cli {

/// The files that a name is made of, each with so many of its folders in front.
struct TensorSource {
  std::vector<std::filesystem::path> files;
  std::size_t folders = 0;
};

/// A name for each source, all different: "a-b" of one/a.npy and one/b.npy. Sources that would have one name get more
/// of their folders in front, "one-a-one-b" and "two-a-two-b"; the same files again a number behind. What names of
/// cases cannot hold becomes '_'.
[[nodiscard]] std::vector<std::string> tensor_names(std::vector<TensorSource> sources);

}  // namespace hilbert::cli
