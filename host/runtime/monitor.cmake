# SPDX-License-Identifier: Apache-2.0
# The host's side of the monitor firmware. Its ABI is a C header that the firmware shares.
target_sources(hilbert_runtime PRIVATE ${CMAKE_CURRENT_LIST_DIR}/monitor.cpp ${CMAKE_CURRENT_LIST_DIR}/monitor_text.cpp)
target_include_directories(hilbert_runtime PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/firmware/include>)
install(FILES ${PROJECT_SOURCE_DIR}/firmware/include/monitor_abi.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
