# SPDX-License-Identifier: Apache-2.0
# Self-contained HTML pages, and text that every parser of HTML, XML and JSON reads; a library of its own, because it
# needs nothing of the others.
find_package(nlohmann_json REQUIRED)
add_library(hilbert_html STATIC ${CMAKE_CURRENT_LIST_DIR}/html.cpp ${CMAKE_CURRENT_LIST_DIR}/html_chart.cpp
                                ${CMAKE_CURRENT_LIST_DIR}/html_mesh.cpp ${CMAKE_CURRENT_LIST_DIR}/json_text.cpp
                                ${CMAKE_CURRENT_LIST_DIR}/markup.cpp)
target_include_directories(hilbert_html PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/host>)
target_link_libraries(hilbert_html PUBLIC hilbert_io nlohmann_json::nlohmann_json
                                   PRIVATE fmt::fmt $<BUILD_INTERFACE:hilbert_warnings>)
hilbert_quick(hilbert_html UNITY 4)
