# SPDX-License-Identifier: Apache-2.0
# The host's side of the monitor firmware, whose ABI is a C header that the firmware shares, and its image inside the
# library. firmware/CMakeLists.txt builds the image where it finds this compiler; it comes later, so its target is only named.
find_program(HILBERT_RISCV_GCC riscv64-unknown-elf-gcc DOC "Compiler of the controller's firmware")
set(image ${CMAKE_CURRENT_BINARY_DIR}/monitor_image_data.cpp)
set(elf "")
if(HILBERT_RISCV_GCC)
  set(elf $<TARGET_PROPERTY:firmware_monitor,FIRMWARE_ELF>)
endif()
add_custom_command(
  OUTPUT ${image}
  COMMAND ${CMAKE_COMMAND} -DELF=${elf} -DOUT=${image} -P ${CMAKE_CURRENT_LIST_DIR}/embed_image.cmake
  DEPENDS ${elf} ${CMAKE_CURRENT_LIST_DIR}/embed_image.cmake
  COMMENT "Monitor image as a part of the library"
  VERBATIM)
target_sources(hilbert_runtime PRIVATE ${CMAKE_CURRENT_LIST_DIR}/monitor.cpp ${CMAKE_CURRENT_LIST_DIR}/monitor_image.cpp
                                       ${CMAKE_CURRENT_LIST_DIR}/monitor_text.cpp ${image})
if(HILBERT_RISCV_GCC)
  add_dependencies(hilbert_runtime firmware_monitor)
  if(HILBERT_INSTALL)
    install(FILES ${elf} DESTINATION ${CMAKE_INSTALL_DATADIR}/hilbert/firmware)
  endif()
endif()
target_include_directories(hilbert_runtime PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/firmware/include>)
