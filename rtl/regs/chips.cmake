# SPDX-License-Identifier: Apache-2.0
# Parameters of a chip and its configurations. Made from chips.toml by scripts/regmap.py: do not edit.
set(HILBERT_CHIP_NAMES full small 4x8x2 8x4x4 node)
set(HILBERT_CHIP_PARAMETERS Rows Cols Depth Banks BankBytes QueueSlots Links LinkLanes LinkMaxWords LinkBufferWords LinkReplayWords LinkWindow CpuBytes)
# Their values, in that order.
set(HILBERT_CHIP_full 8 8 4 4 32768 8 0 4 129 512 512 64 65536)
set(HILBERT_CHIP_small 2 2 2 4 2048 8 0 1 9 32 32 4 32768)
set(HILBERT_CHIP_4x8x2 4 8 2 4 8192 8 4 1 9 32 32 4 32768)
set(HILBERT_CHIP_8x4x4 8 4 4 4 16384 8 0 1 9 32 32 4 32768)
set(HILBERT_CHIP_node 8 8 4 4 32768 128 4 4 129 512 512 64 65536)
