// SPDX-License-Identifier: Apache-2.0
// Reports and geometries as text and as JSON.
#pragma once

#include <hilbert/model/descriptor.hpp>
#include <hilbert/runtime.hpp>
#include <nlohmann/json.hpp>
#include <string>

namespace hilbert::cli {

/// "on the direct path", "through the firmware (image 12345678)".
std::string to_text(JobPath path);

nlohmann::ordered_json to_json(const Report& report);
nlohmann::ordered_json to_json(const model::Geometry& geometry);

/// A few lines for people, each ending with a newline.
std::string to_text(const Report& report);

}  // namespace hilbert::cli
