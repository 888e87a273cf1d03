// SPDX-License-Identifier: Apache-2.0
// Controller memory that the image does not use: behind the variables the host's room for descriptors, then spare
// memory to the stack, and behind the bytes that the image was linked for.
#include <hilbert/regs/cpu.h>
#include <hilbert/regs/job.h>
#include <mmio.h>
#include <spare.h>

extern char room[], room_end[], stack_bottom[], stack_top[];

uint32_t spare_room(void) { return (uint32_t)room; }

void spare_memory(struct spare spare[SPARE_REGIONS]) {
  spare[0].base = (uint32_t)room_end;
  spare[0].end = (uint32_t)stack_bottom;
  spare[1].base = (uint32_t)stack_top;
  spare[1].end = JOB_CONTROLLER_BASE + mmio_read(CPU_BASE + CPU_CFG_MEM_BYTES);
}
