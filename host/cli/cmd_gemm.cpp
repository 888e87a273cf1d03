// SPDX-License-Identifier: Apache-2.0
// hilbert gemm: one matrix product from .npy files, on a device or on a whole board.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <hilbert/board_runtime.hpp>
#include <hilbert/npy.hpp>
#include <hilbert/runtime.hpp>
#include <hilbert/text.hpp>
#include <iostream>
#include <optional>
#include <string>

#include "board_text.hpp"
#include "command.hpp"
#include "json_report.hpp"
#include "limits.hpp"
#include "outputs.hpp"
#include "path_option.hpp"
#include "report_text.hpp"
#include "runtime/product.hpp"

namespace hilbert::cli::gemm_command {
namespace {

struct Request {
  std::string device = "model:full", a, b, c, output, format, b_format, out_format = "fp32";
  std::uint32_t rounding_seed = 0;
  double stall = 0;
  std::uint64_t seed = 1;
  bool relu = false, saturate = false, stochastic = false, literal = false, check = false;
  bool codes = false;
};

/// What is multiplied.
struct Operands {
  CodeMatrix a, b, c;
  std::string as_they_are;  ///< which of the files held codes
};

Operands read_operands(const Request& q, const GemmOptions& options) {
  const NpyUnsigned integers = q.codes ? NpyUnsigned::codes : NpyUnsigned::numbers;
  EncodeOptions rounding;
  rounding.saturate = q.saturate, rounding.literal = q.literal;
  Operands operands;
  const auto read = [&](const char* name, const std::string& path, FormatArg format) {
    const NpyMatrix file = read_npy_matrix(path, integers);
    if (file.holds_codes()) operands.as_they_are += fmt::format("{}{}", operands.as_they_are.empty() ? "" : ", ", name);
    return as_codes(file, format, rounding);
  };
  operands.a = read("A", q.a, options.a);
  operands.b = read("B", q.b, options.b);
  if (!q.c.empty()) operands.c = read("C", q.c, "fp32");
  if (operands.a.cols != operands.b.rows) {
    throw Error(ExitCode::bad_input,
                fmt::format("{} is {} x {}, {} is {} x {}: the inner sizes differ", q.a, operands.a.rows,
                            operands.a.cols, q.b, operands.b.rows, operands.b.cols),
                "hilbert gemm", "A is M x K, B is K x N");
  }
  return operands;
}

/// Compares the device's result with the reference model's, code by code.
std::uint64_t count_wrong(const CodeMatrix& got, const CodeMatrix& right, bool literal, std::string& first) {
  if (got.codes == right.codes) return 0;
  const std::size_t bytes = model::element_bytes(got.format.format);
  const Matrix<float> is = decode_matrix(got, literal), should = decode_matrix(right, literal);
  std::uint64_t wrong = 0;
  for (std::size_t i = 0; i < got.rows * got.cols; ++i) {
    if (std::memcmp(&got.codes[i * bytes], &right.codes[i * bytes], bytes) == 0) continue;
    if (wrong++ == 0) {
      first = fmt::format("({}, {}): {:a}, the model says {:a}", i / got.cols, i % got.cols, is.elements()[i],
                          should.elements()[i]);
    }
  }
  return wrong;
}

/// A product and where it was computed.
struct Computed {
  CodesResult result;
  std::string uri;
  std::optional<BoardFigures> board;
};

/// Sets the job's Depth to the device's.
Computed compute(const Request& q, std::optional<JobPath> path, model::Gemm& job, const Operands& operands) {
  Computed computed;
  const auto multiply = [&](auto& runtime) {
    job.depth = runtime.geometry().depth;
    computed.result = runtime.gemm_codes(job, operands.a.codes, operands.b.codes, operands.c.codes);
  };
  if (q.device.starts_with("board:")) {
    if (path == JobPath::firmware) {
      throw Error(ExitCode::bad_input, "a board does not take --path firmware", "hilbert gemm",
                  "the host feeds the queues of its chips itself");
    }
    BoardRuntime runtime(q.device, {.board = opening(true)});
    multiply(runtime);
    computed.uri = runtime.board().uri();
    computed.board = runtime.figures();
    return computed;
  }
  RuntimeOptions runtime_options;
  runtime_options.path = path;
  runtime_options.open.stall_probability = q.stall;
  runtime_options.open.seed = q.seed;
  Runtime runtime(q.device, runtime_options);
  multiply(runtime);
  computed.uri = runtime.capabilities().uri;
  return computed;
}

nlohmann::ordered_json figures_json(const BoardFigures& f) {
  return {{"chips", f.chips},           {"width", f.width},           {"height", f.height},
          {"part_m", f.part_m},         {"part_n", f.part_n},         {"part_k", f.part_k},
          {"slots", f.slots},           {"blocks", f.blocks},         {"load_clocks", f.load_clocks},
          {"run_clocks", f.run_clocks}, {"array_use", f.array_use()}, {"link_bytes", f.link_bytes}};
}

std::string figures_text(const BoardFigures& f) {
  std::string text = fmt::format("{} x {} of {}, {} x {} results a chip, K in steps of {}, {}\n", f.width, f.height,
                                 counted(f.chips, "chip"), f.part_m, f.part_n, f.part_k, counted(f.blocks, "block"));
  if (f.run_clocks != 0) {
    text += fmt::format("{} clocks to load, {} while jobs ran: arrays took steps in {:.1f} % of these\n", f.load_clocks,
                        f.run_clocks, 100 * f.array_use());
  }
  return text + fmt::format("{} over links\n", counted(f.link_bytes, "byte"));
}

ExitCode run(const Arguments& arguments) {
  Request q;
  PathOption path;
  JsonReport json;
  Options options(
      "gemm --a A.npy --b B.npy -o D.npy --format FORMAT",
      "Computes D = A * B (+ C) on a device. Numbers in A and B are rounded to nearest into FORMAT; sums are FP32 in\n"
      "the device's documented order; D is written as float32.");
  const std::string devices = device_help() + "; board:FILE: all chips that a board file names";
  options.required("a", q.a, "A.npy", "left operand, M x K");
  options.required("b", q.b, "B.npy", "right operand, K x N");
  options.text("c", q.c, "C.npy", "added to the product, M x N");
  options.output("output,o", q.output, "D.npy", "where to write the result (default: nowhere)");
  options.required("format,f", q.format, "FORMAT", "format of the operands");
  options.text("b-format", q.b_format, "FORMAT", "format of B, if not that of A");
  options.text("out-format", q.out_format, "FORMAT", "what D is rounded to");
  options.flag("relu", q.relu, "negative results become 0");
  options.flag("saturate", q.saturate, "clamp to the largest finite value instead of infinity or NaN");
  options.flag("stochastic", q.stochastic, "round the result stochastically");
  options.number("rounding-seed", q.rounding_seed, any_seed<std::uint32_t>, "of the job's stochastic rounding");
  options.flag("subnormal-literal", q.literal, "CFloat8 subnormals as Tesla's paper prints them");
  options.flag("codes", q.codes, "unsigned integers in files are codes, and D is written as codes");
  options.text("device,d", q.device, "URI", devices);
  options.number("stall", q.stall, stall_range, "sim: probability of a random stall on the host port");
  options.number("seed", q.seed, any_seed<std::uint64_t>, "of everything random in this run: the stalls");
  options.flag("check", q.check, "compare every bit with the reference model");
  json.add_to(options);
  path.add_to(options);
  options.note(
      fmt::format("Formats: {} (BIAS 0..{}); fp32 for the result alone.\n", model::format_names(true),
                  model::max_bias) +
      "Files: any numbers that are float32 exactly (float16 to float64, integers, ml_dtypes' bfloat16), in C or "
      "Fortran\n"
      "order. Files of ml_dtypes' 8-bit floats, which lose their format's name, hold codes of FORMAT. With --codes D "
      "is\n"
      "uint8, of bf16 uint16, of int8 int8, of fp32 float32: numpy.load(D).view(ml_dtypes.bfloat16) are its numbers.");
  options.example("hilbert gemm --a A.npy --b B.npy -o D.npy --format bf16", "on the reference model");
  options.example("hilbert gemm --a A.npy --b B.npy -o D.npy --format e4m3 --device sim:full --check",
                  "on the verilated RTL, every bit compared with the model");
  options.example("hilbert gemm --a A.npy --b B.npy --format bf16 --device \"board:boards/2x2.json?threads=2\" --check",
                  "over four chips and the links between them");
  if (!options.parse(arguments)) return ExitCode::good;

  const std::optional<JobPath> path_choice = path.choice();
  GemmOptions gemm;
  gemm.a = FormatArg(q.format);
  gemm.b = q.b_format.empty() ? gemm.a : FormatArg(q.b_format);
  gemm.d = FormatArg(q.out_format);
  gemm.relu = q.relu, gemm.saturate = q.saturate, gemm.stochastic = q.stochastic, gemm.literal = q.literal;
  gemm.seed = q.rounding_seed;
  options.only({"stochastic"}, gemm.d.spec.format != model::Format::fp32,
               "where the result is rounded: with --out-format, not to fp32");
  options.only({"rounding-seed"}, q.stochastic, "with --stochastic");
  options.only({"subnormal-literal"},
               std::ranges::any_of(std::array{gemm.a.spec, gemm.b.spec, gemm.d.spec},
                                   [](model::FormatSpec f) { return model::has_tensor_bias(f.format); }),
               "with a CFloat8 format");
  options.only({"stall"}, q.device.starts_with("sim:"), "on sim: devices");
  options.only({"seed"}, options.given("stall"), "with --stall: that of stochastic rounding is --rounding-seed");
  const Operands operands = read_operands(q, gemm);
  const CodeMatrix &a = operands.a, &b = operands.b, &c = operands.c;
  if (!q.c.empty()) gemm.c = MatrixView<const float>(nullptr, c.rows, c.cols);
  model::Gemm job = gemm_job(gemm, 4, {a.rows, a.cols}, {b.rows, b.cols});

  CodeMatrix d;
  Outputs outputs("hilbert gemm");
  outputs.reads("--a", q.a), outputs.reads("--b", q.b), outputs.reads_device("--device", q.device);
  if (!q.c.empty()) outputs.reads("--c", q.c);
  // A wrong result is written too: it is what one wants to look at.
  outputs.open("--output", q.output, [&](AtomicFile& file) {
    file.write(q.codes ? format_npy_codes(d) : format_npy(decode_matrix(d, job.literal)));
  });
  json.open(outputs);
  const Computed computed = compute(q, path_choice, job, operands);
  const CodesResult& result = computed.result;
  d = {job.d, a.rows, b.cols, result.d, result.flags};
  model::Flags operand_flags = a.flags;
  operand_flags |= b.flags;

  std::uint64_t wrong = 0;
  std::string first;
  bool flags_differ = false;
  if (q.check) {
    const model::GemmResult expected = model::gemm(job, a.codes, b.codes, c.codes);
    wrong = count_wrong(d, {job.d, d.rows, d.cols, expected.d, {}}, job.literal, first);
    flags_differ = !(result.flags == expected.flags);
  }
  const bool good = wrong == 0 && !flags_differ;
  json.value = {{"device", computed.uri},
                {"m", job.m},
                {"n", job.n},
                {"k", job.k},
                {"format_a", model::to_string(gemm.a)},
                {"format_b", model::to_string(gemm.b)},
                {"format_d", model::to_string(gemm.d)},
                {"flags", model::to_string(result.flags)},
                {"operand_flags", model::to_string(operand_flags)},
                {"report", to_json(result.report)}};
  if (!operands.as_they_are.empty()) json.value["codes"] = operands.as_they_are;
  if (computed.board) json.value["board"] = figures_json(*computed.board);
  if (q.check) json.value["check"] = {{"good", good}, {"wrong_elements", wrong}, {"flags_differ", flags_differ}};
  json.print();
  if (json.with_text()) {
    std::cout << fmt::format("{}: {} x {} by {} x {}, {} * {} -> {}\n", printable(computed.uri), job.m, job.k, job.k,
                             job.n, model::to_string(gemm.a), model::to_string(gemm.b), model::to_string(gemm.d))
              << to_text(result.report) << (computed.board ? figures_text(*computed.board) : std::string())
              << fmt::format("flags: {} (rounding the operands: {})\n", model::to_string(result.flags),
                             model::to_string(operand_flags));
    if (!operands.as_they_are.empty()) std::cout << fmt::format("codes as they are: {}\n", operands.as_they_are);
    if (q.check && good) {
      const std::size_t all = d.rows * d.cols;
      std::cout << (all == 1 ? std::string("check: the one result equals the reference model's\n")
                             : fmt::format("check: all {} results equal the reference model's\n", all));
    }
  }
  if (good) return outputs.finish(ExitCode::good);
  return outputs.finish(
      Error(ExitCode::check_failed,
            wrong != 0 ? fmt::format("{} of {} differ{} from the reference model, the first at {}", wrong,
                                     counted(d.rows * d.cols, "result"), wrong == 1 ? "s" : "", first)
                       : std::string("the flags differ from the reference model's"),
            computed.uri, "the device is wrong: run the same on model: to see the model agree with itself"));
}

const Registration registration({"gemm", "multiply two matrices from .npy files", run});

}  // namespace
}  // namespace hilbert::cli::gemm_command
