// SPDX-License-Identifier: Apache-2.0
// The tile's own counters after jobs of many sizes.
#include <fmt/format.h>

#include <hilbert/error.hpp>
#include <hilbert/regs/tile.hpp>

#include "bench/jobs.hpp"
#include "bench/product.hpp"
#include "bench/suites.hpp"

namespace hilbert::bench {
namespace {

/// Sizes in multiples of the array, so that one list serves every chip; the figures in the table are those of `full`.
struct Size {
  std::uint32_t m, n, k;
  const char* format;
  bool accumulate = false;
};

std::string name_of(const Size& s) {
  return fmt::format("{}x{}x{} {}{}", s.m, s.n, s.k, s.format, s.accumulate ? " + C" : "");
}

Product product_of(const Size& s, unsigned depth) {
  return {s.m, s.n, s.k, *model::parse_format(s.format), depth, s.accumulate};
}

/// Whether A, B and the fp32 result lie in the tile's memory together.
bool fits(const Size& s, const model::Geometry& g) {
  const auto rounded = [&](std::uint64_t bytes) {
    return (bytes + g.word_bytes() - 1) / g.word_bytes() * g.word_bytes();
  };
  const std::uint64_t element = model::element_bytes(model::parse_format(s.format)->format);
  return rounded(s.m * s.k * element) + rounded(s.n * s.k * element) + rounded(std::uint64_t{s.m} * s.n * 4) <=
         g.data_bytes();
}

/// One job alone, then as many as the queue holds, back to back.
void single_jobs(const std::string& chip, const std::vector<Size>& sizes, const SuiteOptions& options) {
  namespace r = regs::tile;
  Table table(chip + ", one job, operands in tile memory", {{"clocks", 0},
                                                            {"steps", 0},
                                                            {"wait operands", 0},
                                                            {"wait result", 0},
                                                            {"wait C", 0},
                                                            {"array used %", 1, 100},
                                                            {"in a full queue %", 1, 100}});
  for (const Size& size : sizes) {
    Runtime runtime("sim:" + chip, {.path = JobPath::direct});
    const model::Geometry& g = runtime.geometry();
    if (!fits(size, g)) continue;
    const Product product = product_of(size, g.depth);
    const DeviceMatrix a = runtime.place(size.m, size.k, product.job.a, Role::a);
    const DeviceMatrix b = runtime.place(size.n, size.k, product.job.b, Role::b);
    const DeviceMatrix d = runtime.place(size.m, size.n, product.job.d, Role::d);
    runtime.upload(a, product.a);
    runtime.upload(b, product.b, model::Order::transposed);
    if (size.accumulate) runtime.upload(d, product.c);
    const model::Descriptor job = gemm_job(product.job, a, b, d);
    const model::Completion done = runtime.queue().run(job);
    product.require(runtime.download(d), done.flags, runtime.capabilities().uri);

    // The queue is filled while it stands, so that the host's speed does not matter.
    Device& device = runtime.device();
    const auto control = [&](std::uint32_t bits) { device.write_register(register_base + r::ctrl, bits); };
    control(0);
    for (std::uint32_t i = 0; i < g.queue_slots; ++i) (void)runtime.queue().submit(job);
    control(r::ctrl_enable_mask | r::ctrl_perf_clear_mask);
    runtime.queue().drain();
    const double capacity = double(g.rows) * g.cols * g.depth;
    const double busy = device.read_register(register_base + r::perf_busy);
    table.row(name_of(size), {exact(done.clocks), exact(done.busy), exact(done.wait_operands), exact(done.wait_result),
                              exact(done.wait_c), exact(product.macs() / (done.clocks * capacity)),
                              exact(product.macs() * g.queue_slots / (busy * capacity))});
  }
  table.note("clocks and steps: words 4 and 5 of the completion, first operand asked for to last result written");
  table.note("used: M x N x K over what the array could do in those clocks");
  table.note("in a full queue: the same over PERF_BUSY, descriptors and completions included");
  options.report(table);
}

std::vector<JobPath> paths_of(const std::string& chip) {
  if (Runtime("sim:" + chip).path() == JobPath::direct) return {JobPath::direct};
  return {JobPath::direct, JobPath::firmware};
}

std::vector<Column> columns_by_path(const std::vector<JobPath>& paths, const std::vector<Column>& each) {
  std::vector<Column> columns;
  for (const JobPath path : paths) {
    for (Column column : each) {
      column.name = fmt::format("{}: {}", to_string(path), column.name);
      columns.push_back(column);
    }
  }
  return columns;
}

/// One job again and again, operands in tile memory.
void streams(const std::string& chip, const std::vector<Size>& sizes, const SuiteOptions& options) {
  constexpr unsigned times = 48;
  const std::vector<JobPath> paths = paths_of(chip);
  Table table(chip + ", one job again and again, operands in tile memory",
              columns_by_path(paths, {{"clocks a job", 0}, {"array used %", 1, 100}}));
  for (const Size& size : sizes) {
    std::vector<Spread> figures;
    for (const JobPath path : paths) {
      Runtime runtime("sim:" + chip, {.path = path});
      const model::Geometry& g = runtime.geometry();
      const Product product = product_of(size, g.depth);
      PlacedProduct placed(runtime, product);
      const double clocks = double(placed.run(times)) / times;
      figures.push_back(exact(clocks));
      figures.push_back(exact(product.macs() / (clocks * g.rows * g.cols * g.depth)));
    }
    table.row(name_of(size), figures);
  }
  table.note(fmt::format("clocks: from the first of {} submissions to the last end that the host sees, over {}", times,
                         times));
  options.report(table);
}

/// GEMM commands that the firmware cuts into blocks, against the same blocks submitted by the host: one, and many in a
/// row, with two places for results by turns, so that they need not wait for each other. A and B have stride 0, one
/// panel for all rows and all columns, so that the product can be long; its result is int8.
void cut_products(const std::string& chip, const std::vector<Size>& sizes, const SuiteOptions& options) {
  if (paths_of(chip).size() != 2) return;
  Table table(chip + ", commands in blocks of 64x64x256 (of full; others in proportion)",
              {{"blocks", 0},
               {"direct: clocks", 0},
               {"direct: array used %", 1, 100},
               {"firmware: clocks", 0},
               {"firmware: array used %", 1, 100}});
  const auto measure = [&](const Size& size, unsigned times) {
    std::vector<Spread> figures;
    for (const JobPath path : {JobPath::direct, JobPath::firmware}) {
      Runtime runtime("sim:" + chip, {.path = path});
      const model::Geometry& g = runtime.geometry();
      const std::uint32_t block = 8 * std::max(g.rows, g.cols);
      MonitorJob job;
      job.a = job.b = job.d = {model::Format::int8, 0};
      job.m = size.m, job.n = size.n, job.k = size.k;
      job.block_m = job.block_n = block;
      const DeviceMatrix a = runtime.place(g.rows, size.k, job.a, Role::a);
      const DeviceMatrix b = runtime.place(g.cols, size.k, job.b, Role::b);
      std::vector<DeviceMatrix> d;
      for (unsigned i = 0; i < std::min(times, 2u); ++i) d.push_back(runtime.place(size.m, size.n, job.d, Role::d));
      runtime.fill(a, 0x01FF0203), runtime.fill(b, 0x01010101);
      job.a_at = {a.region().base, 0}, job.b_at = {b.region().base, 0};
      Device& device = runtime.device();
      const std::uint64_t start = device.clocks();
      std::uint64_t blocks = 0;
      MonitorTicket command = 0;
      Ticket last = 0;
      for (unsigned i = 0; i < times; ++i) {
        job.d_at = d[i % d.size()].region();
        if (path == JobPath::firmware) {
          command = runtime.monitor().submit(job);
          continue;
        }
        for (std::uint32_t m = 0; m < size.m; m += block) {
          for (std::uint32_t n = 0; n < size.n; n += block, ++blocks) {
            model::Descriptor one;
            one.opcode = model::Opcode::gemm;
            one.a = job.a, one.b = job.b, one.d = job.d;
            one.m = one.n = static_cast<std::uint16_t>(block), one.k = static_cast<std::uint16_t>(size.k);
            one.a_at = job.a_at, one.b_at = job.b_at, one.d_at = job.d_at;
            one.d_at.base += m / g.rows * job.d_at.stride + n * g.rows;
            last = runtime.queue().submit(one);
          }
        }
      }
      if (path == JobPath::firmware) {
        require_ok(runtime.monitor().wait(command));
      } else {
        require_ok(runtime.queue().wait(last));
      }
      const double clocks = static_cast<double>(device.clocks() - start);
      if (figures.empty()) figures.push_back(exact(static_cast<double>(blocks)));
      figures.push_back(exact(clocks));
      figures.push_back(exact(times * double(size.m) * size.n * size.k / (clocks * g.rows * g.cols * g.depth)));
    }
    table.row(times == 1 ? name_of(size) : fmt::format("{}, {} times", name_of(size), times), figures);
  };
  for (const Size& size : sizes) measure(size, 1);
  measure(sizes[0], 48);
  table.note("clocks: from the first submission to the last end that the host sees");
  options.report(table);
}

/// Products of any size as a user calls them.
void blocked_products(const std::string& chip, const std::vector<Size>& sizes, const SuiteOptions& options) {
  const std::vector<JobPath> paths = paths_of(chip);
  std::vector<Column> columns = columns_by_path(paths, {{"jobs", 0}, {"clocks", 0}, {"array used %", 1, 100}});
  columns.push_back({"kB up", 0, 1e-3});
  columns.push_back({"kB down", 0, 1e-3});
  Table table(chip + ", through the runtime, operands on the host", columns);
  for (const Size& size : sizes) {
    std::vector<Spread> figures;
    Report report;
    for (const JobPath path : paths) {
      Runtime runtime("sim:" + chip, {.path = path});
      const Product product = product_of(size, runtime.geometry().depth);
      const CodesResult result = runtime.gemm_codes(product.job, product.a, product.b, product.c);
      product.require(result.d, result.flags, runtime.capabilities().uri);
      report = result.report;
      figures.push_back(exact(double(report.jobs)));
      figures.push_back(exact(double(report.clocks)));
      figures.push_back(exact(report.utilisation()));
    }
    figures.push_back(exact(double(report.bytes_up)));
    figures.push_back(exact(double(report.bytes_down)));
    table.row(name_of(size), figures);
  }
  table.note("clocks: from the first byte uploaded to the last downloaded, over one port of a word a clock");
  table.note("kB: of the last path, which cuts the product into other blocks");
  options.report(table);
}

}  // namespace

void measure_utilisation(const SuiteOptions& options) {
  for (const std::string& chip : options.chips) {
    const model::Geometry g = open_device("model:" + chip)->capabilities().geometry;
    const std::uint32_t s = std::max(g.rows, g.cols), k = s;  // sides of 64 and 128, and K of 64, are multiples of it
    std::vector<Size> single, blocked, stream;
    for (const char* format : {"bf16", "cf8_143:7", "int8"}) {
      for (const std::uint32_t depth : {8u, 32u, 128u}) single.push_back({s, s, k * depth, format});
      single.push_back({8 * s, 8 * s, 8 * k, format});
      single.push_back({8 * s, 8 * s, 32 * k, format});
      single.push_back({16 * s, 16 * s, 16 * k, format});
      single.push_back({8 * s, 8 * s, 8 * k, format, true});
      single.push_back({8 * s, 8 * s, 32 * k, format, true});
    }
    for (const char* format : {"bf16", "cf8_143:7"}) {
      blocked.push_back({16 * s, 16 * s, 16 * k, format});
      blocked.push_back({32 * s, 32 * s, 32 * k, format});
      blocked.push_back({16 * s, 8 * s, 98 * k, format});
      blocked.push_back({32 * s, 32 * s, 32 * k, format, true});
    }
    for (const char* format : {"bf16", "cf8_143:7"}) {
      stream.push_back({8 * s, 8 * s, 8 * k, format});
      stream.push_back({8 * s, 8 * s, 32 * k, format});
      stream.push_back({12 * s, 12 * s, 16 * k, format});
    }
    blocked.push_back({8 * s, 8 * s, 32 * k, "bf16"});
    single_jobs(chip, single, options);
    streams(chip, stream, options);
    cut_products(chip,
                 {{16 * s, 16 * s, 32 * k, "int8"}, {32 * s, 16 * s, 32 * k, "int8"}, {32 * s, 32 * s, 32 * k, "int8"}},
                 options);
    blocked_products(chip, blocked, options);
  }
}

}  // namespace hilbert::bench
