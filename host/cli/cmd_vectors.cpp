// SPDX-License-Identifier: Apache-2.0
// hilbert vectors: generate, check and show vector files.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <hilbert/npy.hpp>
#include <hilbert/vectors/file.hpp>
#include <hilbert/vectors/generate.hpp>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "command.hpp"
#include "progress.hpp"
#include "report/corpus_files.hpp"
#include "report/run_case.hpp"

namespace hilbert::cli {
namespace {

namespace po = boost::program_options;
namespace fs = std::filesystem;
using vectors::Case;
using vectors::MatrixJob;
using vectors::RefusedDescriptor;

// ---- gen

struct GenRequest {
  std::string output, corpus, out_format = "fp32", crop;
  std::vector<std::string> families, npy, formats;
  std::uint64_t seed = vectors::kCorpusSeed;
  std::uint32_t count = 0, sr_seed = 0;
  bool list = false, relu = false, saturate = false, stochastic = false, literal = false;
};

void list_families() {
  for (const vectors::Family& f : vectors::families()) {
    std::cout << fmt::format("{:<14} {:>4} cases in the corpus: {}\n", f.name, f.corpus_count, f.about);
  }
}

/// "MxNxK": the upper left part of real tensors that is taken.
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
  return {m.data(), std::min(rows, m.rows()), std::min(cols, m.cols()), m.cols()};
}

void add_tensors(const GenRequest& q, vectors::Writer& writer) {
  if (q.npy.size() % 2 != 0) {
    throw Error(ExitCode::bad_input, fmt::format("{} files for --from-npy", q.npy.size()), "hilbert vectors gen",
                "give pairs: A.npy B.npy of D = A * B");
  }
  const auto crop = parse_crop(q.crop);
  for (std::size_t i = 0; i < q.npy.size(); i += 2) {
    const Matrix<float> a = read_npy(q.npy[i]), b = read_npy(q.npy[i + 1]);
    for (const std::string& format : q.formats) {
      model::Gemm job;
      const std::size_t comma = format.find(',');  // A,B or one for both
      job.a = FormatArg(format.substr(0, comma));
      job.b = comma == std::string::npos ? job.a : FormatArg(format.substr(comma + 1)).spec;
      job.d = FormatArg(q.out_format);
      job.relu = q.relu, job.saturate = q.saturate, job.stochastic = q.stochastic, job.literal = q.literal;
      if (q.stochastic) job.seed = q.sr_seed;
      std::string name = fmt::format("tensors/{}-{}-{}-{}-{}", fs::path(q.npy[i]).stem().string(),
                                     fs::path(q.npy[i + 1]).stem().string(), model::to_string(job.a),
                                     model::to_string(job.b), model::to_string(job.d));
      writer.add(
          vectors::tensor_case(std::move(name), job, cropped(a, crop[0], crop[2]), cropped(b, crop[2], crop[1])));
    }
  }
}

ExitCode gen(const Arguments& arguments) {
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
      "with --from-npy: format of the result")("crop", po::value(&q.crop)->value_name("MxNxK"),
                                               "with --from-npy: only the upper left part")(
      "relu", po::bool_switch(&q.relu), "with --from-npy")("saturate", po::bool_switch(&q.saturate), "with --from-npy")(
      "stochastic", po::bool_switch(&q.stochastic), "with --from-npy: stochastic rounding of the result")(
      "sr-seed", po::value(&q.sr_seed)->value_name("N")->default_value(0), "with --stochastic: its seed")(
      "subnormal-literal", po::bool_switch(&q.literal), "with --from-npy");
  options.example("hilbert vectors gen -o nightly.hbv --count 10000 --seed 20261121", "a large corpus for a night");
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
    if (!q.output.empty() || !q.npy.empty() || !q.families.empty()) {
      bad_usage("--corpus takes no other option", "its seed and counts are fixed");
    }
    vectors::write_corpus(q.corpus, [](const fs::path& path) { std::cout << path.string() << '\n'; });
    return ExitCode::good;
  }
  if (q.output.empty()) bad_usage("no output", "-o FILE");
  if (!q.npy.empty() && q.formats.empty()) bad_usage("--from-npy without a format", "--format bf16");
  if (!q.npy.empty() && (!q.families.empty() || options.given("count"))) {
    bad_usage("--from-npy and families do not go together", "write two files");
  }
  if (q.npy.empty() && !q.formats.empty()) bad_usage("--format without --from-npy", "families choose their formats");

  std::vector<const vectors::Family*> chosen;
  for (const std::string& name : q.families) chosen.push_back(&vectors::find_family(name));
  if (chosen.empty() && q.npy.empty()) {
    for (const vectors::Family& f : vectors::families()) chosen.push_back(&f);
  }
  std::string names;
  std::uint64_t total = 0;
  for (const vectors::Family* f : chosen) {
    names += fmt::format("{}{}", names.empty() ? "" : ", ", f->name);
    total += options.given("count") ? q.count : f->corpus_count;
  }
  vectors::Writer writer(q.npy.empty() ? fmt::format("families {}; seed {}", names, q.seed)
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

// ---- check

/// What the reference model says against a case; "" if they agree.
std::string disagreement(const Case& item) {
  if (const auto* refused = std::get_if<RefusedDescriptor>(&item.body)) {
    constexpr std::array<model::Geometry, 4> shapes{
        {{8, 8, 4, 4, 32768, 8}, {2, 2, 2, 4, 2048, 8}, {4, 8, 2, 4, 8192, 8}, {8, 4, 4, 4, 16384, 8}}};
    for (const model::Geometry& g : shapes) {
      if (!refused->scope.holds(g)) continue;
      const model::CheckResult got = model::check(refused->words, g);
      if (got == refused->expected) continue;
      return fmt::format("a tile of {}x{}x{} answers {} in word {}", g.rows, g.cols, g.depth,
                         model::to_string(got.status), got.field);
    }
    return "";
  }
  const auto& job = std::get<MatrixJob>(item.body);
  for (const unsigned depth : vectors::kDepths) {
    const vectors::Expected right = vectors::compute(job, depth);
    const vectors::Expected& stored = job.expected(depth);
    if (right == stored) continue;
    const std::string where = report::first_difference(stored.d, right.d, job.job.n, job.job.d, job.job.literal);
    return fmt::format("for Depth {}: {}", depth,
                       !where.empty() ? where
                                      : fmt::format("flags {} instead of {}", model::to_string(right.flags),
                                                    model::to_string(stored.flags)));
  }
  return "";
}

ExitCode check(const Arguments& arguments) {
  std::vector<std::string> paths;
  Options options("vectors check [PATH...]",
                  "Verifies every checksum of vector files and compares what they expect with the reference model.");
  options.add()("path", po::value(&paths)->value_name("PATH"),
                "vector files and folders of them (default: those that come with hilbert)");
  options.positional("path", -1);
  options.example("hilbert vectors check", "the vectors that come with hilbert");
  if (!options.parse(arguments)) return ExitCode::good;
  std::uint64_t wrong = 0, cases = 0;
  for (const fs::path& path : report::vector_files(paths)) {
    vectors::Reader reader(path);
    Progress progress(path.filename().string(), "cases", reader.info().cases);
    while (const auto item = reader.next()) {
      ++cases;
      progress.advance();
      const std::string text = disagreement(*item);
      if (text.empty()) continue;
      ++wrong;
      std::cout << fmt::format("FAIL {}: {}: {}\n     {}\n", path.string(), item->name, vectors::describe(*item), text);
    }
  }
  std::cout << fmt::format("{} cases, {} differ from the reference model\n", cases, wrong);
  return wrong == 0 ? ExitCode::good : ExitCode::check_failed;
}

// ---- show

nlohmann::ordered_json to_json(const Case& item) {
  nlohmann::ordered_json json{{"name", item.name}};
  if (const auto* refused = std::get_if<RefusedDescriptor>(&item.body)) {
    const vectors::Scope& s = refused->scope;
    json["kind"] = "refused";
    json["status"] = model::to_string(refused->expected.status);
    json["field"] = refused->expected.field;
    json["words"] = refused->words;
    json["scope"] = {{"rows", s.rows},
                     {"cols", s.cols},
                     {"depth", s.depth},
                     {"min_data_bytes", s.min_data_bytes},
                     {"max_data_bytes", s.max_data_bytes}};
    return json;
  }
  const auto& job = std::get<MatrixJob>(item.body);
  const model::Gemm& g = job.job;
  json["kind"] = job.convert ? "convert" : "gemm";
  json["m"] = g.m, json["n"] = g.n;
  if (!job.convert) json["k"] = g.k;
  json["a"] = model::to_string(g.a);
  if (!job.convert) json["b"] = model::to_string(g.b);
  json["d"] = model::to_string(g.d);
  for (const auto& [name, set] : {std::pair{"accumulate", g.accumulate},
                                  {"relu", g.relu},
                                  {"saturate", g.saturate},
                                  {"stochastic", g.stochastic},
                                  {"literal", g.literal}}) {
    json[name] = set;
  }
  if (g.stochastic) json["seed"] = g.seed, json["row0"] = g.row0, json["col0"] = g.col0;
  json["results"] = job.results.size();
  for (const unsigned depth : vectors::kDepths) {
    json["flags_depth_" + std::to_string(depth)] = model::to_string(job.expected(depth).flags);
    json["crc_depth_" + std::to_string(depth)] = vectors::crc32(0, job.expected(depth).d);
  }
  json["crc_operands"] = vectors::crc32(vectors::crc32(vectors::crc32(0, job.a), job.b), job.c);
  return json;
}

void print_matrix(const char* name, std::span<const std::byte> codes, std::uint32_t cols, model::FormatSpec format) {
  const std::size_t bytes = model::element_bytes(format.format);
  std::cout << "  " << name << ' ' << model::to_string(format) << '\n';
  for (std::size_t row = 0; row * cols * bytes < codes.size(); ++row) {
    std::cout << "   ";
    for (std::size_t j = 0; j < cols; ++j) {
      std::uint32_t code = 0;
      for (std::size_t b = 0; b < bytes; ++b) {
        code |= std::to_integer<std::uint32_t>(codes[(row * cols + j) * bytes + b]) << (8 * b);
      }
      std::cout << fmt::format(" {:0{}x}", code, 2 * bytes);
    }
    std::cout << '\n';
  }
}

void print_codes(const Case& item) {
  if (const auto* refused = std::get_if<RefusedDescriptor>(&item.body)) {
    for (std::size_t i = 0; i < refused->words.size(); ++i) {
      std::cout << fmt::format("{}{:08x}{}", i % 8 == 0 ? "    " : " ", refused->words[i], i % 8 == 7 ? "\n" : "");
    }
    return;
  }
  const auto& job = std::get<MatrixJob>(item.body);
  print_matrix("A", job.a, job.convert ? job.job.n : job.job.k, job.job.a);
  if (!job.convert) print_matrix("B", job.b, job.job.n, job.job.b);
  if (job.job.accumulate) print_matrix("C", job.c, job.job.n, {});
  for (std::size_t i = 0; i < vectors::kDepths.size(); ++i) {
    const std::string name = fmt::format("D at Depth {}, flags {}:", vectors::kDepths[i],
                                         model::to_string(job.expected(vectors::kDepths[i]).flags));
    print_matrix(name.c_str(), job.expected(vectors::kDepths[i]).d, job.job.n, job.job.d);
  }
}

ExitCode show(const Arguments& arguments) {
  std::vector<std::string> paths;
  std::string filter;
  bool json = false, codes = false;
  Options options("vectors show PATH...", "Lists what vector files hold.");
  options.add()("path", po::value(&paths)->value_name("PATH"), "vector files and folders of them")(
      "filter,f", po::value(&filter)->value_name("GLOB"), "only cases whose name matches: * ? [ ]")(
      "codes", po::bool_switch(&codes), "print the matrices, as codes in hex")("json", po::bool_switch(&json),
                                                                               "as JSON, a line a case");
  options.positional("path", -1);
  options.example("hilbert vectors show ties.hbv --filter '*0007*' --codes", "one case with all its numbers");
  if (!options.parse(arguments)) return ExitCode::good;
  for (const fs::path& path : report::vector_files(paths)) {
    vectors::Reader reader(path);
    const vectors::FileInfo& info = reader.info();
    if (!json) {
      std::cout << fmt::format("{}: {} cases, {} bytes, content checksum {:#010x}\n  {}\n", path.string(), info.cases,
                               info.body_bytes + vectors::kHeaderBytes, info.content_crc, reader.note());
    }
    while (const auto item = reader.next()) {
      if (!report::matches(filter, item->name)) continue;
      if (json) {
        std::cout << to_json(*item).dump() << '\n';
      } else {
        std::cout << fmt::format("{:<56} {}\n", item->name, vectors::describe(*item));
        if (codes) print_codes(*item);
      }
      if (!std::cout) return ExitCode::machine;  // main says so
    }
  }
  return ExitCode::good;
}

ExitCode run(const Arguments& arguments) {
  const std::string which = arguments.empty() ? "" : arguments.front();
  const Arguments rest(arguments.begin() + (arguments.empty() ? 0 : 1), arguments.end());
  if (which == "gen") return gen(rest);
  if (which == "check") return check(rest);
  if (which == "show") return show(rest);
  constexpr std::string_view usage =
      "usage: hilbert vectors gen|check|show [options]\n\n"
      "  gen     make a vector file from families, seeds or real tensors\n"
      "  check   verify checksums, and expectations against the reference model\n"
      "  show    list the cases of vector files\n\n"
      "hilbert vectors gen --help explains each.\n";
  if (which == "--help" || which == "-h") {
    std::cout << usage;
    return ExitCode::good;
  }
  throw Error(ExitCode::bad_input,
              which.empty() ? std::string("no action given")
                            : fmt::format("unknown action '{}'{}", which, suggestion(which, {"gen", "check", "show"})),
              "hilbert vectors", "gen, check or show");
}

const Registration registration({"vectors", "generate, check and show vector files", run});

}  // namespace
}  // namespace hilbert::cli
