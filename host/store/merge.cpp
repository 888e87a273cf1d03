// SPDX-License-Identifier: Apache-2.0
#include "store/merge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <hilbert/error.hpp>
#include <hilbert/file.hpp>
#include <hilbert/text.hpp>
#include <memory>
#include <optional>

#include "store/record.hpp"
#include "store/results.hpp"

namespace hilbert::store {
namespace {

using Json = nlohmann::json;
using Readers = std::vector<std::unique_ptr<ResultsReader>>;  // in the order of their shards

[[noreturn]] void refuse(std::string what, const std::string& where, std::string next = {}) {
  throw Error(ExitCode::bad_input, std::move(what), where, std::move(next));
}

Readers open_shards(std::span<const std::filesystem::path> files) {
  if (files.empty()) refuse("no files to merge", "merge", "give one of each shard");
  Readers readers;
  for (const auto& path : files) {
    auto reader = std::make_unique<ResultsReader>(path);
    const std::uint32_t shard = reader->header().shard(), shards = reader->header().shards();
    if (!readers.empty() && shards != readers.size()) {
      refuse(fmt::format("is shard {} of {}", shard, shards), reader->where(),
             fmt::format("others are of {}", readers.size()));
    }
    if (readers.empty()) {
      if (shards != files.size()) {
        refuse(fmt::format("is shard {} of {}", shard, shards), reader->where(),
               fmt::format("there are {}: give one of each shard", counted(files.size(), "file")));
      }
      readers.resize(shards);
    }
    auto& place = readers[shard - 1];
    if (place) refuse(fmt::format("is shard {}, and so is {}", shard, place->where()), reader->where());
    place = std::move(reader);
  }
  for (const auto& reader : readers) {
    const ResultsReader& first = *readers.front();
    require_same_campaign(first.header(), reader->header(), fmt::format("{} and {}", first.where(), reader->where()));
    if (reader->sites().pack() != first.sites().pack()) refuse("has another table of sites", reader->where());
  }
  return readers;
}

/// Numbers added, lists joined and sorted, all else equal.
std::optional<Json> sum_of_referees(const Readers& readers) {
  std::optional<Json> sum = readers.front()->referee();
  for (std::size_t i = 1; i < readers.size(); ++i) {
    const auto& more = readers[i]->referee();
    const auto other = [&] { refuse("has another kind of referee than shard 1", readers[i]->where()); };
    if (sum.has_value() != more.has_value()) other();
    if (!sum) continue;
    if (sum->size() != more->size()) other();
    for (const auto& [key, value] : more->items()) {
      if (!sum->contains(key)) other();
      Json& to = (*sum)[key];
      if (to.is_number_unsigned() && value.is_number_unsigned()) {
        to = to.get<std::uint64_t>() + value.get<std::uint64_t>();
      } else if (to.is_array() && value.is_array()) {
        to.insert(to.end(), value.begin(), value.end());
        std::sort(to.begin(), to.end());
      } else if (to != value) {
        other();
      }
    }
  }
  return sum;
}

}  // namespace

void require_same_campaign(const Header& header, const Header& other, const std::string& where) {
  if (const auto found = header.difference(other)) refuse("are not of one campaign: " + *found, where);
}

void merge(std::span<const std::filesystem::path> files, const std::filesystem::path& out) {
  const Readers readers = open_shards(files);
  std::error_code none;
  if (std::filesystem::exists(std::filesystem::symlink_status(out, none))) {
    refuse("is there already", printable(out.string()), "results are never overwritten: choose another name");
  }
  AtomicFile file(out);
  const Header header = readers.front()->header().as_shard(1, 1);
  file.write(file_prefix());
  file.write(pack_record(Kind::header, json_content(header.json())));
  file.write(pack_record(Kind::sites, readers.front()->sites().pack()));
  std::uint64_t experiments = 0;
  for (std::uint32_t number = 0; number < header.blocks(); ++number) {
    ResultsReader& reader = *readers[number % readers.size()];
    const std::optional<Block> block = reader.next();
    if (!block) break;  // what the reason is comes below
    if (!block->auxiliary && block->first_experiment != experiments) {
      refuse(fmt::format("block {} begins with experiment {}, not {}", number, block->first_experiment, experiments),
             reader.where(), "a fault of the program that wrote the shards");
    }
    experiments += block->experiments();
    file.write(reader.packed());
  }
  for (const auto& reader : readers) {
    while (reader->next()) continue;
    reader->require_whole();
  }
  if (const auto referee = sum_of_referees(readers)) file.write(pack_record(Kind::referee, json_content(*referee)));
  file.write(pack_record(Kind::end, json_content(end_of(header.blocks(), experiments))));
  file.commit();
}

std::string difference(const std::filesystem::path& a, const std::filesystem::path& b) {
  ResultsReader of_a(a), of_b(b);
  if (const auto found = of_a.header().difference(of_b.header())) return "header: " + *found;
  if (of_a.header().shard() != of_b.header().shard() || of_a.header().shards() != of_b.header().shards())
    return "shard";
  if (of_a.sites().pack() != of_b.sites().pack()) return "sites";
  std::string found;
  for (;;) {
    const std::optional<Block> x = of_a.next(), y = of_b.next();
    if (!x || !y) break;
    if (found.empty() && x->pack() != y->pack()) found = fmt::format("block {}", x->number);
  }
  for (ResultsReader* reader : {&of_a, &of_b}) {
    while (reader->next()) continue;
    reader->require_whole();
  }
  if (found.empty() && of_a.referee() != of_b.referee()) found = "referee";
  return found;
}

}  // namespace hilbert::store
