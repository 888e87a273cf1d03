// SPDX-License-Identifier: Apache-2.0
// A registry of chips, in place of the bench's own, that has one: "small", from the shared object that HILBERT_CHIP
// names. A program linked with it checks RTL that did not exist when the program was built: mutants, netlists.
#include <dlfcn.h>

#include <cstdlib>
#include <hilbert/error.hpp>
#include <hilbert/tb/chip.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace hilbert::tb {

namespace {

using Maker = Chip*();

Maker* load() {
  const char* path = std::getenv("HILBERT_CHIP");
  if (path == nullptr) {
    throw Error(ExitCode::bad_input, "HILBERT_CHIP is not set", {}, "the path of a chip's shared object");
  }
  void* object = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  void* maker = object == nullptr ? nullptr : dlsym(object, "hilbert_make_chip");
  if (maker == nullptr) throw Error(ExitCode::bad_input, "not a chip's shared object", path, dlerror());
  return reinterpret_cast<Maker*>(maker);
}

}  // namespace

std::vector<std::string_view> Chip::configurations() { return {"small"}; }

std::unique_ptr<Chip> Chip::make(std::string_view configuration) {
  if (configuration != "small") {
    throw Error(ExitCode::bad_input, "no such chip", std::string(configuration), "a loaded chip is called small");
  }
  static Maker* const maker = load();
  return std::unique_ptr<Chip>(maker());
}

bool Chip::can_trace() { return false; }

}  // namespace hilbert::tb
