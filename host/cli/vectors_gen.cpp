// SPDX-License-Identifier: Apache-2.0
// hilbert vectors gen: vector files from families, seeds, real tensors and dumped products.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <hilbert/convert.hpp>
#include <hilbert/file.hpp>
#include <hilbert/npy.hpp>
#include <hilbert/text.hpp>
#include <hilbert/vectors/file.hpp>
#include <hilbert/vectors/generate.hpp>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "board/json_node.hpp"
#include "outputs.hpp"
#include "progress.hpp"
#include "sizes.hpp"
#include "tensor_names.hpp"
#include "vectors_actions.hpp"

namespace hilbert::cli {
namespace {

namespace fs = std::filesystem;

struct GenRequest {
  std::string output, corpus, out_format = "fp32", crop;
  std::vector<std::string> families, npy, formats, dumps;
  std::uint64_t seed = vectors::corpus_seed;
  std::optional<std::uint32_t> count;
  std::uint32_t rounding_seed = 0;
  bool list = false, relu = false, saturate = false, stochastic = false, literal = false;
};

void list_families() {
  for (const vectors::Family& f : vectors::families()) {
    std::cout << fmt::format("{:<14} {:>4} cases in the corpus: {}\n", f.name, f.corpus_count, f.about);
  }
}

/// "MxNxK": the middle part of real tensors that is taken.
std::array<std::size_t, 3> parse_crop(const std::string& text) {
  std::array<std::size_t, 3> crop{SIZE_MAX, SIZE_MAX, SIZE_MAX};
  if (text.empty()) return crop;
  // A side of a matrix is counted in 32 bits.
  constexpr Range<std::size_t> range{1, UINT32_MAX, "rows or columns"};
  const std::vector<std::size_t> sides = parse_sizes(text, range, "--crop");
  if (sides.size() != crop.size()) {
    throw Error(ExitCode::bad_input, fmt::format("'{}' is no MxNxK", text), "--crop", "for example 16x16x32");
  }
  std::ranges::copy(sides, crop.begin());
  return crop;
}

MatrixView<const float> cropped(const Matrix<float>& m, std::size_t rows, std::size_t cols) {
  rows = std::min(rows, m.rows()), cols = std::min(cols, m.cols());
  return {m.data() + (m.rows() - rows) / 2 * m.cols() + (m.cols() - cols) / 2, rows, cols, m.cols()};
}

using FormatPair = std::pair<model::FormatSpec, model::FormatSpec>;

/// "A,B", or one for both.
FormatPair parse_formats(const std::string& text) {
  const std::size_t comma = text.find(',');
  const model::FormatSpec a = FormatArg(text.substr(0, comma)).spec;
  return {a, comma == std::string::npos ? a : FormatArg(text.substr(comma + 1)).spec};
}

std::string case_name(const std::string& source, const model::Gemm& job) {
  return fmt::format("tensors/{}-{}-{}-{}", source, model::to_string(job.a), model::to_string(job.b),
                     model::to_string(job.d));
}

/// The largest sides that there are: a crop beyond them would do nothing.
struct Largest {
  std::array<std::size_t, 3> sides{};
  void see(std::size_t m, std::size_t n, std::size_t k) {
    sides = {std::max(sides[0], m), std::max(sides[1], n), std::max(sides[2], k)};
  }
  void require(const std::array<std::size_t, 3>& crop) const {
    for (std::size_t i = 0; i < crop.size(); ++i) {
      if (crop[i] == SIZE_MAX || crop[i] <= sides[i]) continue;
      throw Error(ExitCode::bad_input,
                  fmt::format("{} of {}: no product has more than {}", "MNK"[i], crop[i], sides[i]), "--crop",
                  "the middle part that is taken: smaller, or the whole");
    }
  }
};

/// A product that hilbert train --dump-tensors wrote: NAME.json with NAME_a.npy, NAME_b.npy and perhaps NAME_c.npy
/// beside.
void add_dump(const fs::path& path, const std::string& name, const std::array<std::size_t, 3>& crop, Largest& largest,
              vectors::Writer& writer) {
  const auto tensor = [&](const char* which) {
    return read_npy(path.parent_path() / (path.stem().string() + which + ".npy"));
  };
  const JsonNode json = read_json(path, "a product dumped by hilbert train --dump-tensors");
  const auto format = [&](const char* key) {
    const auto parsed = model::parse_format(json[key].text());
    if (!parsed) json[key].refuse("no number format", "bf16, e4m3, cf8_143:7, ...");
    return *parsed;
  };
  model::Gemm job;
  job.a = format("a"), job.b = format("b"), job.d = format("d");
  job.relu = json["relu"].boolean(), job.stochastic = json["stochastic"].boolean();
  if (job.stochastic) job.seed = static_cast<std::uint32_t>(json["seed"].integer(0, 0xFFFF'FFFF));
  const bool accumulate = json["accumulate"].boolean();
  const Matrix<float> a = tensor("_a"), b = tensor("_b"), c = accumulate ? tensor("_c") : Matrix<float>();
  largest.see(a.rows(), b.cols(), a.cols());
  writer.add(vectors::tensor_case(case_name(name, job), job, cropped(a, crop[0], crop[2]), cropped(b, crop[2], crop[1]),
                                  cropped(c, crop[0], crop[1])));
}

void add_tensors(const GenRequest& q, const std::vector<FormatPair>& formats, vectors::Writer& writer) {
  if (q.npy.size() % 2 != 0) {
    throw Error(ExitCode::bad_input, fmt::format("{} for --from-npy", counted(q.npy.size(), "file")),
                "hilbert vectors gen", "give pairs: A.npy B.npy of D = A * B");
  }
  const auto crop = parse_crop(q.crop);
  std::vector<TensorSource> sources;
  for (const std::string& dump : q.dumps) sources.push_back({{dump}, 1});
  for (std::size_t i = 0; i < q.npy.size(); i += 2) sources.push_back({{q.npy[i], q.npy[i + 1]}, 0});
  const std::vector<std::string> names = tensor_names(std::move(sources));
  auto name = names.begin();
  Largest largest;
  for (const std::string& dump : q.dumps) add_dump(dump, *name++, crop, largest, writer);
  for (std::size_t i = 0; i < q.npy.size(); i += 2, ++name) {
    const NpyMatrix a_file = read_npy_matrix(q.npy[i]), b_file = read_npy_matrix(q.npy[i + 1]);
    // Codes without a format are those of each format that is asked for.
    const auto numbers = [&](const NpyMatrix& file, model::FormatSpec format) {
      return file.holds_codes() ? decode_matrix(as_codes(file, format), q.literal) : file.numbers;
    };
    for (const auto& [format_a, format_b] : formats) {
      model::Gemm job;
      job.a = format_a, job.b = format_b, job.d = FormatArg(q.out_format);
      job.relu = q.relu, job.saturate = q.saturate, job.stochastic = q.stochastic, job.literal = q.literal;
      if (q.stochastic) job.seed = q.rounding_seed;
      const Matrix<float> a = numbers(a_file, job.a), b = numbers(b_file, job.b);
      largest.see(a.rows(), b.cols(), a.cols());
      writer.add(
          vectors::tensor_case(case_name(*name, job), job, cropped(a, crop[0], crop[2]), cropped(b, crop[2], crop[1])));
    }
  }
  largest.require(crop);
}

}  // namespace

ExitCode vectors_gen(const Arguments& arguments) {
  GenRequest q;
  Options options(
      "vectors gen -o FILE",
      "Makes a vector file: generated families, or real tensors. The same seed gives the same cases on every\n"
      "machine; expected results come from the reference model, for every Depth.");
  options.output("output,o", q.output, "FILE", "the vector file to write");
  options.texts("family", q.families, "NAME", "families to take (default: all)", true);
  // A million cases of every family are 17 million names in memory and a day of work; the file counts them in 32 bits.
  options.number("count,n", q.count, {1, 1'000'000, "cases"},
                 "cases of each family (default: as many as in the corpus)");
  options.number("seed", q.seed, any_seed<std::uint64_t>, "of everything random in this run");
  options.flag("list", q.list, "list the families and stop");
  options.text("corpus", q.corpus, "DIR", "write the committed corpus (golden/, refused/) into this folder instead");
  options.texts("from-npy", q.npy, "A.npy B.npy", "real tensors, in pairs", true);
  options.texts("format", q.formats, "FORMAT[,FORMAT]",
                "with --from-npy: formats of A and B; several make several cases", true);
  options.text("out-format", q.out_format, "FORMAT", "with --from-npy: format of the result");
  options.texts("from-dump", q.dumps, "PRODUCT.json", "products of a training (hilbert train --dump-tensors)", true);
  options.text("crop", q.crop, "MxNxK", "of real tensors only the middle part; those that are smaller stay whole");
  options.flag("relu", q.relu, "with --from-npy");
  options.flag("saturate", q.saturate, "with --from-npy");
  options.flag("stochastic", q.stochastic, "with --from-npy: stochastic rounding of the result");
  options.number("rounding-seed", q.rounding_seed, any_seed<std::uint32_t>, "with --stochastic: its seed");
  options.flag("subnormal-literal", q.literal, "with --from-npy");
  options.example("hilbert vectors gen -o nightly.hbv --count 10000 --seed 20261121", "a large corpus for a night");
  options.example("hilbert vectors gen -o t.hbv --from-dump dump/step0050_*.json --crop 16x16x256",
                  "products that hilbert train --dump-tensors dump has written");
  options.example("hilbert vectors gen -o t.hbv --from-npy A.npy B.npy --format bf16 cf8_143:7,cf8_152:15",
                  "the product of two real tensors in two pairs of formats");
  if (!options.parse(arguments)) return ExitCode::good;
  if (q.list) {
    options.only({"output", "family", "count", "seed", "corpus", "from-npy", "from-dump"}, false, "without --list");
    list_families();
    return ExitCode::good;
  }
  const auto bad_usage = [](const char* what, const char* next) {
    throw Error(ExitCode::bad_input, what, "hilbert vectors gen", next);
  };
  if (!q.corpus.empty()) {
    options.only({"output", "family", "count", "seed", "from-npy", "from-dump"}, false,
                 "without --corpus, whose seed and counts are fixed");
    vectors::write_corpus(q.corpus, [](const fs::path& path) { std::cout << printable(path.string()) << '\n'; });
    return ExitCode::good;
  }
  if (q.output.empty()) bad_usage("no output", "-o FILE");
  const bool real = !q.npy.empty() || !q.dumps.empty();
  if (!q.npy.empty() && q.formats.empty()) bad_usage("--from-npy without a format", "--format bf16");
  options.only({"family", "count", "seed"}, !real, "without real tensors: write two files");
  options.only({"format", "out-format", "relu", "saturate", "stochastic", "subnormal-literal"}, !q.npy.empty(),
               "with --from-npy: families and dumped products bring their own");
  options.only({"crop"}, real, "with --from-npy or --from-dump");
  std::vector<FormatPair> formats;
  for (const std::string& text : q.formats) formats.push_back(parse_formats(text));
  const model::FormatSpec result = FormatArg(q.out_format).spec;
  const auto cfloat8 = [](model::FormatSpec format) { return model::has_tensor_bias(format.format); };
  options.only({"stochastic"}, result.format != model::Format::fp32,
               "where the result is rounded: with --out-format, not to fp32");
  options.only({"rounding-seed"}, q.stochastic, "with --stochastic");
  options.only({"subnormal-literal"},
               cfloat8(result) ||
                   std::ranges::any_of(
                       formats, [&](const FormatPair& pair) { return cfloat8(pair.first) || cfloat8(pair.second); }),
               "with a CFloat8 format");

  std::vector<const vectors::Family*> chosen;
  for (const std::string& name : q.families) chosen.push_back(&vectors::find_family(name));
  if (chosen.empty() && !real) {
    for (const vectors::Family& f : vectors::families()) chosen.push_back(&f);
  }
  std::string names;
  std::uint64_t total = 0;
  for (const vectors::Family* f : chosen) {
    names += fmt::format("{}{}", names.empty() ? "" : ", ", f->name);
    total += q.count.value_or(f->corpus_count);
  }
  vectors::FileInfo info;
  Outputs outputs("hilbert vectors gen");
  for (const std::string& path : q.npy) outputs.reads("--from-npy", path);
  for (const fs::path path : q.dumps) {
    outputs.reads("--from-dump", path);
    for (const char* which : {"_a", "_b", "_c"}) {
      outputs.reads("--from-dump", path.parent_path() / (path.stem().string() + which + ".npy"));
    }
  }
  vectors::Writer writer(!real ? fmt::format("families {}; seed {}", names, q.seed)
                               : std::string("real tensors: operands are stored, results recomputed"));
  outputs.open("--output", q.output, [&](AtomicFile& file) { info = writer.write_to(file); });
  {
    Progress progress("generate", "cases", total);
    for (const vectors::Family* f : chosen) {
      const std::uint32_t count = q.count.value_or(f->corpus_count);
      for (std::uint32_t i = 0; i < count; ++i) {
        writer.add(vectors::generate(*f, q.seed, i));
        progress.advance();
      }
    }
    add_tensors(q, formats, writer);
  }
  if (writer.cases() == 0) bad_usage("nothing to write", "--count at least 1");
  if (const ExitCode code = outputs.finish(ExitCode::good); code != ExitCode::good) return code;
  std::cout << fmt::format("{}: {}, {} bytes of content in {} bytes, content checksum {:#010x}\n", printable(q.output),
                           counted(info.cases, "case"), info.content_bytes, info.body_bytes + vectors::header_bytes,
                           info.content_crc);
  return ExitCode::good;
}

}  // namespace hilbert::cli
