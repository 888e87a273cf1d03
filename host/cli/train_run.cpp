// SPDX-License-Identifier: Apache-2.0
// The course of a training.
#include "train_run.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <hilbert/text.hpp>
#include <iostream>
#include <utility>

#include "interrupt.hpp"
#include "progress.hpp"
#include "terminal.hpp"

namespace hilbert::cli {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

/// Thrown through Trainer::evaluate, which goes over its images in pieces.
struct Stop {};

std::string interruption() { return fmt::format("interrupted by {}", signal_name(Interrupt::noted())); }

}  // namespace

void say(const std::string& line) {
  if (can_rewrite_lines(STDERR_FILENO)) std::fputs(erase_line, stderr);
  std::cout << line << std::endl;
}

TrainRun::TrainRun(const ImageDataset& data, train::ProductEngine& engine, Outputs& outputs, TrainSetup setup)
    : data_(data),
      engine_(engine),
      outputs_(outputs),
      setup_(std::move(setup)),
      trainer_(data, engine, setup_.options, [this](const train::ProductPtr& product) {
        ++products_;
        if (checker_) checker_->submit(product);
        setup_.observe(product);
      }) {
  if (setup_.check) checker_.emplace();
  before_.options = setup_.options;
  before_.depth = engine.depth();
}

std::uint64_t TrainRun::checked() const { return before_.checked + (checker_ ? checker_->checked() : 0); }

void TrainRun::resume(const std::string& path) {
  train::Checkpoint found = train::read_checkpoint(path);
  before_.data = train::fingerprint(data_);
  if (const std::string other = train::differences(found, before_); !other.empty()) {
    throw Error(ExitCode::bad_input, fmt::format("is of another training: {}", other), path,
                "give the options it was begun with");
  }
  try {
    trainer_.restore(static_cast<std::uint32_t>(found.history.size()), found.state);
  } catch (const Error& error) {
    throw Error(ExitCode::bad_input, fmt::format("is damaged: {}", error.what()), path);
  }
  kept_in_ = path;
  kept_step_ = trainer_.steps_done();
  before_ = std::move(found);
}

void TrainRun::keep(const TrainReport& report) {
  if (setup_.checkpoint.empty()) return;
  if (checker_) checker_->finish();  // a checkpoint holds no product that was not compared
  if (before_.data == 0) before_.data = train::fingerprint(data_);
  train::Checkpoint now = before_;
  now.history = report.history;
  now.products = before_.products + products_;
  now.checked = checked();
  now.macs = before_.macs + setup_.macs();
  now.state = trainer_.state();
  try {
    write_file(setup_.checkpoint, train::format_checkpoint(now));
    kept_in_ = setup_.checkpoint;
    kept_step_ = trainer_.steps_done();
  } catch (const Error& error) {
    spdlog::warn("no checkpoint after step {}, the training goes on: {}", trainer_.steps_done(),
                 printable(error.what()));
    if (!std::exchange(keeping_failed_, true)) outputs_.failed(error);
  }
}

std::string TrainRun::kept() const {
  return kept_in_.empty() ? std::string() : fmt::format("{} holds step {}", kept_in_, kept_step_);
}

void TrainRun::take_steps(TrainReport& report) {
  const std::uint32_t steps = setup_.options.steps, shown = std::max(steps / 10, 1u);
  Progress progress("training", "steps", steps);
  if (trainer_.steps_done() == steps) return keep(report);  // resumed at its end
  for (std::uint32_t done = trainer_.steps_done(); done < steps;) {
    report.history.push_back(trainer_.step());
    done = trainer_.steps_done();
    if (const double loss = report.history.back().loss; !std::isfinite(loss)) {
      report.ended = fmt::format("the loss is no number ({}) at step {} of {}", loss, done, steps);
      report.failed = true;
      return;
    }
    if (done % shown == 0) {
      double loss = 0, accuracy = 0;
      for (const train::StepResult& step : std::span(report.history).last(shown)) {
        loss += step.loss;
        accuracy += step.accuracy;
      }
      say(fmt::format("step {:>{}}   loss {:.4f}   accuracy {:5.1f} %", done, std::to_string(steps).size(),
                      loss / shown, 100 * accuracy / shown));
    }
    progress.set(done);
    const bool stop = Interrupt::noted() != 0 && done < steps;
    const bool due = setup_.checkpoint_every != 0 && done % setup_.checkpoint_every == 0;
    if (stop || due || done == steps) keep(report);
    if (stop) {
      report.ended =
          fmt::format("{} after step {} of {}, loss {:.4f}", interruption(), done, steps, report.history.back().loss);
      return;
    }
  }
}

void TrainRun::test(TrainReport& report) {
  Progress progress("testing", "images", data_.test.count());
  try {
    report.test = trainer_.evaluate(data_.test, [&](std::size_t done) {
      progress.set(done);
      if (Interrupt::noted() != 0 && done < data_.test.count()) throw Stop{};
    });
  } catch (const Stop&) {
    report.ended = fmt::format("{} in the test after all {} steps, loss {:.4f}", interruption(), report.history.size(),
                               report.history.back().loss);
    return;
  }
  if (const double loss = report.test.mean_loss(); !std::isfinite(loss)) {
    report.ended = fmt::format("the loss is no number ({}) on the test images", loss);
    report.failed = true;
  }
}

void TrainRun::run(TrainReport& report) {
  report.history = before_.history;
  report.resumed_at = trainer_.steps_done();
  Clock::time_point start = Clock::now();
  take_steps(report);
  report.train_seconds = seconds_since(start);
  start = Clock::now();
  if (report.ended.empty()) test(report);
  if (checker_) checker_->finish();
  report.test_seconds = seconds_since(start);
  report.products = before_.products + products_;
  report.checked = checked();
  report.macs = before_.macs + setup_.macs();
  report.weights = trainer_.network().fingerprint();
}

}  // namespace hilbert::cli
