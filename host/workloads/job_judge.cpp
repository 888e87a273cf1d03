// SPDX-License-Identifier: Apache-2.0
#include "workloads/job_judge.hpp"

#include <algorithm>
#include <cmath>
#include <hilbert/device.hpp>
#include <hilbert/model/operand.hpp>

namespace hilbert::workloads {

using campaign::Judgement;
using campaign::Outcome;

namespace {

SdcSize size_of(const ExpectedJob& expected, const std::vector<std::byte>& image) {
  const model::PanelLayout& layout = expected.layout;
  const auto value = [&](const std::vector<std::byte>& from, std::uint64_t at) {
    std::uint32_t code = 0;
    for (std::uint32_t b = 0; b < layout.element_bytes; ++b) {
      code |= std::to_integer<std::uint32_t>(from[at + b]) << 8 * b;
    }
    return std::pair(code, model::to_double(expected.format, code, expected.literal));
  };
  SdcSize size;
  size.exponent = -127;
  for (std::uint32_t i = 0; i < layout.rows; ++i) {
    for (std::uint32_t j = 0; j < layout.cols; ++j) {
      const std::uint64_t at = layout.offset(i, j, expected.stride);
      const auto [got_code, got] = value(image, at);
      const auto [right_code, right] = value(expected.image, at);
      if (got_code == right_code) continue;
      ++size.wrong;
      if (std::isfinite(got) != std::isfinite(right)) {
        size.not_finite = true;
      } else if (right == 0 || !std::isfinite(right)) {
        size.exponent = 127;
      } else if (const double error = std::abs((got - right) / right); error > 0) {
        size.exponent = std::max(size.exponent, static_cast<int>(std::ceil(std::log2(error))));
      }
    }
  }
  return size;
}

}  // namespace

std::uint32_t SdcSize::pack() const {
  const std::uint32_t biased = wrong == 0 ? 0 : static_cast<std::uint32_t>(std::clamp(exponent + 128, 1, 255));
  return std::min(wrong, 65'535U) | biased << 16 | std::uint32_t{not_finite} << 24 | std::uint32_t{flags} << 25;
}

SdcSize SdcSize::unpack(std::uint32_t detail) {
  return {.wrong = detail & 0xFFFF,
          .exponent = static_cast<int>(detail >> 16 & 0xFF) - 128,
          .not_finite = (detail >> 24 & 1) != 0,
          .flags = (detail >> 25 & 1) != 0};
}

Judgement judge_job(const ExpectedJob& expected, const JobReading& reading) {
  if (reading.queue_head == expected.queue_head) return {Outcome::early};
  if (reading.queue_head != expected.next_head()) return {Outcome::bad_completion};
  if (reading.record_lost) return {Outcome::detected};
  const model::Completion got = model::Completion::unpack(reading.record);
  const model::Completion& right = expected.completion;
  if (got.tag != right.tag || got.opcode != right.opcode || got.sequence != right.sequence) {
    return {Outcome::bad_completion};
  }
  if (got.status != right.status || got.field != right.field) {
    return {model::to_string(got.status) == "?" ? Outcome::bad_completion : Outcome::detected};
  }
  if (reading.result_lost) return {Outcome::detected};
  SdcSize size;
  if (reading.image != expected.image) size = size_of(expected, reading.image);
  size.flags = !(got.flags == right.flags);
  if (size.wrong != 0 || size.flags) return {Outcome::sdc, size.pack()};
  return {reading.corrected || got.corrected != 0 ? Outcome::corrected : Outcome::masked};
}

JobJudge::JobJudge(TileState state, const model::Geometry& geometry, ExpectedJob expected)
    : state_(std::move(state)), geometry_(geometry), expected_(std::move(expected)) {}

Judgement JobJudge::judge(const campaign::LaneState& state, std::uint32_t /*clock*/) const {
  if (!state_.port_is_idle(state)) return {Outcome::left};
  JobReading reading;
  reading.queue_head = state_.queue_head(state);
  if (reading.queue_head == expected_.next_head()) {
    const TileState::Met record = state_.read(state, completion_address(geometry_, expected_.queue_head),
                                              std::as_writable_bytes(std::span(reading.record)));
    reading.record_lost = record.uncorrectable;
    reading.corrected = record.corrected || state_.corrected(state) != expected_.corrected;
    if (!reading.record_lost) {
      reading.image.resize(expected_.image.size());
      const TileState::Met result = state_.read(state, expected_.address, reading.image);
      reading.result_lost = result.uncorrectable;
      reading.corrected = reading.corrected || result.corrected;
    }
  }
  return judge_job(expected_, reading);
}

}  // namespace hilbert::workloads
