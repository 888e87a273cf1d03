// SPDX-License-Identifier: Apache-2.0
#include "dut.hpp"

#include <verilated.h>
#if VM_COVERAGE
#include <verilated_cov.h>
#endif

#include <cstdlib>
#include <cstring>
#include <string>

#include "Vhb_cpu_full.h"
#include "Vhb_cpu_small.h"

namespace hilbert::test {
namespace {

template <class Model>
class VerilatedCpu final : public CpuDut {
 public:
  VerilatedCpu(unsigned bytes_a_line, model::IssOptions what) : model_(std::make_unique<Model>(&context_)) {
    line_bytes = bytes_a_line;
    options = what;
    model_->clk_i = 0;
  }

  ~VerilatedCpu() override {
    model_->final();
    Verilated::threadContextp(&context_);  // where scopes of a model, which it has with assertions, sign off
#if VM_COVERAGE
    // One file a core: its counters end with it. coverage.sh adds them up.
    static unsigned written = 0;
    if (const char* folder = std::getenv("HILBERT_COVERAGE_DIR")) {
      context_.coveragep()->write(
          (std::string(folder) + "/" + std::to_string(line_bytes) + "_" + std::to_string(written++) + ".dat").c_str());
    }
#endif
  }

  void settle() override {
    Model& m = *model_;
    m.rst_ni = in.rst_n;
    m.run_i = in.run;
    m.start_i = in.start;
    m.halt_i = in.halt;
    m.step_i = in.step;
    m.irq_software_i = in.irq_software;
    m.irq_timer_i = in.irq_timer;
    m.irq_external_i = in.irq_external;
    m.i_gnt_i = in.i_gnt;
    m.i_err_i = in.i_err;
    static_assert(sizeof(m.i_rdata_i) <= sizeof(in.i_rdata));
    std::memcpy(static_cast<void*>(&m.i_rdata_i), in.i_rdata.data(), sizeof(m.i_rdata_i));
    m.c_gnt_i = in.c_gnt;
    m.c_rvalid_i = in.c_rvalid;
    m.c_err_i = in.c_err;
    m.c_rdata_i = in.c_rdata;
    m.dbg_gpr_i = static_cast<CData>(in.dbg_gpr);
    m.dbg_gpr_we_i = in.dbg_gpr_we;
    m.dbg_pc_we_i = in.dbg_pc_we;
    m.dbg_wdata_i = in.dbg_wdata;
    m.eval();
    sample();
  }

  void edge() override {
    model_->clk_i = 1;
    model_->eval();
    model_->clk_i = 0;
    model_->eval();
    sample();
  }

 private:
  void sample() {
    const Model& m = *model_;
    out = {.halted = m.halted_o != 0,
           .wfi = m.wfi_o != 0,
           .lockup = m.lockup_o != 0,
           .i_req = m.i_req_o != 0,
           .i_addr = m.i_addr_o,
           .c_req = m.c_req_o != 0,
           .c_write = m.c_write_o != 0,
           .c_be = m.c_be_o,
           .c_addr = m.c_addr_o,
           .c_wdata = m.c_wdata_o,
           .dbg_gpr = m.dbg_gpr_o,
           .pc = m.pc_o,
           .ret = retirement_of(m)};
  }

  VerilatedContext context_;
  std::unique_ptr<Model> model_;
};

}  // namespace

std::unique_ptr<CpuDut> CpuDut::make(CpuKind kind) {
  if (kind == CpuKind::small)
    return std::make_unique<VerilatedCpu<Vhb_cpu_small>>(8, model::IssOptions{.ext_m = false, .counters = false});
  return std::make_unique<VerilatedCpu<Vhb_cpu_full>>(64, model::IssOptions{.ext_m = true, .counters = true});
}

}  // namespace hilbert::test
