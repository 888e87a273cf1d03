# SPDX-License-Identifier: Apache-2.0
# Two ends of a link and the wires between them.

# Verilates hb_link into TARGET: hilbert_verilate_link(TARGET NAME [CHECKED] [PARAMETER=VALUE ...]) makes the class Vhb_link_NAME,
# which checks the promises of its ports if CHECKED.
function(hilbert_verilate_link target name)
  file(STRINGS ${PROJECT_SOURCE_DIR}/rtl/hilbert.f sources REGEX "^rtl/(link|prim)/|hb_link_regs_pkg")
  list(TRANSFORM sources PREPEND ${PROJECT_SOURCE_DIR}/)
  cmake_parse_arguments(arg "CHECKED" "" "" ${ARGN})
  set(parameters ${arg_UNPARSED_ARGUMENTS})
  list(TRANSFORM parameters PREPEND -G)
  set(checks --noassert -DSYNTHESIS)
  if(arg_CHECKED)
    set(checks --assert)
  endif()
  set(fast -O3)
  if(HILBERT_NATIVE)
    list(APPEND fast -march=native)
  endif()
  hilbert_verilate(${target} Vhb_link_${name} SOURCES ${sources} FAST ${fast}
                   ARGS -O3 --x-assign fast --x-initial fast ${checks} -Wno-fatal -Werror-USERERROR --top-module hb_link ${parameters})
endfunction()

add_library(hilbert_link_channel STATIC ${CMAKE_CURRENT_LIST_DIR}/src/link_channel.cpp)
target_include_directories(hilbert_link_channel PUBLIC ${CMAKE_CURRENT_LIST_DIR}/include)
target_link_libraries(hilbert_link_channel PUBLIC hilbert_base PRIVATE hilbert_warnings)

# Chips with links between them.
add_library(hilbert_mesh STATIC ${CMAKE_CURRENT_LIST_DIR}/src/mesh.cpp)
target_link_libraries(hilbert_mesh PUBLIC hilbert_link_channel PRIVATE Threads::Threads hilbert_warnings)

# The bench of a link, for any verilated end.
add_library(hilbert_link_bench STATIC ${CMAKE_CURRENT_LIST_DIR}/src/link_pair.cpp ${CMAKE_CURRENT_LIST_DIR}/src/link_traffic.cpp)
target_include_directories(hilbert_link_bench PRIVATE ${PROJECT_SOURCE_DIR}/rtl/regs/include)
target_link_libraries(hilbert_link_bench PUBLIC hilbert_link_channel PRIVATE hilbert_warnings)

add_library(hilbert_link_full STATIC ${CMAKE_CURRENT_LIST_DIR}/src/link_full.cpp)
hilbert_verilate_link(hilbert_link_full full)
target_include_directories(hilbert_link_full PRIVATE ${CMAKE_CURRENT_LIST_DIR}/src)
target_link_libraries(hilbert_link_full PUBLIC hilbert_link_channel PRIVATE hilbert_warnings)
