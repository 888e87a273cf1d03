# SPDX-License-Identifier: Apache-2.0
target_sources(hilbert_cli PRIVATE campaign_merge.cpp campaign_show.cpp campaign_summary.cpp)
target_link_libraries(hilbert_cli PRIVATE hilbert_store)
target_compile_definitions(hilbert_cli PRIVATE HILBERT_CAMPAIGNS=$<BOOL:${HILBERT_SIM}>)
if(HILBERT_SIM)
  target_sources(hilbert_cli PRIVATE campaign_options.cpp campaign_replay.cpp campaign_run.cpp campaign_sites.cpp)
  target_link_libraries(hilbert_cli PRIVATE hilbert_workloads hilbert_waveform)
endif()
