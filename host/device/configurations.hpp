// SPDX-License-Identifier: Apache-2.0
// The named chip configurations, from the table in tb/chips.cmake.
#pragma once

#include <cstdint>
#include <hilbert/model/descriptor.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace hilbert::device {

struct Configuration {
  std::string_view name;
  model::Geometry geometry;
  std::uint32_t cpu_bytes;  ///< of controller memory; 0: no controller
};

std::span<const Configuration> configurations();

std::optional<Configuration> find_configuration(std::string_view name);

/// "full, small, ..."
std::string configuration_names();

}  // namespace hilbert::device
