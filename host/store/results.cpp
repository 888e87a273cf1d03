// SPDX-License-Identifier: Apache-2.0
#include "store/results.hpp"

#include <fmt/format.h>

#include <hilbert/error.hpp>
#include <hilbert/text.hpp>

namespace hilbert::store {

using Json = nlohmann::json;

std::vector<std::byte> json_content(const Json& json) {
  std::string text;
  try {
    text = json.dump();
  } catch (const Json::type_error&) {  // whatever else json can hold can be dumped
    throw Error(ExitCode::bad_input, "a text in a record's JSON is no UTF-8", "results file", "choose other names");
  }
  const auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

Json end_of(std::uint32_t blocks, std::uint64_t experiments) {
  return {{"blocks", blocks}, {"experiments", experiments}};
}

ResultsReader::ResultsReader(const std::filesystem::path& path) : reader_(path) {
  header_ = Header(json_of(begin_with(Kind::header, "header")), where());
  sites_ = Sites::unpack(begin_with(Kind::sites, "table of sites").content, where());
  resumable_ = reader_.at();
}

Record ResultsReader::begin_with(Kind kind, const char* name) {
  std::optional<Record> record = reader_.next();
  if (record && record->kind == kind) return std::move(*record);
  const auto& damage = reader_.damage();
  throw Error(ExitCode::bad_input,
              damage ? to_string(*damage) + fmt::format("; nothing can be used without the {}", name)
                     : fmt::format("has no {}", name),
              where());
}

Json ResultsReader::json_of(const Record& record) const {
  const auto* const text = reinterpret_cast<const char*>(record.content.data());
  Json json = Json::parse(text, text + record.content.size(), nullptr, false);
  if (!json.is_object()) {
    throw Error(ExitCode::bad_input, fmt::format("the record at byte {} is no JSON object", record.at), where());
  }
  return json;
}

void ResultsReader::damaged(const Record& record, std::string what) {
  damage_ = Damage{record.at, reader_.size() - record.at, std::move(what), false};
}

std::optional<Block> ResultsReader::next() {
  if (damage_ || finished_) return std::nullopt;
  std::optional<Record> record = reader_.next();
  if (record && record->kind == Kind::referee && blocks_ == header_.own_blocks() && !referee_) {
    referee_ = json_of(*record);
    record = reader_.next();
  }
  if (!record) {
    damage_ = reader_.damage();
    return std::nullopt;
  }
  if (record->kind == Kind::end) {
    read_end(*record);
    return std::nullopt;
  }
  if (record->kind != Kind::block || blocks_ == header_.own_blocks() || referee_) {
    damaged(*record, fmt::format("a record of kind '{}' stands where none may", static_cast<char>(record->kind)));
    return std::nullopt;
  }
  Block block = Block::unpack(record->content, where());
  if (const std::uint32_t expected = header_.own_block(blocks_); block.number != expected) {
    damaged(*record, fmt::format("block {} stands where block {} must", block.number, expected));
    return std::nullopt;
  }
  block.check(sites_.size(), header_.outcomes().size(), where());
  if (!block.auxiliary && !header_.may_follow(block.first_experiment, next_experiment_)) {
    damaged(*record, fmt::format("block {} begins with experiment {}, the block before it ends with {}", block.number,
                                 block.first_experiment, next_experiment_));
    return std::nullopt;
  }
  ++blocks_;
  const std::uint64_t experiments = block.experiments();
  experiments_ += experiments;
  if (!block.auxiliary) next_experiment_ = block.first_experiment + experiments;
  resumable_ = reader_.at();
  packed_ = std::move(record->packed);
  return block;
}

void ResultsReader::read_end(const Record& record) {
  if (blocks_ != header_.own_blocks()) {
    return damaged(record, fmt::format("it ends after {} of {}", blocks_, counted(header_.own_blocks(), "block")));
  }
  if (json_of(record) != end_of(blocks_, experiments_)) return damaged(record, "its end counts otherwise");
  if (reader_.at() != reader_.size()) {
    damage_ = Damage{reader_.at(), reader_.size() - reader_.at(), "something follows its end", false};
    return;
  }
  finished_ = true;
}

void ResultsReader::require_whole() const {
  if (damage_) {
    throw Error(ExitCode::bad_input, to_string(*damage_), where(),
                fmt::format("{} before it can be recovered", counted(blocks_, "block")));
  }
  if (!finished_) {
    throw Error(ExitCode::bad_input,
                fmt::format("is not finished: {} of {}", blocks_, counted(header_.own_blocks(), "block")), where(),
                "resume it");
  }
}

namespace {

/// What is left to read, and what was found.
Results collect(ResultsReader& reader) {
  Results results;
  while (std::optional<Block> block = reader.next()) results.blocks.push_back(std::move(*block));
  results.header = reader.header();
  results.sites = reader.sites();
  results.referee = reader.referee();
  results.finished = reader.finished();
  if (reader.damage()) results.damage = to_string(*reader.damage());
  return results;
}

}  // namespace

Results recover(const std::filesystem::path& path) {
  ResultsReader reader(path);
  return collect(reader);
}

Results read(const std::filesystem::path& path) {
  ResultsReader reader(path);
  Results results = collect(reader);
  reader.require_whole();
  return results;
}

}  // namespace hilbert::store
