// SPDX-License-Identifier: Apache-2.0
#include "watched_chip.hpp"

#include <verilated.h>

#include <hilbert/error.hpp>
#include <hilbert/tb/chip.hpp>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "Vhb_watched_chip.h"

namespace hilbert {
namespace {

test::Watch the_watch;

class WatchedChip final : public tb::Chip {
 public:
  WatchedChip() : model_(&context_) { WatchedChip::reset(reset_clocks); }
  ~WatchedChip() override { model_.final(); }

  void settle() override {
    model_.clk_i = 0;
    model_.eval();
  }

  void edge() override {
    if (the_watch) the_watch(sample());
    model_.clk_i = 1;
    model_.eval();
    ++clocks_;
  }

  void run(std::uint64_t clocks) override {
    for (std::uint64_t i = 0; i < clocks; ++i) clock();
  }

  void reset(unsigned clocks) override {
    model_.req_valid_i = 0;
    model_.rsp_ready_i = 0;
    model_.rst_ni = 0;
    run(clocks);
    model_.rst_ni = 1;
    clocks_ = 0;
  }

  tb::HostPins host() override {
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

  void start_trace(const std::string& path) override {
    throw Error(ExitCode::bad_input, "the watched chip writes no waveforms", path);
  }
  void stop_trace() override {}

 private:
  [[nodiscard]] test::WatchedClock sample() const {
    const Vhb_watched_chip& m = model_;
    return {.run = m.run_o != 0,
            .lockup = m.lockup_o != 0,
            .start = m.start_o,
            .lines = unsigned{m.irq_external_o} << 11 | unsigned{m.irq_timer_o} << 7 | unsigned{m.irq_software_o} << 3,
            .ret = test::retirement_of(m)};
  }

  VerilatedContext context_;
  Vhb_watched_chip model_;
};

}  // namespace

void test::set_watch(Watch watch) { the_watch = std::move(watch); }

namespace tb {

std::vector<std::string_view> Chip::configurations() { return {"watched"}; }

std::unique_ptr<Chip> Chip::make(std::string_view configuration) {
  if (configuration != "watched") throw Error(ExitCode::bad_input, "no such chip", std::string(configuration));
  return std::make_unique<WatchedChip>();
}

bool Chip::can_trace() { return false; }

}  // namespace tb
}  // namespace hilbert
