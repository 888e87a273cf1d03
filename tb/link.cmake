# SPDX-License-Identifier: Apache-2.0
# The wires between links; they need no verilated model.
add_library(hilbert_link_channel STATIC ${CMAKE_CURRENT_LIST_DIR}/src/link_channel.cpp)
target_include_directories(hilbert_link_channel PUBLIC ${CMAKE_CURRENT_LIST_DIR}/include)
target_link_libraries(hilbert_link_channel PUBLIC hilbert_base PRIVATE hilbert_warnings)
