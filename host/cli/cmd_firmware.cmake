# SPDX-License-Identifier: Apache-2.0
target_sources(hilbert_cli PRIVATE firmware_log.cpp firmware_run.cpp firmware_selftest.cpp firmware_step.cpp)
