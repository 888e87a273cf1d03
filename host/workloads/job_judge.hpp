// SPDX-License-Identifier: Apache-2.0
// Judges how a job ended as the runtime would: queue head, completion, result (host/runtime/queue.cpp).
#pragma once

#include <cstdint>
#include <hilbert/model/descriptor.hpp>
#include <hilbert/model/layout.hpp>
#include <vector>

#include "campaign/outcome.hpp"
#include "workloads/tile_state.hpp"

namespace hilbert::workloads {

/// What a good end looks like.
struct ExpectedJob {
  std::uint32_t queue_head = 0;  ///< before the job
  model::Completion completion;  ///< by the reference model; clocks and counts mean nothing
  std::uint32_t corrected = 0;   ///< ECC_CORRECTED at the start
  std::uint32_t address = 0;     ///< of the result
  std::vector<std::byte> image;  ///< the result as it lies in memory, by the reference model
  model::PanelLayout layout;     ///< which of it are elements
  std::uint64_t stride = 0;      ///< bytes from one panel to the next
  model::FormatSpec format;      ///< of the elements
  bool literal = false;

  [[nodiscard]] std::uint32_t next_head() const { return (queue_head + 1) & 0xFFFF; }  ///< after the job
};

/// The size of a silent corruption, as a verdict's detail: wrong elements, saturating at 65,535, in bits 15:0; the
/// largest relative error as the exponent of a power of two that is not below it, plus 128, in bits 23:16 (0: nothing
/// is wrong but flags; 255: beyond 2^126, or the right value is 0); then what else is so.
struct SdcSize {
  std::uint32_t wrong = 0;
  int exponent = 0;         ///< the error is at most 2^exponent; meaningless without wrong
  bool not_finite = false;  ///< a NaN or an infinity that should be none, or the other way round
  bool flags = false;       ///< the completion's exception flags are wrong

  [[nodiscard]] std::uint32_t pack() const;
  static SdcSize unpack(std::uint32_t detail);
};

/// What a host finds that looks at a job which says that it has ended.
struct JobReading {
  std::uint32_t queue_head = 0;
  bool record_lost = false;  ///< the completion is uncorrectable
  model::Words record{};
  bool result_lost = false;      ///< a word of the result is uncorrectable
  std::vector<std::byte> image;  ///< the result as it lies in memory
  bool corrected = false;        ///< the memory has corrected something since the start, these reads included
};

/// As the runtime would decide.
campaign::Judgement judge_job(const ExpectedJob& expected, const JobReading& reading);

class JobJudge final : public campaign::Judge {
 public:
  JobJudge(TileState state, const model::Geometry& geometry, ExpectedJob expected);
  [[nodiscard]] campaign::Judgement judge(const campaign::LaneState& state, std::uint32_t clock) const override;

 private:
  TileState state_;
  model::Geometry geometry_;
  ExpectedJob expected_;
};

}  // namespace hilbert::workloads
