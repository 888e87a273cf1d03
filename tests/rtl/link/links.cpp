// SPDX-License-Identifier: Apache-2.0
// The ends of links that the tests verilate.
#include "links.hpp"

#include <hilbert/error.hpp>

#include "Vhb_link_check12.h"
#include "Vhb_link_check8.h"
#include "Vhb_link_small.h"
#include "link_of.hpp"

namespace hilbert::test {
namespace {

template <class Model>
std::unique_ptr<tb::Link> make(const tb::LinkParameters& parameters) {
  return std::make_unique<tb::LinkOf<Model>>(parameters);
}

}  // namespace

std::vector<std::string> link_names() { return {"full", "small", "check8", "check12"}; }

tb::LinkMaker link_maker(const std::string& name) {
  // As in CMakeLists.txt
  static constexpr tb::LinkParameters small{
      .lanes = 1, .max_words = 9, .buffer_words = 32, .replay_words = 32, .window = 4};
  if (name == "full") return tb::make_full_link;
  if (name == "small") return [] { return make<Vhb_link_small>(small); };
  if (name == "check8") return [] { return make<Vhb_link_check8>({.check_bits = 8}); };
  if (name == "check12") return [] { return make<Vhb_link_check12>({.check_bits = 12}); };
  throw Error(ExitCode::bad_input, "no such link", name, "full, small, check8 or check12");
}

}  // namespace hilbert::test
