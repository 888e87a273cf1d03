# SPDX-License-Identifier: Apache-2.0
# The chip configurations of rtl/regs/chips.toml: HILBERT_CHIP_NAMES, HILBERT_CHIP_PARAMETERS, and the values of one.
include(${CMAKE_CURRENT_LIST_DIR}/../rtl/regs/chips.cmake)

# hilbert_chip(NAME PREFIX): sets PREFIX_Rows, PREFIX_Cols, ...; an error for a name that there is not.
macro(hilbert_chip name prefix)
  if(NOT "${name}" IN_LIST HILBERT_CHIP_NAMES)
    message(FATAL_ERROR "HILBERT_CHIPS: no configuration '${name}' (rtl/regs/chips.toml has: ${HILBERT_CHIP_NAMES})")
  endif()
  foreach(hilbert_chip_parameter hilbert_chip_value IN ZIP_LISTS HILBERT_CHIP_PARAMETERS HILBERT_CHIP_${name})
    set(${prefix}_${hilbert_chip_parameter} ${hilbert_chip_value})
  endforeach()
endmacro()
