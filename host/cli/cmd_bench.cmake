# SPDX-License-Identifier: Apache-2.0
target_compile_definitions(hilbert_cli PRIVATE HILBERT_HAS_SIM=$<BOOL:${HILBERT_SIM}>)
target_link_libraries(hilbert_cli PRIVATE hilbert_bench)
