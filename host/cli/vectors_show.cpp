// SPDX-License-Identifier: Apache-2.0
// hilbert vectors show: what vector files hold.
#include <fmt/format.h>

#include <filesystem>
#include <hilbert/text.hpp>
#include <hilbert/vectors/file.hpp>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "json_report.hpp"
#include "report/corpus_files.hpp"
#include "vectors_actions.hpp"

namespace hilbert::cli {
namespace {

namespace fs = std::filesystem;

nlohmann::ordered_json to_json(const vectors::Case& item) {
  nlohmann::ordered_json json{{"name", item.name}};
  if (const auto* refused = std::get_if<vectors::RefusedDescriptor>(&item.body)) {
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
  const auto& job = std::get<vectors::MatrixJob>(item.body);
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
  for (const unsigned depth : vectors::depths) {
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

void print_codes(const vectors::Case& item) {
  if (const auto* refused = std::get_if<vectors::RefusedDescriptor>(&item.body)) {
    for (std::size_t i = 0; i < refused->words.size(); ++i) {
      std::cout << fmt::format("{}{:08x}{}", i % 8 == 0 ? "    " : " ", refused->words[i], i % 8 == 7 ? "\n" : "");
    }
    return;
  }
  const auto& job = std::get<vectors::MatrixJob>(item.body);
  print_matrix("A", job.a, job.convert ? job.job.n : job.job.k, job.job.a);
  if (!job.convert) print_matrix("B", job.b, job.job.n, job.job.b);
  if (job.job.accumulate) print_matrix("C", job.c, job.job.n, {});
  for (std::size_t i = 0; i < vectors::depths.size(); ++i) {
    const std::string name = fmt::format("D at Depth {}, flags {}:", vectors::depths[i],
                                         model::to_string(job.expected(vectors::depths[i]).flags));
    print_matrix(name.c_str(), job.expected(vectors::depths[i]).d, job.job.n, job.job.d);
  }
}

}  // namespace

ExitCode vectors_show(const Arguments& arguments) {
  std::vector<std::string> paths;
  std::string filter;
  bool codes = false;
  JsonReport json;
  Options options("vectors show PATH...", "Lists what vector files hold.");
  options.arguments("PATH", paths, "vector files and folders of them (default: those that come with hilbert)");
  options.text("filter,f", filter, "GLOB", "only cases whose name, or FILE:name, matches: * ? [ ]");
  options.flag("codes", codes, "print the matrices, as codes in hex");
  json.add_to(options);
  options.note("JSON is a line a case.");
  options.example("hilbert vectors show ties.hbv --filter '*0007*' --codes", "one case with all its numbers");
  if (!options.parse(arguments)) return ExitCode::good;
  options.only({"codes"}, json.with_text(), "without --json on standard output");
  Outputs outputs("hilbert vectors show");
  for (const auto& file : report::vector_files(paths)) outputs.reads("PATH", file);
  report::refuse_vectors_as_json(json.path());
  json.open_lines(outputs);
  std::uint64_t shown = 0;
  const ExitCode code = for_each_file(paths, [&](const fs::path& path, vectors::Reader& reader) {
    const vectors::FileInfo& info = reader.info();
    if (json.with_text()) {
      std::cout << fmt::format("{}: {}, {} bytes, content checksum {:#010x}\n  {}\n", printable(path.string()),
                               counted(info.cases, "case"), info.body_bytes + vectors::header_bytes, info.content_crc,
                               printable(reader.note()));
    }
    while (const auto item = reader.next()) {
      if (!report::matches(filter, path, item->name)) continue;
      ++shown;
      json.line(outputs, to_json(*item));
      if (json.with_text()) {
        std::cout << fmt::format("{:<56} {}\n", item->name, vectors::describe(*item));
        if (codes) print_codes(*item);
      }
      if (!std::cout) return;  // main says so
    }
  });
  if (shown == 0 && !filter.empty() && code == ExitCode::good) report::refuse_filter(filter);
  return outputs.finish(code);
}

}  // namespace hilbert::cli
