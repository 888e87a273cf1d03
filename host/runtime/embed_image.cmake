# SPDX-License-Identifier: Apache-2.0
# cmake -DELF=FILE -DOUT=FILE.cpp -P embed_image.cmake: the file's bytes and their SHA-256 as C++.
file(READ "${ELF}" hex HEX)
file(SHA256 "${ELF}" sum)
string(REGEX REPLACE "(................................)" "\\1\n" hex "${hex}")
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
file(WRITE "${OUT}" "#include \"runtime/monitor_image_data.hpp\"
namespace hilbert::detail {
const unsigned char monitor_image_data[] = {
${bytes}
};
const std::size_t monitor_image_size = sizeof monitor_image_data;
const char* const monitor_image_sha256 = \"${sum}\";
}  // namespace hilbert::detail
")
