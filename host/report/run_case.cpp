// SPDX-License-Identifier: Apache-2.0
// One case on one device: run, compare, explain.
#include "report/run_case.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <hilbert/model/operand.hpp>

namespace hilbert::report {
namespace {

std::uint32_t code_at(std::span<const std::byte> codes, std::size_t index, std::size_t bytes) {
  std::uint32_t code = 0;
  for (std::size_t b = 0; b < bytes; ++b) {
    code |= std::to_integer<std::uint32_t>(codes[index * bytes + b]) << (8 * b);
  }
  return code;
}

/// "expected inexact, got overflow|inexact"; "" if equal.
std::string flag_difference(model::Flags expected, model::Flags got) {
  if (expected == got) return "";
  return fmt::format("flags: expected {}, got {}", model::to_string(expected), model::to_string(got));
}

Outcome compare(const vectors::Expected& expected, std::span<const std::byte> d, model::Flags flags,
                const model::Gemm& job) {
  Outcome outcome;
  for (const std::string& line :
       {first_difference(expected.d, d, job.n, job.d, job.literal), flag_difference(expected.flags, flags)}) {
    if (line.empty()) continue;
    outcome.verdict = Verdict::failed;
    outcome.code = ExitCode::check_failed;
    outcome.message += (outcome.message.empty() ? "" : "\n") + line;
  }
  return outcome;
}

}  // namespace

std::string_view to_string(Verdict verdict) {
  constexpr std::string_view names[] = {"passed", "skipped", "failed", "error"};
  return names[static_cast<std::size_t>(verdict)];
}

std::string first_difference(std::span<const std::byte> expected, std::span<const std::byte> got, std::uint32_t cols,
                             model::FormatSpec format, bool literal) {
  if (expected.size() != got.size()) {
    return fmt::format("the result has {} bytes instead of {}", got.size(), expected.size());
  }
  const std::size_t bytes = model::element_bytes(format.format), count = expected.size() / bytes;
  std::size_t wrong = 0, first = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (std::memcmp(&expected[i * bytes], &got[i * bytes], bytes) == 0) continue;
    if (wrong++ == 0) first = i;
  }
  if (wrong == 0) return "";
  const auto text = [&](std::span<const std::byte> codes) {
    const std::uint32_t code = code_at(codes, first, bytes);
    return fmt::format("{:#0{}x} ({})", code, 2 + 2 * bytes, model::to_double(format, code, literal));
  };
  return fmt::format("{} of {} elements differ, the first at row {}, column {}: expected {}, got {}", wrong, count,
                     first / cols, first % cols, text(expected), text(got));
}

Outcome CaseRunner::run(const vectors::Case& item) {
  try {
    if (const auto* refused = std::get_if<vectors::RefusedDescriptor>(&item.body)) return run_refused(*refused);
    return run_job(std::get<vectors::MatrixJob>(item.body));
  } catch (const TooSmallError&) {
    return {Verdict::skipped, "it does not fit into the data memory of this tile", {}};
  } catch (const Error& error) {
    // A legal job that the device refuses is a wrong answer; a device that fails gives none.
    if (error.code() != ExitCode::machine) return {Verdict::failed, error.what(), ExitCode::check_failed};
    return {Verdict::error, error.what(), error.code()};
  }
}

Outcome CaseRunner::run_job(const vectors::MatrixJob& job) {
  guard_.clear();
  const vectors::Expected& expected = job.expected(runtime_.geometry().depth);
  if (!job.convert) {
    model::Gemm gemm = job.job;
    gemm.depth = runtime_.geometry().depth;
    const CodesResult got = runtime_.gemm_codes(gemm, job.a, job.b, job.c);
    return compare(expected, got.d, got.flags, job.job);
  }
  const model::Gemm& g = job.job;
  const DeviceMatrix from = runtime_.place(g.m, g.n, g.a, Role::a), to = runtime_.place(g.m, g.n, g.d, Role::d);
  runtime_.upload(from, job.a);
  EncodeOptions options;
  options.rounding = g.stochastic ? model::Rounding::stochastic : model::Rounding::nearest;
  options.saturate = g.saturate, options.literal = g.literal;
  options.seed = g.seed, options.row0 = g.row0, options.col0 = g.col0;
  const model::Flags flags = runtime_.convert(from, to, options, g.relu);
  return compare(expected, runtime_.download(to), flags, g);
}

Outcome CaseRunner::run_refused(const vectors::RefusedDescriptor& refused) {
  const model::Geometry& geometry = runtime_.geometry();
  if (!refused.scope.holds(geometry)) return {Verdict::skipped, "not promised for a tile of this shape", {}};
  if (runtime_.path() == JobPath::firmware) return {Verdict::skipped, "the firmware makes its own descriptors", {}};
  Device& device = runtime_.device();
  if (guard_.empty()) {
    guard_.resize(geometry.data_bytes());
    std::uint32_t x = 1;
    for (std::byte& b : guard_) b = static_cast<std::byte>((x = x * 1664525u + 1013904223u) >> 24);
    device.write_words(0, guard_);
  }
  const model::Completion got = runtime_.queue().wait(runtime_.queue().submit(refused.words));

  Outcome outcome;
  const auto differ = [&](std::string line) {
    outcome.verdict = Verdict::failed;
    outcome.code = ExitCode::check_failed;
    outcome.message += (outcome.message.empty() ? "" : "\n") + line;
  };
  if (got.status != refused.expected.status || got.field != refused.expected.field) {
    model::Completion expected;
    expected.status = refused.expected.status;
    expected.field = refused.expected.field;
    differ(fmt::format("expected {}, got {}", hilbert::describe(expected), hilbert::describe(got)));
  }
  if (got.tag != refused.words[1] || got.opcode != (refused.words[0] & 0xFF) || got.flags.bits != 0) {
    differ(fmt::format("the completion has tag {:#x}, opcode {} and flags {} instead of {:#x}, {} and none", got.tag,
                       got.opcode, model::to_string(got.flags), refused.words[1], refused.words[0] & 0xFF));
  }
  std::vector<std::byte> memory(guard_.size());
  device.read_words(0, memory);
  const auto changed = std::ranges::mismatch(memory, guard_);
  if (changed.in1 != memory.end()) {
    differ(fmt::format("a refused job wrote to memory: the byte at {:#x} is {:#04x} instead of {:#04x}",
                       changed.in1 - memory.begin(), std::to_integer<unsigned>(*changed.in1),
                       std::to_integer<unsigned>(*changed.in2)));
  }
  return outcome;
}

}  // namespace hilbert::report
