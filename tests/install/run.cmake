# SPDX-License-Identifier: Apache-2.0
cmake_minimum_required(VERSION 3.25)

# run(COMMAND...): its output in `out`; a failure ends the test.
function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE code OUTPUT_VARIABLE out ERROR_VARIABLE out)
  if(NOT code EQUAL 0)
    list(JOIN ARGN " " line)
    message(FATAL_ERROR "${line}: ${code}\n${out}")
  endif()
  set(out "${out}" PARENT_SCOPE)
endfunction()

# [1 2 3; 4 5 6] * [7 8; 9 10; 11 12]
function(demand_product out)
  if(NOT out STREQUAL "58 64 139 154\n")
    message(FATAL_ERROR "the example printed: ${out}")
  endif()
endfunction()
