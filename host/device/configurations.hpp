// SPDX-License-Identifier: Apache-2.0
// The named chip configurations, from rtl/regs/chips.toml.
#pragma once

#include <cstdint>
#include <hilbert/model/descriptor.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace hilbert::device {

/// Of every link of a chip (rtl/link/README.md, Parameters).
struct LinkShape {
  std::uint32_t lanes = 4, max_words = 129, buffer_words = 512, replay_words = 512, window = 64;
};

struct Configuration {
  std::string_view name;
  model::Geometry geometry;
  std::uint32_t controller_bytes;  ///< of controller memory; 0: no controller
  LinkShape link;                  ///< means nothing without links
};

std::span<const Configuration> configurations();

std::optional<Configuration> find_configuration(std::string_view name);

/// "full, small, ..."
std::string configuration_names();

}  // namespace hilbert::device
