// SPDX-License-Identifier: Apache-2.0
// The same bytes whoever writes, in whichever order, however often he is killed.
#include "store/writer.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <algorithm>
#include <csignal>
#include <numeric>
#include <thread>

#include "host/store/campaign.hpp"
#include "store/times.hpp"
#include "support/errors.hpp"

namespace hilbert::store {
namespace {

class WriterTest : public StoreTest {
 protected:
  WriterTest() : random_(seed_of(7)), campaign_(random_campaign(random_, 96, 120)) {
    write_campaign(campaign_, at("one"), campaign_.header);
    expected_ = read_file(at("one"));
  }
  /// Creates or resumes, in the order that `random` gives, and finishes.
  void run(const std::filesystem::path& path, Random& random) const {
    Writer writer =
        std::filesystem::exists(path) ? Writer::resume(path) : Writer::create(path, campaign_.header, campaign_.sites);
    std::vector<std::uint32_t> numbers = writer.missing();
    std::shuffle(numbers.begin(), numbers.end(), random.engine());
    // As threads that work on neighbours: nearly in order.
    std::ranges::stable_sort(numbers, {}, [](std::uint32_t n) { return n / 8; });
    for (const std::uint32_t number : numbers) writer.append(campaign_.blocks[number]);
    if (!writer.finished()) writer.finish(referee_of_all);
  }

  Random random_;
  Campaign campaign_;
  std::vector<std::byte> expected_;
};

TEST_F(WriterTest, BlocksInAnyOrderFromAnyThreadGiveTheSameBytes) {
  for (const unsigned jobs : {1U, 2U, 5U}) {
    const auto path = at(std::to_string(jobs));
    Writer writer = Writer::create(path, campaign_.header, campaign_.sites);
    std::vector<std::uint32_t> numbers = writer.missing();
    std::shuffle(numbers.begin(), numbers.end(), random_.engine());
    {
      std::vector<std::jthread> threads;
      for (unsigned job = 0; job < jobs; ++job) {
        threads.emplace_back([&, job] {
          for (std::size_t i = job; i < numbers.size(); i += jobs) writer.append(campaign_.blocks[numbers[i]]);
        });
      }
    }
    writer.finish(referee_of_all);
    EXPECT_EQ(read_file(path), expected_) << jobs;
  }
}

TEST_F(WriterTest, WhatIsReadIsWhatWasWritten) {
  const Results results = read(at("one"));
  EXPECT_EQ(results.header.json(), campaign_.header.json());
  EXPECT_EQ(results.sites.pack(), campaign_.sites.pack());
  EXPECT_EQ(results.referee, referee_of_all);
  EXPECT_TRUE(results.finished && results.complete() && results.damage.empty());
  ASSERT_EQ(results.blocks.size(), campaign_.blocks.size());
  for (std::size_t b = 0; b < results.blocks.size(); ++b)
    EXPECT_EQ(results.blocks[b].pack(), campaign_.blocks[b].pack());
}

TEST_F(WriterTest, KilledAtFiftyMomentsAndResumedItWritesTheSameBytes) {
  int kills = 0, finished = 0, resumed = 0;
  for (int attempt = 0; kills < 50 || finished < 5; ++attempt) {
    ASSERT_LT(attempt, 5000) << kills << " kills, finished " << finished << " times";
    const std::uint64_t seed = random_();
    const auto microseconds = random_.below(kills < 50 ? 6000U : 10'000'000U);
    resumed += std::filesystem::exists(at("killed")) ? 1 : 0;
    const pid_t child = ::fork();
    if (child == 0) {
      try {
        Random random(seed);
        run(at("killed"), random);
      } catch (const std::exception& error) {
        std::fputs(error.what(), stderr);
        ::_exit(1);
      }
      ::_exit(0);
    }
    for (unsigned waited = 0; waited < microseconds; waited += 100) {
      siginfo_t ended{};
      if (::waitid(P_PID, static_cast<id_t>(child), &ended, WEXITED | WNOHANG | WNOWAIT) == 0 && ended.si_pid != 0)
        break;
      ::usleep(100);
    }
    ::kill(child, SIGKILL);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    if (WIFSIGNALED(status)) {
      ++kills;
      continue;
    }
    ASSERT_EQ(WEXITSTATUS(status), 0);
    ASSERT_EQ(read_file(at("killed")), expected_) << "after " << kills << " kills";
    ++finished;
    std::filesystem::remove(at("killed"));
  }
  EXPECT_GT(resumed, 10);
  std::filesystem::remove(at("killed"));
  // Where files can be nameless at first.
  if (const int nameless = ::open(folder_.c_str(), O_TMPFILE | O_RDWR, 0600); nameless >= 0) {
    ::close(nameless);
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_), {}), 1) << "something was left behind";
  }
}

/// As a full disk, of any size: an error that says how to go on, whole blocks in the file, and the same bytes at last.
TEST_F(WriterTest, WithoutRoomItStopsAndGoesOnLater) {
  for (std::size_t limit = 1; limit < expected_.size(); limit += 1 + random_.below(expected_.size() / 20)) {
    SCOPED_TRACE(limit);
    const pid_t child = ::fork();
    if (child == 0) {
      const rlimit most{limit, limit};
      ::setrlimit(RLIMIT_FSIZE, &most);
      Random random(limit);
      try {
        run(at("full"), random);
      } catch (const Error& error) {
        const char* const next =
            std::filesystem::exists(at("full")) ? "(ulimit -f), then resume" : "(ulimit -f), then run again";
        const bool good =
            error.code() == ExitCode::machine && std::string_view(error.what()).find(next) != std::string_view::npos;
        ::_exit(good ? 1 : 2);
      }
      ::_exit(0);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFEXITED(status)) << "ended by signal " << WTERMSIG(status);
    ASSERT_EQ(WEXITSTATUS(status), 1);
    if (std::filesystem::exists(at("full"))) {
      EXPECT_EQ(recover(at("full")).damage, "");
    }
    run(at("full"), random_);
    EXPECT_EQ(read_file(at("full")), expected_);
    std::filesystem::remove(at("full"));
  }
}

/// What failed is over: no later block may stand where the one that failed must, even if there is room again.
TEST_F(WriterTest, AfterAFailureNothingIsAppended) {
  const pid_t child = ::fork();
  if (child == 0) {
    Writer writer = Writer::create(at("failed"), campaign_.header, campaign_.sites);
    rlimit limit{};
    ::getrlimit(RLIMIT_FSIZE, &limit);
    const rlimit full{std::filesystem::file_size(at("failed")) + 10, limit.rlim_max};
    int failures = 0;
    for (const rlimit& now : {full, limit}) {
      ::setrlimit(RLIMIT_FSIZE, &now);
      try {
        writer.append(campaign_.blocks[0]);
      } catch (const Error& error) {
        const std::string_view text = error.what();
        failures += text.find(failures == 0 ? "cannot write" : "has failed before (resume it)") != text.npos ? 1 : 100;
      }
    }
    ::_exit(failures);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 2);
  EXPECT_TRUE(recover(at("failed")).blocks.empty());
  EXPECT_EQ(recover(at("failed")).damage, "");
}

TEST_F(WriterTest, NothingIsOverwrittenWhateverItIs) {
  const auto refused = [&](const std::filesystem::path& path) {
    expect_error(ExitCode::bad_input, "is there already",
                 [&] { Writer::create(path, campaign_.header, campaign_.sites); });
  };
  refused(at("one"));
  EXPECT_EQ(read_file(at("one")), expected_);
  write_file(at("text"), std::string_view("mine"));
  refused(at("text"));
  write_file(at("empty"), std::string_view());
  refused(at("empty"));
  refused(folder_);
  std::filesystem::create_symlink("nowhere", at("link"));
  refused(at("link"));
  expect_error(ExitCode::machine, "make the folder first",
               [&] { Writer::create(at("no/file"), campaign_.header, campaign_.sites); });
}

TEST_F(WriterTest, TextsThatJsonCannotHoldAreRefusedBeforeAnythingIsWritten) {
  nlohmann::json json = campaign_.header.json();
  json["filter"] = "u_\xFF*";
  expect_error(ExitCode::bad_input, "is no UTF-8",
               [&] { Writer::create(at("bytes"), Header(json, "test"), campaign_.sites); });
  EXPECT_FALSE(std::filesystem::exists(at("bytes")));
}

TEST_F(WriterTest, TwoCannotWriteOneFile) {
  {
    const Writer first = Writer::create(at("shared"), campaign_.header, campaign_.sites);
    expect_error(ExitCode::machine, "another process is writing it", [&] { Writer::resume(at("shared")); });
  }
  EXPECT_EQ(Writer::resume(at("shared")).missing().size(), campaign_.blocks.size());
  expect_error(ExitCode::bad_input, "there is nothing to resume", [&] { Writer::resume(at("nothing")); });
}

TEST_F(WriterTest, BlocksOfNobodyAreRefused) {
  Writer writer = Writer::create(at("part"), campaign_.header.as_shard(2, 2), campaign_.sites);
  const auto& blocks = campaign_.blocks;
  expect_error(ExitCode::bad_input, "block 0 is not in the plan of this shard", [&] { writer.append(blocks[0]); });
  writer.append(blocks[3]);
  expect_error(ExitCode::bad_input, "block 3 is there already", [&] { writer.append(blocks[3]); });
  writer.append(blocks[1]);
  expect_error(ExitCode::bad_input, "block 1 is there already", [&] { writer.append(blocks[1]); });
  expect_error(ExitCode::bad_input, "lacks blocks", [&] { writer.finish(); });
  EXPECT_EQ(writer.missing().front(), 5u);

  Writer whole = Writer::create(at("whole"), campaign_.header, campaign_.sites);
  whole.append(blocks[0]);
  Block gap = blocks[1];
  ++gap.first_experiment;
  expect_error(ExitCode::bad_input, "block 1 begins with experiment", [&] { whole.append(gap); });
}

TEST_F(WriterTest, AFinishedFileIsLeftAlone) {
  Writer writer = Writer::resume(at("one"));
  EXPECT_TRUE(writer.finished() && writer.missing().empty() && writer.was_cut().empty());
  expect_error(ExitCode::bad_input, "has its end", [&] { writer.finish(); });
  expect_error(ExitCode::bad_input, "is there already", [&] { writer.append(campaign_.blocks[0]); });
  EXPECT_EQ(read_file(at("one")), expected_);
}

TEST_F(WriterTest, TimesStandBesideTheResultsAndAddUp) {
  EXPECT_FALSE(read_times(at("one")));
  add_times(at("one"), {1.5, 2.5});
  add_times(at("one"), {1, 2});
  EXPECT_EQ(read_times(at("one"))->seconds, 2.5);
  EXPECT_EQ(read_times(at("one"))->cpu_seconds, 4.5);
  EXPECT_EQ(read_file(at("one")), expected_);
  for (const char* bad : {"", "[]", R"({"seconds": 1})", R"({"seconds": "x", "cpu_seconds": 1})",
                          R"({"seconds": -1, "cpu_seconds": 1})"}) {
    write_file(times_path(at("one")), std::string_view(bad));
    expect_error(ExitCode::bad_input, "results do not need it", [&] { (void)read_times(at("one")); });
  }
}

TEST(Header, WhatTheStoreNeedsMustBeThere) {
  const auto refused = [](std::string_view piece, auto change) {
    nlohmann::json json = header_json(3);
    change(json);
    expect_error(ExitCode::bad_input, piece, [&] { Header(json, "test"); });
  };
  refused("plan.blocks", [](nlohmann::json& j) { j.erase("plan"); });
  refused("plan.blocks", [](nlohmann::json& j) { j["plan"] = {1}; });
  refused("plan.blocks", [](nlohmann::json& j) { j["plan"]["blocks"] = -1; });
  refused("plan.blocks", [](nlohmann::json& j) { j["plan"]["blocks"] = 1.5; });
  refused("plan.blocks", [](nlohmann::json& j) { j["plan"]["blocks"] = 1ULL << 40; });
  refused("shard.of", [](nlohmann::json& j) { j["shard"]["of"] = 0; });
  refused("shard.index that is at most", [](nlohmann::json& j) { j["shard"]["index"] = 2; });
  refused("outcomes", [](nlohmann::json& j) { j["outcomes"] = {"a", 1}; });
  refused("1 to 64 different", [](nlohmann::json& j) { j["outcomes"] = {"a", "a"}; });
  refused("1 to 64 different", [](nlohmann::json& j) { j["outcomes"] = nlohmann::json::array(); });
  refused("informative", [](nlohmann::json& j) { j["informative"] = "host"; });
  refused("without plan and outcomes", [](nlohmann::json& j) { j["informative"] = {"plan"}; });
  expect_error(ExitCode::bad_input, "plan.blocks", [] { Header(nlohmann::json::array(), "test"); });
}

TEST(Header, BlocksAreDealtToShardsInTurn) {
  for (std::uint32_t blocks = 0; blocks < 9; ++blocks) {
    for (std::uint32_t shards = 1; shards < 11; ++shards) {
      std::vector<int> owners(blocks);
      for (std::uint32_t shard = 1; shard <= shards; ++shard) {
        const Header header = header_of(blocks).as_shard(shard, shards);
        for (std::uint32_t k = 0; k < header.own_blocks(); ++k) {
          ASSERT_LT(header.own_block(k), blocks);
          ASSERT_TRUE(header.owns(header.own_block(k)));
          ++owners[header.own_block(k)];
        }
      }
      EXPECT_EQ(std::ranges::count(owners, 1), blocks) << blocks << " in " << shards;
    }
  }
}

}  // namespace
}  // namespace hilbert::store
