// SPDX-License-Identifier: Apache-2.0
// Prints the model's tables for other implementations to compare: see scripts/crosscheck_mldtypes.py.
//   model_dump decode FORMAT            every code: "code fp32-bits" in hexadecimal
//   model_dump encode FORMAT [saturate] FP32 bits in hexadecimal from stdin, one a line: "fp32-bits code", nearest-even
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "hilbert/model/encode.hpp"
#include "hilbert/model/operand.hpp"

namespace hm = hilbert::model;

int main(int argc, char** argv) {
  const std::string_view mode = argc > 1 ? argv[1] : "";
  const auto spec = argc > 2 ? hm::parse_format(argv[2]) : std::nullopt;
  if (!spec || spec->format == hm::Format::fp32 || (mode != "decode" && mode != "encode")) {
    std::fputs("usage: model_dump decode|encode FORMAT [saturate]\n", stderr);
    return 2;
  }
  hm::Flags flags;
  if (mode == "decode") {
    const std::uint32_t codes = 1u << 8 * hm::element_bytes(spec->format);
    for (std::uint32_t code = 0; code < codes; ++code)
      std::printf("%x %08x\n", code, hm::to_fp32(*spec, code, false, flags));
    return 0;
  }
  const bool saturate = argc > 3 && std::string_view(argv[3]) == "saturate";
  unsigned fp32 = 0;
  while (std::scanf("%x", &fp32) == 1) {
    std::printf("%08x %x\n", fp32, hm::encode(fp32, *spec, hm::Rounding::nearest, saturate, false, 0, flags));
  }
  return 0;
}
