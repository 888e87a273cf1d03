// SPDX-License-Identifier: Apache-2.0
// Workloads that are one job of the tile, through the direct path: from the host's doorbell to the interrupt.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <hilbert/error.hpp>
#include <hilbert/model/tile.hpp>
#include <hilbert/regs/tile.hpp>
#include <hilbert/runtime.hpp>
#include <hilbert/tb/host_port.hpp>
#include <optional>

#include "device/configurations.hpp"
#include "device/sim_scheme.hpp"
#include "files/ordinary_codes.hpp"
#include "workloads/job_judge.hpp"
#include "workloads/workload.hpp"

namespace hilbert::workloads {
namespace {

namespace tile_regs = regs::tile;
using campaign::Watch;

/// What a workload's name stands for.
struct Kind {
  Description description;
  model::Opcode opcode;
  bool accumulate = false, relu = false, stochastic = false;
};
constexpr std::array kinds{
    Kind{{"gemm", "D = A * B, operands in --format, D in fp32"}, model::Opcode::gemm},
    Kind{{"accumulate", "D = C + A * B, C and D in fp32"}, model::Opcode::gemm, true},
    Kind{{"relu", "D = relu(A * B), D in fp32"}, model::Opcode::gemm, false, true},
    Kind{{"stochastic", "D = A * B, rounded to --format stochastically"}, model::Opcode::gemm, false, false, true},
    Kind{{"convert", "a matrix of M x N in fp32 to --format"}, model::Opcode::convert},
    Kind{{"copy", "a matrix of M x N in --format, word by word"}, model::Opcode::copy},
    Kind{{"fill", "a pattern into a matrix of M x N in --format"}, model::Opcode::fill},
};

constexpr std::array descriptions_of_kinds = [] {
  std::array<Description, kinds.size()> all{};
  for (std::size_t i = 0; i < kinds.size(); ++i) all[i] = kinds[i].description;
  return all;
}();

const Kind& kind_of(const std::string& name) {
  const auto found = std::ranges::find(kinds, name, [](const Kind& kind) { return kind.description.name; });
  if (found != kinds.end()) return *found;
  std::string names;
  for (const Kind& kind : kinds) names += (names.empty() ? "" : ", ") + std::string(kind.description.name);
  throw Error(ExitCode::bad_input, "no such workload", name, "there are " + names);
}

device::Configuration chip_of(const std::string& name) {
  const auto chip = device::find_configuration(name);
  if (!chip) throw Error(ExitCode::bad_input, "no such chip", name, "there are " + device::configuration_names());
  if (chip->geometry.links != 0) {
    throw Error(ExitCode::bad_input, "a chip with links, whose neighbours would react", name,
                "choose one without: full, small, 8x4x4");
  }
  return *chip;
}

class JobWorkload final : public Workload {
 public:
  explicit JobWorkload(const Parameters& p) : kind_(kind_of(p.name)), chip_of_(chip_of(p.chip)) {
    const auto format = model::parse_format(p.format);
    if (!format) throw Error(ExitCode::bad_input, "no such format", p.format, "hilbert info lists the formats");
    chip_ = tb::Chip::make(p.chip);
    runtime_.emplace(device::make_sim_device(std::make_unique<tb::HostPort>(*chip_), chip_of_),
                     RuntimeOptions{.path = JobPath::direct});
    place(p, *format);
    expect();
    ring();
  }

  tb::Chip& chip() override { return *chip_; }

  std::vector<Watch> watches(const tb::Netlist& netlist) const override {
    return {{netlist.port("irq_o")[0], Watch::Then::done}, {netlist.port("rsp_valid_o")[0], Watch::Then::left}};
  }

  std::shared_ptr<const campaign::Judge> judge(const tb::Netlist& netlist) const override {
    return std::make_shared<JobJudge>(TileState(netlist, chip_of_.geometry), chip_of_.geometry, expected_);
  }

  campaign::Judgement with_host(std::uint32_t clocks) override {
    try {
      tb::HostPort port(*chip_, {.watchdog = host_patience_clocks});
      for (std::uint32_t t = 0; !port.irq(); ++t) {
        if (t == clocks) return {campaign::Outcome::hang};
        port.idle(1);
      }
      return judge_job(expected_, look(port));
    } catch (const Error&) {
      return {campaign::Outcome::detected};
    }
  }

 private:
  /// Clocks after which a port that does not answer is taken for dead: many times those of the longest read here.
  static constexpr std::uint64_t host_patience_clocks = 5'000;

  JobReading look(Port& port) const {
    const auto reg = [&](std::uint32_t offset) {
      std::uint32_t value = 0;
      demand(port.read_registers(tile_regs::base + offset, {&value, 1}));
      return value;
    };
    JobReading reading;
    reading.queue_head = reg(tile_regs::queue_head);
    if (reading.queue_head != expected_.next_head()) return reading;
    reading.record_lost = demand(port.read(completion_address(chip_of_.geometry, expected_.queue_head),
                                           std::as_writable_bytes(std::span(reading.record))));
    reading.image.resize(expected_.image.size());
    reading.result_lost = demand(port.read(expected_.address, reading.image));
    reading.corrected = reg(tile_regs::ecc_corrected) != expected_.corrected;
    return reading;
  }
  /// Whether a word was uncorrectable; Error for a legal request that is refused.
  static bool demand(const PortResult& result) {
    if (result.status == PortStatus::poisoned) return true;
    if (result.status != PortStatus::ok) throw Error(ExitCode::machine, "the chip refuses a legal request");
    return false;
  }

  /// Operands and result in the chip's memory, and the descriptor.
  void place(const Parameters& p, model::FormatSpec format) {
    Runtime& runtime = *runtime_;
    const model::FormatSpec fp32{};
    const bool gemm = kind_.opcode == model::Opcode::gemm;
    job_.opcode = kind_.opcode;
    job_.irq = true;
    job_.tag = 0x5EED;
    job_.accumulate = kind_.accumulate, job_.relu = kind_.relu, job_.stochastic = kind_.stochastic;
    const auto put = [&](std::uint32_t rows, std::uint32_t cols, model::FormatSpec of, Role role, std::uint64_t seed) {
      const DeviceMatrix& matrix = matrices_.emplace_back(runtime.place(rows, cols, of, role));
      const bool transposed = role == Role::b;
      runtime.upload(matrix, transposed ? ordinary_codes(cols, rows, of, seed) : ordinary_codes(rows, cols, of, seed),
                     transposed ? model::Order::transposed : model::Order::row_major);
      return matrix.region();
    };
    matrices_.reserve(3);
    const std::uint64_t seed = 4 * p.seed;
    if (gemm) {
      job_.m = narrow(p.m), job_.n = narrow(p.n), job_.k = narrow(p.k);
      job_.a = job_.b = format;
      job_.d = kind_.stochastic ? format : fp32;
      job_.a_at = put(p.m, p.k, format, Role::a, seed);
      job_.b_at = put(p.n, p.k, format, Role::b, seed + 1);
    } else if (kind_.opcode == model::Opcode::convert) {
      job_.m = narrow(p.m), job_.n = narrow(p.n);
      job_.a = fp32, job_.d = format;
      job_.a_at = put(p.m, p.n, fp32, Role::a, seed);
    }
    const model::FormatSpec of_result = gemm || kind_.opcode == model::Opcode::convert ? job_.d : format;
    // COPY and FILL take words: a row of the job is a panel of the matrix.
    if (kind_.opcode == model::Opcode::copy) job_.a_at = put(p.m, p.n, format, Role::a, seed);
    job_.d_at = put(p.m, p.n, of_result, Role::d, seed + 2);
    const DeviceMatrix& result = matrices_.back();
    if (kind_.accumulate) job_.c_at = job_.d_at;
    if (kind_.opcode == model::Opcode::copy || kind_.opcode == model::Opcode::fill) {
      job_.m = narrow(result.layout.panels());
      job_.n = narrow(static_cast<std::uint32_t>(result.layout.panel_bytes() / result.layout.word_bytes));
      if (kind_.opcode == model::Opcode::fill) job_.seed = static_cast<std::uint32_t>(seed) * 0x9E37'79B9U | 1U;
    }
    if (kind_.stochastic) job_.seed = static_cast<std::uint32_t>(p.seed);
    expected_.address = result.buffer.address();
    expected_.layout = result.layout;
    expected_.stride = result.layout.panel_bytes();
    expected_.format = of_result;
    expected_.image.resize(result.layout.extent(expected_.stride));
  }
  static std::uint16_t narrow(std::uint32_t size) {
    if (size == 0 || size > 65'535) {
      throw Error(ExitCode::bad_input, fmt::format("a size of {}", size), "workload", "one job takes 1 to 65535");
    }
    return static_cast<std::uint16_t>(size);
  }

  /// By the reference model, on the same memory.
  void expect() {
    model::Tile tile(chip_of_.geometry);
    runtime_->device().read_words(0, tile.memory());
    const auto completion = tile.run(job_.pack());
    if (!completion || completion->status != model::Status::ok) {
      throw Error(ExitCode::bad_input, "the job is refused: " + (completion ? describe(*completion) : "it waits"),
                  "workload", "choose another size or format");
    }
    expected_.completion = *completion;
    std::ranges::copy(std::as_const(tile).memory().subspan(expected_.address, expected_.image.size()),
                      expected_.image.begin());
  }

  /// Up to the doorbell: the host has its answer, and does nothing from now on.
  void ring() {
    Device& device = runtime_->device();
    const auto reg = [](std::uint32_t offset) { return tile_regs::base + offset; };
    device.write_register(reg(tile_regs::irq_enable), tile_regs::irq_status_done_mask);
    expected_.queue_head = device.read_register(reg(tile_regs::queue_head));
    expected_.corrected = device.read_register(reg(tile_regs::ecc_corrected));
    const model::Words words = job_.pack();
    device.write_words(descriptor_address(chip_of_.geometry, expected_.queue_head), std::as_bytes(std::span(words)));
    device.write_register(reg(tile_regs::queue_tail), expected_.next_head());
  }

  const Kind& kind_;
  device::Configuration chip_of_;
  std::unique_ptr<tb::Chip> chip_;
  std::optional<Runtime> runtime_;
  model::Descriptor job_;
  std::vector<DeviceMatrix> matrices_;
  ExpectedJob expected_;
};

}  // namespace

std::span<const Description> descriptions() { return descriptions_of_kinds; }

std::unique_ptr<Workload> make_workload(const Parameters& parameters) {
  return std::make_unique<JobWorkload>(parameters);
}

}  // namespace hilbert::workloads
