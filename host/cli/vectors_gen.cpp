// SPDX-License-Identifier: Apache-2.0
// hilbert vectors gen: vector files from families, seeds, real tensors and dumped products.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <hilbert/convert.hpp>
#include <hilbert/file.hpp>
#include <hilbert/npy.hpp>
#include <hilbert/vectors/file.hpp>
#include <hilbert/vectors/generate.hpp>
#include <iostream>
#include <string>
#include <vector>

#include "board/json_node.hpp"
#include "progress.hpp"
#include "vectors_actions.hpp"

namespace hilbert::cli {
namespace {

namespace po = boost::program_options;
namespace fs = std::filesystem;

struct GenRequest {
  std::string output, corpus, out_format = "fp32", crop;
  std::vector<std::string> families, npy, formats, dumps;
  std::uint64_t seed = vectors::kCorpusSeed;
  std::uint32_t count = 0, sr_seed = 0;
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
  char rest = 0;
  if (std::sscanf(text.c_str(), "%zux%zux%zu%c", &crop[0], &crop[1], &crop[2], &rest) != 3 ||
      std::ranges::count(crop, std::size_t{0}) != 0 || text.find('-') != std::string::npos) {
    throw Error(ExitCode::bad_input, fmt::format("'{}' is no MxNxK", text), "--crop", "for example 16x16x32");
  }
  return crop;
}

MatrixView<const float> cropped(const Matrix<float>& m, std::size_t rows, std::size_t cols) {
  rows = std::min(rows, m.rows()), cols = std::min(cols, m.cols());
  return {m.data() + (m.rows() - rows) / 2 * m.cols() + (m.cols() - cols) / 2, rows, cols, m.cols()};
}

/// A product that hilbert train --dump-tensors wrote: NAME.json with NAME_a.npy, NAME_b.npy and perhaps NAME_c.npy
/// beside.
void add_dump(const fs::path& path, const std::array<std::size_t, 3>& crop, vectors::Writer& writer) {
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
  std::string name = fmt::format("tensors/{}-{}-{}-{}-{}", path.parent_path().filename().string(), path.stem().string(),
                                 model::to_string(job.a), model::to_string(job.b), model::to_string(job.d));
  writer.add(vectors::tensor_case(std::move(name), job, cropped(a, crop[0], crop[2]), cropped(b, crop[2], crop[1]),
                                  cropped(c, crop[0], crop[1])));
}

void add_tensors(const GenRequest& q, vectors::Writer& writer) {
  if (q.npy.size() % 2 != 0) {
    throw Error(ExitCode::bad_input, fmt::format("{} files for --from-npy", q.npy.size()), "hilbert vectors gen",
                "give pairs: A.npy B.npy of D = A * B");
  }
  const auto crop = parse_crop(q.crop);
  for (const std::string& dump : q.dumps) add_dump(dump, crop, writer);
  for (std::size_t i = 0; i < q.npy.size(); i += 2) {
    const NpyMatrix a_file = read_npy_matrix(q.npy[i]), b_file = read_npy_matrix(q.npy[i + 1]);
    // Codes without a format are those of each format that is asked for.
    const auto numbers = [&](const NpyMatrix& file, model::FormatSpec format) {
      return file.holds_codes() ? decode_matrix(as_codes(file, format), q.literal) : file.numbers;
    };
    for (const std::string& format : q.formats) {
      model::Gemm job;
      const std::size_t comma = format.find(',');  // A,B or one for both
      job.a = FormatArg(format.substr(0, comma));
      job.b = comma == std::string::npos ? job.a : FormatArg(format.substr(comma + 1)).spec;
      job.d = FormatArg(q.out_format);
      job.relu = q.relu, job.saturate = q.saturate, job.stochastic = q.stochastic, job.literal = q.literal;
      if (q.stochastic) job.seed = q.sr_seed;
      const Matrix<float> a = numbers(a_file, job.a), b = numbers(b_file, job.b);
      std::string name = fmt::format("tensors/{}-{}-{}-{}-{}", fs::path(q.npy[i]).stem().string(),
                                     fs::path(q.npy[i + 1]).stem().string(), model::to_string(job.a),
                                     model::to_string(job.b), model::to_string(job.d));
      writer.add(
          vectors::tensor_case(std::move(name), job, cropped(a, crop[0], crop[2]), cropped(b, crop[2], crop[1])));
    }
  }
}

}  // namespace

ExitCode vectors_gen(const Arguments& arguments) {
  GenRequest q;
  Options options(
      "vectors gen -o FILE",
      "Makes a vector file: generated families, or real tensors. The same seed gives the same cases on every\n"
      "machine; expected results come from the reference model, for every Depth.");
  options.add()("output,o", po::value(&q.output)->value_name("FILE"), "the vector file to write")(
      "family", po::value(&q.families)->value_name("NAME")->multitoken(), "families to take (default: all)")(
      "count,n", po::value(&q.count)->value_name("N"), "cases of each family (default: as many as in the corpus)")(
      "seed", po::value(&q.seed)->value_name("N")->default_value(q.seed), "of everything")(
      "list", po::bool_switch(&q.list), "list the families and stop")(
      "corpus", po::value(&q.corpus)->value_name("DIR"),
      "write the committed corpus (golden/, refused/) into this folder instead")(
      "from-npy", po::value(&q.npy)->value_name("A.npy B.npy")->multitoken(), "real tensors, in pairs")(
      "format", po::value(&q.formats)->value_name("FORMAT[,FORMAT]")->multitoken(),
      "with --from-npy: formats of A and B; several make several cases")(
      "out-format", po::value(&q.out_format)->value_name("FORMAT")->default_value(q.out_format),
      "with --from-npy: format of the result")("from-dump",
                                               po::value(&q.dumps)->value_name("PRODUCT.json")->multitoken(),
                                               "products of a training (hilbert train --dump-tensors)")(
      "crop", po::value(&q.crop)->value_name("MxNxK"), "of real tensors only the middle part")(
      "relu", po::bool_switch(&q.relu), "with --from-npy")("saturate", po::bool_switch(&q.saturate), "with --from-npy")(
      "stochastic", po::bool_switch(&q.stochastic), "with --from-npy: stochastic rounding of the result")(
      "sr-seed", po::value(&q.sr_seed)->value_name("N")->default_value(0), "with --stochastic: its seed")(
      "subnormal-literal", po::bool_switch(&q.literal), "with --from-npy");
  options.example("hilbert vectors gen -o nightly.hbv --count 10000 --seed 20261121", "a large corpus for a night");
  options.example("hilbert vectors gen -o t.hbv --from-dump dump/step0050_*.json --crop 16x16x256",
                  "products that hilbert train --dump-tensors dump has written");
  options.example("hilbert vectors gen -o t.hbv --from-npy A.npy B.npy --format bf16 cf8_143:7,cf8_152:15",
                  "the product of two real tensors in two pairs of formats");
  if (!options.parse(arguments)) return ExitCode::good;
  if (q.list) {
    list_families();
    return ExitCode::good;
  }
  const auto bad_usage = [](const char* what, const char* next) {
    throw Error(ExitCode::bad_input, what, "hilbert vectors gen", next);
  };
  if (!q.corpus.empty()) {
    if (!q.output.empty() || !q.npy.empty() || !q.dumps.empty() || !q.families.empty() || options.given("seed") ||
        options.given("count")) {
      bad_usage("--corpus takes no other option", "its seed and counts are fixed");
    }
    vectors::write_corpus(q.corpus, [](const fs::path& path) { std::cout << path.string() << '\n'; });
    return ExitCode::good;
  }
  if (q.output.empty()) bad_usage("no output", "-o FILE");
  const bool real = !q.npy.empty() || !q.dumps.empty();
  if (!q.npy.empty() && q.formats.empty()) bad_usage("--from-npy without a format", "--format bf16");
  if (real && (!q.families.empty() || options.given("count"))) {
    bad_usage("real tensors and families do not go together", "write two files");
  }
  if (q.npy.empty() && !q.formats.empty()) bad_usage("--format without --from-npy", "families choose their formats");

  std::vector<const vectors::Family*> chosen;
  for (const std::string& name : q.families) chosen.push_back(&vectors::find_family(name));
  if (chosen.empty() && !real) {
    for (const vectors::Family& f : vectors::families()) chosen.push_back(&f);
  }
  std::string names;
  std::uint64_t total = 0;
  for (const vectors::Family* f : chosen) {
    names += fmt::format("{}{}", names.empty() ? "" : ", ", f->name);
    total += options.given("count") ? q.count : f->corpus_count;
  }
  vectors::Writer writer(!real ? fmt::format("families {}; seed {}", names, q.seed)
                               : std::string("real tensors: operands are stored, results recomputed"));
  {
    Progress progress("generate", "cases", total);
    for (const vectors::Family* f : chosen) {
      const std::uint32_t count = options.given("count") ? q.count : f->corpus_count;
      for (std::uint32_t i = 0; i < count; ++i) {
        writer.add(vectors::generate(*f, q.seed, i));
        progress.advance();
      }
    }
    add_tensors(q, writer);
  }
  if (writer.cases() == 0) bad_usage("nothing to write", "--count at least 1");
  const vectors::FileInfo info = writer.commit(q.output);
  std::cout << fmt::format("{}: {} cases, {} bytes of content in {} bytes, content checksum {:#010x}\n", q.output,
                           info.cases, info.content_bytes, info.body_bytes + vectors::kHeaderBytes, info.content_crc);
  return ExitCode::good;
}

}  // namespace hilbert::cli
