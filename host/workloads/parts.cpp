// SPDX-License-Identifier: Apache-2.0
#include "workloads/parts.hpp"

#include <array>

namespace hilbert::workloads {
namespace {

struct Rule {
  std::string_view text;  ///< in the name
  std::string_view part;
};

/// The first that fits.
constexpr std::array units{
    Rule{"u_engine.u_gemm.u_array", "array"},
    Rule{"u_engine.u_gemm", "engine: walk of a product"},
    Rule{"u_engine.u_fetch_a", "engine: fetch of A and B"},
    Rule{"u_engine.u_fetch_b", "engine: fetch of A and B"},
    Rule{"u_engine.u_fetch_s", "engine: fetch of C and source"},
    Rule{"u_engine.u_pack", "engine: result"},
    Rule{"u_engine.u_move", "engine: copy, fill, convert"},
    Rule{"u_engine", "engine: other"},
    Rule{"u_mem.u_scrub", "memory: scrubber"},
    Rule{"u_bank.u_data.mem_q", "memory: stored words"},
    Rule{"u_bank.u_check.mem_q", "memory: stored check bits"},
    Rule{"u_mem.gen_bank", "memory: pipelines of the banks"},
    Rule{"u_mem", "memory: arbiter"},
    Rule{"u_seq", "sequencer"},
    Rule{"u_sem", "semaphores"},
    Rule{"u_perf", "performance counters"},
    Rule{"u_csr", "registers"},
    Rule{"gen_controller", "controller"},
    Rule{"u_host_port", "host port"},
    Rule{"gen_link", "links"},
    Rule{"u_net", "network"},
};
constexpr std::array memory_classes{
    Rule{"u_check.mem_q", "check bits"},
    Rule{"u_data.mem_q", "data"},
    Rule{"u_regfile", "register file"},
    Rule{"u_fifo", "FIFO"},
    Rule{"u_rsp", "FIFO"},
    Rule{"u_mailbox", "FIFO"},
};

template <class Rules>
std::string_view first(const Rules& rules, std::string_view name, std::string_view otherwise) {
  for (const Rule& rule : rules) {
    if (name.find(rule.text) != std::string_view::npos) return rule.part;
  }
  return otherwise;
}

}  // namespace

std::string_view unit_of(std::string_view name) { return first(units, name, "other"); }
std::string_view memory_class(std::string_view name) { return first(memory_classes, name, "buffer"); }

}  // namespace hilbert::workloads
