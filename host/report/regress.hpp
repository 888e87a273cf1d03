// SPDX-License-Identifier: Apache-2.0
// Vector files against a device, on several instances of it at once.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <hilbert/error.hpp>

#include "report/run_case.hpp"

namespace hilbert::report {

struct RegressOptions {
  std::vector<std::filesystem::path> files;
  std::string device = "model:full";
  /// Through the firmware, descriptors that must be refused are skipped: the monitor makes its own.
  JobPath path = JobPath::direct;
  std::string filter;                 ///< shell pattern for matches() of corpus_files.hpp; "" takes all
  unsigned jobs = 1;                  ///< devices at work, a thread each
  std::optional<std::uint64_t> seed;  ///< of random stalls on the host port; nothing: no stalls
  double stall_probability = 0.2;     ///< with a seed
  std::string trace_folder;           ///< waveforms of failing cases; "": none
  unsigned max_traces = 8;
  /// Asked between cases, in every thread: true ends the run early.
  std::function<bool()> stop;
};

struct CaseResult {
  std::string file, name, about;
  bool whole_file = false;  ///< no case: the file is damaged, `name` is its path
  std::uint64_t order = 0;  ///< position in the files as given
  Outcome outcome;
  double seconds = 0;
  std::string reproduce;  ///< the command line that runs this case alone; of failures
  std::string note;       ///< what running it again alone has shown; of failures
  std::string trace;      ///< path of its waveform
};

struct RegressResult {
  std::string device;               ///< as the device calls itself; as asked for, if no case needed one
  std::vector<CaseResult> results;  ///< in the order of the files
  std::uint64_t passed = 0, skipped = 0, failed = 0, errors = 0;
  std::map<std::string, std::uint64_t> skipped_for;  ///< how many by reason
  double seconds = 0;

  // A run that did not come to its end: results then hold what is known so far.
  bool stopped = false;               ///< RegressOptions::stop said so
  std::optional<Error> broken;        ///< what else ended it, as a device that does not open again
  std::uint64_t seen = 0, total = 0;  ///< cases run or passed over by the filter, and cases in the files

  [[nodiscard]] std::uint64_t run() const { return passed + failed + errors; }
  [[nodiscard]] bool complete() const { return !stopped && !broken; }
  /// "interrupted after 120 of 4386 cases"; "" for a complete run.
  [[nodiscard]] std::string ending() const;
  /// The worst of all cases and of what ended the run.
  [[nodiscard]] ExitCode code() const;
};

/// Cases in the files, and the devices' answers. With a seed every case runs on a fresh device whose stalls follow from
/// the seed and the case's name, so that a case alone meets the same stalls; without, a device serves many cases and is
/// replaced after a failure, and a failing case is run again alone on a fresh one. `progress(done)` is called from
/// the caller's thread. A damaged file is an error among the results, and so is a device that fails later; Error for a
/// device that does not open at all.
[[nodiscard]] RegressResult regress(const RegressOptions& options,
                                    const std::function<void(std::uint64_t)>& progress = {});

/// Sum of the case counts in the headers of the files; damaged ones count nothing.
[[nodiscard]] std::uint64_t count_cases(const std::vector<std::filesystem::path>& files);

}  // namespace hilbert::report
