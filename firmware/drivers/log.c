// SPDX-License-Identifier: Apache-2.0
// The log ring (monitor_abi.h).
#include "log.h"

#include <hilbert/monitor_abi.h>

#include "controller.h"
#include "ecc.h"

static struct { uint32_t address, written, restarts; } log_ring;

void log_open(uint32_t address, uint32_t written, uint32_t restarts) {
  log_ring.address = address;
  log_ring.written = written;
  log_ring.restarts = restarts;
}

void log_write(uint32_t code, uint32_t value0, uint32_t value1) {
  const uint32_t entry[MONITOR_LOG_WORDS] = {timer_now(), code | log_ring.restarts << 16, value0, value1};
  (void)ecc_store(log_ring.address + MONITOR_LOG_BYTES * (log_ring.written % MONITOR_LOG_ENTRIES), entry,
                  MONITOR_LOG_WORDS);
  ++log_ring.written;
  mailbox_write(MONITOR_BOX_LOGGED, log_ring.written);
}
