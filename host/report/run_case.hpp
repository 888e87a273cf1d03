// SPDX-License-Identifier: Apache-2.0
// One case of a vector file on one device.
#pragma once

#include <cstdint>
#include <hilbert/runtime.hpp>
#include <hilbert/vectors/case.hpp>
#include <string>
#include <string_view>

namespace hilbert::report {

enum class Verdict : std::uint8_t {
  passed,
  skipped,  ///< a refusal that is not promised for this tile, or a job that its memory is too small for
  failed,   ///< another result than expected, or a legal job refused
  error     ///< no result: the device hung, failed or answered nonsense
};

[[nodiscard]] std::string_view to_string(Verdict verdict);

struct Outcome {
  Verdict verdict = Verdict::passed;
  std::string message;  ///< why, in lines, for people
  ExitCode code = ExitCode::good;
};

/// Runs cases one after the other on a device that is used for nothing else meanwhile.
class CaseRunner {
 public:
  explicit CaseRunner(Runtime runtime) : runtime_(std::move(runtime)) {}

  /// Never throws what belongs to the case: that becomes an outcome. After anything but passed and skipped the device
  /// may be in any state: make a new runner.
  [[nodiscard]] Outcome run(const vectors::Case& item);
  [[nodiscard]] Runtime& runtime() { return runtime_; }

 private:
  [[nodiscard]] Outcome run_job(const vectors::MatrixJob& job);
  [[nodiscard]] Outcome run_refused(const vectors::RefusedDescriptor& refused);

  Runtime runtime_;
  std::vector<std::byte> guard_;  ///< what the whole data memory holds, if it is known
};

/// The first difference of two matrices of codes and how many there are: "2 of 45 elements differ, the first at row 3,
/// column 1: expected 0x3f80 (1), got 0x3f81 (1.0078125)"; "" if they are equal.
[[nodiscard]] std::string first_difference(std::span<const std::byte> expected, std::span<const std::byte> got,
                                           std::uint32_t cols, model::FormatSpec format, bool literal);

}  // namespace hilbert::report
