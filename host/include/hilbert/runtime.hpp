// SPDX-License-Identifier: Apache-2.0
// The host runtime: matrix products of any size on any device.
//
//     hilbert::Runtime rt("sim:full");
//     auto result = rt.gemm(a, b, {.a = "e4m3", .b = "e4m3", .relu = true});
//     result.d(0, 0);  result.report.utilisation();
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <hilbert/convert.hpp>
#include <hilbert/device.hpp>
#include <hilbert/error.hpp>
#include <hilbert/matrix.hpp>
#include <hilbert/memory.hpp>
#include <hilbert/model/gemm.hpp>
#include <hilbert/model/layout.hpp>
#include <hilbert/monitor.hpp>
#include <hilbert/queue.hpp>

namespace hilbert {

/// How jobs reach the tile. The bits of a result do not depend on it.
enum class JobPath : std::uint8_t {
  direct,   ///< the host writes descriptors; the controller, if there is one, is held in reset
  firmware  ///< commands to the monitor on the tile's controller, which cuts them into descriptors and repeats what
            ///< memory errors poison (firmware/README.md)
};
[[nodiscard]] std::string_view to_string(JobPath path);

/// Of the path through the firmware.
struct FirmwareOptions {
  MonitorOptions monitor;
  std::uint32_t watchdog_clocks = 250'000;  ///< a core that hangs is restarted after so many clocks; 0: never
  unsigned max_reloads = 3;  ///< how often in a row a monitor that does not answer any more is loaded again
};

struct RuntimeOptions {
  /// Nothing: through the firmware where the device can run the monitor, else direct. A path that is asked for and
  /// cannot be is an Error (exit code 2).
  std::optional<JobPath> path;
  /// How often a block is computed again from fresh operands after uncorrectable words or a restart of the firmware.
  unsigned max_retries = 3;
  QueueOptions queue = {};  ///< of the direct path
  FirmwareOptions firmware = {};
  OpenOptions open = {};  ///< used when the runtime opens the device itself
};

/// What a piece of work cost. Clock counts are zero on devices that do not count them.
struct Report {
  JobPath path = JobPath::direct;
  std::uint64_t jobs = 0;        ///< descriptors that the tile ran
  std::uint64_t macs = 0;        ///< multiply-accumulates inside M x N x K, counted once whatever was retried
  std::uint64_t clocks = 0;      ///< device clocks from the first upload to the last download
  std::uint64_t job_clocks = 0;  ///< sum over the jobs of their clocks
  std::uint64_t steps = 0;       ///< clocks in which the array took a step
  /// Clocks in which the array stood, by cause; zero through the firmware, whose answers do not tell.
  std::uint64_t wait_operands = 0, wait_result = 0, wait_c = 0, wait_semaphore = 0;
  std::uint64_t bytes_up = 0, bytes_down = 0;  ///< matrices alone, without descriptors and completions
  std::uint64_t corrected = 0;                 ///< correctable errors met and corrected
  std::uint64_t retries = 0;         ///< blocks computed again: an uncorrectable word, or the firmware restarted
  std::uint64_t block_retries = 0;   ///< blocks that the firmware ran again by itself after an uncorrectable word
  std::uint64_t reloads = 0;         ///< times that the firmware was lost and loaded again
  double seconds = 0;                ///< wall time
  std::uint32_t macs_per_clock = 0;  ///< Rows * Cols * Depth of the device

  /// Multiply-accumulates done over those the array could have done in `clocks`; 0 without clocks.
  [[nodiscard]] double utilisation() const {
    return clocks == 0 ? 0.0 : static_cast<double>(macs) / (static_cast<double>(clocks) * macs_per_clock);
  }
  Report& operator+=(const Report& other);
};

struct GemmOptions {
  FormatArg a = "bf16", b = "bf16";                         ///< what the operands are rounded to, to nearest
  FormatArg d = "fp32";                                     ///< what the result is rounded to
  std::optional<MatrixView<const float>> c = std::nullopt;  ///< M x N, added
  bool relu = false;
  bool saturate = false;    ///< operands and result clamp instead of overflowing
  bool stochastic = false;  ///< the result is rounded stochastically
  bool literal = false;     ///< the literal CFloat8 subnormal rule
  std::uint32_t seed = 0;   ///< of the result's stochastic rounding
  std::uint16_t row0 = 0, col0 = 0;
};

struct GemmResult {
  Matrix<float> d;             ///< the exact values of the result's codes
  model::Flags flags;          ///< of the device's jobs
  model::Flags operand_flags;  ///< of rounding the operands on the host
  Report report;
};

struct CodesResult {
  std::vector<std::byte> d;  ///< dense, row-major codes
  model::Flags flags;
  Report report;
};

/// Which bank a device matrix prefers and which panels it has.
enum class Role : std::uint8_t {
  a,  ///< operand A, and source of CONVERT
  b,  ///< operand B: give it as B's transpose, N x K
  d   ///< C, and result
};

/// A matrix in tile memory, in panel order.
struct DeviceMatrix {
  Buffer buffer;
  model::FormatSpec format;
  model::PanelLayout layout;

  [[nodiscard]] model::Region region() const {
    return {buffer.address(), static_cast<std::uint32_t>(layout.panel_bytes())};
  }
};

/// One device with its way to run jobs and its memory. Not thread safe. Every function throws hilbert::Error.
class Runtime {
 public:
  explicit Runtime(std::string_view uri, const RuntimeOptions& options = {});
  explicit Runtime(std::unique_ptr<Device> device, const RuntimeOptions& options = {});
  ~Runtime();
  Runtime(Runtime&&) noexcept;

  [[nodiscard]] Device& device();
  [[nodiscard]] JobPath path() const;
  /// The queue of the direct path, the monitor of the firmware's. Error (exit code 2) on the other one.
  [[nodiscard]] JobQueue& queue();
  [[nodiscard]] Monitor& monitor();
  [[nodiscard]] DeviceMemory& memory();
  [[nodiscard]] const Capabilities& capabilities();
  [[nodiscard]] const model::Geometry& geometry();
  /// Everything since the runtime was made.
  [[nodiscard]] const Report& totals() const;

  /// D = convert(relu(C + A * B)) of any M x K by K x N. Transposed operands: pass view.transposed().
  GemmResult gemm(MatrixView<const float> a, MatrixView<const float> b, const GemmOptions& options = {});

  /// The same on codes with model::gemm's own signature and bits: matrices row-major and dense, C in fp32, job.depth
  /// equal to the device's Depth.
  CodesResult gemm_codes(const model::Gemm& job, std::span<const std::byte> a, std::span<const std::byte> b,
                         std::span<const std::byte> c = {});

  /// Room for a matrix of rows x cols (Role::b: N x K).
  [[nodiscard]] DeviceMatrix place(std::uint32_t rows, std::uint32_t cols, FormatArg format, Role role);
  /// Dense codes to tile memory and back. Role::b: `codes` are the row-major K x N matrix with Order::transposed.
  void upload(const DeviceMatrix& matrix, std::span<const std::byte> codes,
              model::Order order = model::Order::row_major);
  [[nodiscard]] std::vector<std::byte> download(const DeviceMatrix& matrix,
                                                model::Order order = model::Order::row_major);

  /// CONVERT on the device: same rows and cols, both with A's or D's panels.
  model::Flags convert(const DeviceMatrix& from, const DeviceMatrix& to, const EncodeOptions& options = {},
                       bool relu = false);
  /// COPY on the device, whole panels, words unchanged: both of the same layout.
  void copy(const DeviceMatrix& from, const DeviceMatrix& to);
  /// FILL on the device: every 32-bit word of the matrix, padding included, becomes `pattern`.
  void fill(const DeviceMatrix& matrix, std::uint32_t pattern);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace hilbert
