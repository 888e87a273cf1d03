// SPDX-License-Identifier: Apache-2.0
// Results of a regression as JUnit XML, which every CI system reads, and as JSON.
#pragma once

#include <string>
#include <string_view>

#include "report/regress.hpp"

namespace hilbert::report {

/// A test suite a vector file, a test case a case; failures carry their message and the line that reproduces them. A
/// damaged file, and a run that did not come to its end, are an error each.
[[nodiscard]] std::string to_junit(const RegressResult& result);

/// {"device", "complete", "passed", "skipped", "failed", "errors", "seconds", "cases": [{"file", "name", "verdict",
/// ...}]}
[[nodiscard]] std::string to_json(const RegressResult& result);

}  // namespace hilbert::report
