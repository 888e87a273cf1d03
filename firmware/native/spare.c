// SPDX-License-Identifier: Apache-2.0
// Natively nothing of the controller memory is used.
#include <cpu_regs.h>
#include <mmio.h>
#include <spare.h>

void spare_memory(struct spare spare[SPARE_REGIONS]) {
  spare[0].base = spare[1].base = spare[1].end = MMIO_CONTROLLER_BASE;
  spare[0].end = MMIO_CONTROLLER_BASE + mmio_read(CPU_BASE + CPU_CFG_MEM_BYTES);
}
