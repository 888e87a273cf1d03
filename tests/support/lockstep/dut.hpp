// SPDX-License-Identifier: Apache-2.0
// The verilated core behind plain fields, whichever its configuration.
#pragma once

#include <array>
#include <cstdint>
#include <hilbert/model/iss.hpp>
#include <memory>
#include <ostream>

#include "follower.hpp"

namespace hilbert::test {

/// Inputs and outputs of hb_cpu, without their suffixes.
struct CpuInputs {
  bool rst_n = false, run = false, halt = false, step = false;
  std::uint32_t start = 0;
  bool irq_software = false, irq_timer = false, irq_external = false;
  bool i_gnt = false, i_err = false;
  std::array<std::uint32_t, 16> i_rdata{};  ///< as many words as a line has
  bool c_gnt = false, c_rvalid = false, c_err = false;
  std::uint32_t c_rdata = 0;
  unsigned dbg_gpr = 0;
  bool dbg_gpr_we = false, dbg_pc_we = false;
  std::uint32_t dbg_wdata = 0;
};

struct CpuOutputs {
  bool halted, wfi, lockup;
  bool i_req;
  std::uint32_t i_addr;
  bool c_req, c_write;
  unsigned c_be;
  std::uint32_t c_addr, c_wdata;
  std::uint32_t dbg_gpr, pc;
  Retirement ret;
};

enum class CpuKind {
  small,  ///< lines of 8 bytes, no M, no counters
  full    ///< lines of 64 bytes, M, counters
};
inline void PrintTo(CpuKind kind, std::ostream* out) {  // NOLINT: the name that GoogleTest looks for
  *out << (kind == CpuKind::small ? "small" : "full");
}

class CpuDut {
 public:
  static std::unique_ptr<CpuDut> make(CpuKind kind);
  virtual ~CpuDut() = default;

  /// Outputs from the inputs and the state.
  virtual void settle() = 0;
  /// One clock edge; the outputs are those of the new state, with the inputs unchanged.
  virtual void edge() = 0;

  CpuInputs in;
  CpuOutputs out{};
  unsigned line_bytes = 0;
  model::IssOptions options;
};

}  // namespace hilbert::test
