# SPDX-License-Identifier: Apache-2.0
target_link_libraries(hilbert_cli PRIVATE hilbert_distributed)
