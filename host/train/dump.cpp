// SPDX-License-Identifier: Apache-2.0
// Dumped products.
#include "train/dump.hpp"

#include <fmt/format.h>

#include <hilbert/convert.hpp>
#include <hilbert/error.hpp>
#include <hilbert/file.hpp>
#include <hilbert/npy.hpp>
#include <hilbert/text.hpp>

namespace hilbert::train {
namespace {

std::string stem(const std::filesystem::path& folder, const Product& p) {
  return (folder / fmt::format("step{:04}_{}", p.step, p.name)).string();
}

void write(const std::string& path, std::span<const std::byte> codes, model::FormatSpec format, std::size_t rows,
           std::size_t cols) {
  Matrix<float> values(rows, cols);
  decode_codes(codes, format, false, values.elements());
  write_npy(path, values);
}

}  // namespace

void make_dump_folder(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error || !std::filesystem::is_directory(folder)) {
    throw Error(ExitCode::machine, fmt::format("cannot make this folder: {}", error ? error.message() : "not one"),
                folder.string());
  }
}

void dump_product(const std::filesystem::path& folder, const Product& p) {
  const std::string name = stem(folder, p);
  const model::Gemm& job = p.job;
  write(name + "_a.npy", p.a, job.a, job.m, job.k);
  write(name + "_b.npy", p.b, job.b, job.k, job.n);
  if (job.accumulate) write(name + "_c.npy", p.c, {}, job.m, job.n);
  write(name + "_d.npy", p.d, job.d, job.m, job.n);
  write_file(name + ".json",
             fmt::format("{{\n  \"step\": {}, \"product\": \"{}\", \"m\": {}, \"n\": {}, \"k\": {},\n  \"a\": \"{}\", "
                         "\"b\": \"{}\", \"d\": \"{}\", \"accumulate\": {}, \"relu\": {},\n  \"stochastic\": {}, "
                         "\"seed\": {}, \"depth\": {}, \"flags\": \"{}\"\n}}\n",
                         p.step, p.name, job.m, job.n, job.k, model::to_string(job.a), model::to_string(job.b),
                         model::to_string(job.d), job.accumulate, job.relu, job.stochastic, job.seed, job.depth,
                         model::to_string(p.flags)));
}

std::string gemm_command(const std::filesystem::path& folder, const Product& p, const std::string& device) {
  const auto file = [&](const char* which) { return shell_quoted(stem(folder, p) + which); };
  const model::Gemm& job = p.job;
  std::string text = fmt::format("hilbert gemm --a {} --b {}", file("_a.npy"), file("_b.npy"));
  if (job.accumulate) text += fmt::format(" --c {}", file("_c.npy"));
  text += fmt::format(" --format {} --b-format {} --out-format {}", model::to_string(job.a), model::to_string(job.b),
                      model::to_string(job.d));
  if (job.relu) text += " --relu";
  if (job.stochastic) text += fmt::format(" --stochastic --rounding-seed {}", job.seed);
  return text + fmt::format(" --device {} --check", shell_quoted(device));
}

std::string reproduction(const Product& product, const std::filesystem::path& folder, const std::string& device,
                         const std::string& whole_run) {
  try {
    make_dump_folder(folder);
    dump_product(folder, product);
  } catch (const Error& error) {  // the mismatch matters more than a full disk
    return fmt::format("reproduce: {}; its operands could not be written: {}", whole_run, error.what());
  }
  return fmt::format("reproduce the product alone: {}; in its place: {}", gemm_command(folder, product, device),
                     whole_run);
}

}  // namespace hilbert::train
