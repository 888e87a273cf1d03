# SPDX-License-Identifier: Apache-2.0
# Verilator, driven directly: one way for all versions, with or without a CMake file of their own, and nothing is verilated while
# configuring.
#   -DHILBERT_VERILATOR=PROGRAM, or the environment's VERILATOR or VERILATOR_ROOT when configuring first, choose another one.
if(NOT HILBERT_VERILATOR AND DEFINED ENV{VERILATOR})
  find_program(HILBERT_VERILATOR NAMES $ENV{VERILATOR} NO_CACHE)
  if(NOT HILBERT_VERILATOR)
    message(FATAL_ERROR "no Verilator: the environment's VERILATOR names $ENV{VERILATOR}, which is not a program")
  endif()
  set(HILBERT_VERILATOR ${HILBERT_VERILATOR} CACHE FILEPATH "Verilator")
endif()
find_program(HILBERT_VERILATOR verilator HINTS $ENV{VERILATOR_ROOT}/bin DOC "Verilator")
if(NOT HILBERT_VERILATOR)
  message(FATAL_ERROR "no Verilator (Debian: apt-get install verilator); -DHILBERT_VERILATOR=PROGRAM names one elsewhere, "
                      "-DHILBERT_SIM=OFF does without")
endif()
execute_process(COMMAND ${HILBERT_VERILATOR} --getenv VERILATOR_ROOT OUTPUT_VARIABLE HILBERT_VERILATOR_ROOT
                OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${HILBERT_VERILATOR} --version OUTPUT_VARIABLE version COMMAND_ERROR_IS_FATAL ANY)
# The wheel of PyPI (5.48.0) does not say its version: then the runtime that belongs to this program does.
if(version MATCHES "Verilator ([0-9]+\\.[0-9]+)")
  set(HILBERT_VERILATOR_VERSION ${CMAKE_MATCH_1})
else()
  file(STRINGS ${HILBERT_VERILATOR_ROOT}/include/verilated_config.h version REGEX "define VERILATOR_VERSION ")
  string(REGEX MATCH "[0-9]+\\.[0-9]+" HILBERT_VERILATOR_VERSION "${version}")
endif()
if(NOT HILBERT_VERILATOR_VERSION VERSION_GREATER_EQUAL 5.006)
  message(FATAL_ERROR "Verilator 5.006 or newer is needed; ${HILBERT_VERILATOR} is '${HILBERT_VERILATOR_VERSION}'")
endif()
message(STATUS "Verilator ${HILBERT_VERILATOR_VERSION}: ${HILBERT_VERILATOR}, runtime in ${HILBERT_VERILATOR_ROOT}")

# Of every model
set(hilbert_verilator_options --cc)
if(HILBERT_VERILATOR_VERSION VERSION_LESS 5.028)
  # This pass miscompiles some constant bit expressions: verilator/verilator issues 4059, 4832, 4841, 5186 (in 5.026).
  list(APPEND hilbert_verilator_options -fno-const-bit-op-tree)
endif()

# Verilator's own runtime, once for all models.
set(hilbert_verilator_runtime verilated verilated_threads)
if(HILBERT_COVERAGE)
  list(APPEND hilbert_verilator_runtime verilated_cov)
endif()
if(HILBERT_TRACE)
  list(APPEND hilbert_verilator_runtime verilated_fst_c)
endif()
list(TRANSFORM hilbert_verilator_runtime REPLACE "(.+)" "${HILBERT_VERILATOR_ROOT}/include/\\1.cpp" OUTPUT_VARIABLE runtime_sources)
add_library(hilbert_verilated STATIC ${runtime_sources})
target_include_directories(hilbert_verilated SYSTEM PUBLIC ${HILBERT_VERILATOR_ROOT}/include ${HILBERT_VERILATOR_ROOT}/include/vltstd)
target_compile_definitions(hilbert_verilated PUBLIC VM_SC=0 VM_COVERAGE=$<BOOL:${HILBERT_COVERAGE}> VM_TRACE=$<BOOL:${HILBERT_TRACE}>
                                                    VM_TRACE_VCD=0 VM_TRACE_FST=$<BOOL:${HILBERT_TRACE}>)
target_compile_options(hilbert_verilated PRIVATE -w -O2)
target_link_libraries(hilbert_verilated PUBLIC Threads::Threads $<$<BOOL:${HILBERT_TRACE}>:z>)

# hilbert_verilate(TARGET CLASS SOURCES FILE... ARGS ARGUMENT... [FILES n] [FAST OPTION...] [STATE])
# Adds the class CLASS (Vname) to TARGET, verilated from these sources with these arguments of Verilator (--top-module, -G...).
# What it makes, of which nobody knows the names before, is gathered in FILES translation units of like size (default 1) that are
# compiled with the FAST options (default -O1, two thirds of the time of -O2), and a third as many of what runs rarely.
# STATE adds CLASS_state.hpp: all bits of state by name (tb/include/hilbert/tb/faults.hpp); the model stays as it is.
set(hilbert_verilate_step ${CMAKE_CURRENT_LIST_DIR}/verilate_step.cmake)
set(hilbert_verilate_state ${CMAKE_CURRENT_LIST_DIR}/verilate_state.cmake)
function(hilbert_verilate target class)
  cmake_parse_arguments(PARSE_ARGV 2 arg "STATE" "FILES" "SOURCES;ARGS;FAST")
  if(NOT arg_FILES)
    set(arg_FILES 1)
  endif()
  if(NOT arg_FAST)
    set(arg_FAST -O1)
  endif()
  math(EXPR slow_files "(${arg_FILES} + 2) / 3")
  if(HILBERT_VERILATOR_VERSION VERSION_GREATER 5.006)
    list(APPEND arg_ARGS -Wno-fatal)  # what a newer one warns of must not stop a build
  endif()
  list(TRANSFORM arg_SOURCES REPLACE "^([^/].*)" "${CMAKE_CURRENT_SOURCE_DIR}/\\1")
  get_target_property(binary_dir ${target} BINARY_DIR)
  set(folder ${binary_dir}/verilated/${target}/${class})
  set(fast "")
  foreach(i RANGE 1 ${arg_FILES})
    list(APPEND fast ${folder}/fast_${i}.cc)
  endforeach()
  set(slow "")
  foreach(i RANGE 1 ${slow_files})
    list(APPEND slow ${folder}/slow_${i}.cc)
  endforeach()
  set(state_script "")
  set(state_header "")
  if(arg_STATE)
    list(APPEND slow ${folder}/${class}_state.cc)
    set(state_header ${folder}/${class}_state.hpp)
    set(state_script ${hilbert_verilate_state})
    target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR}/tb/src)
    target_link_libraries(${target} PUBLIC hilbert_faults)
  endif()
  add_custom_command(
    OUTPUT ${fast} ${slow} ${folder}/${class}.h ${state_header}
    COMMAND ${CMAKE_COMMAND} -DSTATE=${arg_STATE} -DFOLDER=${folder} -DCLASS=${class} -DFAST=${arg_FILES} -DSLOW=${slow_files} "-DRUNTIME=${hilbert_verilator_runtime}" -P ${hilbert_verilate_step} --
            ${HILBERT_VERILATOR} ${hilbert_verilator_options} ${arg_ARGS} --prefix ${class} --Mdir ${folder} ${arg_SOURCES}
    DEPENDS ${arg_SOURCES} ${hilbert_verilate_step} ${state_script} ${HILBERT_VERILATOR}
    COMMENT "Verilating ${class}"
    VERBATIM)
  set(generated -w $<$<CXX_COMPILER_ID:Clang>:-fbracket-depth=4096>)
  set_source_files_properties(${fast} TARGET_DIRECTORY ${target} PROPERTIES COMPILE_OPTIONS "${generated};${arg_FAST}")
  set_source_files_properties(${slow} TARGET_DIRECTORY ${target} PROPERTIES COMPILE_OPTIONS "${generated};-O0")
  set_source_files_properties(${fast} ${slow} TARGET_DIRECTORY ${target} PROPERTIES SKIP_PRECOMPILE_HEADERS ON SKIP_UNITY_BUILD_INCLUSION ON)
  target_sources(${target} PRIVATE ${fast} ${slow})
  target_include_directories(${target} SYSTEM PUBLIC ${folder})
  target_link_libraries(${target} PUBLIC hilbert_verilated)
endfunction()
