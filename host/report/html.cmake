# SPDX-License-Identifier: Apache-2.0
# Self-contained HTML pages; a library of its own, because it needs nothing of the others.
add_library(hilbert_html STATIC ${CMAKE_CURRENT_LIST_DIR}/html.cpp ${CMAKE_CURRENT_LIST_DIR}/html_chart.cpp
                                ${CMAKE_CURRENT_LIST_DIR}/html_mesh.cpp                                 ${CMAKE_CURRENT_LIST_DIR}/markup.cpp)
target_include_directories(hilbert_html PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/host>)
target_link_libraries(hilbert_html PRIVATE fmt::fmt $<BUILD_INTERFACE:hilbert_warnings>)
hilbert_quick(hilbert_html UNITY 4)
