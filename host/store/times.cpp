// SPDX-License-Identifier: Apache-2.0
#include "store/times.hpp"

#include <cmath>
#include <hilbert/error.hpp>
#include <hilbert/file.hpp>
#include <hilbert/text.hpp>
#include <nlohmann/json.hpp>

namespace hilbert::store {

std::filesystem::path times_path(const std::filesystem::path& results) { return results.string() + ".times"; }

void add_times(const std::filesystem::path& results, const Times& times) {
  const Times before = read_times(results).value_or(Times{});
  const nlohmann::json json = {{"seconds", before.seconds + times.seconds},
                               {"cpu_seconds", before.cpu_seconds + times.cpu_seconds}};
  write_file(times_path(results), json.dump() + "\n");
}

std::optional<Times> read_times(const std::filesystem::path& results) {
  const std::filesystem::path path = times_path(results);
  std::error_code none;
  if (!std::filesystem::exists(path, none)) return std::nullopt;
  const auto bytes = read_file(path, 4096);
  const auto* const text = reinterpret_cast<const char*>(bytes.data());
  const auto json = nlohmann::json::parse(text, text + bytes.size(), nullptr, false);
  const auto number = [&](const char* name) {
    const bool good = json.is_object() && json.contains(name) && json[name].is_number();
    const double value = good ? json[name].get<double>() : -1;
    if (!(value >= 0) || !std::isfinite(value)) {
      throw Error(ExitCode::bad_input, std::string("has no ") + name, printable(path.string()),
                  "remove it: results do not need it");
    }
    return value;
  };
  return Times{number("seconds"), number("cpu_seconds")};
}

}  // namespace hilbert::store
