// SPDX-License-Identifier: Apache-2.0
// hilbert campaign run and resume.
#include <fmt/format.h>
#include <sys/resource.h>

#include <chrono>
#include <filesystem>
#include <hilbert/text.hpp>
#include <iostream>
#include <thread>

#include "campaign/estimate.hpp"
#include "campaign_actions.hpp"
#include "campaign_options.hpp"
#include "campaign_summary.hpp"
#include "interrupt.hpp"
#include "json_report.hpp"
#include "limits.hpp"
#include "progress.hpp"

namespace hilbert::cli {
namespace {

namespace fs = std::filesystem;

double processor_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// Time of a session, added to the campaign's whatever ends it.
class Session {
 public:
  explicit Session(fs::path results) : results_(std::move(results)) {}
  void note() const {
    const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - start_;
    store::add_times(results_, {wall.count(), processor_seconds() - processor_});
  }

 private:
  fs::path results_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  double processor_ = processor_seconds();
};

struct Work {
  std::string path;
  std::uint32_t jobs = std::max(1U, std::min(most_jobs, std::thread::hardware_concurrency()));
  std::uint64_t replays = 4000;
  JsonReport report;

  void add_to(Options& options) {
    options.number("jobs,j", jobs, {1, most_jobs}, "threads; the results do not depend on it");
    options.number("replays", replays, {0, 1ULL << 32}, "random experiments that the referee runs again on the RTL");
    report.add_to(options);
  }

  /// Exit code 1 if the referee found a difference.
  ExitCode finish(workloads::ChipCampaign& chip, store::Writer& writer, const Session& session, Outputs& outputs) {
    const bool whole = run(chip, writer);
    if (!whole) {
      session.note();
      tell(fmt::format("stopped; hilbert campaign resume {} goes on", shell_quoted(path)));
      return outputs.finish(ExitCode::good);
    }
    const store::Verdicts half(store::recover(path), path);
    writer.finish(store::referee_record(campaign::replay_sample(chip.campaign(), chip.plan(), half, replays, 1)));
    session.note();
    const store::Verdicts verdicts = read_results(path, false);
    const auto times = store::read_times(path);
    report.value = campaign_json(verdicts, times);
    if (report.with_text()) std::cout << campaign_text(verdicts, times);
    report.print();
    const store::Refereed referee = store::refereed(verdicts, path);
    if (referee.different.empty()) return outputs.finish(ExitCode::good);
    constexpr std::size_t most_lines = 20;
    for (std::size_t i = 0; i < std::min(most_lines, referee.different.size()); ++i) {
      tell(fmt::format("differs: hilbert campaign replay {} --experiment {}", shell_quoted(path),
                       referee.different[i].number));
    }
    return outputs.finish(ExitCode::check_failed);
  }

 private:
  bool run(workloads::ChipCampaign& chip, store::Writer& writer) const {
    const Interrupt interrupt;
    std::uint64_t total = 0;
    for (const std::uint32_t number : writer.missing()) total += chip.plan().blocks()[number].count;
    Progress progress("campaign", "experiments", total);
    return chip.campaign().run(writer, jobs, [&](std::uint64_t done) {
      progress.set(done);
      return Interrupt::noted() == 0;
    });
  }
};

/// "i/n"
std::pair<std::uint32_t, std::uint32_t> parse_shard(const std::string& text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string::npos) {
    throw Error(ExitCode::bad_input, fmt::format("'{}' is no i/n", text), "--shard", "for example 1/4");
  }
  const std::uint32_t of =
      parse_number(std::string_view(text).substr(slash + 1), Range<std::uint32_t>{1, 1U << 20}, "--shard");
  return {parse_number(std::string_view(text).substr(0, slash), Range<std::uint32_t>{1, of}, "--shard"), of};
}

}  // namespace

ExitCode campaign_run(const Arguments& arguments) {
  CampaignOptions campaign;
  Work work;
  std::string shard;
  Options options(
      "campaign run -o RESULTS",
      "Disturbs a workload of a chip, tells what comes of it, and keeps every outcome. A random part of the "
      "experiments is run again on the verilated chip; a difference is exit code 1.");
  campaign.add_campaign_to(options);
  options.text("shard", shard, "i/n", "only this part, for hilbert campaign merge");
  options.output("output,o", work.path, "RESULTS", "the file to make; it must not exist");
  work.add_to(options);
  options.example("hilbert campaign run --workload gemm --chip small --exhaustive -o small.hbc",
                  "every upset of every state bit in every clock of an 8x8x8 product");
  options.example("hilbert campaign run --chip small --faults cluster --shape 11/11 --count 100000 -o mbu.hbc",
                  "upsets of 2x2 bits at random places");
  options.note("Without --exhaustive and --count it is exhaustive, if that takes less than ten minutes.");
  if (!options.parse(arguments)) return ExitCode::good;
  if (work.path.empty() || work.path == "-") {
    throw Error(ExitCode::bad_input, "RESULTS is missing", "hilbert campaign run", "name a file with -o");
  }
  const auto [index, of] = shard.empty() ? std::pair(1U, 1U) : parse_shard(shard);
  const workloads::ChipCampaignOptions question = campaign.take(options);
  std::error_code error;
  if (fs::exists(work.path, error)) {
    throw Error(ExitCode::bad_input, "exists already", work.path,
                "choose another name, or go on with it: hilbert campaign resume");
  }
  Outputs outputs("hilbert campaign run");
  outputs.writes("--output", work.path);
  if (!question.netlist.empty()) outputs.reads("--netlist", question.netlist);
  work.report.open(outputs);

  const Session session(work.path);
  workloads::ChipCampaign chip(question, tell);
  if (campaign.undecided()) {
    constexpr double most_seconds = 600;
    const double seconds =
        campaign::estimate_seconds(chip.campaign(), chip.trace(), chip.plan(), question.engine) / work.jobs / of;
    if (seconds > most_seconds) {
      throw Error(ExitCode::bad_input,
                  fmt::format("{} would take about {:.0f} minutes", counted(chip.plan().experiments(), "experiment"),
                              seconds / 60),
                  "hilbert campaign run", "choose --exhaustive, or --count N of them");
    }
  }
  store::Writer writer = store::Writer::create(work.path, chip.header().as_shard(index, of), chip.sites());
  return work.finish(chip, writer, session, outputs);
}

ExitCode campaign_resume(const Arguments& arguments) {
  Work work;
  std::string netlist;
  bool cut = false;
  Options options("campaign resume RESULTS",
                  "Goes on with a campaign that was stopped or killed: the file becomes what it would have become.");
  options.argument("RESULTS", work.path, "a file that hilbert campaign run has begun");
  options.text("netlist", netlist, "FILE", "the netlist that it was begun with, if --netlist named one");
  options.flag("cut-damage", cut, "drop everything from the first damage on, and compute it again");
  work.add_to(options);
  if (!options.parse(arguments)) return ExitCode::good;
  Outputs outputs("hilbert campaign resume");
  outputs.writes("RESULTS", work.path);
  work.report.open(outputs);
  const Session session(work.path);
  store::Writer writer = store::Writer::resume(work.path, cut ? store::Writer::Cut::damaged : store::Writer::Cut::torn);
  if (!writer.was_cut().empty()) tell("cut off: " + writer.was_cut());
  if (writer.finished()) {
    tell("nothing is missing");
    return outputs.finish(ExitCode::good);
  }
  workloads::ChipCampaignOptions question = workloads::options_of(writer.header(), work.path);
  question.netlist = netlist;
  workloads::ChipCampaign chip(question, tell);
  chip.require_same(writer.header(), work.path);
  return work.finish(chip, writer, session, outputs);
}

}  // namespace hilbert::cli
