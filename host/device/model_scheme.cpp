// SPDX-License-Identifier: Apache-2.0
// `model:`: the reference model as any chip that the architecture allows.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <hilbert/number.hpp>
#include <hilbert/regs/chips.hpp>
#include <optional>

#include "geometry.hpp"
#include "model_device.hpp"
#include "scheme.hpp"

namespace hilbert::device {

namespace {

/// A parameter of the URI: what of a chip it is, and how far it goes at all; check_geometry() says the rest.
struct Parameter {
  std::string_view name;
  Range<std::uint32_t> range;
  std::uint32_t& (*of)(Configuration&);
};
constexpr std::array parameters{
    Parameter{"banks", {1, 128, "banks"}, [](Configuration& c) -> std::uint32_t& { return c.geometry.banks; }},
    Parameter{
        "bank_bytes", {8, 1U << 30, "bytes"}, [](Configuration& c) -> std::uint32_t& { return c.geometry.bank_bytes; }},
    Parameter{"controller_bytes",
              {0, 1U << 29, "bytes"},
              [](Configuration& c) -> std::uint32_t& { return c.controller_bytes; }},
    Parameter{"links", {0, 4, "links"}, [](Configuration& c) -> std::uint32_t& { return c.geometry.links; }}};
constexpr auto parameter_names = [] {
  std::array<std::string_view, parameters.size()> names;
  std::ranges::transform(parameters, names.begin(), &Parameter::name);
  return names;
}();

/// Their names as "BEFOREname=N", "BETWEENname=N", ...: a text that is there before the program starts.
struct Text {
  std::array<char, 160> characters{};
  std::size_t size = 0;

  constexpr Text(std::string_view before, std::string_view between, std::string_view last, std::string_view after) {
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      for (const std::string_view part : {i == 0                       ? before
                                          : i + 1 == parameters.size() ? last
                                                                       : between,
                                          parameters[i].name, std::string_view("=N")}) {
        append(part);
      }
    }
    append(after);
  }
  constexpr void append(std::string_view part) {
    for (const char c : part) characters.at(size++) = c;
  }
  constexpr operator std::string_view() const { return {characters.data(), size}; }  // NOLINT: it is one
};
constexpr Text in_uri("RxCxD[?", "&", "&", "]");
constexpr Text usage("model:[CONFIG|RxCxD][?", "&", "&", "]");
constexpr Text in_words("parameters are ", ", ", " and ", "");
constexpr std::uint32_t longest_flit = regs::chip::Parameters{}.link_max_words;

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

/// The chip that a text and parameters name: a configuration, or a shape with the largest links.
Configuration chip_of(const Opening& opening) {
  Configuration chip{.name = {}, .geometry = {}, .controller_bytes = 0, .link = {}};
  if (const auto shape = find_configuration(opening.text) ? std::nullopt : parse_shape(opening.text)) {
    chip.geometry = *shape;
  } else {
    chip = require_configuration(opening.text, opening.where,
                                 fmt::format("; model: also takes {}", std::string_view(in_uri)));
  }
  if (!opening.parameters.empty()) {
    chip.controller_bytes = 0;
    for (const auto& [key, value] : opening.parameters) {
      const Parameter& parameter = *std::ranges::find(parameters, key, &Parameter::name);
      parameter.of(chip) = parse_number(value, parameter.range, fmt::format("{}: {}", opening.where, key));
    }
    chip.geometry.link_max_words = chip.geometry.links == 0 ? 0 : longest_flit;
  }
  check_geometry(chip.geometry, chip.controller_bytes, opening.where);
  const auto known = find_configuration(chip.name);
  if (known && known->geometry != chip.geometry) chip.link = {};
  return chip;
}

/// The URI with its defaults filled in: opens the same device again.
std::string completed(const Configuration& chip) {
  const model::Geometry& g = chip.geometry;
  const auto known = find_configuration(chip.name);
  if (known && known->geometry == g && known->controller_bytes == chip.controller_bytes) {
    return fmt::format("model:{}", chip.name);
  }
  // No parameter has the queue slots: a configuration with others than a shape has is named.
  const std::string base = g.queue_slots == model::Geometry{}.queue_slots
                               ? fmt::format("{}x{}x{}", g.rows, g.cols, g.depth)
                               : std::string(chip.name);
  std::string uri = fmt::format("model:{}", base);
  Configuration all = chip;
  for (const Parameter& parameter : parameters) {
    const std::uint32_t value = parameter.of(all);
    const bool left_out = value == 0 && (&parameter.of(all) == &all.controller_bytes || base != chip.name);
    if (!left_out)
      uri += fmt::format("{}{}={}", (uri.find('?') != std::string::npos) ? '&' : '?', parameter.name, value);
  }
  return uri;
}

std::vector<std::string> at_hand() {
  std::vector<std::string> names;
  for (const Configuration& configuration : configurations()) names.emplace_back(configuration.name);
  return names;
}

std::unique_ptr<Device> open(const Opening& opening) {
  const Configuration chip = chip_of(opening);
  return std::make_unique<ModelDevice>(chip, completed(chip));
}

}  // namespace

extern const Scheme model_scheme;
constinit const Scheme model_scheme{.name = "model",
                                    .usage = usage,
                                    .example = "model:4x8x2?banks=4&bank_bytes=8192",
                                    .about = "the reference model behind the same interface: no clocks",
                                    .kind = "reference model",
                                    .parameters = parameter_names,
                                    .parameter_help = in_words,
                                    .can = ModelDevice::abilities,
                                    .no_trace = "the reference model has no waveform",
                                    .no_stalls = "the reference model has no host port that could stall",
                                    .at_hand = at_hand,
                                    .open = open};

}  // namespace hilbert::device
