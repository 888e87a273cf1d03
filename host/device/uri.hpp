// SPDX-License-Identifier: Apache-2.0
// Device URIs: SCHEME:CONFIG[?key=value&...].
#pragma once

#include <hilbert/model/descriptor.hpp>
#include <string>
#include <string_view>

namespace hilbert::device {

struct Uri {
  std::string scheme;         ///< "model" or "sim"
  std::string configuration;  ///< as written, or "full"
  model::Geometry geometry;   ///< of the configuration, changed by the parameters
  std::uint32_t controller_bytes =
      0;  ///< of controller memory: the configuration's if no parameter changes it, else as given

  /// With its defaults filled in: opens the same device again.
  [[nodiscard]] std::string text() const;
};

/// Throws Error(bad_input) that says which part is wrong and what it may be.
Uri parse_uri(std::string_view text);

/// Throws Error(bad_input) for a geometry or controller memory that rtl/README.md does not allow; `where` is the URI.
void check_geometry(const model::Geometry& geometry, std::uint32_t controller_bytes, std::string_view where);

}  // namespace hilbert::device
