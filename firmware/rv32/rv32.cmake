# SPDX-License-Identifier: Apache-2.0
# The monitor for the core: target firmware_monitor, whose property FIRMWARE_ELF is the file. Every change here changes
# what image/ was made from: run the target firmware_image.
# What rtl/regs gives: in image/image.cmake too.
set(regs ${PROJECT_SOURCE_DIR}/rtl/regs)
set(made_headers ${regs}/job.ld)
foreach(name job tile cpu)
  list(APPEND made_headers ${regs}/include/hilbert/regs/${name}.h)
endforeach()
find_program(HILBERT_RISCV_GCC riscv64-unknown-elf-gcc DOC "Compiler of the controller's firmware")
if(NOT HILBERT_RISCV_GCC)
  # The image that was made from these very sources, or an error: image/image.cmake.
  message(STATUS "Firmware for the core: firmware/image/monitor.elf (no riscv64-unknown-elf-gcc to build it)")
  file(GLOB_RECURSE image_sources CONFIGURE_DEPENDS rv32/*.[cS] rv32/*.ld rv32/*.py rv32/*.cmake apps/*.[ch] drivers/*.[ch] include/*.h)
  set(elf ${CMAKE_CURRENT_BINARY_DIR}/monitor.elf)
  add_custom_command(
    OUTPUT ${elf}
    COMMAND ${CMAKE_COMMAND} -DROOT=${PROJECT_SOURCE_DIR} -P ${CMAKE_CURRENT_SOURCE_DIR}/image/image.cmake
    COMMAND ${CMAKE_COMMAND} -E copy ${CMAKE_CURRENT_SOURCE_DIR}/image/monitor.elf ${elf}
    DEPENDS ${image_sources} ${made_headers}
            image/image.cmake image/monitor.elf image/sources.sha256
    COMMENT "Firmware monitor.elf: the committed image"
    VERBATIM)
  add_custom_target(firmware_monitor ALL DEPENDS ${elf})
  set_target_properties(firmware_monitor PROPERTIES FIRMWARE_ELF ${elf})
  return()
endif()
# rv32i without extensions; the compiler's own libgcc gives multiplication and division. -x, -S: no names of temporary files,
# nothing of where libgcc was built.
find_package(Python3 3.11 REQUIRED COMPONENTS Interpreter)
string(REPLACE "gcc" "objcopy" riscv_objcopy ${HILBERT_RISCV_GCC})
string(REPLACE "gcc" "size" riscv_size ${HILBERT_RISCV_GCC})
list(TRANSFORM firmware_drivers PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/ OUTPUT_VARIABLE riscv_drivers)

# hilbert_firmware(NAME BYTES SOURCE...): NAME.elf, NAME.bin and their sizes, for a controller memory of so many bytes.
function(hilbert_firmware name bytes)
  list(TRANSFORM ARGN PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/ OUTPUT_VARIABLE sources)
  file(GLOB headers CONFIGURE_DEPENDS include/*.h include/hilbert/*.h drivers/*.h apps/*/*.h)
  set(elf ${CMAKE_CURRENT_BINARY_DIR}/${name}.elf)
  set(bin ${CMAKE_CURRENT_BINARY_DIR}/${name}.bin)
  add_custom_command(
    OUTPUT ${elf} ${bin}
    COMMAND ${HILBERT_RISCV_GCC} -march=rv32i -mabi=ilp32 -O2 -flto -fno-tree-loop-distribute-patterns -std=c11 -ffreestanding -nostdlib -Wall
            -Wextra -Wshadow -Werror -ffunction-sections -fdata-sections -Wl,--gc-sections -Wl,-x,-S -Wl,--no-warn-rwx-segments
            -Wl,--defsym,controller_bytes=${bytes} -L${regs} -T ${CMAKE_CURRENT_SOURCE_DIR}/rv32/link.ld
            -I${CMAKE_CURRENT_SOURCE_DIR}/include -I${CMAKE_CURRENT_SOURCE_DIR}/drivers
            -I${regs}/include ${CMAKE_CURRENT_SOURCE_DIR}/rv32/crt0.S
            ${CMAKE_CURRENT_SOURCE_DIR}/rv32/memory.c ${CMAKE_CURRENT_SOURCE_DIR}/rv32/spare.c ${riscv_drivers} ${sources} -lgcc -o ${elf}
    COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/rv32/seal.py ${elf}
    COMMAND ${riscv_objcopy} -O binary ${elf} ${bin}
    COMMAND ${riscv_size} -B ${elf}
    DEPENDS ${riscv_drivers} ${sources} ${headers} rv32/crt0.S rv32/memory.c rv32/spare.c rv32/link.ld rv32/seal.py
            ${made_headers}
    COMMENT "Firmware ${name}.elf: text, data and bss in bytes"
    VERBATIM)
  add_custom_target(firmware_${name} ALL DEPENDS ${elf})
  set_target_properties(firmware_${name} PROPERTIES FIRMWARE_ELF ${elf} FIRMWARE_BIN ${bin})
endfunction()

# The least controller memory of rtl/regs/chips.toml; more is spare.
hilbert_firmware(monitor 32768 apps/monitor/main.c ${monitor_sources} ${selftest_sources})

# The image for machines without this compiler, and the sums of what it was made from.
add_custom_target(firmware_image
  COMMAND ${CMAKE_COMMAND} -DROOT=${PROJECT_SOURCE_DIR} -DELF=$<TARGET_PROPERTY:firmware_monitor,FIRMWARE_ELF>
          -DGCC=${HILBERT_RISCV_GCC} -P ${CMAKE_CURRENT_SOURCE_DIR}/image/image.cmake
  COMMENT "firmware/image: monitor.elf and the sums of its sources"
  VERBATIM)
add_dependencies(firmware_image firmware_monitor)
