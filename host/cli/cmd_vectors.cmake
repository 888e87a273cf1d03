# SPDX-License-Identifier: Apache-2.0
target_sources(hilbert_cli PRIVATE tensor_names.cpp vectors_check.cpp vectors_gen.cpp vectors_show.cpp)
target_link_libraries(hilbert_cli PRIVATE hilbert_report hilbert_vectors)
