# SPDX-License-Identifier: Apache-2.0
# Every chip configuration, once: the verilated chips, their C++ registry and the names of `model:` come from this table.
#   name   Rows Cols Depth  Banks BankBytes  QueueSlots  Links LinkLanes LinkMaxWords LinkBufferWords LinkReplayWords LinkWindow  CpuBytes
set(HILBERT_CHIP_PARAMETERS Rows Cols Depth Banks BankBytes QueueSlots Links LinkLanes LinkMaxWords LinkBufferWords LinkReplayWords LinkWindow CpuBytes)
set(HILBERT_CHIP_TABLE
  "full    8    8    4      4     32768      8           0     4         129          512             512             64          65536"
  "small   2    2    2      4     2048       8           0     1         9            32              32              4           32768"
  "4x8x2   4    8    2      4     8192       8           4     1         9            32              32              4           32768"
  "8x4x4   8    4    4      4     16384      8           0     1         9            32              32              4           32768"
  "node    8    8    4      4     32768      128         4     4         129          512             512             64          65536")

# hilbert_chip(NAME PREFIX): sets PREFIX_Rows, PREFIX_Cols, ... from the table; an error for a name it does not have.
macro(hilbert_chip name prefix)
  set(hilbert_chip_names "")
  set(hilbert_chip_found FALSE)
  foreach(hilbert_chip_row IN LISTS HILBERT_CHIP_TABLE)
    string(REGEX REPLACE " +" ";" hilbert_chip_row "${hilbert_chip_row}")
    list(GET hilbert_chip_row 0 hilbert_chip_name)
    list(APPEND hilbert_chip_names ${hilbert_chip_name})
    if(hilbert_chip_name STREQUAL "${name}")
      set(hilbert_chip_found TRUE)
      set(hilbert_chip_column 1)
      foreach(hilbert_chip_parameter IN LISTS HILBERT_CHIP_PARAMETERS)
        list(GET hilbert_chip_row ${hilbert_chip_column} ${prefix}_${hilbert_chip_parameter})
        math(EXPR hilbert_chip_column "${hilbert_chip_column} + 1")
      endforeach()
    endif()
  endforeach()
  if(NOT hilbert_chip_found)
    message(FATAL_ERROR "HILBERT_CHIPS: no configuration '${name}' (tb/chips.cmake has: ${hilbert_chip_names})")
  endif()
endmacro()
