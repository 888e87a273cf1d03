// SPDX-License-Identifier: Apache-2.0
// Checkpoints: a JSON description, arrays behind it, one checksum over all.
#include "train/checkpoint.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <cstring>
#include <hilbert/error.hpp>
#include <hilbert/file.hpp>
#include <hilbert/text.hpp>
#include <limits>
#include <nlohmann/json.hpp>

namespace hilbert::train {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view magic = "HBTRAIN\n";
constexpr std::uint32_t version = 1;
constexpr std::size_t version_at = 8, crc_at = 12, length_at = 16, description_at = 24, head_bytes = 28;
constexpr std::size_t most_description = 4096;
constexpr int most_depth = 4;  ///< of the description's structure

std::uint32_t crc32(std::uint32_t crc, std::span<const std::byte> bytes) {
  return static_cast<std::uint32_t>(::crc32_z(crc, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

/// Of all but the four bytes that hold it.
std::uint32_t checksum(std::span<const std::byte> file) {
  return crc32(crc32(0, file.first(crc_at)), file.subspan(crc_at + 4));
}

template <typename T>
void put(std::vector<std::byte>& to, std::size_t at, T value) {  // the host is little endian (train.cpp)
  std::memcpy(to.data() + at, &value, sizeof value);
}

template <typename T>
T get(std::span<const std::byte> from, std::size_t at) {
  T value;
  std::memcpy(&value, from.data() + at, sizeof value);
  return value;
}

bool is_checkpoint(std::span<const std::byte> file) {
  return file.size() >= magic.size() && std::memcmp(file.data(), magic.data(), magic.size()) == 0;
}

std::string_view name(NumberFormat format) { return format == NumberFormat::cf8 ? "cf8" : "bf16"; }

Json description(const Checkpoint& c) {
  return {{"hilbert", "train"},
          {"format", name(c.options.format)},
          {"hidden", c.options.hidden},
          {"batch", c.options.batch},
          {"steps", c.options.steps},
          {"rate", c.options.rate},
          {"seed", c.options.seed},
          {"depth", c.depth},
          {"data", c.data},
          {"steps_done", c.history.size()},
          {"products", c.products},
          {"checked", c.checked},
          {"macs", c.macs}};
}

/// The description's part of a checkpoint; gives the number of steps done.
std::uint64_t read_description(std::span<const std::byte> text, Checkpoint& c) {
  const auto shallow = [](int depth, Json::parse_event_t, Json&) {
    if (depth > most_depth) throw Error(ExitCode::bad_input, "is nested too deeply");
    return true;
  };
  const auto* begin = reinterpret_cast<const char*>(text.data());
  const Json json = Json::parse(begin, begin + text.size(), shallow);
  const auto number = [&]<typename T>(const char* key, T& value) {
    const Json& found = json.at(key);
    if (!found.is_number_unsigned() || found.get<std::uint64_t>() > std::numeric_limits<T>::max()) {
      throw Error(ExitCode::bad_input, fmt::format("{} is no number in range", key));
    }
    value = found.get<T>();
  };
  if (json.at("hilbert") != "train") throw Error(ExitCode::bad_input, "it is not of a training");
  const auto format = json.at("format").get<std::string>();
  if (format != "cf8" && format != "bf16") {
    throw Error(ExitCode::bad_input, fmt::format("format '{}' is none of bf16 and cf8", printable(format, 24)));
  }
  c.options.format = format == "cf8" ? NumberFormat::cf8 : NumberFormat::bf16;
  c.options.rate = json.at("rate").get<float>();
  number("hidden", c.options.hidden), number("batch", c.options.batch), number("steps", c.options.steps);
  number("seed", c.options.seed), number("depth", c.depth), number("data", c.data);
  number("products", c.products), number("checked", c.checked), number("macs", c.macs);
  std::uint32_t done = 0;
  number("steps_done", done);
  return done;
}

}  // namespace

std::uint64_t fingerprint(const ImageDataset& data) {
  const auto part = [](const LabelledImages& images) {
    const std::uint32_t sizes[2]{images.rows, images.cols};
    std::uint32_t crc = crc32(0, std::as_bytes(std::span(sizes)));
    crc = crc32(crc, std::as_bytes(std::span(images.pixels)));
    return crc32(crc, std::as_bytes(std::span(images.labels)));
  };
  return std::uint64_t{part(data.train)} << 32 | part(data.test);
}

std::vector<std::byte> format_checkpoint(const Checkpoint& c) {
  const std::string text = description(c).dump();
  std::vector<std::byte> file(head_bytes + text.size() + 16 * c.history.size() + c.state.size());
  auto end = file.begin() + head_bytes;
  const auto append = [&](std::span<const std::byte> bytes) { end = std::ranges::copy(bytes, end).out; };
  append(std::as_bytes(std::span(text)));
  for (const StepResult& step : c.history) {
    const double values[2]{step.loss, step.accuracy};
    append(std::as_bytes(std::span(values)));
  }
  append(c.state);
  std::memcpy(file.data(), magic.data(), magic.size());
  put(file, version_at, version);
  put(file, length_at, std::uint64_t{file.size()});
  put(file, description_at, static_cast<std::uint32_t>(text.size()));
  put(file, crc_at, checksum(file));
  return file;
}

Checkpoint read_checkpoint(const std::filesystem::path& path) {
  const auto end_of = [&](std::span<const std::byte> begin) -> std::uint64_t {
    if (!is_checkpoint(begin) || begin.size() < head_bytes) (void)parse_checkpoint(begin, path.string());  // refuses it
    return std::min(get<std::uint64_t>(begin, length_at), most_file_bytes - file_begin_bytes) + file_begin_bytes;
  };
  return parse_checkpoint(read_file(path, most_file_bytes, end_of), path.string());
}

Checkpoint parse_checkpoint(std::span<const std::byte> file, std::string_view where) {
  const auto refuse = [&](const std::string& what, std::string next = {}) {
    throw Error(ExitCode::bad_input, what, std::string(where), std::move(next));
  };
  if (!is_checkpoint(file)) {
    refuse("is no checkpoint of a training", "hilbert train --checkpoint FILE writes them");
  }
  if (file.size() < head_bytes || get<std::uint64_t>(file, length_at) > file.size()) {
    refuse(fmt::format("is truncated: only {} bytes are there", file.size()));
  }
  if (get<std::uint64_t>(file, length_at) < file.size()) refuse("is damaged: it is longer than it says");
  if (get<std::uint32_t>(file, crc_at) != checksum(file)) refuse("is damaged: its checksum does not fit its content");
  if (const auto found = get<std::uint32_t>(file, version_at); found != version) {
    refuse(fmt::format("is a checkpoint of version {}", found),
           fmt::format("this hilbert reads version {}: go on with the one that wrote it", version));
  }
  const std::size_t text_bytes = get<std::uint32_t>(file, description_at);
  std::span<const std::byte> rest = file.subspan(head_bytes);
  if (text_bytes > std::min(rest.size(), most_description)) refuse("is damaged: its description has no sane length");
  Checkpoint c;
  std::uint64_t done = 0;
  try {
    done = read_description(rest.first(text_bytes), c);
  } catch (const Json::exception& error) {
    refuse(fmt::format("is damaged: its description is wrong: {}", error.what()));
  } catch (const Error& error) {
    refuse(fmt::format("is damaged: its description is wrong: {}", error.what()));
  }
  rest = rest.subspan(text_bytes);
  if (done > rest.size() / 16) refuse("is damaged: it has fewer steps than it says");
  for (std::uint32_t i = 0; i < done; ++i) {
    c.history.push_back({i, get<double>(rest, 16 * std::size_t{i}), get<double>(rest, 16 * std::size_t{i} + 8)});
  }
  rest = rest.subspan(16 * done);
  c.state.assign(rest.begin(), rest.end());
  return c;
}

std::string differences(const Checkpoint& checkpoint, const Checkpoint& here) {
  std::string text;
  const auto differ = [&](const std::string& what) { text += (text.empty() ? "" : ", ") + what; };
  const auto compare = [&](const char* option, const auto& there, const auto& mine) {
    if (there != mine) differ(fmt::format("{} {} (here {})", option, there, mine));
  };
  const Options &a = checkpoint.options, &b = here.options;
  compare("--format", name(a.format), name(b.format));
  compare("--hidden", a.hidden, b.hidden);
  compare("--batch", a.batch, b.batch);
  compare("--steps", a.steps, b.steps);
  compare("--lr", a.rate, b.rate);
  compare("--seed", a.seed, b.seed);
  compare("a device with cells of depth", checkpoint.depth, here.depth);
  if (checkpoint.data != here.data) differ("other images");
  return text;
}

}  // namespace hilbert::train
