// SPDX-License-Identifier: Apache-2.0
// tb::Chip over one verilated class, with its state_of(). Included by the generated chip_<configuration>.cpp files
// alone.
#pragma once

#include <verilated.h>
#if VM_TRACE_FST
#include <verilated_fst_c.h>
#endif
#if VM_COVERAGE
#include <unistd.h>
#include <verilated_cov.h>
#endif

#include <bit>
#include <cstddef>
#include <cstdlib>
#include <hilbert/error.hpp>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "hilbert/tb/chip.hpp"
#include "hilbert/tb/faults.hpp"

namespace hilbert::tb {

static_assert(std::endian::native == std::endian::little, "wide pins are viewed as bytes");

template <class Model, unsigned Links, unsigned LinkLanes>
class ChipOf final : public Chip {
 public:
  explicit ChipOf(std::string name) : name_(std::move(name)), model_(prepared(context_), "hb_chip") {
    ChipOf::reset(reset_clocks);
  }

  ~ChipOf() override {
    ChipOf::stop_trace();
    model_.final();
    Verilated::threadContextp(&context_);  // where scopes of a model, which it has with assertions, sign off
#if VM_COVERAGE
    write_coverage();
#endif
  }

  void settle() override {
    model_.clk_i = 0;
    model_.eval();
    dump(0);
  }

  void edge() override {
    model_.clk_i = 1;
    model_.eval();
    dump(1);
    ++clocks_;
  }

  void run(std::uint64_t clocks) override {
    for (std::uint64_t i = 0; i < clocks; ++i) {
      ChipOf::settle();
      ChipOf::edge();
    }
  }

  void reset(unsigned clocks) override {
    model_.req_valid_i = 0;
    model_.rsp_ready_i = 0;
    model_.phy_tx_take_i = 0;
    model_.phy_rx_give_i = 0;
    model_.rst_ni = 0;
    ChipOf::run(clocks);
    model_.rst_ni = 1;
    clocks_ = 0;
  }

  HostPins host() override {
    return {.req_valid = model_.req_valid_i,
            .req_ready = model_.req_ready_o,
            .req_last = model_.req_last_i,
            .req_data = std::as_writable_bytes(std::span(&model_.req_data_i, 1)),
            .rsp_valid = model_.rsp_valid_o,
            .rsp_ready = model_.rsp_ready_i,
            .rsp_last = model_.rsp_last_o,
            .rsp_data = std::as_bytes(std::span(&model_.rsp_data_o, 1)),
            .irq = model_.irq_o};
  }

  const ModelState* state() override {
    if (!state_) state_ = state_of(model_);
    return &*state_;
  }

  PhyPins phy() override {
    if constexpr (Links == 0) {
      return {};
    } else {
      constexpr std::size_t bytes = Links * LinkLanes * 2;
      return {.links = Links,
              .lanes = LinkLanes,
              .tx = std::as_bytes(std::span(&model_.phy_tx_o, 1)).first(bytes),
              .tx_take = &model_.phy_tx_take_i,
              .rx = std::as_writable_bytes(std::span(&model_.phy_rx_i, 1)).first(bytes),
              .rx_give = &model_.phy_rx_give_i};
    }
  }

#if VM_TRACE_FST
  void start_trace(const std::string& path) override {
    stop_trace();
    trace_ = std::make_unique<VerilatedFstC>();
    model_.trace(trace_.get(), 99);
    trace_->open(path.c_str());
    if (!trace_->isOpen()) {
      trace_.reset();
      throw Error(ExitCode::machine, "cannot write the waveform", path);
    }
  }
  void stop_trace() override {
    if (trace_) trace_->close();
    trace_.reset();
  }
#else
  void start_trace(const std::string& path) override {
    throw Error(ExitCode::bad_input, "this build cannot write waveforms", path, "configure with -DHILBERT_TRACE=ON");
  }
  void stop_trace() override {}
#endif

 private:
  /// The context must know of tracing before the model is made; and that it needs no threads, or it starts one a core.
  static VerilatedContext* prepared(VerilatedContext& context) {
    context.threads(1);
#if VM_TRACE_FST
    context.traceEverOn(true);
#endif
    return &context;
  }

#if VM_TRACE_FST
  void dump(unsigned half) {
    if (trace_) trace_->dump(2 * time_ + half);
    time_ += half;
  }
  std::uint64_t time_ = 0;  ///< clocks since the chip was made: a waveform goes on through a reset
  std::unique_ptr<VerilatedFstC> trace_;
#else
  void dump(unsigned) {}
#endif

#if VM_COVERAGE
  /// One file a chip, to be merged by verilator_coverage, in $HILBERT_COVERAGE_DIR if it is set.
  void write_coverage() {
    const char* folder = std::getenv("HILBERT_COVERAGE_DIR");
    if (folder == nullptr) return;
    static unsigned chips = 0;
    const std::string file =
        std::string(folder) + "/" + name_ + "-" + std::to_string(::getpid()) + "-" + std::to_string(chips++) + ".dat";
    context_.coveragep()->write(file.c_str());
  }
#endif

  std::string name_;
  VerilatedContext context_;
  Model model_;
  std::optional<ModelState> state_;  ///< once somebody asks
};

}  // namespace hilbert::tb
