# SPDX-License-Identifier: Apache-2.0
target_sources(hilbert_cli PRIVATE train_report.cpp train_run.cpp)
target_link_libraries(hilbert_cli PRIVATE hilbert_board_training hilbert_training hilbert_html)
