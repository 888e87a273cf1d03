// SPDX-License-Identifier: Apache-2.0
// JSON as all commands write it.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace hilbert::report {

/// The value and a newline; `indent` -1: all in one line. Strings hold any bytes and come out as valid_text()
/// (hilbert/text.hpp), so that this never throws and every parser reads it; numbers that are not finite become null.
[[nodiscard]] std::string json_text(const nlohmann::ordered_json& value, int indent = 2);

}  // namespace hilbert::report
