// SPDX-License-Identifier: Apache-2.0
#include "store/writer.hpp"

#include <fmt/format.h>

#include <hilbert/error.hpp>
#include <hilbert/text.hpp>

#include "store/record.hpp"
#include "store/results.hpp"

namespace hilbert::store {
namespace {

void extend(std::vector<std::byte>& to, const std::vector<std::byte>& more) {
  to.insert(to.end(), more.begin(), more.end());
}

}  // namespace

Writer Writer::create(const std::filesystem::path& path, const Header& header, const Sites& sites) {
  std::vector<std::byte> begin = file_prefix();
  extend(begin, pack_record(Kind::header, json_content(header.json())));
  extend(begin, pack_record(Kind::sites, sites.pack()));
  return {GrowingFile::create(path, begin), header, sites, printable(path.string())};
}

Writer Writer::resume(const std::filesystem::path& path, Cut cut) {
  GrowingFile file = GrowingFile::open(path);  // before it is read, so that nobody else writes
  ResultsReader reader(path);
  while (reader.next()) continue;
  const std::optional<Damage>& damage = reader.damage();
  if (damage && !damage->torn && cut == Cut::torn) {
    throw Error(
        ExitCode::bad_input, to_string(*damage), reader.where(),
        fmt::format("not by a killed process; {} before it can be recovered", counted(reader.blocks(), "block")));
  }
  if (!reader.finished()) file.cut(reader.resumable());
  return {std::move(file), reader};
}

Writer::Writer(GrowingFile file, const ResultsReader& read)
    : file_(std::move(file)),
      header_(read.header()),
      sites_(read.sites()),
      where_(read.where()),
      was_cut_(read.damage() ? to_string(*read.damage()) : ""),
      blocks_(read.blocks()),
      experiments_(read.experiments()),
      next_experiment_(read.next_experiment()),
      finished_(read.finished()) {}

std::vector<std::uint32_t> Writer::missing() const {
  std::vector<std::uint32_t> numbers;
  for (std::uint32_t k = blocks_; k < header_.own_blocks(); ++k) numbers.push_back(header_.own_block(k));
  return numbers;
}

void Writer::refuse_if_failed() const {
  if (failed_) throw Error(ExitCode::machine, "has failed before", where_, "resume it");
}

void Writer::grow(std::span<const std::byte> bytes) {
  failed_ = true;  // unless it comes through
  file_.append(bytes);
  failed_ = false;
}

void Writer::append(const Block& block) {
  const auto refuse = [&](const char* what) {
    throw Error(ExitCode::bad_input, fmt::format("block {} {}", block.number, what), where_);
  };
  if (!header_.owns(block.number)) refuse("is not in the plan of this shard");
  block.check(sites_.size(), header_.outcomes().size(), where_);
  Waiting made{pack_record(Kind::block, block.pack()), block.first_experiment, block.experiments(), block.auxiliary};

  const std::lock_guard lock(mutex_);
  refuse_if_failed();
  if (finished_ || block.number < header_.own_block(blocks_) || waiting_.contains(block.number)) {
    refuse("is there already");
  }
  waiting_.emplace(block.number, std::move(made));
  while (!waiting_.empty() && waiting_.begin()->first == header_.own_block(blocks_)) {
    const Waiting& next = waiting_.begin()->second;
    if (!next.auxiliary && !header_.may_follow(next.first_experiment, next_experiment_)) {
      failed_ = true;
      throw Error(ExitCode::bad_input,
                  fmt::format("block {} begins with experiment {}", waiting_.begin()->first, next.first_experiment),
                  where_, fmt::format("the block before it ends with {}", next_experiment_));
    }
    grow(next.packed);
    experiments_ += next.experiments;
    if (!next.auxiliary) next_experiment_ = next.first_experiment + next.experiments;
    ++blocks_;
    waiting_.erase(waiting_.begin());
  }
}

void Writer::finish(const std::optional<nlohmann::json>& referee) {
  const std::lock_guard lock(mutex_);
  refuse_if_failed();
  if (finished_ || blocks_ != header_.own_blocks()) {
    throw Error(ExitCode::bad_input, finished_ ? "has its end" : "lacks blocks, and cannot be finished", where_);
  }
  std::vector<std::byte> bytes;
  if (referee) bytes = pack_record(Kind::referee, json_content(*referee));
  extend(bytes, pack_record(Kind::end, json_content(end_of(blocks_, experiments_))));
  grow(bytes);
  file_.sync();
  finished_ = true;
}

}  // namespace hilbert::store
