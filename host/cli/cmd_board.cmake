# SPDX-License-Identifier: Apache-2.0
target_sources(hilbert_cli PRIVATE board_text.cpp)
target_link_libraries(hilbert_cli PRIVATE hilbert_board hilbert_html)
