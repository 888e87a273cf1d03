// SPDX-License-Identifier: Apache-2.0
// The named chip configurations, from rtl/regs/chips.toml.
#pragma once

#include <cstdint>
#include <hilbert/model/descriptor.hpp>
#include <hilbert/regs/chips.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace hilbert::device {

/// Of every link of a chip (rtl/link/README.md, Parameters).
struct LinkShape {
  static constexpr regs::chip::Parameters usual{};
  std::uint32_t lanes = usual.link_lanes, max_words = usual.link_max_words, buffer_words = usual.link_buffer_words,
                replay_words = usual.link_replay_words, window = usual.link_window;
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
