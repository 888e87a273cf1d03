// SPDX-License-Identifier: Apache-2.0
// Devices by URI: the scheme first, then what the scheme makes of the rest.
#include "scheme.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <hilbert/port.hpp>
#include <hilbert/suggestion.hpp>

namespace hilbert::device {

namespace {

[[noreturn]] void refuse(std::string_view uri, std::string what, std::string next) {
  throw Error(ExitCode::bad_input, std::move(what), fmt::format("device '{}'", uri), std::move(next));
}

/// Of the schemes for which `wanted` holds: "a, b or c" with `last` = " or ".
template <class Wanted, class Shown>
std::string listed(Wanted wanted, Shown shown, std::string_view last) {
  std::vector<std::string> words;
  for (const Scheme* scheme : schemes()) {
    if (wanted(*scheme)) words.push_back(shown(*scheme));
  }
  if (words.size() < 2) return words.empty() ? std::string() : words.front();
  return fmt::format("{}{}{}", fmt::join(words.begin(), words.end() - 1, ", "), last, words.back());
}

bool is_device(const Scheme& scheme) { return !scheme.can().board; }
std::string with_colon(const Scheme& scheme) { return fmt::format("{}:", scheme.name); }

std::string what_there_is() {
  std::string text = "there are " + listed(is_device, with_colon, " and ");
  for (const Scheme* scheme : schemes()) {
    if (!is_device(*scheme)) text += fmt::format(", and {}: {}", scheme->name, scheme->about);
  }
  return text;
}

std::string syntax() {
  const auto name = [](const Scheme& scheme) { return std::string(scheme.name); };
  const auto example = [](const Scheme& scheme) { return std::string(scheme.example); };
  return fmt::format("SCHEME:[CONFIG] with SCHEME {}, for example {}", listed(is_device, name, " or "),
                     listed(is_device, example, " or "));
}

/// What the options ask for and the scheme's devices cannot.
void check_options(const Scheme& scheme, std::string_view uri, const OpenOptions& options) {
  const auto lacks = [&](std::string why, bool Abilities::*ability, std::string_view to) {
    const std::string others = schemes_that(ability);
    refuse(uri, std::move(why),
           others.empty() ? "configure with -DHILBERT_TRACE=ON" : fmt::format("open a {} device {}", others, to));
  };
  check_stall_probability(options.stall_probability, fmt::format("device '{}'", uri));
  const Abilities can = scheme.can();
  if (!options.trace_path.empty() && !can.trace) {
    lacks(scheme.why_no_trace(), &Abilities::trace, "to trace");
  }
  if (options.stall_probability > 0 && !can.stalls) {
    lacks(scheme.why_no_stalls(), &Abilities::stalls, "for stalls");
  }
}

}  // namespace

std::string Scheme::why_no_trace() const {
  return no_trace.empty() ? fmt::format("a {} has no waveform", kind) : std::string(no_trace);
}

std::string Scheme::why_no_stalls() const {
  return no_stalls.empty() ? fmt::format("a {} has no host port that could be made to stall", kind)
                           : std::string(no_stalls);
}

const Scheme* find_scheme(std::string_view uri) {
  const auto parsed = parse_uri(uri);
  const auto found =
      std::ranges::find_if(schemes(), [&](const Scheme* s) { return parsed && s->name == parsed->scheme; });
  return found == schemes().end() ? nullptr : *found;
}

const Scheme& scheme_of(std::string_view uri) {
  if (const Scheme* known = find_scheme(uri)) return *known;
  const auto parsed = parse_uri(uri);
  if (!parsed) refuse(uri, "no ':' in it", fmt::format("a device is {}", syntax()));
  std::vector<std::string_view> names;
  for (const Scheme* scheme : schemes()) names.push_back(scheme->name);
  refuse(uri, fmt::format("unknown scheme '{}'{}", parsed->scheme, suggestion(parsed->scheme, names)), what_there_is());
}

std::vector<UriParameter> read_parameters(const Scheme& scheme, const Uri& uri, const std::string& where) {
  if (uri.parameters && scheme.parameters.empty()) {
    throw Error(ExitCode::bad_input, fmt::format("{}: takes no parameters", scheme.name), where,
                std::string(scheme.parameter_help));
  }
  return uri_parameters(uri, scheme.parameters, where, std::string(scheme.parameter_help));
}

std::string schemes_that(bool Abilities::*can) {
  return listed([&](const Scheme& scheme) { return scheme.can().*can; }, with_colon, " and ");
}

}  // namespace hilbert::device

namespace hilbert {

Abilities abilities_of(std::string_view uri) { return device::scheme_of(uri).can(); }

std::unique_ptr<Device> open_device(std::string_view uri, const OpenOptions& options) {
  const device::Scheme& scheme = device::scheme_of(uri);
  const Uri parsed = *parse_uri(uri);
  device::check_options(scheme, uri, options);
  const std::string where = fmt::format("device '{}'", uri);
  return scheme.open({where, parsed.text, device::read_parameters(scheme, parsed, where), options});
}

std::vector<std::string> available_devices() {
  std::vector<std::string> uris;
  for (const device::Scheme* scheme : device::schemes()) {
    for (const std::string& text : scheme->at_hand()) uris.push_back(fmt::format("{}:{}", scheme->name, text));
  }
  return uris;
}

}  // namespace hilbert
