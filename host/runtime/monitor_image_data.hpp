// SPDX-License-Identifier: Apache-2.0
// The bytes of monitor.elf and their SHA-256; the definition is generated (embed_image.cmake).
#pragma once

#include <cstddef>

namespace hilbert::detail {

extern const unsigned char monitor_image_data[];
extern const std::size_t monitor_image_size;
extern const char* const monitor_image_sha256;

}  // namespace hilbert::detail
