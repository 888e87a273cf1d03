// SPDX-License-Identifier: Apache-2.0
// The Runtime's front: float matrices in and out, device matrices, and the small jobs.
#include "hilbert/runtime.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <cstring>
#include <hilbert/error.hpp>

#include "runtime/blocked_gemm.hpp"
#include "runtime/panels.hpp"
#include "runtime/plan.hpp"
#include "runtime/product.hpp"
#include "runtime/state.hpp"

namespace hilbert {
std::string_view to_string(JobPath path) { return path == JobPath::direct ? "direct" : "firmware"; }

Report& Report::operator+=(const Report& o) {
  jobs += o.jobs;
  macs += o.macs;
  clocks += o.clocks;
  job_clocks += o.job_clocks;
  steps += o.steps;
  wait_operands += o.wait_operands;
  wait_result += o.wait_result;
  wait_c += o.wait_c;
  wait_semaphore += o.wait_semaphore;
  bytes_up += o.bytes_up;
  bytes_down += o.bytes_down;
  corrected += o.corrected;
  retries += o.retries;
  block_retries += o.block_retries;
  reloads += o.reloads;
  seconds += o.seconds;
  if (macs_per_clock == 0) macs_per_clock = o.macs_per_clock;
  if (o.path == JobPath::firmware) path = o.path;
  return *this;
}

Runtime::Runtime(std::string_view uri, const RuntimeOptions& options)
    : Runtime(open_device(uri, options.open), options) {}
Runtime::Runtime(std::unique_ptr<Device> device, const RuntimeOptions& options)
    : state_(std::make_unique<State>(std::move(device), options)) {}
Runtime::~Runtime() = default;
Runtime::Runtime(Runtime&&) noexcept = default;

Device& Runtime::device() { return *state_->device; }
JobPath Runtime::path() const { return state_->jobs->path(); }
JobQueue& Runtime::queue() {
  if (JobQueue* queue = state_->jobs->queue()) return *queue;
  throw Error(ExitCode::bad_input, "the firmware owns the queue", capabilities().uri, "open it with the direct path");
}
Monitor& Runtime::monitor() {
  if (Monitor* monitor = state_->jobs->monitor()) return *monitor;
  throw Error(ExitCode::bad_input, "no firmware runs on the direct path", capabilities().uri,
              "open it with the firmware's path");
}
DeviceMemory& Runtime::memory() { return state_->memory; }
const Capabilities& Runtime::capabilities() { return state_->device->capabilities(); }
const model::Geometry& Runtime::geometry() { return state_->geometry; }
const Report& Runtime::totals() const { return state_->totals; }

model::Flags Runtime::State::run(const model::Descriptor& job) {
  for (unsigned attempt = 0;; ++attempt) {
    const std::uint64_t reloads = jobs->reloads();
    const JobResult result = jobs->wait(jobs->submit(job));
    totals += result.work;
    totals.reloads += jobs->reloads() - reloads;
    if (result.end == JobEnd::good) return result.flags;
    const std::string what =
        fmt::format("{} job with tag {:#x} ended with {}", model::to_string(job.opcode), job.tag, result.trouble);
    if (result.end == JobEnd::poisoned || attempt == options.max_retries) {
      throw Error(ExitCode::machine, what, device->capabilities().uri,
                  result.end == JobEnd::poisoned ? "write its operands again and run it again" : "");
    }
    ++totals.retries;
    spdlog::warn("{}: {}; it is run again", device->capabilities().uri, what);
  }
}

CodesResult Runtime::gemm_codes(const model::Gemm& job, std::span<const std::byte> a, std::span<const std::byte> b,
                                std::span<const std::byte> c) {
  State& s = *state_;
  CodesResult result = BlockedGemm(*s.device, *s.jobs, s.memory, job, s.options.max_retries, s.next_tag).run(a, b, c);
  s.totals += result.report;
  return result;
}

GemmResult Runtime::gemm(MatrixView<const float> a, MatrixView<const float> b, const GemmOptions& options) {
  return gemm_of_floats(a, b, options, geometry().depth,
                        [this](const model::Gemm& job, auto... codes) { return gemm_codes(job, codes...); });
}

DeviceMatrix Runtime::place(std::uint32_t rows, std::uint32_t cols, FormatArg format, Role role) {
  if (rows == 0 || cols == 0) throw Error(ExitCode::bad_input, "a matrix needs at least one element", "device memory");
  const model::Geometry& g = geometry();
  const auto bytes = static_cast<std::uint32_t>(model::element_bytes(format.spec.format));
  (void)checked_matrix_bytes(rows, cols, bytes, "device memory");
  DeviceMatrix matrix{
      {}, format.spec, role == Role::b ? b_layout(g, rows, cols, bytes) : d_layout(g, rows, cols, bytes)};
  // A, B and the result apart where there are banks enough; the last bank for results, as in products of blocks.
  const std::uint32_t bank = role == Role::a ? 0 : role == Role::b ? 1 % g.banks : g.banks - 1;
  matrix.buffer = state_->memory.allocate(matrix.layout.extent(matrix.layout.panel_bytes()), bank);
  return matrix;
}

namespace {

/// What place() made and still holds its memory; bytes of its codes. A matrix that was moved from, or never placed,
/// says nothing true of the device's memory.
std::size_t require_placed(const DeviceMatrix& matrix, std::string_view where) {
  const model::PanelLayout& layout = matrix.layout;
  const bool shaped = layout.panel_rows != 0 && layout.depth != 0 && layout.word_bytes != 0 && layout.rows != 0 &&
                      layout.cols != 0 && layout.element_bytes == model::element_bytes(matrix.format.format);
  if (!shaped || layout.extent(layout.panel_bytes()) > matrix.buffer.bytes()) {
    throw Error(ExitCode::bad_input, "a matrix that has no memory on the device", std::string(where),
                "use what place() gave, until it is moved from");
  }
  return checked_matrix_bytes(layout.rows, layout.cols, layout.element_bytes, where);
}

}  // namespace

void Runtime::upload(const DeviceMatrix& matrix, std::span<const std::byte> codes, model::Order order) {
  const model::PanelLayout& layout = matrix.layout;
  const std::size_t expected = require_placed(matrix, "upload");
  if (codes.size() != expected) {
    throw Error(ExitCode::bad_input, fmt::format("{} bytes of codes for a matrix of {}", codes.size(), expected),
                "upload");
  }
  std::vector<std::byte> image(layout.extent(layout.panel_bytes()));
  pack(layout, codes, image, layout.panel_bytes(), order);
  state_->device->write_words(matrix.buffer.address(), image);
  state_->totals.bytes_up += image.size();
}

std::vector<std::byte> Runtime::download(const DeviceMatrix& matrix, model::Order order) {
  const model::PanelLayout& layout = matrix.layout;
  std::vector<std::byte> codes(require_placed(matrix, "download"));
  std::vector<std::byte> image(layout.extent(layout.panel_bytes()));
  state_->device->read_words(matrix.buffer.address(), image);
  state_->totals.bytes_down += image.size();
  unpack(layout, image, codes, layout.panel_bytes(), order);
  return codes;
}

model::Flags Runtime::convert(const DeviceMatrix& from, const DeviceMatrix& to, const EncodeOptions& options,
                              bool relu) {
  for (const DeviceMatrix* matrix : {&from, &to}) (void)require_placed(*matrix, "convert");
  const auto same = [](const model::PanelLayout& x, const model::PanelLayout& y) {
    return x.rows == y.rows && x.cols == y.cols && x.panel_rows == y.panel_rows;
  };
  if (!same(from.layout, to.layout) || from.layout.panel_rows != geometry().rows) {
    throw Error(ExitCode::bad_input, "CONVERT needs two matrices of the same size with panels of Rows rows", "convert",
                "place both with Role::a or Role::d");
  }
  if (from.layout.rows > 65535 || from.layout.cols > 65535) {
    throw Error(ExitCode::bad_input, "a matrix of one job has at most 65535 rows and columns", "convert");
  }
  model::Descriptor d;
  d.opcode = model::Opcode::convert;
  d.tag = state_->next_tag++;
  d.a = from.format, d.d = to.format;
  d.m = static_cast<std::uint16_t>(from.layout.rows), d.n = static_cast<std::uint16_t>(from.layout.cols);
  d.a_at = from.region(), d.d_at = to.region();
  d.relu = relu, d.saturate = options.saturate, d.literal = options.literal;
  if (options.rounding == model::Rounding::stochastic) {
    d.stochastic = true;
    d.seed = options.seed, d.row0 = options.row0, d.col0 = options.col0;
  }
  return state_->run(d);
}

namespace {

/// COPY or FILL over the words of a matrix: a row of the job is a panel.
model::Descriptor panels_job(model::Opcode opcode, const DeviceMatrix& to, std::uint32_t tag) {
  const std::uint64_t words = to.layout.panel_bytes() / to.layout.word_bytes;
  if (to.layout.panels() > 65535 || words > 65535) {
    throw Error(ExitCode::bad_input, "a matrix of one job has at most 65535 panels of 65535 words", "device memory");
  }
  model::Descriptor d;
  d.opcode = opcode;
  d.tag = tag;
  d.m = static_cast<std::uint16_t>(to.layout.panels());
  d.n = static_cast<std::uint16_t>(words);
  d.d_at = to.region();
  return d;
}

}  // namespace

void Runtime::copy(const DeviceMatrix& from, const DeviceMatrix& to) {
  for (const DeviceMatrix* matrix : {&from, &to}) (void)require_placed(*matrix, "copy");
  if (std::memcmp(&from.layout, &to.layout, sizeof from.layout) != 0 || !(from.format == to.format)) {
    throw Error(ExitCode::bad_input, "COPY needs two matrices of the same size, panels and format", "copy",
                "use convert");
  }
  model::Descriptor d = panels_job(model::Opcode::copy, to, state_->next_tag++);
  d.a_at = from.region();
  state_->run(d);
}

void Runtime::fill(const DeviceMatrix& matrix, std::uint32_t pattern) {
  (void)require_placed(matrix, "fill");
  model::Descriptor d = panels_job(model::Opcode::fill, matrix, state_->next_tag++);
  d.seed = pattern;
  state_->run(d);
}

}  // namespace hilbert
