# SPDX-License-Identifier: Apache-2.0
# How our own code is compiled: warnings, and what makes a cold build short. Most of it goes into reading headers and making
# the same templates again and again: so headers are precompiled, and several sources are one translation unit.
option(HILBERT_WERROR "Warnings in our own code are errors" OFF)
option(HILBERT_UNITY "Compile several sources as one: half the time from scratch, more after an edit" ON)

# Generated code (Verilator) does not link this.
add_library(hilbert_warnings INTERFACE)
target_compile_options(hilbert_warnings INTERFACE -Wall -Wextra -Wshadow -Wconversion -Wno-sign-conversion
                                                  $<$<BOOL:${HILBERT_WERROR}>:-Werror>)

# What most sources of the libraries include. A target that uses it must link fmt.
add_library(hilbert_headers OBJECT ${CMAKE_CURRENT_LIST_DIR}/headers.cpp)
set_target_properties(hilbert_headers PROPERTIES POSITION_INDEPENDENT_CODE ON)
target_precompile_headers(hilbert_headers PRIVATE ${CMAKE_CURRENT_LIST_DIR}/headers.hpp)
target_link_libraries(hilbert_headers PRIVATE fmt::fmt)

# hilbert_quick(TARGET [UNITY n] [HEADERS HEADER...]): precompiled headers for TARGET, those of a library or HEADERS; and up to n of
# its sources in one translation unit.
function(hilbert_quick target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "UNITY" "HEADERS")
  if(arg_HEADERS)
    target_precompile_headers(${target} PRIVATE ${arg_HEADERS})
  else()
    target_precompile_headers(${target} REUSE_FROM hilbert_headers)
  endif()
  if(arg_UNITY AND HILBERT_UNITY)
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE ${arg_UNITY})
  endif()
endfunction()
