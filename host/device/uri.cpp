// SPDX-License-Identifier: Apache-2.0
// Device URIs: SCHEME:CONFIG[?key=value&...].
#include "uri.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <functional>
#include <hilbert/error.hpp>
#include <hilbert/number.hpp>
#include <hilbert/suggestion.hpp>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "configurations.hpp"
#include "uri_parameters.hpp"

namespace hilbert::device {

namespace {

constexpr std::string_view syntax =
    "SCHEME:[CONFIG] with SCHEME model or sim, for example sim:full or model:4x8x2?banks=4&bank_bytes=8192";

constexpr const char* parameter_help = "parameters are banks=N, bank_bytes=N, cpu_bytes=N and links=N";
constexpr std::uint32_t longest_flit = regs::chip::Parameters{}.link_max_words;

[[noreturn]] void refuse(std::string_view uri, std::string what, std::string next = {}) {
  throw Error(ExitCode::bad_input, std::move(what), fmt::format("device '{}'", uri), std::move(next));
}

/// The text before `separator`; `rest` becomes what follows it, or nothing.
std::string_view cut(std::string_view& rest, char separator) {
  const std::size_t at = rest.find(separator);
  const std::string_view head = rest.substr(0, at);
  rest = at == std::string_view::npos ? std::string_view{} : rest.substr(at + 1);
  return head;
}

/// "RxCxD" with the memory of `full`.
std::optional<model::Geometry> parse_shape(std::string_view text) {
  if (std::count(text.begin(), text.end(), 'x') != 2) return std::nullopt;
  std::array<std::uint32_t, 3> sizes{};
  for (std::uint32_t& size : sizes) {
    if (read_number(cut(text, 'x'), Range<std::uint32_t>{}, size)) return std::nullopt;
  }
  model::Geometry geometry;
  geometry.rows = sizes[0];
  geometry.cols = sizes[1];
  geometry.depth = sizes[2];
  return geometry;
}

}  // namespace

std::string Uri::text() const {
  const auto known = find_configuration(configuration);
  if (known && known->geometry == geometry && known->cpu_bytes == cpu_bytes) {
    return fmt::format("{}:{}", scheme, configuration);
  }
  return fmt::format("{}:{}x{}x{}?banks={}&bank_bytes={}{}{}", scheme, geometry.rows, geometry.cols, geometry.depth,
                     geometry.banks, geometry.bank_bytes, cpu_bytes == 0 ? "" : fmt::format("&cpu_bytes={}", cpu_bytes),
                     geometry.links == 0 ? "" : fmt::format("&links={}", geometry.links));
}

void check_geometry(const model::Geometry& g, std::uint32_t cpu_bytes, std::string_view where) {
  // The configuration registers hold these sizes in 8 bits, the memory map gives data memory 1 GiB.
  const auto size_ok = [](std::uint32_t n) { return std::has_single_bit(n) && n <= 128; };
  if (!size_ok(g.rows) || !size_ok(g.cols)) {
    refuse(where, fmt::format("an array of {} x {} cells", g.rows, g.cols),
           "Rows and Cols are powers of two up to 128");
  }
  if (g.depth != 1 && g.depth != 2 && g.depth != 4)
    refuse(where, fmt::format("Depth {}", g.depth), "Depth is 1, 2 or 4");
  if (g.rows < g.depth || g.cols < g.depth) {
    refuse(where, fmt::format("{}x{}x{}", g.rows, g.cols, g.depth), "Rows and Cols must be at least Depth");
  }
  if (g.word_bytes() < 8 || g.word_bytes() > 64) {
    refuse(where, fmt::format("a memory word of {} bytes", g.word_bytes()),
           "max(Rows, Cols) * Depth * 2 must be 8 to 64: one to eight 64-bit lanes, and a descriptor is whole words");
  }
  if (!size_ok(g.banks)) refuse(where, fmt::format("banks={}", g.banks), "banks is a power of two up to 128");
  if (!std::has_single_bit(g.bank_bytes) || g.bank_bytes < g.word_bytes() ||
      std::uint64_t{g.banks} * g.bank_bytes > 0x4000'0000) {
    refuse(where, fmt::format("bank_bytes={}", g.bank_bytes),
           fmt::format("bank_bytes is a power of two, at least a word ({}), and all banks together at most 1 GiB",
                       g.word_bytes()));
  }
  if (g.links != 0 && g.links != 4) {
    refuse(where, fmt::format("links={}", g.links), "a chip has 0 or 4 links");
  }
  if (cpu_bytes != 0 &&
      (!std::has_single_bit(cpu_bytes) || cpu_bytes < 2 * g.word_bytes() || cpu_bytes > 0x2000'0000)) {
    refuse(where, fmt::format("cpu_bytes={}", cpu_bytes),
           fmt::format("cpu_bytes is 0 (no controller) or a power of two, at least two words ({}) and at most 512 MiB",
                       2 * g.word_bytes()));
  }
}

Uri parse_uri(std::string_view text) {
  std::string_view rest = text;
  if (text.find(':') == std::string_view::npos) refuse(text, "no ':' in it", fmt::format("a device is {}", syntax));
  Uri uri;
  uri.scheme = cut(rest, ':');
  if (uri.scheme != "model" && uri.scheme != "sim") {
    constexpr std::array<std::string_view, 3> schemes{"model", "sim", "board"};
    refuse(text, fmt::format("unknown scheme '{}'{}", uri.scheme, suggestion(uri.scheme, schemes)),
           uri.scheme == "board" ? "a board is not one device: hilbert gemm, train, board and link take board:FILE"
                                 : "there are model: and sim:, and board: where many chips work together");
  }
  const bool has_parameters = rest.find('?') != std::string_view::npos;
  uri.configuration = cut(rest, '?');
  if (uri.configuration.empty()) uri.configuration = "full";

  if (const auto known = find_configuration(uri.configuration)) {
    uri.geometry = known->geometry;
    if (!has_parameters) uri.cpu_bytes = known->cpu_bytes;
  } else if (const auto shape = parse_shape(uri.configuration); shape && uri.scheme == "model") {
    uri.geometry = *shape;
  } else {
    std::vector<std::string_view> names;
    for (const Configuration& configuration : configurations()) names.push_back(configuration.name);
    refuse(text, fmt::format("unknown configuration '{}'{}", uri.configuration, suggestion(uri.configuration, names)),
           fmt::format("there are {}{}", configuration_names(),
                       uri.scheme == "model" ? "; model: also takes RxCxD[?banks=N&bank_bytes=N&cpu_bytes=N]" : ""));
  }

  if (has_parameters && uri.scheme != "model") {
    refuse(text, "sim: takes no parameters",
           "a verilated chip is what it was synthesised to be: choose a configuration");
  }
  if (has_parameters) {
    struct Parameter {
      std::uint32_t* target;
      Range<std::uint32_t> range;  // check_geometry() says the rest
    };
    const std::map<std::string, Parameter, std::less<>> parameters{
        {"banks", {&uri.geometry.banks, {1, 128, "banks"}}},
        {"bank_bytes", {&uri.geometry.bank_bytes, {8, 1U << 30, "bytes"}}},
        {"cpu_bytes", {&uri.cpu_bytes, {0, 1U << 29, "bytes"}}},
        {"links", {&uri.geometry.links, {0, 4, "links"}}}};
    std::vector<std::string> known;
    for (const auto& [key, parameter] : parameters) known.push_back(key);
    const std::string where = fmt::format("device '{}'", text);
    for (const auto& [key, value] : uri_parameters(rest, known, where, parameter_help)) {
      const Parameter& parameter = parameters.find(key)->second;
      *parameter.target = parse_number(value, parameter.range, fmt::format("{}: {}", where, key));
    }
  }
  if (has_parameters) uri.geometry.link_max_words = uri.geometry.links == 0 ? 0 : longest_flit;
  check_geometry(uri.geometry, uri.cpu_bytes, text);
  return uri;
}

}  // namespace hilbert::device
