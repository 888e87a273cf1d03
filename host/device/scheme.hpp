// SPDX-License-Identifier: Apache-2.0
// The table of schemes: what may stand before the ':' of a device URI. README.md says how to add one.
#pragma once

#include <hilbert/device.hpp>
#include <hilbert/uri.hpp>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hilbert::device {

/// What a scheme's factory gets: all of it has been checked against the scheme's row.
struct Opening {
  std::string where;  ///< "device 'URI'", as it was written: for messages
  std::string_view text;
  std::vector<UriParameter> parameters;
  OpenOptions options;
};

/// A row. Constant initialised: a table that needs no order of start-up.
struct Scheme {
  std::string_view name;     ///< "sim"
  std::string_view usage;    ///< "sim:[CONFIG]"
  std::string_view example;  ///< "sim:full"
  std::string_view about;    ///< one line for people
  std::string_view kind;     ///< what its devices are: "verilated chip"
  std::span<const std::string_view> parameters = {};
  std::string_view parameter_help = {};  ///< which they are; without any: why
  Abilities (*can)() = [] { return Abilities{}; };
  /// Why not, as far as it cannot; "" for words that hold everywhere.
  std::string_view no_trace = {}, no_stalls = {};
  /// Texts that open here and now, without any hardware that may be missing.
  std::vector<std::string> (*at_hand)() = [] { return std::vector<std::string>(); };
  std::unique_ptr<Device> (*open)(const Opening& opening) = nullptr;

  [[nodiscard]] std::string why_no_trace() const;
  [[nodiscard]] std::string why_no_stalls() const;
};

/// All of this program, in the order of CMakeLists.txt.
[[nodiscard]] std::span<const Scheme* const> schemes();

/// The row of a URI's scheme, or nullptr: of a text that may be something else.
[[nodiscard]] const Scheme* find_scheme(std::string_view uri);
/// Error (bad_input) for a text without ':' and for a scheme that there is not.
[[nodiscard]] const Scheme& scheme_of(std::string_view uri);

/// Its parameters, keys checked. Error (bad_input).
[[nodiscard]] std::vector<UriParameter> read_parameters(const Scheme& scheme, const Uri& uri, const std::string& where);

/// Schemes whose devices can: "sim:", or "sim: and pty:"; "" for none.
[[nodiscard]] std::string schemes_that(bool Abilities::*can);

}  // namespace hilbert::device
