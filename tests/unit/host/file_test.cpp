// SPDX-License-Identifier: Apache-2.0
// Files that appear whole or not at all.
#include "hilbert/file.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "errors.hpp"

namespace hilbert {
namespace {

namespace fs = std::filesystem;

class File : public testing::Test {
 protected:
  void SetUp() override {
    folder = fs::temp_directory_path() / ("hilbert_file_" + std::to_string(::getpid()));
    fs::create_directory(folder);
  }
  void TearDown() override { fs::remove_all(folder); }

  std::string text(const fs::path& path) const {
    const auto bytes = read_file(path);
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }
  std::size_t entries() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
  }

  fs::path folder;
};

TEST_F(File, IsThereOnlyAfterCommit) {
  const fs::path path = folder / "new";
  AtomicFile file(path);
  file.write("half");
  EXPECT_FALSE(fs::exists(path));
  file.write(" and half");
  file.commit();
  EXPECT_EQ(text(path), "half and half");
  EXPECT_EQ(entries(), 1u);
}

TEST_F(File, WithoutCommitTheOldOneStaysAndNothingIsLeft) {
  const fs::path path = folder / "old";
  write_file(path, "old");
  {
    AtomicFile file(path);
    file.write("new, but not finished");
  }
  EXPECT_EQ(text(path), "old");
  EXPECT_EQ(entries(), 1u);
}

TEST_F(File, KeepsTheModeOfWhatItReplacesAndFollowsLinks) {
  const fs::path path = folder / "target", link = folder / "link";
  write_file(path, "1");
  ::chmod(path.c_str(), 0640);
  fs::create_symlink(path, link);
  write_file(link, "2");
  EXPECT_TRUE(fs::is_symlink(link));
  EXPECT_EQ(text(path), "2");
  EXPECT_EQ(fs::status(path).permissions(), static_cast<fs::perms>(0640));
}

TEST_F(File, FullDiskIsAnError) {
  expect_error(ExitCode::machine, "No space left", [] { write_file("/dev/full", std::string_view("x")); });
}

TEST_F(File, ImpossiblePlacesAreNamed) {
  expect_error(ExitCode::machine, "make the folder first", [&] { AtomicFile(folder / "none" / "x"); });
  expect_error(ExitCode::bad_input, "is a directory", [&] { AtomicFile{folder}; });
  expect_error(ExitCode::bad_input, "is a directory", [&] { (void)read_file(folder); });
  expect_error(ExitCode::bad_input, "longer than 3 bytes", [&] {
    write_file(folder / "long", std::string_view("1234"));
    (void)read_file(folder / "long", 3);
  });
}

TEST_F(File, DevicesAreWrittenInPlace) {
  write_file("/dev/null", std::string_view("x"));
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
}

}  // namespace
}  // namespace hilbert
