// SPDX-License-Identifier: Apache-2.0
// Natively nothing of the controller memory is used but the room for descriptors, at its beginning.
#include <hilbert/monitor_abi.h>
#include <hilbert/regs/cpu.h>
#include <mmio.h>
#include <spare.h>

uint32_t spare_room(void) { return JOB_CONTROLLER_BASE; }

void spare_memory(struct spare spare[SPARE_REGIONS]) {
  spare[0].base = JOB_CONTROLLER_BASE + MONITOR_ROOM_DESCRIPTORS * MONITOR_DESCRIPTOR_BYTES;
  spare[1].base = spare[1].end = JOB_CONTROLLER_BASE;
  spare[0].end = JOB_CONTROLLER_BASE + mmio_read(CPU_BASE + CPU_CFG_MEM_BYTES);
}
