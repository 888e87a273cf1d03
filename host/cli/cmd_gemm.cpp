// SPDX-License-Identifier: Apache-2.0
// hilbert gemm: one matrix product from .npy files, on a device or on a whole board.
#include <fmt/format.h>

#include <bit>
#include <hilbert/board_runtime.hpp>
#include <hilbert/file.hpp>
#include <hilbert/npy.hpp>
#include <hilbert/runtime.hpp>
#include <iostream>
#include <optional>
#include <string>

#include "command.hpp"
#include "path_option.hpp"
#include "report_text.hpp"

namespace hilbert::cli::gemm_command {
namespace {

namespace po = boost::program_options;

struct Request {
  std::string device = "model:full", a, b, c, output, format, b_format, out_format = "fp32";
  std::uint32_t seed = 0;
  double stall = 0;
  std::uint64_t stall_seed = 1;
  bool relu = false, saturate = false, stochastic = false, literal = false, check = false, json = false;
};

/// Compares the device's result with the reference model's, number by number (NaN equals NaN).
std::uint64_t count_wrong(const GemmResult& got, const model::GemmResult& expected, model::FormatSpec format,
                          bool literal, std::string& first) {
  Matrix<float> right(got.d.rows(), got.d.cols());
  decode_codes(expected.d, format, literal, right.elements());
  std::uint64_t wrong = 0;
  for (std::size_t i = 0; i < right.rows(); ++i) {
    for (std::size_t j = 0; j < right.cols(); ++j) {
      if (std::bit_cast<std::uint32_t>(got.d(i, j)) == std::bit_cast<std::uint32_t>(right(i, j))) continue;
      if (wrong++ == 0) first = fmt::format("({}, {}): {:a}, the model says {:a}", i, j, got.d(i, j), right(i, j));
    }
  }
  return wrong;
}

/// A product and where it was computed.
struct Computed {
  GemmResult result;
  std::string uri;
  unsigned depth = 0;
  std::optional<BoardFigures> board;
};

Computed compute(const Request& q, std::optional<JobPath> path, const Matrix<float>& a, const Matrix<float>& b,
                 const GemmOptions& options) {
  Computed computed;
  if (q.device.starts_with("board:")) {
    if (path == JobPath::firmware || q.stall != 0) {
      throw Error(ExitCode::bad_input, "a board takes neither --firmware nor --stall", "hilbert gemm",
                  "the host feeds the queues of its chips itself");
    }
    BoardRuntime runtime(q.device);
    computed.result = runtime.gemm(a, b, options);
    computed.uri = runtime.board().uri();
    computed.depth = runtime.geometry().depth;
    computed.board = runtime.figures();
    return computed;
  }
  RuntimeOptions runtime_options;
  runtime_options.path = path;
  runtime_options.open.stall_probability = q.stall;
  runtime_options.open.seed = q.stall_seed;
  Runtime runtime(q.device, runtime_options);
  computed.result = runtime.gemm(a, b, options);
  computed.uri = runtime.capabilities().uri;
  computed.depth = runtime.geometry().depth;
  return computed;
}

nlohmann::ordered_json figures_json(const BoardFigures& f) {
  return {{"chips", f.chips},           {"width", f.width},           {"height", f.height},
          {"tile_m", f.tile_m},         {"tile_n", f.tile_n},         {"tile_k", f.tile_k},
          {"slots", f.slots},           {"blocks", f.blocks},         {"load_clocks", f.load_clocks},
          {"run_clocks", f.run_clocks}, {"array_use", f.array_use()}, {"link_bytes", f.link_bytes}};
}

std::string figures_text(const BoardFigures& f) {
  std::string text = fmt::format("{} x {} of {} chips, {} x {} results a chip, K in steps of {}, {} blocks\n", f.width,
                                 f.height, f.chips, f.tile_m, f.tile_n, f.tile_k, f.blocks);
  if (f.run_clocks != 0) {
    text += fmt::format("{} clocks to load, {} while jobs ran: arrays took steps in {:.1f} % of these\n", f.load_clocks,
                        f.run_clocks, 100 * f.array_use());
  }
  return text + fmt::format("{} bytes over links\n", f.link_bytes);
}

ExitCode run(const Arguments& arguments) {
  Request q;
  PathOption path;
  Options options(
      "gemm --a A.npy --b B.npy -o D.npy --format FORMAT",
      "Computes D = A * B (+ C) of float32 matrices on a device. The operands are rounded to nearest into FORMAT;\n"
      "sums are FP32 in the device's documented order; D is written as float32.");
  const std::string devices = device_help() + " board:FILE";
  options.add()("a", po::value(&q.a)->required()->value_name("A.npy"), "left operand, M x K")(
      "b", po::value(&q.b)->required()->value_name("B.npy"), "right operand, K x N")(
      "c", po::value(&q.c)->value_name("C.npy"), "added to the product, M x N")(
      "output,o", po::value(&q.output)->value_name("D.npy"), "where to write the result (default: nowhere)")(
      "format,f", po::value(&q.format)->required()->value_name("FORMAT"), "format of the operands")(
      "b-format", po::value(&q.b_format)->value_name("FORMAT"), "format of B, if not that of A")(
      "out-format", po::value(&q.out_format)->value_name("FORMAT")->default_value(q.out_format),
      "what D is rounded to")("relu", po::bool_switch(&q.relu), "negative results become 0")(
      "saturate", po::bool_switch(&q.saturate), "clamp to the largest finite value instead of infinity or NaN")(
      "stochastic", po::bool_switch(&q.stochastic), "round the result stochastically")(
      "seed", po::value(&q.seed)->value_name("N")->default_value(q.seed), "of stochastic rounding")(
      "subnormal-literal", po::bool_switch(&q.literal), "CFloat8 subnormals as Tesla's paper prints them")(
      "device,d", po::value(&q.device)->value_name("URI")->default_value(q.device), devices.c_str())(
      "stall", po::value(&q.stall)->value_name("P")->default_value(q.stall),
      "sim: probability of a random stall on the host port")(
      "stall-seed", po::value(&q.stall_seed)->value_name("N")->default_value(q.stall_seed), "of the random stalls")(
      "check", po::bool_switch(&q.check), "compare every bit with the reference model")(
      "json", po::bool_switch(&q.json), "report as JSON on stdout");
  path.add_to(options);
  options.note("Formats: bf16, cf8_143:BIAS, cf8_152:BIAS (BIAS 0..63), e4m3, e5m2, int8; fp32 for the result alone.");
  options.example("hilbert gemm --a A.npy --b B.npy -o D.npy --format bf16", "on the reference model");
  options.example("hilbert gemm --a A.npy --b B.npy -o D.npy --format e4m3 --device sim:full --check",
                  "on the verilated RTL, every bit compared with the model");
  options.example("hilbert gemm --a A.npy --b B.npy --format bf16 --device \"board:boards/2x2.json?threads=2\" --check",
                  "over four chips and the links between them");
  if (!options.parse(arguments)) return ExitCode::good;

  GemmOptions gemm;
  gemm.a = FormatArg(q.format);
  gemm.b = q.b_format.empty() ? gemm.a : FormatArg(q.b_format);
  gemm.d = FormatArg(q.out_format);
  gemm.relu = q.relu, gemm.saturate = q.saturate, gemm.stochastic = q.stochastic, gemm.literal = q.literal;
  gemm.seed = q.seed;
  const Matrix<float> a = read_npy(q.a), b = read_npy(q.b);
  Matrix<float> c;
  if (!q.c.empty()) {
    c = read_npy(q.c);
    gemm.c = c;
  }
  if (a.cols() != b.rows()) {
    throw Error(ExitCode::bad_input,
                fmt::format("{} is {} x {}, {} is {} x {}: the inner sizes differ", q.a, a.rows(), a.cols(), q.b,
                            b.rows(), b.cols()),
                "hilbert gemm", "A is M x K, B is K x N");
  }

  std::optional<AtomicFile> output;  // opened before the work, so that a wrong name costs nothing
  if (!q.output.empty()) output.emplace(q.output);
  const Computed computed = compute(q, path.choice(), a, b, gemm);
  const GemmResult& result = computed.result;

  std::uint64_t wrong = 0;
  std::string first;
  bool flags_differ = false;
  if (q.check) {
    model::Gemm job;
    job.m = static_cast<std::uint32_t>(a.rows()), job.n = static_cast<std::uint32_t>(b.cols());
    job.k = static_cast<std::uint32_t>(a.cols());
    job.a = gemm.a, job.b = gemm.b, job.d = gemm.d;
    job.accumulate = gemm.c.has_value();
    job.relu = q.relu, job.saturate = q.saturate, job.stochastic = q.stochastic, job.literal = q.literal,
    job.seed = q.seed;
    job.depth = computed.depth;
    EncodeOptions rounding;
    rounding.saturate = q.saturate, rounding.literal = q.literal;
    const auto expected =
        model::gemm(job, encode_matrix(a, gemm.a, rounding).codes, encode_matrix(b, gemm.b, rounding).codes,
                    gemm.c ? encode_matrix(c, "fp32").codes : std::vector<std::byte>{});
    wrong = count_wrong(result, expected, job.d, job.literal, first);
    flags_differ = !(result.flags == expected.flags);
  }
  if (output) {  // a wrong result too: it is what one wants to look at
    output->write(format_npy(result.d));
    output->commit();
  }

  const bool good = wrong == 0 && !flags_differ;
  if (q.json) {
    nlohmann::ordered_json json{{"device", computed.uri},
                                {"m", a.rows()},
                                {"n", b.cols()},
                                {"k", a.cols()},
                                {"format_a", model::to_string(gemm.a)},
                                {"format_b", model::to_string(gemm.b)},
                                {"format_d", model::to_string(gemm.d)},
                                {"flags", model::to_string(result.flags)},
                                {"operand_flags", model::to_string(result.operand_flags)},
                                {"report", to_json(result.report)}};
    if (computed.board) json["board"] = figures_json(*computed.board);
    if (q.check) json["check"] = {{"good", good}, {"wrong_elements", wrong}, {"flags_differ", flags_differ}};
    std::cout << json.dump(2) << '\n';
  } else {
    std::cout << fmt::format("{}: {} x {} by {} x {}, {} * {} -> {}\n", computed.uri, a.rows(), a.cols(), b.rows(),
                             b.cols(), model::to_string(gemm.a), model::to_string(gemm.b), model::to_string(gemm.d))
              << to_text(result.report) << (computed.board ? figures_text(*computed.board) : std::string())
              << fmt::format("flags: {} (rounding the operands: {})\n", model::to_string(result.flags),
                             model::to_string(result.operand_flags));
    if (q.check && good)
      std::cout << fmt::format("check: all {} results equal the reference model's\n", result.d.size());
  }
  if (good) return ExitCode::good;
  throw Error(ExitCode::check_failed,
              wrong != 0 ? fmt::format("{} of {} results differ from the reference model, the first at {}", wrong,
                                       result.d.size(), first)
                         : std::string("the flags differ from the reference model's"),
              computed.uri, "the device is wrong: run the same on model: to see the model agree with itself");
}

const Registration registration({"gemm", "multiply two matrices from .npy files", run});

}  // namespace
}  // namespace hilbert::cli::gemm_command
