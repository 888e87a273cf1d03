// SPDX-License-Identifier: Apache-2.0
// The container: what is written is read, and nothing that was damaged is.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <hilbert/error.hpp>
#include <hilbert/file.hpp>
#include <new>

#include "support/errors.hpp"
#include "support/vector_files.hpp"

// Every allocation of this program, to see that a lying length is never believed.
namespace {
std::atomic<std::size_t> largest_allocation{0};
}  // namespace
[[gnu::noinline]] void* operator new(std::size_t size) {
  std::size_t seen = largest_allocation.load();
  while (size > seen && !largest_allocation.compare_exchange_weak(seen, size)) {
  }
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace hilbert::vectors {
namespace {

/// A job, a refusal and a note in a few hundred bytes.
std::vector<std::byte> small_file() {
  Writer writer("a note");
  writer.add(generate(find_family("convert"), 5, 3));
  writer.add(refused_descriptors()[7]);
  return writer.bytes();
}

std::string error_of(const std::vector<std::byte>& file) {
  try {
    (void)read_all(reader_of(file));
  } catch (const Error& error) {
    return error.code() == ExitCode::bad_input ? error.what() : "wrong exit code";
  }
  return "";
}

TEST(Container, ReadsWhatWasWritten) {
  std::vector<Case> cases = refused_descriptors();
  for (const Family& family : families()) {
    for (std::uint32_t i = 0; i < 5; ++i) cases.push_back(generate(family, 99, i));
  }
  Writer writer("some note, with UTF-8: \xC3\xA9");
  for (const Case& item : cases) writer.add(item);
  const auto file = writer.bytes();
  Reader reader = reader_of(file);
  EXPECT_EQ(reader.note(), "some note, with UTF-8: \xC3\xA9");
  EXPECT_EQ(reader.info().cases, cases.size());
  EXPECT_EQ(reader.info().body_bytes + header_bytes, file.size());
  const auto read = read_all(std::move(reader));
  ASSERT_EQ(read.size(), cases.size());
  EXPECT_EQ(records(read), records(cases));
  for (std::size_t i = 0; i < read.size(); ++i) EXPECT_EQ(describe(read[i]), describe(cases[i]));
}

TEST(Container, AnEmptyFileOfNoCasesIsAFile) { EXPECT_TRUE(read_all(reader_of(Writer("").bytes())).empty()); }

TEST(Container, FindsEveryFlippedBit) {
  const auto good = small_file();
  ASSERT_EQ(error_of(good), "");
  for (std::size_t bit = 0; bit < 8 * good.size(); ++bit) {
    auto bad = good;
    bad[bit / 8] ^= static_cast<std::byte>(1u << bit % 8);
    EXPECT_NE(error_of(bad), "") << "bit " << bit % 8 << " of byte " << bit / 8;
  }
}

TEST(Container, FindsEveryTruncation) {
  const auto good = small_file();
  for (std::size_t size = 0; size < good.size(); ++size) {
    const std::string error = error_of({good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size)});
    EXPECT_NE(error.find(size == 0 ? "empty" : "truncated"), std::string::npos) << size << ": " << error;
  }
}

TEST(Container, FindsWhatFollowsTheEnd) {
  auto bad = small_file();
  for (int i = 0; i < 3; ++i) {
    bad.push_back(std::byte{0});
    EXPECT_NE(error_of(bad).find("after its end"), std::string::npos);
  }
  auto twice = small_file();
  const auto copy = twice;
  twice.insert(twice.end(), copy.begin(), copy.end());
  EXPECT_NE(error_of(twice).find("after its end"), std::string::npos);
}

TEST(Container, RefusesDamagedFilesByNameAndBelievesNoLength) {
  const auto files = damaged_files();
  EXPECT_GT(files.size(), 30u);
  for (const DamagedFile& file : files) {
    largest_allocation = 0;
    const std::string error = error_of(file.bytes);
    EXPECT_LT(largest_allocation.load(), 1u << 20) << file.name;
    EXPECT_NE(error.find(file.message), std::string::npos) << file.name << ": '" << error << "' lacks " << file.message;
  }
}

TEST(Container, TheCommittedDamagedFilesAreRefusedAsTheirNamesSay) {
  const std::filesystem::path folder = std::filesystem::path(CORPUS) / "refused" / "files";
  std::size_t count = 0;
  for (const DamagedFile& file : damaged_files()) {
    ++count;
    expect_error(ExitCode::bad_input, file.message, [&] { (void)read_all(Reader(folder / file.name)); });
  }
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder), {}), static_cast<std::ptrdiff_t>(count));
}

TEST(Container, TheWriterRefusesNamesAndSizesThatDoNotFit) {
  Writer writer("");
  const Case good = generate(find_family("random"), 1, 0);
  writer.add(good);
  expect_error(ExitCode::bad_input, "already in the file", [&] { writer.add(good); });
  for (const std::string& name : {std::string(), std::string("a b"), std::string("a\n"), std::string(256, 'a')}) {
    Case item = good;
    item.name = name;
    expect_error(ExitCode::bad_input, "a name has", [&] { writer.add(item); });
  }
  Case item = good;
  item.name = "other";
  std::get<MatrixJob>(item.body).a.pop_back();
  expect_error(ExitCode::bad_input, "sizes", [&] { writer.add(item); });
  expect_error(ExitCode::bad_input, "note", [] { Writer(std::string(70000, 'x')); });
  EXPECT_EQ(read_all(reader_of(writer.bytes())).size(), 1u);
}

TEST(Container, FilesAppearWholeOrNotAtAll) {
  const std::filesystem::path folder = std::filesystem::path(testing::TempDir()) / "container";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  const auto path = folder / "a.hbv";
  Writer writer("");
  writer.add(generate(find_family("random"), 1, 0));
  EXPECT_FALSE(std::filesystem::exists(path));
  const FileInfo info = writer.commit(path);
  EXPECT_EQ(std::filesystem::file_size(path), info.body_bytes + header_bytes);
  EXPECT_EQ(Reader(path).info(), info);
  expect_error(ExitCode::machine, "No space left", [&] { writer.commit("/dev/full"); });
  expect_error(ExitCode::machine, "cannot create", [&] { writer.commit(folder / "none" / "a.hbv"); });
  expect_error(ExitCode::bad_input, "is a directory", [&] { Reader{folder}; });
  expect_error(ExitCode::bad_input, "cannot open", [&] { Reader{folder / "missing.hbv"}; });
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder), {}), 1);
}

TEST(Container, ChecksumIsTheWellKnownOne) {
  const std::string digits = "123456789";
  EXPECT_EQ(crc32(0, std::as_bytes(std::span(digits))), 0xCBF4'3926u);  // the check value of CRC-32/ISO-HDLC
  EXPECT_EQ(crc32(0x1234, {}), 0x1234u);
}

}  // namespace
}  // namespace hilbert::vectors
