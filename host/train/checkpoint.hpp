// SPDX-License-Identifier: Apache-2.0
// A training between two steps, as a file from which it goes on to the very bits that it would have reached.
//
//     bytes          what
//     0   8          "HBTRAIN\n"
//     8   u32        version: 1
//     12  u32        CRC-32 (zlib's) of all other bytes of the file
//     16  u64        length of the file
//     24  u32        length of the description
//     28             description, JSON: what the training is (options, images, depth of the array) and how far it is
//         f64 x 2    of each step done: loss and accuracy of its batch
//         the rest   Trainer::state()
//
// Little endian. The first 24 bytes mean the same in every version.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "train/trainer.hpp"

namespace hilbert::train {

struct Checkpoint {
  // What the training is: equal, or the bits to come would be others.
  Options options;
  unsigned depth = 0;      ///< of the array's cells, on which sums depend
  std::uint64_t data = 0;  ///< fingerprint() of the images

  // How far it is.
  std::vector<StepResult> history;                    ///< of the steps done
  std::uint64_t products = 0, checked = 0, macs = 0;  ///< computed; compared with the reference model; in them
  std::vector<std::byte> state;                       ///< Trainer::state()
};

/// A name for images and labels: CRC-32 of the training set and, below, of the test set.
[[nodiscard]] std::uint64_t fingerprint(const ImageDataset& data);

[[nodiscard]] std::vector<std::byte> format_checkpoint(const Checkpoint& checkpoint);

/// Error (exit code 2) for anything but a whole, undamaged checkpoint of this version; `where` names it. Nothing is
/// allocated that the file's length does not cover.
[[nodiscard]] Checkpoint parse_checkpoint(std::span<const std::byte> file, std::string_view where);

/// The same of a file, of which no more is read than such a checkpoint has.
[[nodiscard]] Checkpoint read_checkpoint(const std::filesystem::path& path);

/// What keeps a training from going on from a checkpoint: "--batch 64 (here 32), other images"; "" if nothing does.
[[nodiscard]] std::string differences(const Checkpoint& checkpoint, const Checkpoint& here);

}  // namespace hilbert::train
