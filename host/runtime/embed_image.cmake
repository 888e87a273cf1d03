# SPDX-License-Identifier: Apache-2.0
# cmake [-DELF=FILE] -DOUT=FILE.cpp -P embed_image.cmake: the file's bytes, or none, as C++.
set(bytes "")
if(ELF)
  file(READ "${ELF}" hex HEX)
  string(REGEX REPLACE "(................................)" "\\1\n" hex "${hex}")
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
endif()
file(WRITE "${OUT}" "#include \"runtime/monitor_image_data.hpp\"
namespace hilbert::detail {
const unsigned char monitor_image_data[] = {
${bytes}
0};
const std::size_t monitor_image_size = sizeof monitor_image_data - 1;
}  // namespace hilbert::detail
")
