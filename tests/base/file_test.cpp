// SPDX-License-Identifier: Apache-2.0
// Files that appear whole or not at all.
#include "hilbert/file.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <string>

#include "support/errors.hpp"

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

/// A link whose target is not there yet stays a link: what is made is the target.
TEST_F(File, MakesTheTargetOfADanglingLink) {
  fs::create_directory(folder / "elsewhere");
  fs::create_symlink("elsewhere/second", folder / "first");
  fs::create_symlink("target", folder / "elsewhere" / "second");
  write_file(folder / "first", std::string_view("new"));
  EXPECT_TRUE(fs::is_symlink(folder / "first"));
  EXPECT_TRUE(fs::is_symlink(folder / "elsewhere" / "second"));
  EXPECT_EQ(text(folder / "elsewhere" / "target"), "new");
  fs::create_symlink("circle", folder / "circle");
  expect_error(ExitCode::machine, "Too many levels", [&] { AtomicFile(folder / "circle"); });
}

/// 255 bytes is the longest name that file systems take, and no temporary name makes it longer.
TEST_F(File, NamesMayBeAsLongAsNamesCanBe) {
  for (const std::size_t length : {248u, 249u, 255u}) {
    const fs::path path = folder / std::string(length, 'n');
    write_file(path, std::string_view("1"));
    write_file(path, std::string_view("22"));
    EXPECT_EQ(text(path), "22") << length;
  }
  expect_error(ExitCode::machine, "too long", [&] { AtomicFile(folder / std::string(256, 'n')); });
  EXPECT_EQ(entries(), 3u);
}

/// A pipe that nobody reads is an error of the write, not the end of the process.
TEST_F(File, ABrokenPipeIsAnError) {
  const fs::path pipe = folder / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  const int reader = ::open(pipe.c_str(), O_RDONLY | O_NONBLOCK);
  AtomicFile file(pipe);
  ::close(reader);
  expect_error(ExitCode::machine, "Broken pipe", [&] { file.write("x"); });
  sigset_t pending;
  ::sigpending(&pending);
  EXPECT_EQ(::sigismember(&pending, SIGPIPE), 0);
}

/// In a process of its own, which the signal SIGXFSZ must not end.
TEST_F(File, ALimitOnFileSizesIsAnErrorAndLeavesNothing) {
  write_file(folder / "old", std::string_view("old"));
  const pid_t child = ::fork();
  if (child == 0) {
    const rlimit limit{1000, 1000};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    int failures = 0;
    for (const char* name : {"old", "new"}) {
      try {
        write_file(folder / name, std::string(1001, 'x'));
      } catch (const Error& error) {
        failures +=
            error.code() == ExitCode::machine && std::string(error.what()).find("ulimit -f") != std::string::npos;
      }
    }
    ::_exit(failures);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status)) << "ended by signal " << WTERMSIG(status);
  EXPECT_EQ(WEXITSTATUS(status), 2);
  EXPECT_EQ(text(folder / "old"), "old");
  EXPECT_EQ(entries(), 1u);
}

TEST_F(File, TheSameFileByAnyName) {
  const fs::path a = folder / "a", soft = folder / "soft", hard = folder / "hard", dangling = folder / "dangling";
  write_file(a, std::string_view("a"));
  fs::create_symlink("a", soft);
  fs::create_hard_link(a, hard);
  fs::create_symlink("none", dangling);
  fs::create_directory_symlink(folder, folder / "here");
  for (const fs::path& other : {a, soft, hard, folder / "." / "a", folder / "here" / "a"}) {
    EXPECT_TRUE(same_file(a, other)) << other;
    EXPECT_TRUE(same_file(other, a)) << other;
  }
  EXPECT_TRUE(same_file(folder / "none", dangling));
  EXPECT_TRUE(same_file(folder / "here" / "none", dangling));
  EXPECT_FALSE(same_file(a, dangling));
  EXPECT_FALSE(same_file(folder / "none", folder / "none2"));
  EXPECT_FALSE(same_file("/dev/null", "/dev/null"));
}

TEST_F(File, DevicesAreWrittenInPlace) {
  write_file("/dev/null", std::string_view("x"));
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
}

}  // namespace
}  // namespace hilbert
