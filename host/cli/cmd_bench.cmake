# SPDX-License-Identifier: Apache-2.0
if(NOT TARGET hilbert_bench)
  add_subdirectory(${PROJECT_SOURCE_DIR}/host/bench ${PROJECT_BINARY_DIR}/host/bench)
endif()
target_compile_definitions(hilbert_cli PRIVATE HILBERT_HAS_SIM=$<BOOL:${HILBERT_SIM}>)
target_link_libraries(hilbert_cli PRIVATE hilbert_bench)
