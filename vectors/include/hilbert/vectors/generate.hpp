// SPDX-License-Identifier: Apache-2.0
// Where cases come from: families of generated jobs, refused descriptors, real tensors, and the committed corpus.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <hilbert/matrix.hpp>
#include <hilbert/random.hpp>
#include <hilbert/vectors/case.hpp>

namespace hilbert::vectors {

/// A kind of job that is worth testing. Case `index` of a family follows from the seed, the family's name and `index`
/// alone; enumerating families go round when `index` exceeds what they enumerate, with other numbers each time.
struct Family {
  std::string_view name;
  std::string_view about;
  std::uint32_t corpus_count;  ///< how many cases of it the committed corpus has
  std::string (*make)(std::uint32_t index, Rng& rng, MatrixJob& job);  ///< gives the end of the case's name
};

[[nodiscard]] std::span<const Family> families();
/// Error (exit code 2) that lists the families for a name that is none.
[[nodiscard]] const Family& find_family(std::string_view name);

/// The case with its expected results.
[[nodiscard]] Case generate(const Family& family, std::uint64_t seed, std::uint32_t index);

/// Every row of the table of checks, with what the table says, not what the model says.
[[nodiscard]] std::vector<Case> refused_descriptors();

/// A job on real tensors: values rounded to nearest into `job.a` and `job.b` (A is M x K, B is K x N), with expected
/// results. Formats and options are taken from `job`, sizes from the matrices; with a C (M x N) it accumulates.
[[nodiscard]] Case tensor_case(std::string name, model::Gemm job, MatrixView<const float> a, MatrixView<const float> b,
                               MatrixView<const float> c = {});

/// A damaged or lying file and a piece of the message that must refuse it.
struct DamagedFile {
  std::string name;  ///< "truncated-body.hbv"
  std::vector<std::byte> bytes;
  std::string message;
};
[[nodiscard]] std::vector<DamagedFile> damaged_files();

inline constexpr std::uint64_t corpus_seed = 1;

/// Writes golden/*.hbv, refused/*.hbv and refused/files/*.hbv under `folder`, all but golden/tensors.hbv, which holds
/// its own operands. `progress` is called with each file's path.
void write_corpus(const std::filesystem::path& folder,
                  const std::function<void(const std::filesystem::path&)>& progress = {});

}  // namespace hilbert::vectors
