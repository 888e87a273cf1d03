// SPDX-License-Identifier: Apache-2.0
// The named chip configurations, from the table in tb/chips.cmake.
#pragma once

#include <hilbert/model/descriptor.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace hilbert::device {

struct Configuration {
  std::string_view name;
  model::Geometry geometry;
};

std::span<const Configuration> configurations();

std::optional<model::Geometry> find_configuration(std::string_view name);

/// "full, small, ..."
std::string configuration_names();

}  // namespace hilbert::device
