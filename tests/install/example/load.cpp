// SPDX-License-Identifier: Apache-2.0
// Loads plugin.so, which it is given, and calls it.
#include <dlfcn.h>

#include <cstdio>

int main(int argc, char** argv) {
  void* const plugin = argc == 2 ? dlopen(argv[1], RTLD_NOW) : nullptr;
  auto* const multiply = plugin ? reinterpret_cast<void (*)(float*)>(dlsym(plugin, "multiply")) : nullptr;
  if (multiply == nullptr) {
    std::fprintf(stderr, "load: %s\n", argc == 2 ? dlerror() : "which plugin?");
    return 3;
  }
  float d[4];
  multiply(d);
  std::printf("%g %g %g %g\n", d[0], d[1], d[2], d[3]);
}
