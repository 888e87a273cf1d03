# SPDX-License-Identifier: Apache-2.0
# cmake -DBUILD= -DSOURCE= -DSCRATCH= -DGENERATOR= -P install.cmake
file(REMOVE_RECURSE ${SCRATCH})
function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE code OUTPUT_VARIABLE out ERROR_VARIABLE out)
  if(NOT code EQUAL 0)
    list(JOIN ARGN " " line)
    message(FATAL_ERROR "${line}: ${code}\n${out}")
  endif()
  set(out "${out}" PARENT_SCOPE)
endfunction()

run(${CMAKE_COMMAND} --install ${BUILD} --prefix ${SCRATCH}/prefix)
run(${CMAKE_COMMAND} -S ${SOURCE} -B ${SCRATCH}/build -G ${GENERATOR} -DCMAKE_PREFIX_PATH=${SCRATCH}/prefix)
run(${CMAKE_COMMAND} --build ${SCRATCH}/build)
run(${SCRATCH}/build/example)
if(NOT out STREQUAL "58 64 139 154\n")  # [1 2 3; 4 5 6] * [7 8; 9 10; 11 12]
  message(FATAL_ERROR "the example printed: ${out}")
endif()
run(${SCRATCH}/prefix/bin/hilbert --version)
