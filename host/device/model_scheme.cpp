// SPDX-License-Identifier: Apache-2.0
// `model:`: the reference model as any chip that the architecture allows.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <hilbert/number.hpp>
#include <hilbert/regs/chips.hpp>
#include <map>
#include <optional>

#include "geometry.hpp"
#include "model_device.hpp"
#include "scheme.hpp"

namespace hilbert::device {

namespace {

constexpr std::array<std::string_view, 4> parameters{"bank_bytes", "banks", "controller_bytes", "links"};
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
                                 "; model: also takes RxCxD[?banks=N&bank_bytes=N&controller_bytes=N]");
  }
  if (!opening.parameters.empty()) {
    chip.controller_bytes = 0;
    struct Parameter {
      std::uint32_t* target;
      Range<std::uint32_t> range;  // check_geometry() says the rest
    };
    const std::map<std::string_view, Parameter> targets{
        {"banks", {&chip.geometry.banks, {1, 128, "banks"}}},
        {"bank_bytes", {&chip.geometry.bank_bytes, {8, 1U << 30, "bytes"}}},
        {"controller_bytes", {&chip.controller_bytes, {0, 1U << 29, "bytes"}}},
        {"links", {&chip.geometry.links, {0, 4, "links"}}}};
    for (const auto& [key, value] : opening.parameters) {
      const Parameter& parameter = targets.at(key);
      *parameter.target = parse_number(value, parameter.range, fmt::format("{}: {}", opening.where, key));
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
  return fmt::format("model:{}?banks={}&bank_bytes={}{}{}", base, g.banks, g.bank_bytes,
                     chip.controller_bytes == 0 ? "" : fmt::format("&controller_bytes={}", chip.controller_bytes),
                     g.links == 0 && base != chip.name ? "" : fmt::format("&links={}", g.links));
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
constinit const Scheme model_scheme{
    .name = "model",
    .usage = "model:[CONFIG|RxCxD][?banks=N&bank_bytes=N&controller_bytes=N&links=N]",
    .example = "model:4x8x2?banks=4&bank_bytes=8192",
    .about = "the reference model behind the same interface: no clocks",
    .kind = "reference model",
    .parameters = parameters,
    .parameter_help = "parameters are banks=N, bank_bytes=N, controller_bytes=N and links=N",
    .can = ModelDevice::abilities,
    .no_trace = "the reference model has no waveform",
    .no_stalls = "the reference model has no host port that could stall",
    .at_hand = at_hand,
    .open = open};

}  // namespace hilbert::device
