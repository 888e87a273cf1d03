# SPDX-License-Identifier: Apache-2.0
# cmake -DHILBERT= -DWAY= -DBUILD= -DSOURCE= -DSCRATCH= -DGENERATOR= -DCXX= -DCCACHE= -P subproject.cmake
include(${CMAKE_CURRENT_LIST_DIR}/run.cmake)
file(REMOVE_RECURSE ${SCRATCH})
set(ENV{CCACHE_SLOPPINESS} pch_defines,time_macros)
run(${CMAKE_COMMAND} -S ${SOURCE} -B ${SCRATCH}/build -G ${GENERATOR} -DHILBERT=${HILBERT} -DWAY=${WAY} -DCMAKE_CXX_COMPILER=${CXX}
    -DCMAKE_CXX_COMPILER_LAUNCHER=${CCACHE})
# Nothing of ours in a user's cache but what is named so.
file(STRINGS ${SCRATCH}/build/CMakeCache.txt type REGEX "^CMAKE_BUILD_TYPE:")
if(NOT type STREQUAL "" AND NOT type STREQUAL "CMAKE_BUILD_TYPE:STRING=")
  message(FATAL_ERROR "the build type of the project around was set: ${type}")
endif()
if(WAY STREQUAL "FetchContent")
  run(${CMAKE_COMMAND} --build ${SCRATCH}/build --target example_object)  # every header is found
  return()
endif()
run(${CMAKE_COMMAND} --build ${SCRATCH}/build --target example)
run(${SCRATCH}/build/example)
demand_product("${out}")
run(${CMAKE_COMMAND} --install ${SCRATCH}/build --prefix ${SCRATCH}/prefix)
file(GLOB installed ${SCRATCH}/prefix/*)
if(NOT installed STREQUAL "")
  message(FATAL_ERROR "a part of a project installed ${installed} unasked")
endif()
