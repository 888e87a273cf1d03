// SPDX-License-Identifier: Apache-2.0
// One product, end to end (docs/one-product.md): the case formats/0063 of the golden vectors, and what the tile was
// told.
#include <cstdio>
#include <hilbert/device.hpp>
#include <hilbert/runtime.hpp>

namespace {

template <std::size_t N>
std::vector<std::byte> codes(const unsigned (&values)[N]) {
  std::vector<std::byte> out;
  for (const unsigned value : values) out.push_back(std::byte(value));
  return out;
}

void print(hilbert::Device& device, const char* name, std::uint32_t address) {
  std::uint32_t words[16];
  device.read_words(address, std::as_writable_bytes(std::span(words)));
  std::printf("%s at 0x%08x\n", name, static_cast<unsigned>(address));
  for (unsigned i = 0; i < 16; ++i)
    std::printf("%s%08x%s", i % 8 ? " " : "  ", static_cast<unsigned>(words[i]), i % 8 == 7 ? "\n" : "");
}

}  // namespace

int main(int argc, char** argv) {
  hilbert::Runtime runtime(argc > 1 ? argv[1] : "model:small", {.path = hilbert::JobPath::direct});
  const hilbert::model::Geometry geometry = runtime.geometry();
  const auto a = codes({0x2f, 0x27, 0x41, 0x39, 0x32, 0xc2, 0x34, 0x4e, 0x33,  //
                        0x9c, 0x3f, 0x4a, 0xb5, 0xcd, 0x46, 0x99, 0xda, 0x42});
  const auto b = codes({0x3e, 0x35, 0x2e, 0x41, 0xc0, 0x40, 0x4d, 0x2e, 0x42, 0x3f, 0x33, 0x35, 0xb2, 0x38, 0xb9,
                        0x30, 0xc1, 0xc5, 0x47, 0x40, 0x49, 0x31, 0xac, 0xba, 0x2e, 0xcf, 0xbe, 0xb3, 0x3b, 0x4e,
                        0xcb, 0x2f, 0x4f, 0x2d, 0x47, 0xaf, 0x2f, 0xb5, 0xb7, 0x46, 0x4b, 0xb8, 0xb3, 0x45, 0x4c});
  hilbert::model::Gemm job{};
  job.m = 2, job.n = 5, job.k = 9, job.depth = geometry.depth;
  job.a = hilbert::FormatArg("e4m3"), job.b = hilbert::FormatArg("e5m2"), job.d = hilbert::FormatArg("bf16");
  job.saturate = true;
  const auto result = runtime.gemm_codes(job, a, b);

  print(runtime.device(), "descriptor", hilbert::descriptor_address(geometry, 0));
  print(runtime.device(), "completion", hilbert::completion_address(geometry, 0));
  for (std::size_t i = 0; i < result.d.size(); i += 2) {
    std::printf("%s%02x%02x%s", i % 10 ? " " : "  ", std::to_integer<unsigned>(result.d[i + 1]),
                std::to_integer<unsigned>(result.d[i]), i % 10 == 8 ? "\n" : "");
  }
}
