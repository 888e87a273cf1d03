// SPDX-License-Identifier: Apache-2.0
// The committed corpus: what the generator makes today, what the definition says, and refusals on every tile.
#include <gtest/gtest.h>
#include <zstd.h>

#include <hilbert/file.hpp>
#include <hilbert/model/tile.hpp>
#include <set>

#include "support/vector_files.hpp"

namespace hilbert::vectors {
namespace {

namespace fs = std::filesystem;

const fs::path corpus_folder = CORPUS;

std::vector<fs::path> files_in(const fs::path& folder) {
  std::vector<fs::path> all;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.is_regular_file()) all.push_back(entry.path());
  }
  return all;
}

TEST(Corpus, IsWhatTheGeneratorMakes) {
  const fs::path fresh = fs::path(testing::TempDir()) / "corpus";
  fs::remove_all(fresh);
  write_corpus(fresh);
  std::size_t compared = 0;
  for (const char* folder : {"golden", "refused"}) {
    for (const fs::path& committed : files_in(corpus_folder / folder)) {
      if (committed.filename() == "tensors.hbv") continue;
      const fs::path made = fresh / folder / committed.filename();
      ASSERT_TRUE(fs::exists(made)) << committed << " is not made by write_corpus";
      Reader old_reader(committed), new_reader(made);
      EXPECT_EQ(old_reader.note(), new_reader.note());
      EXPECT_EQ(old_reader.info().content_crc, new_reader.info().content_crc) << committed;
      if (old_reader.info().zstd_version == ZSTD_versionNumber()) {
        EXPECT_EQ(read_file(committed), read_file(made)) << committed;
      }
      EXPECT_EQ(records(read_all(std::move(old_reader))), records(read_all(std::move(new_reader)))) << committed;
      ++compared;
    }
    for (const fs::path& made : files_in(fresh / folder)) {
      EXPECT_TRUE(fs::exists(corpus_folder / folder / made.filename())) << made << " is not committed";
    }
  }
  EXPECT_EQ(compared, families().size() + 1);
}

TEST(Corpus, TensorsAreRecomputedFromTheirOperands) {
  const auto cases = read_all(Reader(corpus_folder / "golden" / "tensors.hbv"));
  EXPECT_GE(cases.size(), 10u);
  for (const Case& item : cases) {
    Case again = item;
    expect(std::get<MatrixJob>(again.body));
    EXPECT_EQ(encode_record(again), encode_record(item)) << item.name;
  }
}

TEST(Corpus, EveryResultIsThatOfTheDefinition) {
  // The corpus comes from model::gemm, which is fast; model::gemm_reference is the definition.
  std::size_t cases = 0;
  for (const fs::path& path : files_in(corpus_folder / "golden")) {
    for (const Case& item : read_all(Reader(path))) {
      const auto& job = std::get<MatrixJob>(item.body);
      for (const unsigned depth : depths) EXPECT_EQ(job.expected(depth), compute(job, depth, true)) << item.name;
      ++cases;
    }
  }
  EXPECT_GE(cases, 4000u);
}

TEST(Corpus, StaysSmall) {
  std::uint64_t bytes = 0;
  for (const auto& entry : fs::recursive_directory_iterator(corpus_folder / "golden")) bytes += entry.file_size();
  for (const auto& entry : fs::recursive_directory_iterator(corpus_folder / "refused")) {
    if (entry.is_regular_file()) bytes += entry.file_size();
  }
  EXPECT_LT(bytes, 2'000'000u);
}

TEST(Corpus, NamesAreUniqueOverAllFiles) {
  std::set<std::string> names;
  for (const char* folder : {"golden", "refused"}) {
    for (const fs::path& path : files_in(corpus_folder / folder)) {
      for (const Case& item : read_all(Reader(path))) EXPECT_TRUE(names.insert(item.name).second) << item.name;
    }
  }
}

/// Every tile that rtl/README.md allows, with four sizes of memory.
std::vector<model::Geometry> tiles() {
  std::vector<model::Geometry> all;
  for (const std::uint32_t rows : {1u, 2u, 4u, 8u, 16u, 32u}) {
    for (const std::uint32_t cols : {1u, 2u, 4u, 8u, 16u, 32u}) {
      for (const std::uint32_t depth : {1u, 2u, 4u}) {
        for (const std::uint32_t bank_bytes : {1024u, 2048u, 8192u, 16384u, 32768u}) {
          const model::Geometry g{rows, cols, depth, 4, bank_bytes, 8};
          if (rows < depth || cols < depth || g.word_bytes() < 8 || g.word_bytes() > 64) continue;
          all.push_back(g);
        }
      }
    }
  }
  return all;
}

TEST(Corpus, RefusalsHoldOnEveryTileTheyArePromisedFor) {
  const auto geometries = tiles();
  ASSERT_GT(geometries.size(), 100u);
  std::set<std::pair<model::Status, int>> seen;
  for (const Case& item : refused_descriptors()) {
    const auto& refused = std::get<RefusedDescriptor>(item.body);
    seen.insert({refused.expected.status, refused.expected.field});
    std::size_t tried = 0;
    for (const model::Geometry& g : geometries) {
      if (!refused.scope.holds(g)) continue;
      ++tried;
      const model::CheckResult got = model::check(refused.words, g);
      EXPECT_EQ(got, refused.expected) << item.name << " on " << g.rows << 'x' << g.cols << 'x' << g.depth << ' '
                                       << g.data_bytes() << " bytes: " << model::to_string(got.status) << " word "
                                       << int{got.field};
    }
    EXPECT_GT(tried, 0u) << item.name;
  }
  // Every row of the table, every word it can name.
  for (const auto& [status, fields] : std::initializer_list<std::pair<model::Status, std::vector<int>>>{
           {model::Status::bad_opcode, {0}},
           {model::Status::bad_option, {0}},
           {model::Status::bad_format, {2}},
           {model::Status::bad_size, {3, 4}},
           {model::Status::misaligned, {5, 6, 7, 8, 9, 10, 11, 12}},
           {model::Status::unused, {5, 6, 7, 8, 9, 10, 11, 12, 13, 14}},
           {model::Status::bad_semaphore, {15}},
           {model::Status::out_of_range, {5, 6, 7, 8, 9, 10, 11, 12}},
           {model::Status::overlap, {8, 12}}}) {
    for (const int field : fields) EXPECT_TRUE(seen.contains({status, field})) << model::to_string(status) << field;
  }
}

}  // namespace
}  // namespace hilbert::vectors
