// SPDX-License-Identifier: Apache-2.0
// Files cut at every byte, with every bit changed, and with whole records moved: refused, or recovered up to the
// damage.
#include <algorithm>
#include <fstream>
#include <functional>
#include <hilbert/crc32c.hpp>
#include <hilbert/little_endian.hpp>

#include "host/store/campaign.hpp"
#include "store/record.hpp"
#include "support/errors.hpp"

namespace hilbert::store {
namespace {

using Bytes = std::vector<std::byte>;

/// Quickly: it need not survive a crash of the machine.
void put(const std::filesystem::path& path, std::span<const std::byte> bytes) {
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
}

class Damaged : public StoreTest {
 protected:
  Damaged() : random_(seed_of(5)), campaign_(random_campaign(random_, 24, 8)) {
    write_campaign(campaign_, at("good"), campaign_.header);
    good_ = read_file(at("good"));
    RecordReader reader(at("good"));
    while (const auto record = reader.next()) {
      records_.push_back(record->packed);
      ends_.push_back(reader.at());
    }
    EXPECT_EQ(ends_.back(), good_.size());
  }

  /// How many blocks stand whole before this byte; nothing if header or sites do not.
  [[nodiscard]] std::optional<std::size_t> blocks_before(std::uint64_t byte) const {
    const auto whole = static_cast<std::size_t>(std::ranges::upper_bound(ends_, byte) - ends_.begin());
    if (whole < 2) return std::nullopt;
    return std::min(whole - 2, campaign_.blocks.size());
  }

  /// `path` is not what was written: it must not be read, what is recovered must be the first blocks, so many.
  void expect_recovery(const std::filesystem::path& path, std::optional<std::size_t> blocks, bool says_so) {
    EXPECT_THROW((void)read(path), Error);
    if (!blocks) {
      EXPECT_THROW((void)recover(path), Error);
      return;
    }
    const Results results = recover(path);
    EXPECT_FALSE(results.finished);
    EXPECT_EQ(!results.damage.empty(), says_so) << results.damage;
    ASSERT_EQ(results.blocks.size(), *blocks);
    for (std::size_t b = 0; b < *blocks; ++b) ASSERT_EQ(results.blocks[b].pack(), campaign_.blocks[b].pack());
  }

  /// Goes on until the end.
  void complete(const std::filesystem::path& path, Writer::Cut cut) {
    Writer writer = Writer::resume(path, cut);
    for (const std::uint32_t number : writer.missing()) writer.append(campaign_.blocks[number]);
    writer.finish(referee_of_all);
  }
  [[nodiscard]] Bytes file_of(const std::vector<Bytes>& records) const {
    Bytes all = file_prefix();
    for (const Bytes& record : records) all.insert(all.end(), record.begin(), record.end());
    return all;
  }

  Random random_;
  Campaign campaign_;
  Bytes good_;
  std::vector<Bytes> records_;       ///< header, sites, blocks, referee, end
  std::vector<std::uint64_t> ends_;  ///< of them in the file
};

TEST_F(Damaged, CutAnywhereItIsRecoveredUpToThereAndCompleted) {
  for (std::size_t size = 0; size < good_.size(); ++size) {
    SCOPED_TRACE(size);
    put(at("cut"), std::span(good_).first(size));
    const auto blocks = blocks_before(size);
    const bool between = std::ranges::count(ends_, size) != 0;
    expect_recovery(at("cut"), blocks, !between);
    if (!blocks) {
      EXPECT_THROW(Writer::resume(at("cut")), Error);
      continue;
    }
    complete(at("cut"), Writer::Cut::torn);
    ASSERT_EQ(read_file(at("cut")), good_);
  }
}

TEST_F(Damaged, WithAnyBitChangedItIsRefusedOrRecoveredUpToThere) {
  const std::uint64_t last_record = ends_[ends_.size() - 2];
  for (std::size_t byte = 0; byte < good_.size(); ++byte) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      SCOPED_TRACE(fmt::format("byte {} bit {}", byte, bit));
      Bytes bad = good_;
      bad[byte] ^= static_cast<std::byte>(1U << bit);
      put(at("bad"), bad);
      const auto blocks = blocks_before(byte);
      expect_recovery(at("bad"), blocks, true);
      if (!blocks || bit != byte % 8) continue;
      // A killed process leaves no such thing, but perhaps a crashed machine, in the last record.
      if (byte < last_record) {
        expect_error(ExitCode::bad_input, "not by a killed process", [&] { Writer::resume(at("bad")); });
        ASSERT_EQ(read_file(at("bad")), bad);
      }
      complete(at("bad"), Writer::Cut::damaged);
      ASSERT_EQ(read_file(at("bad")), good_);
    }
  }
}

TEST_F(Damaged, AZeroedEndIsWhatACrashedMachineLeaves) {
  Bytes zeroed = good_;
  std::fill(zeroed.begin() + static_cast<std::ptrdiff_t>(ends_[3]), zeroed.end(), std::byte{0});
  put(at("zeroed"), zeroed);
  expect_recovery(at("zeroed"), 2, true);
  complete(at("zeroed"), Writer::Cut::torn);
  EXPECT_EQ(read_file(at("zeroed")), good_);
}

TEST_F(Damaged, WholeRecordsInTheWrongPlaceAreSeen) {
  const auto expect_seen = [&](const std::vector<Bytes>& records, std::optional<std::size_t> blocks) {
    put(at("moved"), file_of(records));
    expect_recovery(at("moved"), blocks, true);
  };
  for (std::size_t i = 0; i < records_.size(); ++i) {
    SCOPED_TRACE(i);
    const std::size_t before = i < 2 ? 0 : std::min(i - 2, campaign_.blocks.size());
    const auto here = static_cast<std::ptrdiff_t>(i);
    std::vector<Bytes> without = records_;
    without.erase(without.begin() + here);
    if (i + 1 == records_.size()) {  // the end: then it is only not finished
      put(at("moved"), file_of(without));
      expect_recovery(at("moved"), campaign_.blocks.size(), false);
    } else if (i + 2 != records_.size()) {  // a campaign may have no referee
      expect_seen(without, i < 2 ? std::nullopt : std::optional(before));
    }
    std::vector<Bytes> twice = records_;
    twice.insert(twice.begin() + here, records_[i]);
    expect_seen(twice, i == 0   ? std::nullopt
                       : i == 1 ? std::optional<std::size_t>(0)
                                : std::min(before + 1, campaign_.blocks.size()));
    if (i < 2 || i + 1 == records_.size()) continue;
    std::vector<Bytes> swapped = records_;
    std::swap(swapped[i], swapped[i + 1]);
    expect_seen(swapped,
                std::min(before, campaign_.blocks.size() -
                                     (i + 1 >= records_.size() - 2 && before < campaign_.blocks.size() ? 1 : 0)));
  }
  Bytes more = good_;
  more.push_back(std::byte{0});
  put(at("moved"), more);
  expect_error(ExitCode::bad_input, "something follows its end", [&] { (void)read(at("moved")); });
}

TEST_F(Damaged, AnEndThatCountsOtherwiseIsSeen) {
  std::vector<Bytes> records = records_;
  records.back() = pack_record(Kind::end, json_content(end_of(static_cast<std::uint32_t>(campaign_.blocks.size()),
                                                              campaign_.experiments.size() + 1)));
  put(at("lies"), file_of(records));
  // The end of a campaign that has a block less.
  std::vector<Bytes> fewer = records_;
  fewer.erase(fewer.end() - 3, fewer.end() - 1);
  fewer.back() = pack_record(Kind::end, json_content(end_of(static_cast<std::uint32_t>(campaign_.blocks.size() - 1),
                                                            campaign_.experiments.size() - 7)));
  put(at("fewer"), file_of(fewer));
  expect_error(ExitCode::bad_input, "it ends after", [&] { (void)read(at("fewer")); });
  expect_error(ExitCode::bad_input, "its end counts otherwise", [&] { (void)read(at("lies")); });
}

TEST_F(Damaged, WhatIsNoResultsFileIsRefusedByName) {
  const auto refused = [&](std::string_view piece, const Bytes& bytes) {
    put(at("other"), bytes);
    for (const auto& way :
         std::vector<std::function<void()>>{[&] { (void)read(at("other")); }, [&] { (void)recover(at("other")); },
                                            [&] { Writer::resume(at("other")); }}) {
      expect_error(ExitCode::bad_input, piece, way);
    }
  };
  refused("is empty", {});
  refused("magic bytes", Bytes(100, std::byte{'x'}));
  refused("is cut off after 9 bytes", {good_.begin(), good_.begin() + 9});
  Bytes future = good_;
  put_number(std::span(future), 8, file_version + 1);
  put_number(std::span(future), 12, crc32c(std::span(future).first(12)));
  refused("has version 2, this program reads version 1 (a newer hilbert wrote it)", future);
  expect_error(ExitCode::bad_input, "cannot open", [&] { (void)read(at("nothing")); });
  expect_error(ExitCode::bad_input, "is a directory", [&] { (void)read(folder_); });
}

/// The checksums are right, the block breaks a rule: a faulty writer, which no reader may believe.
TEST_F(Damaged, BlocksThatBreakARuleAreRefusedByReaderAndWriter) {
  const auto refused = [&](std::string_view piece, Shape shape, auto change) {
    const auto found = std::ranges::find(campaign_.blocks, shape, &Block::shape);
    Block block = *found;
    change(block);
    std::vector<Bytes> records = records_;
    records[2 + block.number] = pack_record(Kind::block, block.pack());
    put(at("broken"), file_of(records));
    expect_error(ExitCode::bad_input, piece, [&] { (void)read(at("broken")); });
    EXPECT_THROW((void)recover(at("broken")), Error);
    std::filesystem::remove(at("new"));
    Writer writer = Writer::create(at("new"), campaign_.header, campaign_.sites);
    EXPECT_THROW(writer.append(block), Error) << piece;
  };
  refused("has an outcome that is not in the header's list", Shape::dense, [](Block& b) { b.code[0] = 4; });
  refused("has an outcome that is not in the header's list", Shape::list, [](Block& b) { b.code[0] = 254; });
  refused("has an alias of a site that is not in the table", Shape::dense,
          [](Block& b) { b.code[0] = alias, b.end[0] = 7, b.detail[0] = 24; });
  refused("has an alias that goes back in time", Shape::dense,
          [](Block& b) { b.code.back() = alias, b.end.back() = 0, b.detail.back() = 0; });
  refused("has an alias that goes back in time", Shape::stretches,
          [](Block& b) { b.code[0] = alias, b.end[0] = b.last[0] - 1, b.detail[0] = 0; });
  refused("has sites that are not in the table", Shape::dense, [](Block& b) { b.first_site = 24; });
  refused("has not an entry for each upset", Shape::dense, [](Block& b) { ++b.clocks; });
  refused("overlap or are not sorted", Shape::stretches,
          [](Block& b) { b.site[1] = b.site[0], b.first[1] = b.first[0]; });
  refused("overlap or are not sorted", Shape::stretches, [](Block& b) { std::swap(b.site.front(), b.site.back()); });
  refused("ends before it begins", Shape::stretches, [](Block& b) { b.first[0] = b.last[0] + 1; });
  refused("a site that is not in the table", Shape::list, [](Block& b) { b.site[0] = 24; });
  refused("has a rectangle, and is not dense", Shape::list, [](Block& b) { b.clocks = 1; });
  refused("is auxiliary, and holds experiments", Shape::list, [](Block& b) { b.auxiliary = true; });
}

}  // namespace
}  // namespace hilbert::store
